//! [`Variant`]: the ways in which `tampered-token` sends a token, and what is right for each.

use super::forge::Claim;

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

/// Declares the variants: name, rule, what it is, what an acceptance means, what to do, and where that
/// is written.
macro_rules! variants {
    ($( $(#[$meta:meta])* $variant:ident = $name:literal, $rule:ident, $what:literal, $harm:literal,
        $advice:literal, $paragraph:literal; )*) => {
        /// A way to send a token.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Variant {
            $( $(#[$meta])* $variant, )*
        }

        impl Variant {
            /// Every variant, in the order of reports.
            pub(super) const ALL: [Self; 14] = [$(Self::$variant),*];

            /// Its name: `probe.NAME` in results.
            pub(super) const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
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

            /// What to do.
            pub(super) const fn advice(self) -> &'static str {
                match self { $( Self::$variant => $advice, )* }
            }

            /// Where it is written.
            pub(super) const fn paragraph(self) -> &'static str {
                match self { $( Self::$variant => $paragraph, )* }
            }
        }
    };
}

variants! {
    /// `bearer` for `Bearer`.
    LowerCaseScheme = "lower-case-scheme", Take, "a good token under a scheme in lower case (`bearer`)",
        "", "compare the scheme without regard to case", "RFC 9110 section 11.1";
    /// Without its end.
    Truncated = "truncated", Refuse, "a token without its last quarter",
        "a part of a token is as good as the whole", "compare whole tokens", "RFC 6750 section 3.1";
    /// With one other character.
    OneCharacter = "one-character", Refuse, "a token with one character changed",
        "a token that was never issued opens the API", "check the signature, or look the token up",
        "RFC 8725 section 3.3";
    /// Two Authorization headers.
    TwoHeaders = "two-headers", Choose, "two Authorization headers, of which one is false",
        "two hops may each look at another one", "refuse a request with two of them", "RFC 6750 section 2";
    /// In the query.
    Query = "query", Choose, "a token in the query (`access_token`)",
        "tokens get into logs and histories", "take tokens in the Authorization header alone",
        "RFC 9700 section 4.3.2";
    /// In a form.
    Form = "form", Choose, "a token in a form",
        "a page of another origin can send one", "take tokens in the Authorization header alone",
        "RFC 6750 section 2.2";
    /// `alg: none`.
    None = "none", Refuse, "a token that says it is not signed (`alg: none`)",
        "anybody can write a token for anybody", "allow the issuer's algorithms, and no other",
        "RFC 8725 section 3.2";
    /// Without its signature.
    Stripped = "stripped", Refuse, "a token without its signature",
        "anybody can write a token for anybody", "check the signature of every token",
        "RFC 8725 section 3.3";
    /// Signed by somebody else.
    ForeignKey = "foreign-key", Refuse, "a token that another key has signed",
        "anybody can write a token for anybody", "check the signature by the issuer's keys",
        "RFC 8725 section 3.3";
    /// With another claim.
    Payload = "payload", Refuse, "a token whose scope was changed after it was signed",
        "anybody who has a token can give it more rights", "check the signature of every token",
        "RFC 8725 section 3.3";
    /// Past its life.
    Expired = "expired", Refuse, "a forged token that ended yesterday",
        "not even the life of a token is looked at", "check `exp`", "RFC 7519 section 4.1.4";
    /// For somebody else.
    Audience = "aud", Refuse, "a forged token for another audience",
        "a token for any API opens this one", "check `aud`", "RFC 8725 section 3.9";
    /// Of somebody else.
    Issuer = "iss", Refuse, "a forged token of another issuer",
        "a token of any issuer opens this API", "check `iss`", "RFC 8725 section 3.8";
    /// The other side's.
    Foreign = "foreign", Refuse, "the other side's token",
        "a token of the other side opens this one; where that is meant, for a staged cutover, accept it",
        "trust the issuers of one side only", "RFC 9068 section 4";
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
