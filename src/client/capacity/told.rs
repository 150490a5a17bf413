//! What a measure says, in words and as findings: pure.

use super::ladder::{SHORTEST_JWT, TOP};
use super::measure::{Alike, Measured, Reach};
use super::need::Need;
use crate::client::judge::{finding, number, of_capacity};
use crate::results::{Difference, Kind, Observed, Severity};

/// Where the findings of a measure stand.
const PLACE: &str = "capacity";

impl Measured {
    /// How far the program goes with tokens as the new side issues them.
    fn reach(&self, need: &Need) -> &Reach {
        // The shortest JWT that is tried may be too long where it is the length that counts.
        let short = self.opaque.longest.is_some_and(|far| far < SHORTEST_JWT);
        if need.jwt && !(short && self.jwt.longest.is_none()) {
            &self.jwt
        } else {
            &self.opaque
        }
    }

    /// What decides: `length` or `format`.
    fn cause(&self) -> &'static str {
        match (self.opaque.longest, self.jwt.longest) {
            (Some(opaque), Some(jwt)) if opaque == jwt => "length",
            (Some(opaque), None) if opaque < SHORTEST_JWT => "length",
            _ => "format",
        }
    }

    /// What it takes, in words.
    pub(super) fn told(&self) -> String {
        match (self.opaque.longest, self.jwt.longest) {
            (Some(opaque), Some(jwt)) if opaque == jwt => {
                format!(
                    "takes tokens of {}, opaque ones and JWTs alike{}",
                    far(opaque),
                    why(opaque)
                )
            }
            (Some(opaque), None) if opaque < SHORTEST_JWT => format!(
                "takes tokens of {}{} (the shortest JWT has {SHORTEST_JWT})",
                far(opaque),
                why(opaque)
            ),
            (Some(opaque), None) => format!(
                "takes no JWT, though it takes opaque tokens of {}: it goes by the format, not by the length",
                far(opaque)
            ),
            (None, None) => {
                "takes no JWT, and no hexadecimal token of 36 characters, as many as a UUID has: \
                             it goes by the format, not by the length"
                    .to_owned()
            }
            (None, Some(jwt)) => format!(
                "takes JWTs of {}{}, and no hexadecimal token of 36 characters: it goes by the format too",
                far(jwt),
                why(jwt)
            ),
            (Some(opaque), Some(jwt)) => format!(
                "takes opaque tokens of {}, and JWTs of {}{}: it goes by the format too",
                far(opaque),
                far(jwt),
                why(jwt)
            ),
        }
    }

    /// What is said where nothing is wrong.
    pub(super) fn note(&self, need: &Need) -> String {
        let reach = self.reach(need).longest.unwrap_or(0);
        let room = reach.saturating_sub(need.length);
        let least = if reach == TOP { "at least " } else { "" };
        let mut text = format!(
            "{}; a token of {} has {}: room for {least}{} more",
            self.told(),
            need.whose,
            number(need.length),
            number(room)
        );
        match &self.alike {
            Alike::NotSeen => {
                text += "; it never held two tokens at one time, so that whether it tells those apart that \
                         begin alike was not seen";
            }
            Alike::Told(same) => {
                text += &format!(
                    "; it tells tokens apart that begin with the same {} characters",
                    number(*same)
                );
            }
            Alike::Mistaken(same, _) => text += &format!("; {}", one_for_another(*same)),
        }
        text
    }

    /// What is wrong: a token of the new side is longer than what the program takes, of a format that it
    /// does not take, or begins like another.
    pub(super) fn findings(&self, need: &Need) -> Vec<Difference> {
        let mut found = Vec::new();
        let reach = self.reach(need);
        let longest = reach.longest.unwrap_or(0);
        if longest < need.length {
            found.push(self.too_short(need, longest, reach.harm.as_ref()));
        }
        if let Alike::Mistaken(same, harm) = &self.alike
            && *same <= need.alike
        {
            found.push(mistaken(*same, need, harm));
        }
        found
    }

    fn too_short(&self, need: &Need, longest: usize, harm: Option<&Difference>) -> Difference {
        let cause = self.cause();
        let mut explain = self.told();
        if cause == "length" {
            let missing = number(need.length - longest);
            let needed = number(need.length);
            explain += &format!(
                "; a token of {} has {needed}, {missing} too many",
                need.whose
            );
        } else {
            let needed = number(need.length);
            let what = if need.jwt { "a JWT" } else { "an opaque one" };
            explain += &format!("; a token of {} is {what} of {needed}", need.whose);
        }
        // That it was cut is in the number; what the program said is not.
        if let Some(harm) = harm.filter(|harm| harm.kind != Kind::Truncated) {
            explain += &format!(". With one that it does not take, it {}", harm.explain);
        }
        let advice = match cause {
            "length" => {
                "find what holds the token between answer and request - column, buffer, cookie, cache, file, \
                 header of a proxy - and give it room without a limit (RFC 6749 section 1.4 sets none)"
            }
            _ => {
                "take the token as it comes: no pattern, no parsing, whatever its alphabet (RFC 6749 section \
                 1.4)"
            }
        };
        let kind = harm.map_or(Kind::Truncated, |harm| harm.kind);
        let mut found = finding(PLACE, kind, Severity::Breaking, explain)
            .showing(characters(need.length), characters(longest))
            .advice(advice)
            .detail("capacity", longest)
            .detail("needed", need.length)
            .detail("cause", cause);
        if let Some(likely) = of_capacity(longest).filter(|_| cause == "length") {
            found = found.detail("likely", likely);
        }
        found
    }
}

