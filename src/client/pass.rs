//! [`Pass`]: calls of a program that are passed on to a real side; and what went wrong with that.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::mock::{Admitted, Relay, Relayed, Relaying};
use crate::pair::Side;
use crate::results::{Reason, Verdict};
use crate::source::{Source, Span, Spanned};

/// Where the calls of a program go.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The side.
    pub side: Side,
    /// An API of the pair file, whose base path the side has; none: its `url` alone.
    pub api: Option<Spanned<String>>,
    /// The credential whose token goes along; `none` for no token. Where it is not said: `app`, or the
    /// only one.
    pub token: Option<Spanned<String>>,
    /// The file that says so.
    pub source: Arc<Source>,
    /// Where it stands in the file.
    pub span: Span,
}

/// Why a run says nothing about the program: a real side stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The reason, as reports have it.
    pub reason: Reason,
    /// The same in words.
    pub message: String,
}

impl Trouble {
    /// What becomes of the case.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self.reason {
            Reason::WritesWithheld => Verdict::Skipped,
            _ => Verdict::Inconclusive,
        }
    }
}

/// An answer of a real side, or one in its place.
#[derive(Debug)]
pub struct Passed {
    /// The answer.
    pub answer: Relayed,
    /// What went wrong.
    pub trouble: Option<Trouble>,
}

/// An answer that is on its way.
pub type Passing<'a> = Pin<Box<dyn Future<Output = Passed> + Send + 'a>>;

/// A real side, which takes the calls of programs.
pub trait RealSide: Send + Sync {
    /// Passes a call on.
    fn pass(&self, admitted: Admitted) -> Passing<'_>;
}

/// The real side behind one run of a program, and the first thing that went wrong there.
pub(super) struct Behind {
    side: Arc<dyn RealSide>,
    trouble: Mutex<Option<Trouble>>,
}

impl Behind {
    pub(super) fn new(side: Arc<dyn RealSide>) -> Self {
        Self {
            side,
            trouble: Mutex::default(),
        }
    }

    pub(super) fn trouble(&self) -> Option<Trouble> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.clone()
    }
}

impl Relay for Behind {
    fn relay(&self, admitted: Admitted) -> Relaying<'_> {
        Box::pin(async move {
            let passed = self.side.pass(admitted).await;
            if let Some(trouble) = passed.trouble {
                let mut first = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(trouble);
            }
            passed.answer
        })
    }
}
