//! `tampered-token` with `forge: key`: whether a gateway can be talked into another key than its issuer's.

use secrecy::ExposeSecret;

use super::bench::Bench;
use super::control::control;
use super::forge::Parts;
use super::forge_key::{ForeignKey, beside_the_keys, confused};
use super::stopped::Stopped;
use super::tampered_seen::{Seen, end, send};
use super::variant::Variant;

/// Asks a side with each forged key; with none where its token is no JWT.
pub(super) async fn ask(bench: &mut Bench<'_>) -> Result<Seen, Stopped> {
    let token = bench.needed_token().await?;
    let token = token.value.expose_secret();
    let mut seen = Seen::default();
    let Some(parts) = Parts::of(token) else {
        return Ok(seen);
    };
    let request = bench.with_token(token)?;
    control(bench, "untouched", &request).await?;
    let public = public_key(bench, token).await;
    let forgeries = forgeries(&parts, public.as_deref());
    let asked = each(bench, forgeries, &mut seen).await;
    end(bench, seen, asked)
}

async fn each(
    bench: &mut Bench<'_>,
    forgeries: Vec<(Variant, Option<String>)>,
    seen: &mut Seen,
) -> Result<(), Stopped> {
    for (variant, forgery) in forgeries {
        match forgery {
            Some(forgery) => {
                send(bench, variant, &forgery, seen).await?;
            }
            None => seen.unasked.push(variant),
        }
    }
    Ok(())
}

/// The issuer's public key, where the credential says where it is.
pub(super) async fn public_key(bench: &Bench<'_>, token: &str) -> Option<String> {
    let name = bench.credential.as_deref()?;
    bench.wallet.public_key(name, token).await
}

/// Every forgery; none where it cannot be made, since the key is not known or there is no such one.
fn forgeries(parts: &Parts<'_>, public: Option<&str>) -> Vec<(Variant, Option<String>)> {
    let own = parts.algorithm().and_then(ForeignKey::new);
    let own = own.as_ref();
    let confused = |public: &str| confused(parts, public);
    vec![
        (Variant::NoneMixed, Some(parts.unsigned("nOnE"))),
        (Variant::ForeignKey, parts.foreign_key()),
        (Variant::KeyUrl, own.and_then(|own| own.at_url(parts))),
        (
            Variant::Certificate,
            own.and_then(|own| own.certified(parts)),
        ),
        (
            Variant::CertificateUrl,
            own.and_then(|own| own.certified_at_url(parts)),
        ),
        (Variant::PublicKey, public.and_then(confused)),
        (
            Variant::PublicKeyTrimmed,
            public.map(str::trim_end).and_then(confused),
        ),
        (Variant::KeyPath, beside_the_keys(parts)),
    ]
}
