//! [`Contradictions`]: an id of one side that stands for one id of the other side in one chain of cases,
//! and for another in the next. Within a chain that is a difference (`broken-reference`); between chains
//! it is a finding of the run.

use std::collections::HashMap;

use super::across::masked;
use crate::compare::is_short;
use crate::pair::{Pair, Side};
use crate::redact::Secrets;
use crate::results::{Finding, Observed, Where};

/// Ties that are remembered: a run may have a hundred thousand chains.
const MOST: usize = 200_000;
/// Cases that are named for one value and its partner.
const NAMED: usize = 10;
/// Shortest text of letters and digits that names one thing in the whole run.
const NAME: usize = 10;

/// Two values that stand for each other in a case.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    /// The chain.
    pub(super) chain: usize,
    /// The case.
    pub(super) case: String,
    /// The path that was asked on the old side.
    pub(super) asked: Option<String>,
    /// The place in the answer: `$.id`, `header:location`.
    pub(super) place: String,
    /// The values.
    pub(super) values: Pair<String>,
}

/// What stands for what, over all chains.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    /// By side and by value, with the kind of thing that it names.
    known: Pair<HashMap<String, Vec<Partner>>>,
    count: usize,
    /// Ties that found no room.
    beyond: usize,
}

#[derive(Debug)]
struct Partner {
    value: String,
    place: String,
    chains: Vec<usize>,
    cases: Vec<String>,
}

impl Contradictions {
    pub(super) fn add(&mut self, tie: Tie) {
        if is_short(tie.values.as_ref().map(String::as_str)) {
            return;
        }
        if self.count >= MOST {
            self.beyond += 1;
            return;
        }
        self.count += 1;
        for side in Side::BOTH {
            let (own, other) = (&tie.values[side], &tie.values[side.other()]);
            let partners = self.known[side].entry(key(&tie, own)).or_default();
            let same = partners.iter_mut().find(|partner| partner.value == *other);
            match same {
                Some(partner) => partner.seen(&tie),
                None => partners.push(Partner {
                    value: other.clone(),
                    place: tie.place.clone(),
                    chains: vec![tie.chain],
                    cases: vec![tie.case.clone()],
                }),
            }
        }
    }

    /// Every value with two partners or more, in an order that does not depend on when cases ran.
    pub(super) fn findings(&self, secrets: &Secrets) -> Vec<Finding> {
        let mut findings = Vec::new();
        for side in Side::BOTH {
            for (key, partners) in &self.known[side] {
                if !between_chains(partners) {
                    continue;
                }
                let own = key.rsplit('\0').next().unwrap_or_default();
                findings.push(finding(side, own, partners, secrets));
            }
        }
        findings.sort_by(|a, b| a.message.cmp(&b.message));
        if self.beyond > 0 {
            findings.push(Finding {
                kind: "contradiction".to_owned(),
                message: format!(
                    "only the first {MOST} pairs of ids were held against each other; {} were not",
                    self.beyond
                ),
                cases: Vec::new(),
            });
        }
        findings
    }
}

impl Partner {
    fn seen(&mut self, tie: &Tie) {
        if !self.chains.contains(&tie.chain) && self.chains.len() < NAMED {
            self.chains.push(tie.chain);
        }
        if !self.cases.contains(&tie.case) && self.cases.len() < NAMED {
            self.cases.push(tie.case.clone());
        }
    }
}

/// Whether two partners were met in different chains.
fn between_chains(partners: &[Partner]) -> bool {
    let mut chains = partners.iter().flat_map(|partner| &partner.chains);
    let first = chains.next();
    partners.len() > 1 && chains.any(|chain| Some(chain) != first)
}

