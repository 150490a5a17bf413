//! The way to the backend: what it sees of a request, and what becomes of one that it does not answer.

use std::sync::PoisonError;

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};
use crate::mock::document::{Framing, GatewayDoc, Situation};
use crate::mock::gateway::{Gateway, Visit, add};

impl Gateway {
    /// The backend's answer, if it comes in time; an empty 200 where there is no backend.
    pub(super) fn passed(&self, visit: Visit<'_>) -> Answer {
        let call = visit.call;
        if self.is_suspended(visit.now) {
            return self.fault(Situation::BackendSuspended, call, "");
        }
        let Some(backend) = &self.backend else {
            return Answer {
                open: true,
                ..Answer::empty(200)
            };
        };
        let answer = backend
            .answer(&self.seen(call), visit.origin)
            .unwrap_or_else(|| self.fault(Situation::NoResource, call, ""));
        let patience = self.doc.as_ref().and_then(|doc| doc.backend_timeout);
        match patience {
            Some(patience) if answer.delay > patience.0 => {
                let mut fault = self.fault(Situation::BackendSlow, call, "");
                fault.delay = patience.0;
                fault
            }
            _ => answer,
        }
    }

    /// A fault of a route. One of a backend that cannot be reached has it left alone for a while; a request to
    /// one that closes the connection has arrived there, as often as it was sent.
    pub(super) fn faulted(&self, situation: Situation, visit: Visit<'_>) -> Answer {
        let doc = self.doc.as_ref();
        if situation == Situation::BackendDown {
            if self.is_suspended(visit.now) {
                return self.fault(Situation::BackendSuspended, visit.call, "");
            }
            if let Some(pause) = doc.and_then(|doc| doc.suspend) {
                let end = visit.now.saturating_add_unsigned(pause.0.as_secs());
                *self
                    .suspended
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = end;
            }
        }
        let retries = doc.map_or(0, |doc| doc.retries);
        if let Some(backend) = self.backend.as_ref().filter(|_| retries > 0)
            && situation == Situation::BackendReset
        {
            for _ in 0..=retries {
                let _ = backend.answer(&self.seen(visit.call), visit.origin);
            }
        }
        self.fault(situation, visit.call, "")
    }

    fn is_suspended(&self, now: i64) -> bool {
        now < *self
            .suspended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A request as the backend sees it.
    fn seen(&self, call: &Call) -> Call {
        let mut seen = call.clone();
        seen.headers.remove("authorization");
        let Some(doc) = &self.doc else {
            return seen;
        };
        if doc.framing == Some(Framing::Chunked) && !seen.body.is_empty() {
            seen.headers.remove("content-length");
            seen.headers.set("Transfer-Encoding", b"chunked");
        }
        if let Some(media_type) = &doc.untyped_as
            && !seen.body.is_empty()
            && !seen.headers.has("content-type")
        {
            seen.headers.set("Content-Type", media_type.as_bytes());
        }
        drop_from(&mut seen.headers, doc);
        add(&doc.backend_headers, &mut seen.headers);
        seen
    }
}

/// Takes away the headers that the backend never sees.
fn drop_from(headers: &mut Headers, doc: &GatewayDoc) {
    let dropped = |name: &str| {
        let name = name.to_ascii_lowercase();
        doc.backend_drops.iter().any(|dropped| {
            let dropped = dropped.to_ascii_lowercase();
            match dropped.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == dropped,
            }
        })
    };
    headers.0.retain(|(name, _)| !dropped(name));
}
