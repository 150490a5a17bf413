//! Tokens: obtained by each grant, kept until they expire, read by what they are.

mod acquire;
mod answer;
mod assertion;
mod checks;
mod compare;
mod credential;
mod discover;
mod endpoint;
mod form;
mod held;
mod introspect;
mod jwks;
mod library;
mod revoke;
mod shape;
mod shared;
mod sharing;
mod signature;
mod wallet;

pub use acquire::{Acquired, Ask};
pub use answer::{Refusal, TokenAnswer};
pub use assertion::ClientKey;
pub use checks::{CHECKS, Check, Known, Unmet, check_jwt};
pub use compare::compare_answers;
pub use credential::{Credential, Placement};
pub use endpoint::Endpoint;
pub use held::Token;
pub use introspect::{Introspected, Introspection};
pub use jwks::Signature;
pub use revoke::{Revocation, Revoked, TokenHint};
pub use shape::{header, payload, shape};
pub use shared::{SharedTokens, sweep};
pub use sharing::{Sharing, sharing};
pub use wallet::Wallet;
