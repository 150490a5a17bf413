//! What tokens the new side issues, for `cutover client --capacity`.

use secrecy::ExposeSecret;

use super::args::ClientArgs;
use super::context::Context;
use super::files::PAIR_FILE;
use super::pair_args::PairArgs;
use super::problem::Problem;
use super::setup;
use crate::client::Need;
use crate::config::Grant;
use crate::pair::Side;
use crate::run::{RunOptions, Session};

/// The pair that the command line names; for the capacity also that of the working folder, where there is one.
/// Else none, since a program needs no pair.
pub(super) fn pair(
    args: &ClientArgs,
    context: &Context,
) -> Result<Option<setup::PairSetup>, Problem> {
    let here = || args.capacity && context.folder.join(PAIR_FILE).is_file();
    let named = args.config.is_some() || args.env.is_some() || here();
    named.then(|| read(args, context)).transpose()
}

/// The pair that the command line names, or else the one of the working folder.
pub(super) fn read(args: &ClientArgs, context: &Context) -> Result<setup::PairSetup, Problem> {
    let named = PairArgs::of_file(args.config.as_ref(), args.env.as_ref());
    let mut pair = setup::pair(&named, context)?;
    if args.swap {
        pair.file.swap();
        pair.platforms = pair.platforms.swap();
    }
    Ok(pair)
}

/// The longest token that the new side issues, each of its credentials asked once; that of the profile
/// `jwt-choreo` where there is no pair, or no credential. In words why it is not known.
pub(super) async fn need(pair: Option<&setup::PairSetup>) -> Result<Result<Need, String>, Problem> {
    let Some(pair) = pair else {
        return Ok(Ok(Need::choreo()));
    };
    let session = setup::session(pair, "", RunOptions::new(setup::today()))?;
    Ok(longest(&session).await)
}

async fn longest(session: &Session) -> Result<Need, String> {
    let side = &session.sides[Side::New];
    let mut longest: Option<Need> = None;
    let mut refused: Vec<String> = Vec::new();
    for name in side.wallet.names() {
        let grant = side.wallet.credential(name).map(|known| known.grant);
        // A key is no token, and does not change with the gateway.
        if matches!(grant, Some(Grant::ApiKey | Grant::None)) {
            continue;
        }
        match side.wallet.get(name).await {
            Ok(Some(token)) => {
                let whose = format!("`{name}` of {}", side.info.name);
                let need = Need::of(token.value.expose_secret(), &whose);
                if longest
                    .as_ref()
                    .is_none_or(|known| need.length > known.length)
                {
                    longest = Some(need);
                }
            }
            Ok(None) => {}
            Err(failure) => {
                let message = session.secrets.text(&failure.message).into_owned();
                refused.push(format!("`{name}`: {message}"));
            }
        }
    }
    match (longest, refused.as_slice()) {
        // One that could not be had may be the longest.
        (_, [_, ..]) => Err(refused.join("; ")),
        (Some(longest), []) => Ok(longest),
        (None, []) => Ok(Need::choreo()),
    }
}
