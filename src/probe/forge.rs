//! Changed and forged tokens. None of them is good; a gateway that takes one has a hole.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::forge_key::ForeignKey;

/// An address that is nobody's (RFC 2606 section 2).
const NOBODY: &str = "https://cutover.invalid/";

/// The token without its last quarter, as a column or a buffer that is too short leaves it.
pub(super) fn truncated(token: &str) -> String {
    let length = token.chars().count();
    let kept = length - (length / 4).max(1).min(length);
    token.chars().take(kept).collect()
}

/// The token with one character changed, in its middle; in the middle of the signature where it has
/// one. The last character of a signature would not do: it has bits that nobody reads.
pub(super) fn one_character(token: &str) -> String {
    let start = token.rfind('.').map_or(0, |dot| dot + 1);
    let (head, tail) = token.split_at(start);
    let mut characters: Vec<char> = tail.chars().collect();
    let middle = characters.len() / 2;
    let order = (middle..characters.len()).chain((0..middle).rev());
    for at in order {
        if let Some(other) = other(characters[at]) {
            characters[at] = other;
            break;
        }
    }
    head.chars().chain(characters).collect()
}

/// Another character of the same sort.
const fn other(character: char) -> Option<char> {
    Some(match character {
        'a' | 'A' | '0' => (character as u8 + 1) as char,
        'b'..='z' => 'a',
        'B'..='Z' => 'A',
        '1'..='9' => '0',
        _ => return None,
    })
}

/// A JWT in its parts.
#[derive(Debug, Clone)]
pub(super) struct Parts<'t> {
    header: &'t str,
    claims: &'t str,
    signature: &'t str,
    head: Map<String, Value>,
    said: Map<String, Value>,
}

impl<'t> Parts<'t> {
    /// Reads a JWT; none where it is none.
    pub(super) fn of(token: &'t str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let json = |part: &str| -> Option<Map<String, Value>> {
            let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        Some(Self {
            header,
            claims,
            signature,
            head: json(header)?,
            said: json(claims)?,
        })
    }

    /// `alg: none`, and no signature (RFC 8725 section 3.2).
    pub(super) fn none(&self) -> String {
        self.unsigned("none")
    }

    /// No signature, and an algorithm that says so.
    pub(super) fn unsigned(&self, alg: &str) -> String {
        let mut head = self.head.clone();
        head.insert("alg".to_owned(), alg.into());
        head.remove("kid");
        head.remove("x5t");
        format!("{}.{}.", encoded(&head), self.claims)
    }

    /// As it is, without its signature.
    pub(super) fn stripped(&self) -> String {
        format!("{}.{}.", self.header, self.claims)
    }

    /// With another scope, so that it would allow more, and the signature of what it was.
    pub(super) fn payload(&self) -> String {
        let mut said = self.said.clone();
        let scope = said.get("scope").and_then(Value::as_str);
        let more = format!("{} cutover-probe-admin", scope.unwrap_or_default());
        said.insert("scope".to_owned(), more.trim_start().into());
        self.saying(&said)
    }

    /// With the changed claims, and the signature of what it was.
    pub(super) fn with(&self, change: &[Claim]) -> String {
        let mut said = self.said.clone();
        for claim in change {
            claim.falsify(&mut said);
        }
        self.saying(&said)
    }

    fn saying(&self, said: &Map<String, Value>) -> String {
        format!("{}.{}.{}", self.header, encoded(said), self.signature)
    }

    /// As it is, signed by a key that was made just now, which its header names where it is a public one (`jwk`,
    /// RFC 7515 section 4.1.3): nobody may trust that (RFC 8725 section 3.10). None where nobody can sign by
    /// its `alg`.
    pub(super) fn foreign_key(&self) -> Option<String> {
        let key = ForeignKey::new(self.algorithm()?)?;
        let named = key.public().map(|jwk| ("jwk", jwk));
        key.sign(self, named.as_slice())
    }

