//! The pair file that fits two running doubles.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Pair;
use crate::mock::document::{ClientDoc, Tls, TokenDoc};
use crate::mock::json::Json;
use crate::mock::running::Running;

/// What a pair file of doubles begins with.
const MARK: &str = "# Doubles of cutover.";

/// Whether a text is a pair file that [`pair_file`] wrote.
pub fn is_written(text: &str) -> bool {
    // A line about the schema may stand in front.
    text.lines().take(2).any(|line| line.starts_with(MARK))
}

/// What is behind the name of an API or a credential that leads to a double over TLS, in a pair file of
/// [`pair_file_by_both_ways`].
pub const OVER_TLS: &str = "-tls";

/// The API that is the root of a side's address with TLS, in a pair file of [`pair_file_by_both_ways`].
pub const ROOT_OVER_TLS: &str = "url-tls";

/// A complete pair file for the first two doubles: the first as old side, the second as new side.
///
/// Secrets stand in it as they are: those of doubles are test values. With one double alone both
/// sides are that one. Empty without any.
pub fn pair_file(running: &[Running]) -> String {
    let Some(pair) = pair_of(running) else {
        return String::new();
    };
    let mut text = opened(&apis(pair));
    for (side, target) in pair.iter() {
        let _ = write!(text, "{side}:\n{}", target_block(target, target));
        text.push_str(&tokens_block(&[tokens(target, &target.url(), "")]));
    }
    text
}

/// A pair file by which every API and every credential leads to the doubles `plain` over plain TCP, and
/// under its name with [`OVER_TLS`] behind it to the doubles `secure` over TLS. What there is over TLS
/// alone keeps its name. Empty without doubles.
pub fn pair_file_by_both_ways(plain: &[Running], secure: &[Running]) -> String {
    let (Some(plain), Some(secure)) = (pair_of(plain), pair_of(secure)) else {
        return String::new();
    };
    let over_tls = secure.map(|one| one.url_with(Tls::Server).unwrap_or_default());
    let mut all = apis(secure);
    let mut twins = Vec::new();
    for (name, place) in &mut all {
        let both = match name.as_str() {
            "orders" | "main" => secure.map(|one| one.base().to_owned()),
            "unversioned" => place.clone(),
            _ => continue,
        };
        let twin = over_tls.clone().zip(both.clone());
        let twin = twin.map(|(url, base)| format!("{url}{base}"));
        twins.push((format!("{name}{OVER_TLS}"), twin));
        *place = both;
    }
    all.extend(twins);
    all.push((ROOT_OVER_TLS.to_owned(), over_tls.clone()));
    let mut text = opened(&all);
    for (side, target) in plain.iter() {
        let secure = secure[side];
        let _ = write!(text, "{side}:\n{}", target_block(target, secure));
        text.push_str(&tokens_block(&[
            tokens(target, &target.url(), ""),
            tokens(secure, &over_tls[side], OVER_TLS),
        ]));
    }
    text
}

fn pair_of(running: &[Running]) -> Option<Pair<&Running>> {
    let old = running.first()?;
    Some(Pair::new(old, running.get(1).unwrap_or(old)))
}

/// The beginning of a pair file: the mark, and the APIs.
fn opened(apis: &[(String, Pair<String>)]) -> String {
    let mut text = format!("{MARK} The secrets are test values.\napis:\n");
    for (name, base) in apis {
        let base = base.as_ref().map(|base| quoted(base));
        let _ = writeln!(text, "  {name}: {{ old: {}, new: {} }}", base.old, base.new);
    }
    text
}

/// The API by its base path, by its other ones, and by the addresses and names that both doubles have.
fn apis(running: Pair<&Running>) -> Vec<(String, Pair<String>)> {
    let bases = running.map(|one| one.base().to_owned());
    let mut apis = Vec::new();
    if running.old.double().doc.backend.is_some() {
        apis.push(("orders".to_owned(), bases.clone()));
    }
    let mut add = |name: &str, base: Option<Pair<String>>| {
        apis.extend(base.map(|base| (name.to_owned(), base)));
    };
    let below = |urls: Option<Pair<String>>| {
        urls.map(|urls| {
            urls.zip(bases.clone())
                .map(|(url, base)| format!("{url}{base}"))
        })
    };
    // Gateways are called with TLS: the plain address is for those who look at the wire.
    let secure = running.map(|one| one.url_with(Tls::Server)).transpose();
    add(
        "main",
        below(secure.clone()).or_else(|| Some(bases.clone())),
    );
    add("unversioned", running.map(unversioned).transpose());
    let mutual = running.map(|one| one.url_with(Tls::Mutual)).transpose();
    add("mutual", below(mutual));
    for (name, host) in names(running.old) {
        let both = names(running.new).any(|(other, _)| other == name);
        let urls = secure.as_ref().filter(|_| both);
        let urls = urls.map(|urls| urls.as_ref().map(|url| renamed(url, host)));
        add(name, below(urls));
    }
    apis
}

