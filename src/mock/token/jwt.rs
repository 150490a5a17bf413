//! Signed access tokens in the shape of Choreo's token server, and the key set that proves them.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::hex::hex;
use crate::mock::json::{Json, object};
use crate::mock::token::alike::{self, Filling, Place};
use crate::source::{Entries, Node, Value};

/// The built-in key: public, 4096 bits, for tests only.
const BUILTIN: &str = include_str!("../../../mocks/keys/test-only-rsa4096.pem");

/// The built-in key of an elliptic curve: public, for tests only.
const BUILTIN_EC: &str = include_str!("../../../mocks/keys/test-only-es256.pem");
/// The claim, and the member of the header, that fill a token up to a length.
const FILLING: &str = "pad";

/// Why a key cannot sign.
#[derive(Debug, Clone, thiserror::Error)]
#[error("expected an RSA private key in PEM (PKCS#8 or PKCS#1)")]
pub(crate) struct KeyError;

/// Signs tokens with one key.
pub(crate) struct Signer {
    key: EncodingKey,
    alg: Algorithm,
    x5t: String,
    jwks: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// What a token says about its holder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder<'a> {
    /// The client id.
    pub(crate) client: &'a str,
    /// The user, where there is one.
    pub(crate) user: Option<&'a str>,
    /// The granted scopes, blanks between them.
    pub(crate) scope: &'a str,
    /// Whether the token came of a token exchange: it then has a place for claims of the first issuer.
    pub(crate) exchanged: bool,
}

impl Signer {
    /// Reads a key.
    pub(crate) fn new(pem: &str) -> Result<Self, KeyError> {
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| KeyError)?;
        let jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).map_err(|_| KeyError)?;
        let AlgorithmParameters::RSA(rsa) = jwk.algorithm else {
            return Err(KeyError);
        };
        // The form of WSO2's thumbprints: base64url of the hexadecimal digits of a digest.
        let x5t = URL_SAFE_NO_PAD.encode(hex(&Sha256::digest(rsa.n.as_bytes())));
        let jwks = object! {
            "keys" => vec![object! {
                "kty" => "RSA", "e" => rsa.e, "use" => "sig", "kid" => format!("{x5t}_RS256"),
                "alg" => "RS256", "n" => rsa.n,
            }],
        };
        Ok(Self {
            key,
            alg: Algorithm::RS256,
            x5t,
            jwks: jwks.to_string(),
        })
    }

    /// Reads a key of the curve P-256.
    fn new_ec(pem: &str) -> Result<Self, KeyError> {
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| KeyError)?;
        let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(|_| KeyError)?;
        let AlgorithmParameters::EllipticCurve(ec) = jwk.algorithm else {
            return Err(KeyError);
        };
        let x5t = URL_SAFE_NO_PAD.encode(hex(&Sha256::digest(ec.x.as_bytes())));
        let jwks = object! {
            "keys" => vec![object! {
                "kty" => "EC", "crv" => "P-256", "use" => "sig", "kid" => format!("{x5t}_ES256"),
                "alg" => "ES256", "x" => ec.x, "y" => ec.y,
            }],
        };
        Ok(Self {
            key,
            alg: Algorithm::ES256,
            x5t,
            jwks: jwks.to_string(),
        })
    }

    /// The signer with the built-in test key of an elliptic curve.
    pub(crate) fn builtin_ec() -> Result<&'static Self, KeyError> {
        static SIGNER: OnceLock<Result<Signer, KeyError>> = OnceLock::new();
        SIGNER
            .get_or_init(|| {
                let start = BUILTIN_EC.find("-----BEGIN").unwrap_or_default();
                Signer::new_ec(BUILTIN_EC.get(start..).unwrap_or_default())
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The signer with the built-in test key.
    pub(crate) fn builtin() -> Result<&'static Self, KeyError> {
        static SIGNER: OnceLock<Result<Signer, KeyError>> = OnceLock::new();
        SIGNER
            .get_or_init(|| {
                let start = BUILTIN.find("-----BEGIN").unwrap_or_default();
                Signer::new(BUILTIN.get(start..).unwrap_or_default())
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The key set (RFC 7517), as JSON.
    pub(crate) fn jwks(&self) -> &str {
        &self.jwks
    }

    /// The key by which its tokens are checked.
    pub(crate) fn decoding_key(&self) -> Option<DecodingKey> {
        let keys: JwkSet = serde_json::from_str(&self.jwks).ok()?;
        DecodingKey::from_jwk(keys.keys.first()?).ok()
    }

    /// Signs a token that lives from `now` for `life` seconds.
    ///
    /// With a client id of 30 characters and the scope `default` it has 1,459 characters each time:
    /// 282 of header, 492 of claims, 683 of signature, two dots. Another length is filled up to.
    pub(crate) fn sign(
        &self,
        holder: Holder<'_>,
        now: i64,
        life: u64,
        (members, claims): (&Entries<Node>, &Entries<Node>),
        filling: Filling,
    ) -> Option<String> {
        let alg = self.alg_name();
        let mut header = object! { "x5t" => self.x5t.as_str(), "kid" => self.kid(), "alg" => alg };
        let mut payload = payload(holder, now, life);
        change(&mut header, members);
        change(&mut payload, claims);
        match (filling.length, filling.alike) {
            (Some(length), Some(alike)) => {
                header = object! { "alg" => alg };
                self.fill_alike(&mut header, &mut payload, length, (alike, filling.nth));
            }
            (Some(length), None) => self.fill(&mut header, &mut payload, length),
            (None, _) => {}
        }
        self.signed(&header, &payload)
    }

    /// The ID token of a user (OpenID Connect Core section 2), who signed in at `now`.
    pub(crate) fn sign_id(&self, holder: Holder<'_>, now: i64, life: u64) -> Option<String> {
        let header = object! { "alg" => self.alg_name(), "kid" => self.kid() };
        let mut claims = payload(holder, now, life);
        for of_access in ["aut", "nbf", "scope", "organization", "idp_claims"] {
            claims.remove(of_access);
        }
        self.signed(&header, &claims)
    }

    const fn alg_name(&self) -> &'static str {
        match self.alg {
            Algorithm::ES256 => "ES256",
            _ => "RS256",
        }
    }

    fn kid(&self) -> String {
        format!("{}_{}", self.x5t, self.alg_name())
    }

    fn signed(&self, header: &Json, payload: &Json) -> Option<String> {
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(payload));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.alg).ok()?;
        Some(format!("{message}.{signature}"))
    }

    /// Makes the parts so long that the token has `length` characters. One that is longer stays.
    fn fill(&self, header: &mut Json, payload: &mut Json, length: usize) {
        for (wider, bytes) in self.rooms(header, length) {
            let mut filled = payload.clone();
            filled.set(FILLING, Json::from(""));
            let Some(missing) = bytes.checked_sub(filled.to_string().len()) else {
                continue;
            };
            filled.set(FILLING, Json::from("x".repeat(missing)));
            (*header, *payload) = (wider, filled);
            return;
        }
    }

    /// The same, with the filling in front of all claims; the `nth` token begins as every other does, for
    /// `alike` characters. Where the claims have no room, few of them stay.
    fn fill_alike(
        &self,
        header: &mut Json,
        payload: &mut Json,
        length: usize,
        (alike, nth): (usize, usize),
    ) {
        let (all, few) = (payload.clone(), alike::few(payload));
        for (claims, must) in [(&all, true), (&few, false)] {
            for (wider, bytes) in self.rooms(header, length) {
                let filled = |text: &str| {
                    let mut filled = object! { FILLING => text };
                    if let (Json::Map(all), Json::Map(more)) = (&mut filled, claims.clone()) {
                        all.extend(more);
                    }
                    filled
                };
                let Some(missing) = bytes.checked_sub(filled("").to_string().len()) else {
                    continue;
                };
                let place = Place {
                    bytes: missing,
                    before: object! { FILLING => "" }.to_string().len() - 2,
                    from: encoded(wider.to_string().len()) + 1,
                };
                if place.holds(alike) || !must {
                    (*header, *payload) = (wider, filled(&place.filled(alike, nth)));
                    return;
                }
            }
        }
    }

    /// Headers with which a token can have `length` characters, and the bytes that are left for claims.
    /// base64url has no text of 4n + 1 characters: then the header takes a character or two.
    fn rooms(&self, header: &Json, length: usize) -> Vec<(Json, usize)> {
        let signature = match self.alg {
            Algorithm::ES256 => 86,
            _ => encoded(self.signature_bytes()),
        };
        let wider = (0..4).filter_map(|more| {
            let mut wider = header.clone();
            if more > 0 {
                wider.set(FILLING, Json::from("x".repeat(more)));
            }
            let taken = encoded(wider.to_string().len()) + signature + 2;
            let room = length.checked_sub(taken).filter(|room| room % 4 != 1)?;
            Some((wider, room * 3 / 4))
        });
        wider.collect()
    }

    /// The bytes of a signature; 512 with the built-in key.
    fn signature_bytes(&self) -> usize {
        let signed = jsonwebtoken::crypto::sign(b"length", &self.key, self.alg);
        signed.map_or(512, |text| text.len() * 3 / 4)
    }
}

