//! [`Sharing`]: whether somebody else holds the token that we were given.

use secrecy::ExposeSecret as _;

use super::answer::TokenAnswer;
use super::held::Token;
use super::wallet::Wallet;
use crate::config::Grant;
use crate::results::TokenShape;

/// Who else may hold a token. What this tool does with it happens to them too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// It was issued before we asked: its life had begun.
    Live,
    /// Everybody who asks with this client is given the same one.
    Shared,
}

impl Sharing {
    /// Its name among warnings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "token-already-live",
            Self::Shared => "token-shared",
        }
    }

    /// What to tell the user.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Live => {
                "this token was already live: somebody else holds it; give cutover an application \
                 of its own"
            }
            Self::Shared => {
                "asking twice gives the same token: unless cutover has an application of its own, \
                 this token was already live: somebody else holds it"
            }
        }
    }

    /// What two answers in a row, for one client, say of the first one's token.
    fn of(first: &Token, second: &TokenAnswer) -> Option<Self> {
        let same = second
            .access_token()
            .is_ok_and(|token| token == first.value.expose_secret());
        let life = first.acquired.as_ref().and_then(|a| a.answer.expires_in());
        let shortened =
            matches!((life, second.expires_in()), (Some(first), Some(second)) if first < second);
        // Lives are whole minutes; what is left of one seldom is.
        let odd = life.is_some_and(|life| life % 60 != 0) && first.shape() == TokenShape::Opaque;
        match same {
            _ if shortened => Some(Self::Live),
            true if odd => Some(Self::Live),
            true => Some(Self::Shared),
            false => None,
        }
    }
}

/// Asks for a credential's token a second time, and compares. Nothing is asked where a second request
/// would use something up: a refresh token is good for one.
pub async fn sharing(wallet: &Wallet, name: &str) -> Option<Sharing> {
    let grant = wallet.credential(name)?.grant;
    if !matches!(grant, Grant::ClientCredentials | Grant::Password) {
        return None;
    }
    let first = wallet.get(name).await.ok()??;
    let second = wallet.run(name, grant, None).await.ok()?;
    Sharing::of(&first, &second.answer)
}
