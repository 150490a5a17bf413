//! What a gateway says when it answers by itself, in the syntax of each platform.
//!
//! WSO2 API Manager 3.x and 4.x: the sequences `_auth_failure_handler_.xml`, `_throttle_out_handler_.xml`,
//! `main.xml` and `fault.xml` of product-apim. Choreo: the enforcer and the router's
//! `response_mapper.go` of product-microgateway, branch `choreo`.

use crate::mock::answer::{Answer, Call, essence};
use crate::mock::document::{FaultDoc, FaultStyle, Situation};
use crate::mock::json::{Json, object};

/// What the placeholders of a fault's texts stand for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filling<'a> {
    /// The base path of the API.
    pub(crate) base: &'a str,
    /// The path below it.
    pub(crate) path: &'a str,
    /// The token that was sent.
    pub(crate) token: &'a str,
    /// When a request may be tried again, where the body says so; else empty.
    pub(crate) next_access: &'a str,
}

/// A fault in words: status, code, message, description.
struct Fault {
    status: u16,
    code: String,
    message: String,
    description: String,
    /// When to come back; empty where that is not told.
    next_access: String,
}

/// The part of a gateway that a fault comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// The check of credentials.
    Security,
    /// The limits.
    Throttling,
    /// Routing, and the way to the backend.
    Routing,
    /// What stands in front of the gateway and looks at sizes only.
    Ingress,
}

impl Situation {
    /// The part of the gateway that answers.
    pub(crate) const fn layer(self) -> Layer {
        match self {
            Self::MissingCredentials
            | Self::WrongScheme
            | Self::OpaqueToken
            | Self::UndecodableToken
            | Self::InvalidToken
            | Self::RevokedToken
            | Self::Scope
            | Self::NotSubscribed
            | Self::SubscriptionBlocked
            | Self::SubscriptionInactive
            | Self::WrongEnvironment
            | Self::WrongTokenType
            | Self::NoMatchingResource
            | Self::Unclassified => Layer::Security,
            Self::Throttled | Self::QuotaExceeded => Layer::Throttling,
            Self::NoApi
            | Self::NoResource
            | Self::WrongMethod
            | Self::ApiBlocked
            | Self::BackendDown
            | Self::BackendSlow
            | Self::BackendReset
            | Self::BackendSuspended
            | Self::BackendsDown
            | Self::Threat
            | Self::BackendOverloaded
            | Self::BackendAttempts
            | Self::BackendNotConfigured
            | Self::BackendTerminated
            | Self::BackendProtocol
            | Self::GatewayReset
            | Self::BadHeader
            | Self::IncompletePayload
            | Self::StreamIdle
            | Self::ConsumerProtocol
            | Self::StreamTooLong
            | Self::ValidationUnavailable
            | Self::InterceptorFailed => Layer::Routing,
            Self::BodyTooLarge | Self::UrlTooLong | Self::HeadersTooLarge => Layer::Ingress,
        }
    }

    /// The status where the file says nothing.
    const fn status(self) -> u16 {
        match self {
            Self::Scope
            | Self::NoMatchingResource
            | Self::NotSubscribed
            | Self::SubscriptionBlocked
            | Self::SubscriptionInactive
            | Self::WrongEnvironment => 403,
            Self::Throttled | Self::QuotaExceeded => 429,
            Self::WrongMethod => 405,
            Self::BackendDown
            | Self::BackendReset
            | Self::BackendSuspended
            | Self::BackendsDown
            | Self::BackendOverloaded
            | Self::BackendTerminated
            | Self::GatewayReset
            | Self::ApiBlocked => 503,
            Self::BadHeader | Self::IncompletePayload | Self::Threat => 400,
            Self::BackendAttempts
            | Self::BackendNotConfigured
            | Self::BackendProtocol
            | Self::StreamIdle
            | Self::ConsumerProtocol
            | Self::StreamTooLong
            | Self::ValidationUnavailable
            | Self::InterceptorFailed => 500,
            Self::BackendSlow => 504,
            Self::BodyTooLarge => 413,
            Self::UrlTooLong => 414,
            Self::HeadersTooLarge => 431,
            Self::NoApi | Self::NoResource => 404,
            _ => 401,
        }
    }
}

