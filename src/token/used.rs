//! What the answers to requests tell of the use of a token: whether its own gateway takes it, and, from a backend
//! that answers with the headers it was sent, what reaches the backend.

use super::catalogue::{Check, E01, E05, E13, E14};
use super::credential::Placement;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Severity, Where};

/// Headers by which gateways tell a backend who calls, in lower case; what ends in `-` covers what begins so.
/// WSO2, Express Gateway, Kong, oauth2-proxy, Google's gateways, and the two that proxies have in common.
const IDENTITY: [&str; 12] = [
    "x-jwt-assertion",
    "x-wso2-",
    "eg-consumer-",
    "x-consumer-",
    "x-credential-",
    "x-anonymous-consumer",
    "x-auth-request-",
    "x-goog-authenticated-user-",
    "x-apigateway-api-userinfo",
    "x-endpoint-api-userinfo",
    "x-forwarded-user",
    "x-authenticated-",
];

/// Names the checks E01, E05, E13 and E14 in the differences of two answers, where they are what was found.
/// `placed` says where the tokens of the request stood; none where it had none. What a platform is known for keeps
/// its own words.
pub fn name_uses(
    differences: &mut [Difference],
    statuses: Pair<u16>,
    placed: Option<Pair<&Placement>>,
) {
    let fresh = |difference: &&mut Difference| difference.known.is_none();
    for difference in differences.iter_mut().filter(fresh) {
        match difference.r#where {
            Where::Status => {
                let locked_out = (200..300).contains(&statuses.old) && statuses.new == 401;
                if let Some(placed) = placed.filter(|_| locked_out) {
                    name(difference, token_check(placed));
                }
            }
            Where::Body => {
                if let Some(check) = backend_check(difference) {
                    name(difference, check);
                    if difference.kind != Kind::Value {
                        difference.severity = Severity::Breaking;
                    }
                }
            }
            _ => {}
        }
    }
}

fn name(difference: &mut Difference, check: Check) {
    difference.check = Some(check.id.to_owned());
    difference.r#ref = Some(check.rfc.to_owned()).filter(|rfc| !rfc.is_empty());
    difference.advice = Some(check.advice.to_owned());
}

/// A bearer token stands where RFC 6750 section 2.1 puts it; other places are for E05.
fn token_check(placed: Pair<&Placement>) -> Check {
    let usual = |placement: &Placement| match placement {
        Placement::Header {
            name,
            scheme: Some(scheme),
        } => name.eq_ignore_ascii_case("authorization") && scheme.eq_ignore_ascii_case("bearer"),
        _ => false,
    };
    match placed.iter().all(|(_, placement)| usual(placement)) {
        true => E01,
        false => E05,
    }
}

/// The check of a header that a backend was sent, as it tells in a member of `headers`.
fn backend_check(difference: &Difference) -> Option<Check> {
    let header = header_of(&difference.path)?;
    let came_or_went = matches!(difference.kind, Kind::Added | Kind::Removed);
    if header == "authorization" {
        return came_or_went.then_some(E13);
    }
    let fits = |known: &&str| match known.ends_with('-') {
        true => header.starts_with(*known),
        false => header == **known,
    };
    IDENTITY.iter().any(fits).then_some(E14)
}

/// The member of `headers` that a path ends in, in lower case: `$.headers.authorization`,
/// `$.request.headers['X-JWT-Assertion'][0]`.
fn header_of(path: &str) -> Option<String> {
    let mut members: Vec<&str> = Vec::new();
    let mut rest = path.strip_prefix('$')?;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (member, after) = quoted.split_once("']")?;
            members.push(member);
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (_, after) = index.split_once(']')?;
            rest = after;
        } else {
            let member = rest.strip_prefix('.')?;
            let end = member.find(['.', '[']).unwrap_or(member.len());
            let (member, after) = member.split_at_checked(end)?;
            members.push(member);
            rest = after;
        }
    }
    match members.as_slice() {
        [.., parent, header] if parent.eq_ignore_ascii_case("headers") => {
            Some(header.to_ascii_lowercase())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(place: Where, path: &str, kind: Kind, statuses: (u16, u16)) -> (String, Severity) {
        let mut all = [Difference::new(place, path, kind, Severity::Risky, "")];
        let placement = Placement::Header {
            name: "Authorization".to_owned(),
            scheme: Some("Bearer".to_owned()),
        };
        let statuses = Pair::new(statuses.0, statuses.1);
        name_uses(&mut all, statuses, Some(Pair::new(&placement, &placement)));
        let [found] = all;
        (found.check.unwrap_or_default(), found.severity)
    }

    #[test]
    fn what_reaches_the_backend_is_told_by_its_headers() {
        let of = |path: &str, kind| named(Where::Body, path, kind, (200, 200));
        let breaks = |id: &str| (id.to_owned(), Severity::Breaking);
        let plain = (String::new(), Severity::Risky);
        assert_eq!(of("$.headers.authorization", Kind::Added), breaks("E13"));
        assert_eq!(of("$.headers.Authorization", Kind::Removed), breaks("E13"));
        assert_eq!(of("$.headers.authorization", Kind::Value), plain);
        let consumer = "$.seen.Headers['Eg-Consumer-Id'][0]";
        assert_eq!(of(consumer, Kind::Removed), breaks("E14"));
        let assertion = "$.headers['x-jwt-assertion']";
        assert_eq!(of(assertion, Kind::Value).0, "E14");
        assert_eq!(of("$.payment.authorization", Kind::Added), plain);
        assert_eq!(of("$.headers['x-user-agent']", Kind::Added), plain);
        assert_eq!(of("$.headers", Kind::Added), plain);
        assert_eq!(of("line 1", Kind::Added), plain);
    }

    #[test]
    fn a_token_that_its_own_gateway_refuses_is_told() {
        let of = |statuses| named(Where::Status, "", Kind::Value, statuses).0;
        assert_eq!(of((200, 401)), "E01");
        assert_eq!(of((200, 403)), "");
        assert_eq!(of((404, 401)), "");
    }

    #[test]
    fn a_key_in_another_place_has_a_check_of_its_own() {
        let key = Placement::Header {
            name: "apikey".to_owned(),
            scheme: None,
        };
        assert_eq!(token_check(Pair::new(&key, &key)).id, "E05");
        let query = Placement::Query("key".to_owned());
        assert_eq!(token_check(Pair::new(&query, &key)).id, "E05");
    }
}
