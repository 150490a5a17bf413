//! [`Observation`]: what a program did in one profile, as far as it can be seen from outside.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::judge::Share;
use super::pass::Trouble;
use super::wire::{Message, messages};
use crate::message::Headers;
use crate::mock::document::TokenDoc;
use crate::mock::{Answered, RawConnection};
use crate::source::Spanned;

/// How a program came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By itself, with this code.
    Exit(i32),
    /// By a signal.
    Signal(i32),
    /// It did not: it was stopped after this time.
    TimedOut(Duration),
    /// It was told to stop when it had run for as long as the suite says, and did.
    Stopped,
    /// A service that was not ready in this time.
    NeverReady(Duration),
    /// A service that gave no answer in this time.
    Silent(Duration),
    /// A service that ended by itself, with this code.
    Gone(i32),
}

impl Ending {
    /// Whether all went well.
    pub(crate) const fn is_good(self) -> bool {
        matches!(self, Self::Exit(0) | Self::Stopped)
    }
}

/// What a program wrote, as text; the start of it where it is long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Written {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// A token that was issued.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    /// The access token.
    pub(crate) token: String,
    /// The refresh token that came with it.
    pub(crate) refresh: Option<String>,
    /// When its answer began.
    pub(crate) at: Duration,
    /// When it ends.
    pub(crate) until: Duration,
    /// Whom it is for: client, user and scope of the request. Tokens of two are not one's successor.
    pub(crate) holder: String,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// What was answered, beside its status.
#[derive(Clone, Default)]
pub(crate) struct Said {
    /// The header fields.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
}

impl fmt::Debug for Said {
    // Tokens stand in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Said")
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Said {
    fn of(answer: &Answered) -> Self {
        Self {
            headers: answer.headers.clone(),
            body: answer.body.clone(),
        }
    }
}

/// A request for a token.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// When.
    pub(crate) at: Duration,
    /// When its answer began to leave; none where it never did.
    pub(crate) answered: Option<Duration>,
    /// The status of the answer.
    pub(crate) status: u16,
    /// The request.
    pub(crate) message: Message,
    /// Index of the token that was issued.
    pub(crate) issued: Option<usize>,
    /// The rest of the answer.
    pub(crate) said: Said,
}

/// A request to the API.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// When.
    pub(crate) at: Duration,
    /// The status of the answer; none where the request was no HTTP.
    pub(crate) status: Option<u16>,
    /// The request.
    pub(crate) message: Message,
    /// The rest of the answer.
    pub(crate) said: Said,
}

/// A request to the token server that asks for no token.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    /// `revoke`, `introspect` or `jwks`.
    pub(crate) endpoint: &'static str,
    /// The request.
    pub(crate) message: Message,
}

/// What a service answered to a request of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The method and the path.
    pub(crate) what: String,
    /// Status and body; none where there was no whole answer.
    pub(crate) answer: Option<(u16, String)>,
}

/// A file in which a token was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holding {
    /// Its path, from the folder in which it was found.
    pub(crate) name: String,
    /// Whether others than its owner can read it.
    pub(crate) open: bool,
    /// How much of it.
    pub(crate) share: Share,
}

/// What a program did in one profile.
#[derive(Debug, Clone)]
pub(crate) struct Observation {
    /// How it ended; of several runs the first that did not end well.
    pub(crate) ending: Ending,
    /// How long it ran, in milliseconds.
    pub(crate) ms: f64,
    /// What it wrote.
    pub(crate) written: Written,
    /// When each run began.
    pub(crate) runs: Vec<Duration>,
    /// The tokens, in order.
    pub(crate) issued: Vec<Issued>,
    /// The requests for tokens, in order.
    pub(crate) asked: Vec<Asked>,
    /// The requests to the API, in order.
    pub(crate) calls: Vec<Call>,
    /// The requests to the other endpoints of the token server.
    pub(crate) beside: Vec<Beside>,
    /// Files with a token in them, after the last run.
    pub(crate) files: Vec<Holding>,
    /// What a service answered, for each run.
    pub(crate) replies: Vec<Vec<Reply>>,
    /// The ports of a service, which are other ones in each run.
    pub(crate) ports: Vec<u16>,
    /// What went wrong with a real side that its calls were passed on to.
    pub(crate) trouble: Option<Trouble>,
    /// Where it was served: scheme, host and port.
    pub(crate) origin: String,
}

/// What a double saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The raw bytes of each connection.
    pub(crate) connections: Vec<RawConnection>,
    /// What was answered.
    pub(crate) answered: Vec<Answered>,
}

/// What the requests of a program were.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// See [`Observation::issued`].
    pub(crate) issued: Vec<Issued>,
    /// See [`Observation::asked`].
    pub(crate) asked: Vec<Asked>,
    /// See [`Observation::calls`].
    pub(crate) calls: Vec<Call>,
    /// See [`Observation::beside`].
    pub(crate) beside: Vec<Beside>,
}

