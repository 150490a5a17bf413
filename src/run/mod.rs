//! Running a plan: what is sent when, on which side, and what each case came to.

mod across;
mod barrier;
mod broken;
mod capture;
mod case;
mod chain;
mod contradictions;
mod execute;
mod findings;
mod observe;
mod options;
mod outgoing;
mod passage;
mod plan;
mod preflight;
mod probe_case;
mod questions;
mod ready;
mod returned;
mod samples;
mod session;
mod state;
mod taken;
mod tally;
mod ties;
mod token_case;
mod turns;

pub use case::unjudged;
pub use execute::{Executed, Observer, execute, execute_part};
pub use options::{RunOptions, Stop};
pub use passage::Passage;
pub use plan::{Plan, Selection, Shard, Step, Unit, case_id};
pub use preflight::{check_clocks, check_sharing, preflight};
pub use session::{Session, SessionError, target_info};
pub use state::RunState;
