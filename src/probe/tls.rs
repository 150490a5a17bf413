//! `tls`: what a TLS client meets: chain, name, expiry, versions, and whether it is asked for a
//! certificate.

use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ALL_VERSIONS, ProtocolVersion, SupportedProtocolVersion};
use url::Url;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::bench::Bench;
use super::finding::weighing;
use super::stopped::Stopped;
use super::tls_look::{NoLook, Shown, Trust, look, server_name, trust};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity, Where};
use crate::token::catalogue::A33;

/// Days before its end at which a certificate is said to end soon.
const SOON: i64 = 30;
const DAY: i64 = 24 * 3600;

/// What a TLS client meets on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    trust: Trust,
    /// Who issued the certificate.
    issuer: String,
    /// Whole days until it ends; negative after that.
    days: i64,
    /// The day on which it ends.
    ends: String,
    /// Whether each version was agreed on.
    tls12: bool,
    tls13: bool,
    asks_client: bool,
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::try_join!(ask(old), ask(new))?;
    if old.is_none() && new.is_none() {
        let note = "neither side uses TLS: there is nothing to look at";
        return Err(Stopped::because(Reason::Tls, note));
    }
    Ok((compare(&Pair::new(old, new)), None))
}

async fn ask(bench: &mut Bench<'_>) -> Result<Option<Seen>, Stopped> {
    let Some(url) = Url::parse(&bench.request.url)
        .ok()
        .filter(|url| url.scheme() == "https")
    else {
        return Ok(None);
    };
    if bench.connection.proxy.is_some() {
        let note = format!(
            "the {} side is asked through a proxy: its handshake is not looked at",
            bench.side
        );
        return Err(Stopped::because(Reason::Tls, note));
    }
    let Some(first) = shake(bench, &url, "as it likes", ALL_VERSIONS).await? else {
        let note = format!("the {} side refuses every TLS handshake", bench.side);
        return Err(Stopped::because(Reason::Tls, note));
    };
    let is = |version| first.version == Some(version);
    let tls12 = is(ProtocolVersion::TLSv1_2)
        || shake(bench, &url, "TLS 1.2 alone", &[&TLS12])
            .await?
            .is_some();
    let tls13 = is(ProtocolVersion::TLSv1_3)
        || shake(bench, &url, "TLS 1.3 alone", &[&TLS13])
            .await?
            .is_some();
    let seen = read(bench, &url, &first, tls12, tls13);
    Ok(Some(seen))
}