impl Traffic {
    /// Ties what was sent to what was answered.
    pub(crate) fn of(seen: &Seen, server: &TokenDoc) -> Self {
        let answers = seen.answered.iter();
        let answers: HashMap<(u64, u64), &Answered> =
            answers.filter_map(|a| Some((a.connection?, a))).collect();
        let mut all: Vec<(Duration, Message, Option<&Answered>)> = Vec::new();
        for connection in &seen.connections {
            let mut last = Duration::MAX;
            for (nth, message) in (0..).zip(whole(connection)) {
                let answer = answers.get(&(connection.id, nth)).copied();
                // What had no answer stands behind what was sent before it.
                let at = answer.map_or(last, |answer| answer.at);
                last = at;
                all.push((at, message, answer));
            }
        }
        all.sort_by_key(|(at, ..)| *at);
        let mut traffic = Self::default();
        for (at, message, answer) in all {
            traffic.add(at, message, answer, server);
        }
        traffic
    }

    fn add(
        &mut self,
        at: Duration,
        message: Message,
        answer: Option<&Answered>,
        server: &TokenDoc,
    ) {
        let path = message.path();
        let beside = [
            ("revoke", &server.revoke),
            ("introspect", &server.introspect),
            ("jwks", &server.jwks),
        ];
        let is =
            |other: &Option<Spanned<String>>| other.as_ref().is_some_and(|at| at.value == path);
        if let Some((endpoint, _)) = beside.into_iter().find(|(_, other)| is(other)) {
            self.beside.push(Beside { endpoint, message });
            return;
        }
        if path != server.path.value {
            self.calls.push(Call {
                at,
                status: answer.map(|answer| answer.status),
                message,
                said: answer.map(Said::of).unwrap_or_default(),
            });
            return;
        }
        let Some(answer) = answer else {
            return;
        };
        let issued = issued(answer, &message, server).map(|issued| {
            self.issued.push(issued);
            self.issued.len() - 1
        });
        self.asked.push(Asked {
            at,
            answered: answer.sent,
            status: answer.status,
            message,
            issued,
            said: Said::of(answer),
        });
    }
}

/// The requests of a connection. Those behind the bytes that are kept stand beside them.
fn whole(connection: &RawConnection) -> Vec<Message> {
    let mut all = messages(&connection.bytes);
    if !connection.cut {
        return all;
    }
    match connection.beyond.first() {
        Some(first) => all.truncate(usize::try_from(first.nth).unwrap_or(usize::MAX)),
        // The last that was kept is not whole: what it lacks was sent.
        None => {
            all.pop();
        }
    }
    let beyond = connection.beyond.iter().filter_map(|beyond| {
        let message = messages(&beyond.head).pop()?;
        Some(Message {
            body: beyond.body.clone(),
            ..message
        })
    });
    all.extend(beyond);
    all
}

fn issued(answer: &Answered, request: &Message, server: &TokenDoc) -> Option<Issued> {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
    let life = server.life.as_ref().map_or(3600, |life| life.value);
    let user = match request.form("grant_type").as_deref() {
        // A refreshed token is for whom the first one was for.
        Some("password" | "refresh_token") => "user",
        _ => "",
    };
    let scope = request.form("scope").unwrap_or_default();
    let mut scope: Vec<&str> = scope.split_ascii_whitespace().collect();
    scope.sort_unstable();
    let scope = if user.is_empty() {
        scope.join(" ")
    } else {
        String::new()
    };
    Some(Issued {
        token: text("access_token")?,
        refresh: text("refresh_token"),
        at: answer.at,
        until: answer.at + Duration::from_secs(life),
        holder: format!("{user} {scope}"),
    })
}

impl Observation {
    /// The tokens that had been issued when a request came.
    pub(crate) fn issued_by(&self, at: Duration) -> Vec<&str> {
        let before = self.issued.iter().take_while(|issued| issued.at <= at);
        before.map(|issued| issued.token.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_not_kept_whole_says_nothing() {
        let bytes =
            b"GET /a HTTP/1.1\r\nAuthorization: Bearer t\r\n\r\nGET /b HTTP/1.1\r\nAuthoriz";
        let calls = |cut| {
            let profile = crate::client::Profile::named("opaque-uuid").expect("a profile");
            let connection = RawConnection {
                id: 0,
                bytes: bytes.to_vec(),
                cut,
                beyond: Vec::new(),
            };
            let seen = Seen {
                connections: vec![connection],
                answered: Vec::new(),
            };
            let calls = Traffic::of(&seen, profile.token()).calls;
            let targets = calls.into_iter().map(|call| call.message.target);
            targets.collect::<Vec<_>>()
        };
        assert_eq!(calls(true), ["/a"]);
        assert_eq!(calls(false), ["/a", "/b"]);
    }
}