/// The first base path without a version, or with a part of it.
fn unversioned(running: &Running) -> Option<String> {
    let gateway = running.double().doc.gateway.as_ref()?;
    gateway.also_at.first().map(|base| base.value.clone())
}

/// The names of a double: that of the API in the pair file, and the host.
fn names(running: &Running) -> impl Iterator<Item = (&str, &str)> {
    let listen = running.double().doc.listen.iter();
    let names = listen.flat_map(|listen| listen.names.iter());
    names.map(|(name, host)| (name.value.as_str(), host.as_str()))
}

/// A URL with another host, and its own port.
fn renamed(url: &str, host: &str) -> String {
    let port = url.rsplit_once(':').map_or("", |(_, port)| port);
    format!("https://{host}:{port}")
}

/// A side at its plain address; `secure` is the double that it is over TLS.
fn target_block(target: &Running, secure: &Running) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "  {key}: {value}");
    };
    line("name", quoted(target.name()));
    line("platform", quoted(target.platform()));
    line("url", quoted(&target.url()));
    line("writes", "allowed".to_owned());
    if let Some(ca) = secure.ca_pem() {
        let client = secure.client_pem().map(|(certificate, key)| {
            format!(
                ", client_cert: {}, client_key: {}",
                quoted(certificate),
                quoted(key)
            )
        });
        let client = client.unwrap_or_default();
        line("tls", format!("{{ ca: {}{client} }}", quoted(ca)));
    }
    let url = secure.url_with(Tls::Server).unwrap_or_default();
    let address = url.trim_start_matches("https://");
    let port = address.rsplit_once(':').map_or("", |(_, port)| port);
    let resolved = names(secure).map(|(_, host)| format!("\"{host}:{port}\": \"{address}\""));
    let resolved: Vec<String> = resolved.filter(|_| !url.is_empty()).collect();
    if !resolved.is_empty() {
        line("resolve", format!("{{ {} }}", resolved.join(", ")));
    }
    text
}

/// The credentials of a side.
fn tokens_block(credentials: &[Option<String>]) -> String {
    let all: String = credentials.iter().flatten().map(String::as_str).collect();
    match all.as_str() {
        "" => String::new(),
        all => format!("  tokens:\n{all}"),
    }
}

/// `app`: the first client's own; `client`: who that client is, for requests that a suite itself sends to the token
/// endpoint; `scoped`: the client with its scopes; `user` and what other users have a name for, with that
/// client; then every client that has a name. Endpoints are below `url`, and `behind`
/// stands behind each name.
fn tokens(target: &Running, url: &str, behind: &str) -> Option<String> {
    let doc = target.double().doc.token.as_ref()?;
    let first = doc.clients.first()?;
    let client = client_block(url, doc, first);
    let mut text = format!("    app{behind}:\n      grant: client_credentials\n{client}");
    let basic = STANDARD.encode(format!("{}:{}", first.id, first.secret.reveal()));
    let _ = write!(
        text,
        "    client{behind}:\n      grant: static\n      value: {}\n      send: {{ header: Authorization, scheme: Basic }}\n",
        quoted(&basic)
    );
    if !first.scopes.is_empty() {
        let scope = quoted(&first.scopes.join(" "));
        let _ = write!(
            text,
            "    scoped{behind}:\n      grant: client_credentials\n{client}      scope: {scope}\n"
        );
    }
    for (at, user) in doc.users.iter().enumerate() {
        let first = (at == 0).then(|| "user".to_owned());
        let Some(credential) = user.credential.clone().or(first) else {
            continue;
        };
        let _ = write!(
            text,
            "    {credential}{behind}:\n      grant: password\n{client}      username: {}\n      password: {}\n",
            quoted(&user.name),
            quoted(user.password.reveal())
        );
    }
    for other in doc.clients.iter().skip(1) {
        if let Some(name) = &other.name {
            let client = client_block(url, doc, other);
            let _ = write!(
                text,
                "    {name}{behind}:\n      grant: client_credentials\n{client}"
            );
        }
    }
    Some(text)
}

/// The lines that name a client and the endpoints that it asks.
fn client_block(url: &str, doc: &TokenDoc, client: &ClientDoc) -> String {
    let url = |path: &str| quoted(&format!("{url}{path}"));
    let mut text = format!(
        "      token_endpoint: {}\n      client_id: {}\n      client_secret: {}\n",
        url(&doc.path),
        quoted(&client.id),
        quoted(client.secret.reveal())
    );
    if let Some(path) = &doc.jwks {
        let _ = writeln!(text, "      jwks_uri: {}", url(path));
    }
    if let Some(path) = &doc.revoke {
        let _ = writeln!(text, "      revocation_endpoint: {}", url(path));
    }
    text
}

/// A text in double quotes; JSON's form is one of YAML's.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
