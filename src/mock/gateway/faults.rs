//! What a gateway says when it answers by itself, in the syntax of each platform.
//!
//! WSO2 API Manager 3.x: the sequences `_auth_failure_handler_.xml`, `_throttle_out_handler_.xml`,
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
}

/// A fault in words: status, code, message, description.
struct Fault {
    status: u16,
    code: String,
    message: String,
    description: String,
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
            | Self::Scope => Layer::Security,
            Self::Throttled => Layer::Throttling,
            Self::NoApi
            | Self::NoResource
            | Self::WrongMethod
            | Self::BackendDown
            | Self::BackendSlow => Layer::Routing,
        }
    }

    /// The status where the file says nothing.
    const fn status(self) -> u16 {
        match self.layer() {
            Layer::Security if matches!(self, Self::Scope) => 403,
            Layer::Security => 401,
            Layer::Throttling => 429,
            Layer::Routing => match self {
                Self::WrongMethod => 405,
                Self::BackendDown => 503,
                Self::BackendSlow => 504,
                _ => 404,
            },
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
        },
        None => Fault {
            status: situation.status(),
            code: situation.status().to_string(),
            message: situation.word().to_owned(),
            description: String::new(),
        },
    };
    match style {
        FaultStyle::Wso2Xml if wants_json(situation, call) => wso2_json(&fault, situation),
        FaultStyle::Wso2Xml => wso2_xml(&fault, situation),
        FaultStyle::ChoreoJson => choreo(&fault, situation),
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
        Layer::Security | Layer::Throttling => call
            .headers
            .text("accept")
            .is_some_and(|accept| accept.trim() == "application/json"),
        Layer::Routing => {
            situation != Situation::NoApi
                && matches!(call.method.as_str(), "POST" | "PUT" | "PATCH")
                && essence(&call.media_type()) == "application/json"
        }
    }
}

fn wso2_xml(fault: &Fault, situation: Situation) -> Answer {
    let (prefix, space) = match situation.layer() {
        Layer::Security => ("ams", "http://wso2.org/apimanager/security"),
        Layer::Throttling => ("amt", "http://wso2.org/apimanager/throttling"),
        Layer::Routing => ("am", "http://wso2.org/apimanager"),
    };
    let element =
        |name: &str, text: &str| format!("<{prefix}:{name}>{}</{prefix}:{name}>", escaped(text));
    let kind = match situation.layer() {
        Layer::Routing => element("type", "Status report"),
        _ => String::new(),
    };
    let body = format!(
        "<{prefix}:fault xmlns:{prefix}=\"{space}\">{}{kind}{}{}</{prefix}:fault>",
        element("code", &fault.code),
        element("message", &fault.message),
        element("description", &fault.description),
    );
    Answer::of(fault.status, "application/xml; charset=UTF-8", body)
}

fn wso2_json(fault: &Fault, situation: Situation) -> Answer {
    let mut inner = object! { "code" => Json::number(&fault.code) };
    if situation.layer() == Layer::Routing {
        inner.set("type", Json::from("Status report"));
    }
    inner.set("message", Json::from(fault.message.as_str()));
    inner.set("description", Json::from(fault.description.as_str()));
    let mut answer = Answer::json(fault.status, &object! { "fault" => inner });
    answer
        .headers
        .set("Content-Type", "application/json; charset=UTF-8");
    answer
}

/// The enforcer's type is lost on its way, so that the router sends its default, `text/plain`; the
/// router's own JSON ends with a line break.
fn choreo(fault: &Fault, situation: Situation) -> Answer {
    if situation.layer() == Layer::Security {
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
