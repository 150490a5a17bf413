//! [`Failure`]: why there is no complete response, and what that means for the case.

use std::error::Error;
use std::io::ErrorKind;

use super::tls_words::{self, alert_words, tls_error, words};
use crate::results::{FailureSummary, Kind, Phase, Reason};

/// Why there is no complete response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How far the exchange came.
    pub phase: Phase,
    /// What stopped it.
    pub cause: FailureCause,
    /// In words, without URL and without secrets.
    pub message: String,
}

/// What stopped an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCause {
    /// No connection.
    Connect,
    /// No TLS session.
    Tls,
    /// No answer, or no complete one, in time.
    Timeout,
    /// The connection was closed before a complete response.
    Reset,
    /// The body was shorter than announced.
    ShortBody,
    /// What came is not HTTP.
    BadFraming,
    /// The body is larger than the limit.
    BodyLimit,
    /// The side was given up.
    SideDown,
    /// The credential's token could not be had.
    Token,
    /// The run was stopped.
    Interrupted,
}

impl Failure {
    /// A failure in words.
    pub fn new(phase: Phase, cause: FailureCause, message: impl Into<String>) -> Self {
        Self {
            phase,
            cause,
            message: message.into(),
        }
    }

    /// Whether an error of the HTTP client says that nothing was sent, so that even a write can be
    /// sent again.
    pub(super) fn is_unsent(error: &reqwest::Error) -> bool {
        Chain::of(error).unsent
    }

    /// Reads an error of the HTTP client. The URL, which may hold secrets, is left out.
    pub fn of(error: reqwest::Error, phase: Phase) -> Self {
        let connecting = error.is_connect();
        let timed_out = error.is_timeout();
        let error = error.without_url();
        let chain = Chain::of(&error);
        let message = chain.message();
        let (phase, cause) = match () {
            () if let Some(words) = chain.tls => {
                return Self::new(Phase::Tls, FailureCause::Tls, words);
            }
            () if timed_out && connecting => {
                let message = "no connection in time: the address is wrong, or a firewall drops \
                               what is sent to it";
                return Self::new(Phase::Connect, FailureCause::Connect, message);
            }
            () if timed_out => (phase, FailureCause::Timeout),
            () if chain.unsent => return Self::closed_at_once(),
            () if connecting => (Phase::Connect, FailureCause::Connect),
            () if chain.large_head => {
                let message = "the head of the answer is larger than is read: more than 100 \
                               header fields, or very long ones";
                return Self::new(Phase::Headers, FailureCause::BodyLimit, message);
            }
            () if chain.bad_framing => (phase, FailureCause::BadFraming),
            () if phase == Phase::Body && chain.incomplete => (phase, FailureCause::ShortBody),
            () => (phase, FailureCause::Reset),
        };
        Self::new(phase, cause, message)
    }

    /// Whether it is what a side that does not speak HTTP/2 makes of it: an answer that has no frames, or the
    /// end of the connection.
    pub(super) fn is_no_http2(&self) -> bool {
        let no_frames = self.message.contains("connection error detected");
        no_frames || *self == Self::closed_at_once()
    }

    /// A side that is to speak HTTP/2 and never did.
    pub(super) fn no_http2(why: &str) -> Self {
        let message = format!(
            "no answer in HTTP/2, which `http: \"2\"` asks for ({why}): leave the key out to speak what the side offers"
        );
        Self::new(Phase::Connect, FailureCause::Connect, message)
    }

    /// A connection that was closed before it served for anything.
    pub(super) fn closed_at_once() -> Self {
        let message = format!(
            "the connection was closed before anything was sent: {}",
            tls_words::SHOW_YOURS
        );
        Self::new(Phase::Connect, FailureCause::Connect, message)
    }

    /// The reason of a case that has no complete pair because of it.
    pub const fn reason(&self) -> Reason {
        match self.cause {
            FailureCause::Connect
            | FailureCause::Reset
            | FailureCause::ShortBody
            | FailureCause::BadFraming => Reason::Connect,
            FailureCause::Tls => Reason::Tls,
            FailureCause::Timeout => Reason::Timeout,
            FailureCause::BodyLimit => Reason::BodyLimit,
            FailureCause::SideDown => Reason::SideDown,
            FailureCause::Token => Reason::Token,
            FailureCause::Interrupted => Reason::Interrupted,
        }
    }

    /// The kind of the `transport` difference that it is when the other side answered and a
    /// repetition ended alike; none for what says nothing about the side's HTTP.
    pub const fn transport(&self) -> Option<Kind> {
        match self.cause {
            FailureCause::Reset => Some(Kind::Reset),
            FailureCause::ShortBody => Some(Kind::ShortBody),
            FailureCause::BadFraming => Some(Kind::BadFraming),
            _ => None,
        }
    }

    /// Whether `--retries` may repeat a safe request after it.
    pub const fn is_retryable(&self) -> bool {
        match self.cause {
            FailureCause::Connect => true,
            FailureCause::Timeout => !matches!(self.phase, Phase::Body),
            _ => false,
        }
    }

    /// As the results carry it.
    pub fn summary(&self) -> FailureSummary {
        FailureSummary {
            phase: self.phase,
            message: self.message.clone(),
        }
    }
}

/// Whether a layer says only which part of the HTTP client met the error below it.
fn is_about_the_client(text: &str) -> bool {
    [
        "error sending request",
        "error decoding response body",
        "client error (",
        "error reading a body from connection",
    ]
    .iter()
    .any(|layer| text.starts_with(layer))
}

/// What the causes of an error tell.
struct Chain {
    messages: Vec<String>,
    /// What a TLS error says.
    tls: Option<String>,
    bad_framing: bool,
    incomplete: bool,
    /// Whether a limit of our own for the head of an answer was met.
    large_head: bool,
    /// Whether the connection went away under a request that had not begun.
    unsent: bool,
}

impl Chain {
    fn of(error: &(dyn Error + 'static)) -> Self {
        let mut chain = Self {
            messages: Vec::new(),
            tls: None,
            bad_framing: false,
            incomplete: false,
            large_head: false,
            unsent: false,
        };
        let mut next = Some(error);
        while let Some(error) = next {
            chain.look(error);
            next = error.source();
        }
        chain
    }

    fn look(&mut self, error: &(dyn Error + 'static)) {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            self.unsent |= error.is_canceled();
            self.large_head |= error.is_parse_too_large();
            self.bad_framing |= error.is_parse() && !error.is_incomplete_message();
            self.incomplete |= error.is_incomplete_message() || error.is_body_write_aborted();
        }
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            self.incomplete |= error.kind() == ErrorKind::UnexpectedEof;
            self.bad_framing |= error.kind() == ErrorKind::InvalidInput;
        }
        if let Some(error) = tls_error(error) {
            self.tls = Some(words(error));
        }
        let text = error.to_string();
        self.tls = self.tls.take().or_else(|| alert_words(&text));
        if error.source().is_some() && is_about_the_client(&text) {
            return;
        }
        // Layers repeat what the layer below says; a message carries each part once.
        self.messages.retain(|above| !above.contains(&text));
        if !self
            .messages
            .iter()
            .any(|above| text.contains(above.as_str()) && above.len() > 20)
        {
            self.messages.push(text);
        }
    }

    /// The innermost messages: the outer ones say only that something failed.
    fn message(&self) -> String {
        let start = self.messages.len().saturating_sub(2);
        self.messages.get(start..).unwrap_or_default().join(": ")
    }
}