fn mistaken(same: usize, need: &Need, harm: &Difference) -> Difference {
    let explain = format!(
        "{}, and the tokens of {} begin alike for about {}: it {}",
        one_for_another(same),
        need.whose,
        number(need.alike),
        harm.explain
    );
    finding(PLACE, harm.kind, Severity::Breaking, explain)
        .advice("know a token by all of it: let indexes and caches have its SHA-256, not its first characters")
        .detail("alike", same)
        .detail("cause", "prefix")
}

fn one_for_another(same: usize) -> String {
    format!(
        "takes one token for another that begins with the same {} characters{}",
        number(same),
        why(same)
    )
}

fn characters(count: usize) -> Observed {
    Observed::text(&format!("{} characters", number(count)))
}

fn far(longest: usize) -> String {
    if longest == TOP {
        format!("at least {} characters, the top of the ladder", number(TOP))
    } else {
        format!("up to {} characters", number(longest))
    }
}

fn why(longest: usize) -> String {
    let likely = of_capacity(longest).filter(|_| longest < TOP);
    likely
        .map(|likely| format!(": looks like {likely}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(longest: Option<usize>) -> Reach {
        let harm = finding("exit", Kind::Rejected, Severity::Breaking, "said no");
        Reach {
            longest,
            harm: (longest != Some(TOP)).then_some(harm),
        }
    }

    fn measured(opaque: Option<usize>, jwt: Option<usize>) -> Measured {
        Measured {
            opaque: reach(opaque),
            jwt: reach(jwt),
            alike: Alike::Told(600),
        }
    }

    #[test]
    fn length_format_and_both_are_told_apart() {
        let cases = [
            ((Some(255), Some(255)), "length", Some(255)),
            ((Some(64), None), "length", Some(64)),
            ((Some(TOP), None), "format", Some(0)),
            ((None, None), "format", Some(0)),
            ((None, Some(600)), "format", Some(600)),
            ((Some(4096), Some(1000)), "format", Some(1000)),
            ((Some(1459), Some(1459)), "length", None),
            ((Some(1458), Some(1458)), "length", Some(1458)),
        ];
        for ((opaque, jwt), cause, short) in cases {
            let measured = measured(opaque, jwt);
            assert_eq!(measured.cause(), cause, "{measured:?}");
            let found = measured.findings(&Need::choreo());
            let capacity = found
                .first()
                .and_then(|found| found.detail["capacity"].as_u64());
            let capacity = capacity.and_then(|capacity| usize::try_from(capacity).ok());
            assert_eq!(capacity, short, "{measured:?}");
        }
    }

    #[test]
    fn tokens_that_begin_alike_count_where_those_of_the_new_side_do() {
        let harm = finding(
            "exit",
            Kind::Stale,
            Severity::Breaking,
            "sent an older token",
        );
        let mut measured = measured(Some(TOP), Some(TOP));
        measured.alike = Alike::Mistaken(255, Box::new(harm.clone()));
        let found = measured.findings(&Need::choreo());
        assert_eq!((found.len(), found[0].kind), (1, Kind::Stale));
        assert_eq!(found[0].detail["alike"], 255);
        measured.alike = Alike::Mistaken(500, Box::new(harm));
        assert_eq!(measured.findings(&Need::choreo()), []);
        assert!(
            measured
                .note(&Need::choreo())
                .contains("the same 500 characters")
        );
    }

    #[test]
    fn an_opaque_new_side_needs_no_jwt() {
        let need = Need::of("0a1b2c3d4e5f-0a1b2c3d4e5f-0a1b2c3d4e5f", "the new side");
        let measured = measured(Some(255), None);
        assert_eq!(measured.findings(&need), []);
        assert!(
            measured
                .note(&need)
                .contains("a token of the new side has 38: room for 217 more")
        );
    }
}
