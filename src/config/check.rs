//! What makes a pair sound beyond the types of its values.

use super::credential::{ClientAuth, CredentialDoc, Grant};
use super::folder::Folder;
use super::header::check_header;
use super::pair_file::{PairDoc, has_own_host};
use super::target::TargetDoc;
use super::tls_files;
use super::url::BaseUrl;
use crate::source::{Cx, Diagnostic, Spanned};
use crate::template::check_built_in;

/// Reports what cannot be used. Files are looked for where a folder is given.
pub(super) fn check(doc: &PairDoc, folder: Option<&Folder>, cx: &mut Cx<'_>) {
    // What could not be read is left out, and must not be missed where it is named.
    let whole = !cx.diagnostics.has_errors();
    for (_, api) in doc.apis.iter() {
        for base in [&api.old, &api.new] {
            check_api(base, cx);
        }
    }
    for (name, _) in doc.vars.iter() {
        check_built_in(name, "a variable", cx);
    }
    for target in [&doc.old, &doc.new] {
        check_end(&target.url, target.url.ends_in_slash(), " side", cx);
        for (name, credential) in target.tokens.iter() {
            credential.check(name, cx);
            check_certificate(target, name, credential, cx);
            check_subject(target, credential, whole, cx);
        }
        for (name, value) in target.headers.iter() {
            check_header(name, Some(value), cx);
        }
        check_resolve(target, cx);
        check_limits(target, cx);
        if let (Some(tls), Some(folder)) = (&target.tls, folder) {
            tls_files::check(tls, folder, cx);
        }
    }
}

/// A client that shows who it is by its certificate needs one.
fn check_certificate(
    target: &TargetDoc,
    name: &Spanned<String>,
    credential: &CredentialDoc,
    cx: &mut Cx<'_>,
) {
    let shown = target.tls.as_ref().and_then(|tls| tls.client_cert.as_ref());
    if credential.client_auth == Some(ClientAuth::Tls) && shown.is_none() {
        let message = format!(
            "the credential `{}` has client_auth: tls_client_auth, and its side shows no certificate",
            name.value
        );
        let help = "give the side `tls: { client_cert: FILE, client_key: FILE }`";
        cx.error::<()>(name.span, message, help);
    }
}

/// A credential that exchanges the token of another one needs that one, and not itself in the end.
fn check_subject(target: &TargetDoc, credential: &CredentialDoc, whole: bool, cx: &mut Cx<'_>) {
    let Some(subject) = &credential.subject else {
        return;
    };
    let Some(found) = target.tokens.get(subject) else {
        if whole {
            let known: Vec<&str> = target.tokens.names().collect();
            cx.unknown::<()>(subject.span, "credential", subject, &known);
        }
        return;
    };
    if matches!(found.grant(), Grant::None | Grant::ApiKey) {
        let message = format!(
            "the credential `{}` has no token to exchange",
            subject.value
        );
        cx.error::<()>(subject.span, message, "name one whose grant gives a token");
        return;
    }
    let mut next = found.subject.as_ref();
    for _ in 0..=target.tokens.0.len() {
        let Some(name) = next else {
            return;
        };
        next = target
            .tokens
            .get(name)
            .and_then(|found| found.subject.as_ref());
    }
    let message = format!("`{}` leads back to itself", subject.value);
    let help = "the first of a row of exchanges begins with a token of another grant";
    cx.error::<()>(subject.span, message, help);
}

/// A URL of an API must be one, and end where the paths of its requests begin.
fn check_api(base: &Spanned<String>, cx: &mut Cx<'_>) {
    if !has_own_host(base) {
        if !base.is_empty() && !base.starts_with('/') {
            let message = format!("the base path `{}` does not begin with a slash", base.value);
            let help = format!("write `/{}`: it is put behind the URL as it is", base.value);
            cx.error::<()>(base.span, message, &help);
        }
        return;
    }
    if let Err(message) = BaseUrl::parse(base) {
        cx.report::<()>(Diagnostic::error(cx.source, base.span, message));
    } else {
        check_end(base, base.ends_with('/'), "n API", cx);
    }
}

/// Paths of requests are put behind a URL as it is, and begin with a slash of their own.
fn check_end<T>(url: &Spanned<T>, ends_in_slash: bool, of: &str, cx: &mut Cx<'_>) {
    if ends_in_slash {
        let message = format!("the URL of a{of} has no slash at its end: requests begin with one");
        cx.error::<()>(url.span, message, "take it away");
    }
}

fn check_resolve(target: &TargetDoc, cx: &mut Cx<'_>) {
    for (name, address) in target.resolve.iter() {
        if address.parse::<std::net::SocketAddr>().is_err() {
            let message = format!("`{}` is not address:port", address.value);
            cx.error::<()>(address.span, message, "such as 203.0.113.7:443");
        }
        let port = name.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
        if !matches!(port, Some(Ok(_))) {
            let message = format!("`{}` is not host:port", name.value);
            cx.error::<()>(name.span, message, "such as api.example.com:443");
        }
    }
}

fn check_limits(target: &TargetDoc, cx: &mut Cx<'_>) {
    if let Some(rate) = target.max_rps.as_ref().filter(|rate| rate.value == 0) {
        let message = "with `max_rps: 0` nothing could ever be sent";
        cx.error::<()>(
            rate.span,
            message,
            "at least 1; without the key there is no limit",
        );
    }
    if let Some(timeout) = &target.timeout {
        timeout.check_some(cx);
    }
}
