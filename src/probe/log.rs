//! [`ProbeLog`]: what a probe sent a side and saw of it, while it is at work: a run that ends before it keeps that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::results::{ProbeObservation, SideResult};

/// What a probe sent a side and saw of it. Its clones are one.
#[derive(Debug, Clone, Default)]
pub struct ProbeLog(Arc<Mutex<Logged>>);

#[derive(Debug, Default)]
struct Logged {
    requests: u32,
    observations: Vec<ProbeObservation>,
}

impl ProbeLog {
    /// All of it until now, as the results have it.
    pub fn result(&self) -> SideResult {
        let logged = self.logged();
        SideResult {
            requests: Some(logged.requests),
            observations: logged.observations.clone(),
            ..SideResult::default()
        }
    }

    pub(super) fn sent(&self) {
        self.logged().requests += 1;
    }

    pub(super) fn saw(&self, observation: ProbeObservation) {
        self.logged().observations.push(observation);
    }

    /// Says more about what was seen last.
    pub(super) fn remark(&self, note: String) {
        if let Some(last) = self.logged().observations.last_mut() {
            last.note = Some(note);
        }
    }

    fn logged(&self) -> MutexGuard<'_, Logged> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