fn finding(side: Side, own: &str, partners: &[Partner], secrets: &Secrets) -> Finding {
    let shown = |value: &str, place: &str| {
        let (r#where, path) = match place.strip_prefix("header:") {
            Some(name) => (Where::Header, name),
            None => (Where::Body, place),
        };
        masked(secrets, r#where, path, &Observed::text(value)).0
    };
    let place = partners.first().map_or("", |partner| &partner.place);
    let own = shown(own, place);
    let mut others: Vec<String> = partners
        .iter()
        .map(|partner| format!("`{}`", shown(&partner.value, &partner.place)))
        .collect();
    others.sort();
    let mut cases: Vec<String> = partners
        .iter()
        .flat_map(|partner| partner.cases.iter().cloned())
        .collect();
    cases.sort();
    cases.dedup();
    Finding {
        kind: "contradiction".to_owned(),
        message: format!(
            "`{own}` of the {side} side stands for {} of the {} side: one of these answers is about another thing",
            others.join(" and for "),
            side.other()
        ),
        cases,
    }
}

/// What a value names: itself alone where no two things have it by chance, else only at its place in
/// the answers of one path. Two tables may both have a row 1001.
fn key(tie: &Tie, value: &str) -> String {
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let long = value.len() >= 2 * NAME || value.len() >= NAME && digits && letters;
    if long && !value.contains(' ') {
        return format!("\0{value}");
    }
    let asked = open(tie.asked.as_deref().unwrap_or_default());
    format!("{asked} {}\0{value}", open(&tie.place))
}

/// A path with its numbers left open.
fn open(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for sign in path.chars() {
        match sign {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(chain: usize, asked: &str, values: [&str; 2]) -> Tie {
        Tie {
            chain,
            case: format!("s.yaml::{chain}"),
            asked: Some(asked.to_owned()),
            place: "$.id".to_owned(),
            values: Pair::new(values[0], values[1]).map(str::to_owned),
        }
    }

    fn told(ties: &[Tie]) -> Vec<(String, Vec<String>)> {
        let mut all = Contradictions::default();
        for tie in ties {
            all.add(tie.clone());
        }
        let found = all.findings(&Secrets::new()).into_iter();
        found.map(|it| (it.message, it.cases)).collect()
    }

    #[test]
    fn a_second_partner_in_another_chain_is_a_finding_whatever_ran_first() {
        let one = tie(1, "/orders", ["order-00017", "order-90017"]);
        let two = tie(2, "/search", ["order-00017", "order-90018"]);
        let expected = vec![(
            "`order-00017` of the old side stands for `order-90017` and for `order-90018` of the new side: \
             one of these answers is about another thing"
                .to_owned(),
            vec!["s.yaml::1".to_owned(), "s.yaml::2".to_owned()],
        )];
        assert_eq!(told(&[one.clone(), two.clone()]), expected);
        assert_eq!(told(&[two, one]), expected);
    }

    #[test]
    fn the_same_pair_again_and_a_second_partner_in_one_chain_are_none() {
        let pair = ["order-00017", "order-90017"];
        assert_eq!(
            told(&[tie(1, "/orders", pair), tie(2, "/orders/17", pair)]),
            []
        );
        let other = ["order-00017", "order-90018"];
        assert_eq!(
            told(&[tie(1, "/orders", pair), tie(1, "/orders", other)]),
            []
        );
    }

    #[test]
    fn short_numbers_name_a_thing_at_their_place_only() {
        let orders = tie(1, "/orders/1", ["1001", "2001"]);
        let customers = tie(2, "/customers/1", ["1001", "3001"]);
        assert_eq!(told(&[orders.clone(), customers]), []);
        let again = tie(2, "/orders/2", ["1001", "2002"]);
        assert_eq!(told(&[orders.clone(), again]).len(), 1);
        let tiny = tie(3, "/orders/3", ["7", "9"]);
        assert_eq!(
            told(&[orders, tiny.clone(), tie(4, "/orders/3", ["7", "8"])]),
            []
        );
    }

    #[test]
    fn two_old_ids_for_one_new_one_are_a_contradiction_too() {
        let one = tie(1, "/orders", ["order-00017", "order-90017"]);
        let two = tie(2, "/orders", ["order-00018", "order-90017"]);
        let found = told(&[one, two]);
        assert!(
            found.len() == 1 && found[0].0.starts_with("`order-90017` of the new side"),
            "{found:?}"
        );
    }
}
