//! [`measure`]: how long a token may be, whatever it is made of and however it begins.

use super::bench::{Bench, Halt, Tried};
use super::ladder::{LADDER, SHORTEST_JWT, Search, TOP};
use super::setting::{EARLY, Filler, Meeting, Setting};
use crate::results::Difference;

/// How far a program came with one filler.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// The longest token that it replayed unharmed; none where it took none of these at all.
    pub(crate) longest: Option<usize>,
    /// What became of one that is a character longer; none at the top of the ladder.
    pub(crate) harm: Option<Difference>,
}

/// Whether a program tells two tokens apart that begin alike.
#[derive(Debug, Clone)]
pub(crate) enum Alike {
    /// It never held two tokens.
    NotSeen,
    /// It does, where they begin with this many characters that are the same.
    Told(usize),
    /// It does not, where they begin with this many characters that are the same; one less, and it does.
    Mistaken(usize, Box<Difference>),
}

/// What was measured.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// With hexadecimal digits.
    pub(crate) opaque: Reach,
    /// With JWTs.
    pub(crate) jwt: Reach,
    /// With JWTs that begin alike.
    pub(crate) alike: Alike,
}

/// Characters that are the same in two tokens, at most: those of one issuer share their header and first
/// claims.
const ALIKE: usize = 600;
/// The length of tokens that begin alike, where the program takes it: that of Choreo's.
const USUAL: usize = 1459;

/// Measures a program. `needed` is the length that it must take.
pub(super) async fn measure(bench: &Bench, needed: Option<usize>) -> Result<Measured, Halt> {
    let opaque = up(bench, LADDER, Setting::opaque).await?;
    let jwt = jwts(bench, opaque.longest).await?;
    let alike = match jwt.longest {
        Some(longest) => {
            let length = longest.min(needed.unwrap_or(USUAL).max(USUAL));
            two_at_once(bench, length).await?
        }
        None => Alike::NotSeen,
    };
    Ok(Measured { opaque, jwt, alike })
}

/// As far up the rungs as the program goes.
async fn up(
    bench: &Bench,
    rungs: impl IntoIterator<Item = usize>,
    setting: impl Fn(usize) -> Setting,
) -> Result<Reach, Halt> {
    let mut search = Search::up(rungs, bench.jobs());
    let harm = searched(bench, &mut search, setting).await?;
    Ok(Reach {
        longest: search.taken,
        harm: harm.map(|tried| tried.harm).unwrap_or_default(),
    })
}

/// Searches to the end; gives what came of the shortest that was not taken.
async fn searched(
    bench: &Bench,
    search: &mut Search,
    setting: impl Fn(usize) -> Setting,
) -> Result<Option<Tried>, Halt> {
    let mut refused = None;
    loop {
        let next = search.next();
        if next.is_empty() {
            return Ok(refused);
        }
        let results = bench
            .all(next.iter().map(|at| setting(*at)).collect())
            .await?;
        let results: Vec<(usize, Tried)> = next.into_iter().zip(results).collect();
        search.told(
            results
                .iter()
                .map(|(at, tried)| (*at, tried.harm.is_none())),
        );
        let first = results.into_iter().find(|(_, tried)| tried.harm.is_some());
        refused = first.map(|(_, tried)| tried).or(refused);
    }
}

/// JWTs of equal length first: at the limit of opaque tokens, and one character above it. Where they fare
/// as those did, it is the length that counts, and nothing more has to be tried.
async fn jwts(bench: &Bench, opaque: Option<usize>) -> Result<Reach, Halt> {
    let rungs = |to: usize| {
        let below = LADDER.into_iter().filter(move |rung| *rung < to);
        below.chain([to]).filter(|rung| *rung >= SHORTEST_JWT)
    };
    let limit = match opaque {
        None => return up(bench, rungs(TOP), Setting::jwt).await,
        Some(limit) if limit < SHORTEST_JWT => {
            return up(bench, rungs(TOP), Setting::jwt).await;
        }
        Some(limit) => limit,
    };
    let at = bench.tried(&Setting::jwt(limit)).await?;
    if at.harm.is_some() {
        return up(bench, rungs(limit), Setting::jwt).await;
    }
    if limit == TOP {
        return Ok(Reach {
            longest: Some(TOP),
            harm: None,
        });
    }
    let above = bench.tried(&Setting::jwt(limit + 1)).await?;
    if above.harm.is_some() {
        return Ok(Reach {
            longest: Some(limit),
            harm: above.harm,
        });
    }
    let higher = rungs(TOP).filter(|rung| *rung > limit);
    up(bench, [limit].into_iter().chain(higher), Setting::jwt).await
}

/// Two tokens in one program, of one length: different from the start first, then as alike as may be.
async fn two_at_once(bench: &Bench, length: usize) -> Result<Alike, Halt> {
    let setting = |meeting, alike| Setting {
        filler: Filler::Jwt { length, alike },
        meeting,
    };
    for meeting in [Meeting::AtRefusal, Meeting::InTwoRuns] {
        let filler = Filler::Uuid;
        let known = bench.once(&Setting { filler, meeting }).await?;
        if known.harm.is_some() || !known.met {
            continue;
        }
        let apart = bench.tried(&setting(meeting, EARLY)).await?;
        match apart.harm {
            // Any two JWTs are one to it: their header alone is as long.
            Some(harm) if apart.met => return Ok(Alike::Mistaken(apart.common, Box::new(harm))),
            None if apart.met => {}
            _ => continue,
        }
        let alike = bench.tried(&setting(meeting, ALIKE.min(length))).await?;
        if !alike.met || alike.common <= EARLY {
            return Ok(Alike::NotSeen);
        }
        if alike.harm.is_none() {
            return Ok(Alike::Told(alike.common));
        }
        let mut search = Search::between(EARLY, alike.common, bench.jobs());
        let least = searched(bench, &mut search, |at| setting(meeting, at)).await?;
        let least = least.unwrap_or(alike);
        return Ok(match least.harm {
            Some(harm) => Alike::Mistaken(search.refused.unwrap_or(least.common), Box::new(harm)),
            None => Alike::NotSeen,
        });
    }
    Ok(Alike::NotSeen)
}
