//! The pair file that fits two running doubles.

use std::fmt::Write as _;

use crate::Side;
use crate::mock::doubles::Running;
use crate::mock::json::Json;

/// What a pair file of doubles begins with.
const MARK: &str = "# Doubles of cutover.";

/// Whether a text is a pair file that [`pair_file`] wrote.
pub fn is_written(text: &str) -> bool {
    // Versions before this one had a line about the schema in front.
    text.lines().take(2).any(|line| line.starts_with(MARK))
}

/// A complete pair file for the first two doubles: the first as old side, the second as new side.
///
/// Secrets stand in it as they are: those of doubles are test values. With one double alone both
/// sides are that one. Empty without any.
pub fn pair_file(running: &[Running]) -> String {
    let (Some(old), new) = (running.first(), running.get(1)) else {
        return String::new();
    };
    let new = new.unwrap_or(old);
    let mut text = format!("{MARK} The secrets are test values.\n");
    if old.double().doc.backend.is_some() {
        let (old, new) = (quoted(old.base()), quoted(new.base()));
        let _ = write!(text, "apis:\n  orders: {{ old: {old}, new: {new} }}\n");
    }
    for (side, target) in [(Side::Old, old), (Side::New, new)] {
        let _ = write!(text, "{side}:\n{}", target_block(target));
    }
    text
}

fn target_block(target: &Running) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "  {key}: {value}");
    };
    line("name", quoted(target.name()));
    line("platform", quoted(target.platform()));
    line("url", quoted(&target.url()));
    line("writes", "allowed".to_owned());
    if let Some(ca) = target.ca_pem() {
        let client = target.client_pem().map(|(certificate, key)| {
            format!(
                ", client_cert: {}, client_key: {}",
                quoted(certificate),
                quoted(key)
            )
        });
        let client = client.unwrap_or_default();
        line("tls", format!("{{ ca: {}{client} }}", quoted(ca)));
    }
    if let Some(tokens) = tokens(target) {
        text.push_str("  tokens:\n");
        text.push_str(&tokens);
    }
    text
}

/// `app`: the first client's own; `user`: the first user's, with that client.
fn tokens(target: &Running) -> Option<String> {
    let doc = target.double().doc.token.as_ref()?;
    let client = doc.clients.first()?;
    let endpoint = quoted(&format!("{}{}", target.url(), doc.path.value));
    let client = format!(
        "      token_endpoint: {endpoint}\n      client_id: {}\n      client_secret: {}\n",
        quoted(&client.id),
        quoted(client.secret.reveal())
    );
    let jwks = doc.jwks.as_ref().map(|path| {
        let uri = quoted(&format!("{}{}", target.url(), path.value));
        format!("      jwks_uri: {uri}\n")
    });
    let revoke = doc.revoke.as_ref().map(|path| {
        let uri = quoted(&format!("{}{}", target.url(), path.value));
        format!("      revocation_endpoint: {uri}\n")
    });
    let client = format!(
        "{client}{}{}",
        jwks.unwrap_or_default(),
        revoke.unwrap_or_default()
    );
    let mut text = format!("    app:\n      grant: client_credentials\n{client}");
    if let Some(user) = doc.users.first() {
        let _ = write!(
            text,
            "    user:\n      grant: password\n{client}      username: {}\n      password: {}\n",
            quoted(&user.name),
            quoted(user.password.reveal())
        );
    }
    Some(text)
}

/// A text in double quotes; JSON's form is one of YAML's.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