    /// The algorithm that its header names.
    pub(super) fn algorithm(&self) -> Option<&str> {
        self.head.get("alg").and_then(Value::as_str)
    }

    /// What a signature is made of: the header with these members in place of its own, and the claims as they are.
    pub(super) fn message(&self, members: &[(&str, Value)]) -> String {
        let mut head = self.head.clone();
        for (name, value) in members {
            head.insert((*name).to_owned(), value.clone());
        }
        format!("{}.{}", encoded(&head), self.claims)
    }
}

/// A claim that a gateway must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// `exp`.
    Expired,
    /// `aud`.
    Audience,
    /// `iss`.
    Issuer,
}

impl Claim {
    /// All three.
    pub(super) const ALL: [Self; 3] = [Self::Expired, Self::Audience, Self::Issuer];

    fn falsify(self, said: &mut Map<String, Value>) {
        match self {
            Self::Expired => {
                let past = jiff::Timestamp::now().as_second() - 24 * 3600;
                for (name, at) in [("iat", past - 3600), ("nbf", past - 3600), ("exp", past)] {
                    said.insert(name.to_owned(), at.into());
                }
            }
            Self::Audience => {
                said.insert("aud".to_owned(), NOBODY.into());
            }
            Self::Issuer => {
                said.insert("iss".to_owned(), NOBODY.into());
            }
        }
    }
}

fn encoded(json: &Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(Value::Object(json.clone()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(alg: &str) -> String {
        let head = serde_json::json!({ "alg": alg, "kid": "k" });
        let said =
            serde_json::json!({ "scope": "default", "exp": 2_000_000_000, "aud": "a", "iss": "i" });
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(&head), part(&said))
    }

    fn claims(token: &str) -> Value {
        let part = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn what_is_cut_or_changed_is_another_token() {
        assert_eq!(truncated("abcdefgh"), "abcdef");
        assert_eq!(truncated("a"), "");
        assert_eq!(one_character("abcdefgh"), "abcdafgh");
        assert_eq!(one_character("----"), "----");
        let token = jwt("RS256");
        let changed = one_character(&token);
        let differ = token.chars().zip(changed.chars()).filter(|(a, b)| a != b);
        assert_eq!((differ.count(), changed.len()), (1, token.len()));
        assert_eq!(
            claims(&token),
            claims(&changed),
            "the signature was changed"
        );
    }

    #[test]
    fn a_forged_token_keeps_what_it_does_not_change() {
        let token = jwt("RS256");
        let parts = Parts::of(&token).unwrap();
        assert!(parts.stripped().ends_with('.') && token.starts_with(&parts.stripped()));
        assert_eq!(claims(&parts.none()), claims(&token));
        let more = claims(&parts.payload());
        assert_eq!(more["scope"], "default cutover-probe-admin");
        let wrong = parts.with(&Claim::ALL);
        assert!(claims(&wrong)["exp"].as_i64().unwrap() < 2_000_000_000);
        assert_eq!(claims(&wrong)["aud"], NOBODY);
        assert_eq!(claims(&wrong)["iss"], NOBODY);
        assert!(wrong.ends_with(".c2lnbmF0dXJl"));
        assert!(Parts::of("not.a.jwt").is_none() && Parts::of("opaque").is_none());
    }

    #[test]
    fn a_foreign_key_signs_by_the_algorithm_of_the_token() {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        for (alg, length) in [
            ("RS256", 342),
            ("ES256", 86),
            ("HS256", 43),
            ("PS256", 342),
            ("EdDSA", 86),
        ] {
            let token = jwt(alg);
            let forged = Parts::of(&token).unwrap().foreign_key().unwrap();
            let signature = forged.rsplit('.').next().unwrap();
            assert_eq!(signature.len(), length, "{alg}");
            assert_eq!(claims(&forged), claims(&token));
        }
        assert!(Parts::of(&jwt("none")).unwrap().foreign_key().is_none());
    }
}
