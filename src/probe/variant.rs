//! [`Variant`]: the ways in which `tampered-token` sends a token, and what is right for each.

use super::forge::Claim;
use crate::token::Check;
use crate::token::catalogue;

/// What a gateway has to make of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// It must refuse it.
    Refuse,
    /// It must take it.
    Take,
    /// It may do either; clients depend on what it does.
    Choose,
}

/// Declares the variants: name, check, rule, what it is, and what an acceptance means.
macro_rules! variants {
    ($( $(#[$meta:meta])* $variant:ident = $name:literal, $check:ident, $rule:ident, $what:literal, $harm:literal; )*) => {
        /// A way to send a token.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Variant {
            $( $(#[$meta])* $variant, )*
        }

        impl Variant {
            /// Every variant, in the order of reports.
            pub(super) const ALL: [Self; 22] = [$(Self::$variant),*];

            /// Its name: `probe.NAME` in results.
            pub(super) const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// The check that it is for.
            pub(super) const fn check(self) -> Check {
                match self { $( Self::$variant => catalogue::$check, )* }
            }

            /// What is right.
            pub(super) const fn rule(self) -> Rule {
                match self { $( Self::$variant => Rule::$rule, )* }
            }

            /// In words.
            pub(super) const fn what(self) -> &'static str {
                match self { $( Self::$variant => $what, )* }
            }

            /// What it means that it is taken.
            pub(super) const fn harm(self) -> &'static str {
                match self { $( Self::$variant => $harm, )* }
            }
        }
    };
}

variants! {
    /// `bearer` for `Bearer`.
    LowerCaseScheme = "lower-case-scheme", E02, Take, "a good token under a scheme in lower case (`bearer`)", "";
    /// Without its end.
    Truncated = "truncated", E19, Refuse, "a token without its last quarter",
        "a part of a token is as good as the whole";
    /// With one other character.
    OneCharacter = "one-character", E19, Refuse, "a token with one character changed",
        "a token that was never issued opens the API";
    /// Two Authorization headers.
    TwoHeaders = "two-headers", E26, Choose, "two Authorization headers, of which one is false",
        "two hops may each look at another one";
    /// In the query.
    Query = "query", E04, Choose, "a token in the query (`access_token`)",
        "tokens get into logs and histories";
    /// In a form.
    Form = "form", E03, Choose, "a token in a form",
        "a page of another origin can send one";
    /// `alg: none`.
    None = "none", E20, Refuse, "a token that says it is not signed (`alg: none`)",
        "anybody can write a token for anybody";
    /// Without its signature.
    Stripped = "stripped", E19, Refuse, "a token without its signature",
        "anybody can write a token for anybody";
    /// Signed by somebody else.
    ForeignKey = "foreign-key", E20, Refuse, "a token that another key has signed, which it names itself (`jwk`)",
        "anybody can write a token for anybody";
    /// Its header leads to the key.
    KeyUrl = "key-url", E20, Refuse, "a token that another key has signed, which it says where to find (`jku`)",
        "anybody can write a token for anybody";
    /// Its header brings a certificate.
    Certificate = "certificate", E20, Refuse, "a token that another key has signed, whose certificate it brings (`x5c`)",
        "anybody can write a token for anybody";
    /// Its header leads to a certificate.
    CertificateUrl = "certificate-url", E20, Refuse, "a token that another key has signed, whose certificate it says where to find (`x5u`)",
        "anybody can write a token for anybody";
    /// The public key is taken for a secret.
    PublicKey = "public-key", E20, Refuse, "a token that is signed with the issuer's public key, taken as a secret (`HS256`)",
        "the key is public: anybody can write a token for anybody";
    /// The same, without the line break at its end.
    PublicKeyTrimmed = "public-key-trimmed", E20, Refuse, "a token that is signed with the issuer's public key, without its last line break, taken as a secret (`HS256`)",
        "the key is public: anybody can write a token for anybody";
    /// Its key id leads to an empty file.
    KeyPath = "key-path", E20, Refuse, "a token whose key id leads to an empty file (`kid`: `../../dev/null`), signed with nothing",
        "anybody can write a token for anybody, and make the gateway read its files";
    /// `alg: nOnE`.
    NoneMixed = "none-mixed-case", E20, Refuse, "a token that says it is not signed, in other letters (`nOnE`)",
        "anybody can write a token for anybody";
    /// With another claim.
    Payload = "payload", E19, Refuse, "a token whose scope was changed after it was signed",
        "anybody who has a token can give it more rights";
    /// Past its life.
    Expired = "expired", E08, Refuse, "a forged token that ended yesterday",
        "not even the life of a token is looked at";
    /// For somebody else.
    Audience = "aud", E21, Refuse, "a forged token for another audience",
        "a token for any API opens this one";
    /// Of somebody else.
    Issuer = "iss", E22, Refuse, "a forged token of another issuer",
        "a token of any issuer opens this API";
    /// The ID token that came with the access token.
    IdToken = "id-token", E23, Refuse, "the ID token in place of the access token",
        "whoever has signed a user in, at any client of the issuer, opens the API in that user's name";
    /// The other side's.
    Foreign = "foreign", E22, Refuse, "the other side's token",
        "a token of the other side opens this one; where that is meant, for a staged cutover, accept it";
}

impl Variant {
    /// The variant that has a claim wrong.
    pub(super) const fn of(claim: Claim) -> Self {
        match claim {
            Claim::Expired => Self::Expired,
            Claim::Audience => Self::Audience,
            Claim::Issuer => Self::Issuer,
        }
    }
}
