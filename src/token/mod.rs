//! Tokens: obtained by each grant, kept until they expire, read by what they are.

mod acquire;
mod answer;
mod compare;
mod credential;
mod discover;
mod library;
mod shape;
mod wallet;

pub use acquire::{Acquired, Ask};
pub use answer::{Refusal, TokenAnswer};
pub use compare::compare_answers;
pub use credential::{Credential, Placement};
pub use shape::{header, payload, shape};
pub use wallet::{Token, Wallet};
