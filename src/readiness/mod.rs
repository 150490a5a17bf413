//! Whether consumers can move: every row of the platform comparison, what the runs show of it, what
//! people vouch for, and one verdict. Pure: it knows no files and no clock.

mod assess;
mod evidence;
mod file;
mod matrix;
mod now;
mod rows;
mod state;
#[cfg(test)]
mod tests;

pub use assess::assess;
pub use evidence::{Evidence, RunSeen};
pub use file::{AttestedDoc, Declared, ReadinessDoc, RowDoc, load};
pub use matrix::{Change, Matrix, Proof, RowResult, RunShown, SCHEMA};
pub use now::{CaseNow, Current};
pub use rows::{ROWS, Row, Shown, row};
pub use state::{State, Verdict};