/// One handshake; none where the other end refuses it.
async fn shake(
    bench: &mut Bench<'_>,
    url: &Url,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<Option<Shown>, Stopped> {
    bench.handshake()?;
    let start = tokio::time::Instant::now();
    let shown = look(url, bench.connection, versions, bench.timeout).await;
    bench.saw(&format!("handshake: {name}"), None, Some(start.elapsed()));
    match shown {
        Ok(shown) => {
            let version = shown.version.map(|version| format!("{version:?}"));
            bench.remark(version.unwrap_or_default());
            Ok(Some(shown))
        }
        Err(NoLook::Refused(why)) => {
            bench.remark(why);
            Ok(None)
        }
        Err(NoLook::Unreachable(failure)) => Err(Stopped::by(bench.side, failure)),
    }
}

fn read(bench: &mut Bench<'_>, url: &Url, shown: &Shown, tls12: bool, tls13: bool) -> Seen {
    let own = shown.chain.first().and_then(certificate);
    let (issuer, start, end) = own.unwrap_or_default();
    let now = jiff::Timestamp::now().as_second();
    // Whether it is in force is said apart: the chain is looked at in its time.
    let at = now.clamp(
        start.saturating_add(1),
        end.saturating_sub(1).max(start + 1),
    );
    let at = std::time::Duration::from_secs(u64::try_from(at).unwrap_or_default());
    let at = UnixTime::since_unix_epoch(at);
    let judged = match server_name(url) {
        Some(name) => trust(&shown.chain, &name, &bench.connection.tls, at),
        None => Trust::Untrusted("the URL has no host".to_owned()),
    };
    let ends = jiff::Timestamp::from_second(end).unwrap_or_default();
    let seen = Seen {
        trust: judged,
        issuer,
        days: (end - now).div_euclid(DAY),
        ends: ends.strftime("%Y-%m-%d").to_string(),
        tls12,
        tls13,
        asks_client: shown.asks_client,
    };
    bench.remark(format!("issued by {}, until {}", seen.issuer, seen.ends));
    seen
}

/// Issuer, and the seconds since 1970 between which it is in force.
fn certificate(der: &CertificateDer<'static>) -> Option<(String, i64, i64)> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let validity = certificate.validity();
    Some((
        certificate.issuer().to_string(),
        validity.not_before.timestamp(),
        validity.not_after.timestamp(),
    ))
}

fn at(path: &str, kind: Kind, severity: Severity, explain: impl Into<String>) -> Difference {
    weighing(A33, Where::Tls, path, kind, severity, explain)
}

fn compare(seen: &Pair<Option<Seen>>) -> Vec<Difference> {
    let (old, new) = match (&seen.old, &seen.new) {
        (Some(old), Some(new)) => (old, new),
        (Some(_), None) => {
            let explain = "the new side speaks no TLS: tokens travel in the open, and clients that ask \
                           for https cannot connect";
            let item = at("protocol", Kind::Removed, Severity::Breaking, explain);
            return vec![item.showing(Observed::text("https"), Observed::text("http"))];
        }
        _ => {
            let explain = "the new side speaks TLS where the old one did not: clients need the \
                           authority of its certificate";
            let item = at("protocol", Kind::Added, Severity::Risky, explain);
            return vec![item.showing(Observed::text("http"), Observed::text("https"))];
        }
    };
    let mut found = Vec::new();
    found.extend(chain(old, new));
    found.extend(expiry(old, new));
    found.extend(protocol(old, new));
    found.extend(client(old, new));
    found
}

fn chain(old: &Seen, new: &Seen) -> Option<Difference> {
    let words = |seen: &Seen| match &seen.trust {
        Trust::Trusted => Observed::text(&format!("trusted, issued by {}", seen.issuer)),
        Trust::OtherName => Observed::text("for another name"),
        Trust::Untrusted(why) => Observed::text(&format!("not trusted: {why}")),
    };
    let shown = Pair::new(words(old), words(new));
    let item = match (&old.trust, &new.trust) {
        (old, new) if old == new && *old != Trust::Trusted => return None,
        (Trust::Trusted, Trust::Trusted) if old.issuer == new.issuer => return None,
        (Trust::Trusted, Trust::Trusted) => {
            let explain = "another authority issued the new side's certificate: clients with a trust \
                           store of their own, or that pin the authority, refuse it";
            let item = at("chain", Kind::Value, Severity::Risky, explain);
            item.advice("have such clients add the new authority before they are switched")
        }
        (_, Trust::OtherName) => {
            let explain = "the new side's certificate is for another host name: every client that \
                           checks it refuses the connection";
            let item = at("name", Kind::Value, Severity::Breaking, explain);
            item.advice("give the new side a certificate for the name that consumers call")
        }
        (_, Trust::Untrusted(_)) => {
            let explain = "a client does not trust the new side's certificate: it refuses the \
                           connection";
            let item = at("chain", Kind::Value, Severity::Breaking, explain);
            item.advice("send the whole chain, of an authority that clients know")
        }
        _ => {
            let explain = "the new side's certificate is trusted, which the old side's is not";
            at("chain", Kind::Value, Severity::Cosmetic, explain)
        }
    };
    Some(item.showing(shown.old, shown.new))
}

fn expiry(old: &Seen, new: &Seen) -> Option<Difference> {
    let (severity, explain) = match new.days {
        days if days < 0 => (
            Severity::Breaking,
            "the new side's certificate has expired: every client refuses the connection"
                .to_owned(),
        ),
        days if days < SOON && old.days >= SOON => (
            Severity::Risky,
            format!("the new side's certificate ends in {days} days"),
        ),
        _ => return None,
    };
    let item = at("expiry", Kind::Value, severity, explain);
    let item = item.showing(Observed::text(&old.ends), Observed::text(&new.ends));
    Some(item.advice("renew the certificate before consumers move"))
}

fn protocol(old: &Seen, new: &Seen) -> Option<Difference> {
    let words = |seen: &Seen| match (seen.tls12, seen.tls13) {
        (true, true) => "TLS 1.2, TLS 1.3",
        (true, false) => "TLS 1.2",
        _ => "TLS 1.3",
    };
    let (kind, severity, explain) = match () {
        () if old.tls12 && !new.tls12 => (
            Kind::Removed,
            Severity::Breaking,
            "the new side speaks TLS 1.3 alone: older clients (Java 8 before 8u261, .NET Framework, \
             OpenSSL 1.0) cannot connect",
        ),
        () if old.tls13 && !new.tls13 => (
            Kind::Removed,
            Severity::Cosmetic,
            "the new side does not speak TLS 1.3: clients fall back to 1.2",
        ),
        () if new.tls13 && !old.tls13 || new.tls12 && !old.tls12 => (
            Kind::Added,
            Severity::Cosmetic,
            "the new side speaks a version of TLS more",
        ),
        () => return None,
    };
    let item = at("protocol", kind, severity, explain);
    Some(item.showing(Observed::text(words(old)), Observed::text(words(new))))
}

fn client(old: &Seen, new: &Seen) -> Option<Difference> {
    let (kind, severity, explain) = match (old.asks_client, new.asks_client) {
        (false, true) => (
            Kind::Added,
            Severity::Breaking,
            "the new side asks for a client certificate: clients without one may be refused",
        ),
        (true, false) => (
            Kind::Removed,
            Severity::Risky,
            "the new side asks for no client certificate: whoever relied on it to know its callers is \
             open to all who have a token",
        ),
        _ => return None,
    };
    let words = |asks| Observed::text(if asks { "asked for" } else { "not asked for" });
    let item = at("client-certificate", kind, severity, explain);
    Some(item.showing(words(old.asks_client), words(new.asks_client)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Seen {
        Seen {
            trust: Trust::Trusted,
            issuer: "CN=A".to_owned(),
            days: 300,
            ends: "2027-09-17".to_owned(),
            tls12: true,
            tls13: true,
            asks_client: false,
        }
    }

    fn found(change: impl Fn(&mut Seen)) -> Vec<String> {
        let mut new = sound();
        change(&mut new);
        let found = compare(&Pair::new(Some(sound()), Some(new))).into_iter();
        found
            .map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn each_thing_that_stops_a_client_is_named() {
        assert_eq!(found(|_| {}), [""; 0]);
        let untrusted = |s: &mut Seen| s.trust = Trust::Untrusted("unknown issuer".to_owned());
        assert_eq!(found(untrusted), ["chain value breaking"]);
        assert_eq!(
            found(|s| s.trust = Trust::OtherName),
            ["name value breaking"]
        );
        assert_eq!(
            found(|s| s.issuer = "CN=B".to_owned()),
            ["chain value risky"]
        );
        assert_eq!(found(|s| s.days = -1), ["expiry value breaking"]);
        assert_eq!(found(|s| s.days = 10), ["expiry value risky"]);
        assert_eq!(found(|s| s.tls12 = false), ["protocol removed breaking"]);
        assert_eq!(found(|s| s.tls13 = false), ["protocol removed cosmetic"]);
        let asks = ["client-certificate added breaking"];
        assert_eq!(found(|s| s.asks_client = true), asks);
    }

    #[test]
    fn a_side_without_tls_is_told() {
        let one = compare(&Pair::new(Some(sound()), None));
        assert_eq!(
            (one[0].path.as_str(), one[0].kind),
            ("protocol", Kind::Removed)
        );
        let one = compare(&Pair::new(None, Some(sound())));
        assert_eq!(
            (one[0].path.as_str(), one[0].kind),
            ("protocol", Kind::Added)
        );
    }

    #[test]
    fn the_page_shows_one_of_each_kind() {
        let told = |change: fn(&mut Seen)| {
            let mut new = sound();
            change(&mut new);
            compare(&Pair::new(Some(sound()), Some(new)))
                .iter()
                .for_each(crate::page::shows);
        };
        told(|s| s.trust = Trust::OtherName);
        told(|s| s.tls12 = false);
        told(|s| s.asks_client = true);
    }
}
