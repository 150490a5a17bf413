//! What was done to a token, told by those that were issued.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::probe_gate::now;

/// What was done to a token that was never issued.
pub(crate) fn forged(issued: &[&str], ids: &[String], token: &str) -> Option<&'static str> {
    if ids.iter().any(|id| id == token) {
        return Some("id-token");
    }
    if let Some(known) = issued.iter().find(|known| known.len() == token.len()) {
        let differ = known.chars().zip(token.chars()).filter(|(a, b)| a != b);
        if differ.count() == 1 {
            return Some("one-character");
        }
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [head, said, signature] = parts.as_slice() else {
        let cut = issued.iter().any(|known| known.starts_with(token));
        return Some(if cut { "truncated" } else { "foreign" });
    };
    if decoded(head)?["alg"] == "none" {
        return Some("none");
    }
    if signature.is_empty() {
        return Some("stripped");
    }
    if issued.iter().any(|known| known.starts_with(token)) {
        return Some("truncated");
    }
    let claims = decoded(said)?;
    // Signed by a key that it names itself.
    let mut known = issued.iter();
    if decoded(head)?["jwk"].is_object()
        && known.any(|known| known.split('.').nth(1) == Some(*said))
    {
        return Some("foreign-key");
    }
    if claims["scope"] != "default" {
        return Some("payload");
    }
    let nobody = "https://cutover.invalid/";
    Some(match () {
        () if claims["aud"] == nobody && claims["iss"] == nobody => "claims",
        () if claims["aud"] == nobody => "aud",
        () if claims["iss"] == nobody => "iss",
        () if claims["exp"].as_u64()? < now() => "expired",
        () => "foreign",
    })
}

fn decoded(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}