/// The answer of a gateway to a situation.
pub(crate) fn fault(
    style: FaultStyle,
    situation: Situation,
    text: Option<&FaultDoc>,
    call: &Call,
    filling: Filling<'_>,
) -> Answer {
    let fault = match text {
        Some(doc) => Fault {
            status: doc.status,
            code: doc.code.clone(),
            message: filled(&doc.message, filling),
            description: filled(&doc.description, filling),
            next_access: filling.next_access.to_owned(),
        },
        None => Fault {
            status: situation.status(),
            code: situation.status().to_string(),
            message: situation.word().to_owned(),
            description: String::new(),
            next_access: filling.next_access.to_owned(),
        },
    };
    match style {
        FaultStyle::Wso2Xml | FaultStyle::Wso2Apim4 | FaultStyle::ChoreoJson
            if situation.layer() == Layer::Ingress =>
        {
            page(&fault)
        }
        FaultStyle::Wso2Xml | FaultStyle::Wso2Apim4
            if situation.layer() == Layer::Security && is_soap(call) =>
        {
            wso2_soap(&fault)
        }
        FaultStyle::Wso2Apim4 if wants_xml(situation, call) => wso2_xml(&fault, situation, call),
        FaultStyle::Wso2Apim4 => wso2_flat(&fault, situation),
        FaultStyle::Wso2Xml if wants_json(situation, call) => wso2_json(&fault, situation),
        FaultStyle::Wso2Xml => wso2_xml(&fault, situation, call),
        FaultStyle::ChoreoJson => choreo(&fault, situation),
        FaultStyle::Page => page(&fault),
        FaultStyle::Plain => {
            let body = format!("{} {}\n", fault.code, fault.message);
            Answer::of(fault.status, "text/plain; charset=utf-8", body)
        }
    }
}

fn filled(text: &str, filling: Filling<'_>) -> String {
    let version = filling.base.rsplit('/').next().unwrap_or_default();
    text.replace("{base}", filling.base)
        .replace("{version}", version)
        .replace("{path}", filling.path)
        .replace("{token}", filling.token)
}

/// Security and limits go by an `Accept` of exactly one JSON type, routing by the request's body;
/// an unknown API is always told in XML.
fn wants_json(situation: Situation, call: &Call) -> bool {
    match situation.layer() {
        Layer::Security | Layer::Throttling => accepts_only(call, "application/json"),
        Layer::Routing | Layer::Ingress => {
            situation != Situation::NoApi
                && matches!(call.method.as_str(), "POST" | "PUT" | "PATCH")
                && essence(&call.media_type()) == "application/json"
        }
    }
}

/// Of 4.x, security and limits are told in XML to an `Accept` of exactly one XML type; routing is told in JSON.
fn wants_xml(situation: Situation, call: &Call) -> bool {
    matches!(situation.layer(), Layer::Security | Layer::Throttling)
        && ["application/xml", "text/xml"]
            .iter()
            .any(|media_type| accepts_only(call, media_type))
}

/// Whether `Accept` is exactly one type.
fn accepts_only(call: &Call, media_type: &str) -> bool {
    let accept = call.headers.text("accept");
    accept.is_some_and(|accept| accept.trim() == media_type)
}

/// Whether a request is one of SOAP 1.1 or 1.2: the gateway then answers a refusal in kind.
fn is_soap(call: &Call) -> bool {
    match call.media_type().as_str() {
        "application/soap+xml" => true,
        "text/xml" => call.headers.has("soapaction"),
        _ => false,
    }
}

fn wso2_soap(fault: &Fault) -> Answer {
    let body = format!(
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <soapenv:Body><soapenv:Fault><faultcode>soapenv:Server</faultcode>\
         <faultstring>Authentication Failure</faultstring><detail>{}</detail>\
         </soapenv:Fault></soapenv:Body></soapenv:Envelope>",
        wso2_element(fault, Layer::Security),
    );
    Answer::of(fault.status, "text/xml; charset=UTF-8", body)
}

/// The page of a web server in front of the gateway. Which one the platforms have is not known.
fn page(fault: &Fault) -> Answer {
    let title = format!("{} {}", fault.status, escaped(&fault.message));
    let body = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>\
         </center>\r\n</body>\r\n</html>\r\n"
    );
    Answer::of(fault.status, "text/html", body)
}