/// The characters of bytes in base64url without padding.
const fn encoded(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Adds and replaces members; null takes one away.
fn change(part: &mut Json, changes: &Entries<Node>) {
    for (name, value) in changes.iter() {
        match value.value {
            Value::Null => {
                part.remove(name);
            }
            _ => part.set(name, Json::from(value)),
        }
    }
}

fn payload(holder: Holder<'_>, now: i64, life: u64) -> Json {
    let aut = if holder.user.is_some() {
        "APPLICATION_USER"
    } else {
        "APPLICATION"
    };
    let organization = object! { "uuid" => stable_uuid("acme") };
    let mut claims = object! {
        "sub" => stable_uuid(holder.user.unwrap_or(holder.client)),
        "aut" => aut,
        "aud" => holder.client,
        "nbf" => Json::number(now),
        "azp" => holder.client,
        "scope" => holder.scope,
        "organization" => organization,
        "iss" => "https://sts.choreo.dev:443/oauth2/token",
        "exp" => Json::number(now.saturating_add_unsigned(life)),
        "iat" => Json::number(now),
        "jti" => Uuid::new_v4().to_string(),
    };
    if holder.exchanged {
        claims.set("idp_claims", object! {});
    }
    claims
}

/// A UUID that is the same for the same name.
pub(crate) fn stable_uuid(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A token as the profile `jwt-choreo` has it.
#[cfg(test)]
pub(crate) fn of_choreo() -> String {
    let holder = Holder {
        client: "cutover-test-client-profiles-1",
        user: None,
        scope: "default",
        exchanged: false,
    };
    let signed = Signer::builtin().ok().and_then(|signer| {
        signer.sign(
            holder,
            1_795_288_861,
            3600,
            (&Entries::default(), &Entries::default()),
            Filling::default(),
        )
    });
    signed.unwrap_or_default()
}
