//! SOAP faults, of either version: they read alike whatever the platform.

use roxmltree::Node;

use super::fault::{Fault, Meaning, Syntax};
use crate::xml::{decode, parse};

/// The namespaces of the envelopes.
const ENVELOPES: [(&str, Syntax); 2] = [
    ("http://schemas.xmlsoap.org/soap/envelope/", Syntax::Soap11),
    ("http://www.w3.org/2003/05/soap-envelope", Syntax::Soap12),
];

/// Reads a body as a SOAP fault. Gives the code that its detail carries beside it, if there is one:
/// gateways put their own fault there.
pub(super) fn read(body: &[u8]) -> Option<(Fault, Option<String>)> {
    // JSON is no XML in any character set: it need not be read as a text to be told from it.
    if matches!(
        body.trim_ascii_start().first(),
        None | Some(b'{' | b'[' | b'"')
    ) {
        return None;
    }
    let text = decode(body, None)
        .ok()
        .filter(|text| text.contains("Fault"))?;
    let document = parse(&text).ok()?;
    let envelope = document.root_element();
    let uri = envelope.tag_name().namespace()?;
    let (uri, syntax) = ENVELOPES.into_iter().find(|(known, _)| *known == uri)?;
    let child = |node: Node<'_, '_>, name: &str| {
        let id = node
            .children()
            .find(|child| child.has_tag_name((uri, name)));
        id.map(|node| node.id())
    };
    let within = |node: Option<roxmltree::NodeId>| node.and_then(|id| document.get_node(id));
    let body =
        within(child(envelope, "Body")).filter(|_| envelope.tag_name().name() == "Envelope")?;
    let fault = within(child(body, "Fault"))?;
    let plain = |name: &str| {
        fault
            .children()
            .find(|child| child.tag_name().name() == name)
    };
    let (code, reason, detail) = if syntax == Syntax::Soap11 {
        (plain("faultcode"), plain("faultstring"), plain("detail"))
    } else {
        let value = plain("Code").and_then(|code| within(child(code, "Value")));
        let reason = plain("Reason").and_then(|reason| within(child(reason, "Text")));
        (value, reason, plain("Detail"))
    };
    let code = generic(code?.text()?.trim());
    let own = detail.into_iter().flat_map(|detail| detail.descendants());
    let mut own = own.filter(|node| node.tag_name().name() == "code");
    let own = own
        .find_map(|node| node.text())
        .map(|text| text.trim().to_owned());
    let fault = Fault {
        dialect: syntax.word().to_owned(),
        syntax,
        meaning: meaning(&code),
        reason: reason
            .and_then(|node| node.text())
            .map(|text| text.trim().to_owned()),
        code,
    };
    Some((fault, own))
}

/// A code without its prefix and its parts behind a point, by its name in SOAP 1.2.
fn generic(code: &str) -> String {
    let local = code.rsplit_once(':').map_or(code, |(_, local)| local);
    match local.split('.').next().unwrap_or_default() {
        "Client" => "Sender",
        "Server" => "Receiver",
        _ => local,
    }
    .to_owned()
}

/// What a code of SOAP or of WS-Security tells.
fn meaning(code: &str) -> Option<Meaning> {
    Some(match code {
        "Sender" | "VersionMismatch" | "MustUnderstand" | "DataEncodingUnknown" => {
            Meaning::BadRequest
        }
        "Receiver" => Meaning::Internal,
        "FailedAuthentication" | "InvalidSecurityToken" | "InvalidSecurity" => {
            Meaning::Unauthenticated
        }
        "MessageExpired" => Meaning::Expired,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(uri: &str, fault: &str) -> String {
        format!(
            "<s:Envelope xmlns:s='{uri}'><s:Body><s:Fault>{fault}</s:Fault></s:Body></s:Envelope>"
        )
    }

    #[test]
    fn both_versions_read_alike() {
        let old = envelope(
            ENVELOPES[0].0,
            "<faultcode>s:Client.Auth</faultcode><faultstring>No.</faultstring>\
             <detail><am:fault xmlns:am='http://wso2.org/apimanager'><am:code>900902</am:code></am:fault></detail>",
        );
        let new = envelope(
            ENVELOPES[1].0,
            "<s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>No.</s:Text></s:Reason>",
        );
        let (old, own) = read(old.as_bytes()).expect("a fault");
        assert_eq!(own.as_deref(), Some("900902"));
        let (new, none) = read(new.as_bytes()).expect("a fault");
        assert_eq!(none, None);
        for fault in [&old, &new] {
            let read = (fault.code.as_str(), fault.reason.as_deref(), fault.meaning);
            assert_eq!(read, ("Sender", Some("No."), Some(Meaning::BadRequest)));
        }
        assert_eq!(
            (old.dialect.as_str(), new.dialect.as_str()),
            ("SOAP 1.1", "SOAP 1.2")
        );
    }

    #[test]
    fn other_answers_are_no_faults() {
        for body in [
            "<Envelope><Body><Fault><faultcode>Client</faultcode></Fault></Body></Envelope>",
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><Fault/></s:Body></s:Envelope>",
            "{\"Fault\":1}",
            "<Fault",
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }
}
