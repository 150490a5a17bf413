//! Every check of tokens, as data: what the cases look for, and what `docs/token-checks.md` is made of.
//!
//! Letters tell what is looked at: A how a side is reached, B a token answer, C a refusal, D a refresh, E the use
//! of a token, F a JWT, L what asking again gives, T time.

mod answers;
mod jwts;
mod reach;
mod refusals;
mod renewals;
mod repeats;
mod uses;

pub use answers::*;
pub use jwts::*;
pub use reach::*;
pub use refusals::*;
pub use renewals::*;
pub use repeats::*;
pub use uses::*;

use crate::results::{Difference, Kind, Severity, Where};

/// A check: what it wants, where that is said, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Its id, kept from version to version.
    pub id: &'static str,
    /// What it wants; of two sides, of the new one, where the old one has it.
    pub wants: &'static str,
    /// Where that is said; empty where no standard says it.
    pub rfc: &'static str,
    /// What a consumer feels where it does not hold.
    pub severity: Severity,
    /// Other weights, and when.
    pub otherwise: &'static [(Severity, &'static str)],
    /// What to do.
    pub advice: &'static str,
    /// Who looks.
    pub by: By,
}

/// Who looks for what a check wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A case with `grant:`, on the two answers.
    Case,
    /// A case with `grant:`, on each JWT, and `cutover token`.
    Jwt,
    /// Probes of these names.
    Probe(&'static [&'static str]),
    /// A case with `grant:`, on each JWT, `cutover token`, and a probe of this name.
    JwtOrProbe(&'static str),
    /// A case with `grant:`, and a probe of this name.
    CaseOrProbe(&'static str),
    /// A case with `request:` that the suite has for it.
    Request,
    /// The preflight of a run, as a warning.
    Preflight,
}

impl By {
    /// As the documentation writes it.
    pub fn words(self) -> String {
        match self {
            Self::Case => "token case".to_owned(),
            Self::Jwt => "token case, `cutover token`".to_owned(),
            Self::Probe(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let word = if names.len() == 1 { "probe" } else { "probes" };
                format!("{word} {}", names.join(", "))
            }
            Self::JwtOrProbe(name) => format!("token case, `cutover token`, probe `{name}`"),
            Self::CaseOrProbe(name) => format!("token case, probe `{name}`"),
            Self::Request => "request case".to_owned(),
            Self::Preflight => "preflight".to_owned(),
        }
    }
}

impl Check {
    /// A difference in a token answer, at a path such as `$.expires_in`.
    pub fn differs(&self, path: &str, kind: Kind, explain: impl Into<String>) -> Difference {
        self.at(Where::Token, path, kind, explain)
    }

    /// A difference anywhere.
    pub fn at(
        &self,
        place: Where,
        path: &str,
        kind: Kind,
        explain: impl Into<String>,
    ) -> Difference {
        let mut difference = Difference::new(place, path, kind, self.severity, explain);
        difference.check = Some(self.id.to_owned());
        difference.r#ref = Some(self.rfc.to_owned()).filter(|rfc| !rfc.is_empty());
        difference.advice = Some(self.advice.to_owned()).filter(|advice| !advice.is_empty());
        difference
    }

    /// The same with the check's other weight, the first where it has several.
    pub(super) fn otherwise(&self, difference: Difference) -> Difference {
        let first = self.otherwise.first();
        let severity = first.map_or(self.severity, |(other, _)| *other);
        Difference {
            severity,
            ..difference
        }
    }

    /// Whether the table lets a difference of this check weigh so much.
    pub fn admits(&self, severity: Severity) -> bool {
        let mut others = self.otherwise.iter();
        severity == self.severity || others.any(|(other, _)| *other == severity)
    }

    /// Its row in the documentation.
    pub fn row(&self) -> String {
        let mut severity = self.severity.word().to_owned();
        for (other, when) in self.otherwise {
            severity.push_str(&format!(", {} {when}", other.word()));
        }
        format!(
            "| {} | {} | {} | {severity} | {} | {} |\n",
            self.id,
            self.wants,
            self.rfc,
            self.by.words(),
            self.advice
        )
    }
}

/// Declares checks with their names, and the list of them in the order of the documentation.
macro_rules! checks {
    ($(#[$meta:meta])* $list:ident; $(
        $id:ident $severity:ident $(or $other:ident $when:literal)*, $by:expr, $rfc:literal:
        $wants:literal => $advice:literal;
    )*) => {
        $(
            #[doc = $wants]
            pub const $id: $crate::token::catalogue::Check = $crate::token::catalogue::Check {
                id: stringify!($id),
                wants: $wants,
                rfc: $rfc,
                severity: $crate::results::Severity::$severity,
                otherwise: &[$(($crate::results::Severity::$other, $when)),*],
                advice: $advice,
                by: $by,
            };
        )*
        $(#[$meta])*
        pub const $list: &[$crate::token::catalogue::Check] = &[$($id),*];
    };
}
pub(super) use checks;

/// Every check, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Check> {
    let groups = [
        REACH, ANSWERS, REFUSALS, RENEWALS, USES, JWTS, REPEATS, TIMES,
    ];
    groups.into_iter().flatten()
}

/// The check of an id.
pub fn check(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod weights;
