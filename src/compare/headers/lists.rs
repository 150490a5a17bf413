//! Lists whose order does not count.

use super::cors::{Cors, VARIES};
use super::parts::Part;
use super::syntax::split;
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// A list whose order and letter case do not count. Without credentials `*` stands in a CORS list for
/// everything but `Authorization` (Fetch standard, CORS protocol).
pub(super) fn set(name: &str, texts: Pair<&str>, allowed: Cors) -> Vec<Part> {
    let members = texts.map(|text| {
        let mut members: Vec<String> = split(text, ',')
            .into_iter()
            .map(str::to_ascii_lowercase)
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    });
    if members.old == members.new {
        return Vec::new();
    }
    let gone: Vec<&str> = members
        .old
        .iter()
        .filter(|m| !members.new.contains(m))
        .map(String::as_str)
        .collect();
    let fresh: Vec<&str> = members
        .new
        .iter()
        .filter(|m| !members.old.contains(m))
        .map(String::as_str)
        .collect();
    let cors = name.starts_with("access-control-");
    if cors && !allowed.credentials && fresh.contains(&"*") && !gone.contains(&"authorization") {
        let explain = "everything is allowed where it was named one by one: to a browser without credentials no less";
        return vec![Part::whole(Kind::Value, Severity::Cosmetic, texts, explain)];
    }
    let follows = |names: &[&str]| names.iter().all(|name| allowed.explains(name));
    if name == "vary" && follows(&gone) && follows(&fresh) {
        return vec![Part::whole(Kind::Value, Severity::Cosmetic, texts, VARIES)];
    }
    let severity = match (cors, gone.is_empty()) {
        (true, false) => Severity::Breaking,
        (true, true) => Severity::Cosmetic,
        (false, true) if fresh == ["accept-encoding"] => Severity::Cosmetic,
        (false, _) => Severity::Risky,
    };
    let mut told = Vec::new();
    if !gone.is_empty() {
        told.push(format!("{} no longer in it", gone.join(", ")));
    }
    if !fresh.is_empty() {
        told.push(format!("{} new in it", fresh.join(", ")));
    }
    vec![Part::whole(Kind::Value, severity, texts, told.join("; "))]
}
