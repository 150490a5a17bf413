//! Authorization codes (RFC 6749 section 4.1.3): those of the file, as if people had signed in and got them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::mock::document::{ClientDoc, CodeDoc, CodeStanding};
use crate::mock::token::client::Form;
use crate::mock::token::refusal::{OfCode, Refusal};
use crate::mock::token::store::Grant;
use crate::mock::token::{TokenServer, grant_of};

impl TokenServer {
    /// What a code stands for. It serves once.
    pub(super) fn redeemed(&self, client: &ClientDoc, form: &Form) -> Result<Grant, Refusal> {
        let given = form.get("code").ok_or(Refusal::Missing("code"))?;
        let mut codes = self.doc.codes.iter();
        let code = codes.find(|code| code.code.reveal() == given);
        let code = code.ok_or(Refusal::Code(OfCode::Unknown))?;
        let refused = match code.standing {
            Some(CodeStanding::Inactive) => Some(OfCode::Inactive),
            Some(CodeStanding::Expired) => Some(OfCode::Expired),
            _ => foreign(code, form),
        };
        if let Some(why) = refused {
            return Err(Refusal::Code(why));
        }
        if !self.store().use_code(given) {
            return Err(Refusal::Code(OfCode::Inactive));
        }
        Ok(grant_of(client, Some(code.user.clone()), form))
    }
}

/// Whether somebody else shows the code than the one who asked for it: by where it was sent, or without
/// the proof of RFC 7636.
fn foreign(code: &CodeDoc, form: &Form) -> Option<OfCode> {
    let sent_to = code.redirect_uri.as_deref();
    if sent_to.is_some() && sent_to != form.get("redirect_uri") {
        return Some(OfCode::OtherCallback);
    }
    let proven = match (code.challenge.as_deref(), form.get("code_verifier")) {
        (None, _) => true,
        (Some(challenge), Some(verifier)) => {
            URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
        }
        (Some(_), None) => false,
    };
    (!proven).then_some(OfCode::NotProven)
}