/// `application/xml`; security and limits go by an `Accept` of exactly `text/xml` too.
fn wso2_xml(fault: &Fault, situation: Situation, call: &Call) -> Answer {
    let layer = match situation {
        // `_production_key_error_.xml` and `_sandbox_key_error_.xml`.
        Situation::WrongEnvironment => Layer::Routing,
        _ => situation.layer(),
    };
    let body = wso2_element(fault, layer);
    let by_accept = matches!(situation.layer(), Layer::Security | Layer::Throttling);
    let media_type = match by_accept && accepts_only(call, "text/xml") {
        true => "text/xml; charset=UTF-8",
        false => "application/xml; charset=UTF-8",
    };
    Answer::of(fault.status, media_type, body)
}

fn wso2_element(fault: &Fault, layer: Layer) -> String {
    let (prefix, space) = match layer {
        Layer::Security => ("ams", "http://wso2.org/apimanager/security"),
        Layer::Throttling => ("amt", "http://wso2.org/apimanager/throttling"),
        Layer::Routing | Layer::Ingress => ("am", "http://wso2.org/apimanager"),
    };
    let element =
        |name: &str, text: &str| format!("<{prefix}:{name}>{}</{prefix}:{name}>", escaped(text));
    let kind = match layer {
        Layer::Routing => element("type", "Status report"),
        _ => String::new(),
    };
    let next = match fault.next_access.as_str() {
        "" => String::new(),
        next => element("nextAccessTime", next),
    };
    format!(
        "<{prefix}:fault xmlns:{prefix}=\"{space}\">{}{kind}{}{}{next}</{prefix}:fault>",
        element("code", &fault.code),
        element("message", &fault.message),
        element("description", &fault.description),
    )
}

/// 3.x: below `fault`, with the code as a number.
fn wso2_json(fault: &Fault, situation: Situation) -> Answer {
    let inner = wso2_members(fault, situation, Json::number(&fault.code));
    wso2_json_of(fault, &object! { "fault" => inner })
}

/// 4.x: without a wrapper, with the code as a text.
fn wso2_flat(fault: &Fault, situation: Situation) -> Answer {
    let code = Json::from(fault.code.as_str());
    wso2_json_of(fault, &wso2_members(fault, situation, code))
}

fn wso2_members(fault: &Fault, situation: Situation, code: Json) -> Json {
    let mut members = object! { "code" => code };
    if situation.layer() == Layer::Routing {
        members.set("type", Json::from("Status report"));
    }
    members.set("message", Json::from(fault.message.as_str()));
    members.set("description", Json::from(fault.description.as_str()));
    if !fault.next_access.is_empty() {
        members.set("nextAccessTime", Json::from(fault.next_access.as_str()));
    }
    members
}

fn wso2_json_of(fault: &Fault, body: &Json) -> Answer {
    let mut answer = Answer::json(fault.status, body);
    answer
        .headers
        .set("Content-Type", "application/json; charset=UTF-8");
    answer
}

/// The enforcer's type is lost on its way, so that the router sends its default, `text/plain`; the
/// router's own JSON ends with a line break.
fn choreo(fault: &Fault, situation: Situation) -> Answer {
    let of_enforcer = situation.layer() == Layer::Security
        || matches!(situation, Situation::ApiBlocked | Situation::QuotaExceeded);
    if situation == Situation::InterceptorFailed {
        let body = object! {
            "error_message" => fault.message.as_str(),
            "error_description" => fault.description.as_str(),
            "code" => fault.code.as_str(),
        };
        return Answer::json(fault.status, &body);
    }
    if of_enforcer {
        let body = object! {
            "error_message" => fault.message.as_str(),
            "code" => fault.code.as_str(),
            "error_description" => fault.description.as_str(),
        };
        return Answer::of(fault.status, "text/plain", body.to_string());
    }
    let body = object! {
        "message" => fault.message.as_str(),
        "description" => fault.description.as_str(),
        "code" => fault.code.as_str(),
    };
    Answer::of(fault.status, "application/json", format!("{body}\n"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
