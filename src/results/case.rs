//! [`CaseResult`]: what one case found.

use schemars::JsonSchema;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::difference::Difference;
use super::exchange::ExchangeRecord;
use super::verdict::{Reason, Verdict};
use crate::pair::Pair;

/// What a case does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseType {
    /// Sends a request to both sides.
    Request,
    /// Runs a token grant on both sides.
    Token,
    /// Runs a probe.
    Probe,
    /// Runs a client program.
    Client,
}

/// What one case found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// Suite file `::` case name, with row and profile suffix: unique and stable.
    pub id: String,
    /// What the case does.
    pub r#type: CaseType,
    /// The line of the case in its file.
    pub line: usize,
    /// The suite's name.
    pub suite: String,
    /// The case's name.
    pub case: String,
    /// The feature that the suite speaks for.
    pub feature: Option<String>,
    /// What it says about the pair.
    pub verdict: Verdict,
    /// Why it was skipped or is inconclusive.
    pub reason: Option<Reason>,
    /// The reason in words, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Every difference, also below `--fail-on` and accepted ones.
    pub differences: Vec<Difference>,
    /// What the old side did.
    pub old: Option<SideResult>,
    /// What the new side did.
    pub new: Option<SideResult>,
}

impl CaseResult {
    /// Sets both sides.
    #[must_use]
    pub fn sides(mut self, sides: Pair<Option<SideResult>>) -> Self {
        self.old = sides.old;
        self.new = sides.new;
        self
    }

    /// Borrows both sides.
    pub const fn pair(&self) -> Pair<Option<&SideResult>> {
        Pair::new(self.old.as_ref(), self.new.as_ref())
    }
}

/// What one side did in a case.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SideResult {
    /// The status of the final response.
    pub status: Option<u16>,
    /// Milliseconds from sending to the last byte.
    pub ms: f64,
    /// Bytes of the body on the wire.
    pub bytes: u64,
    /// The HTTP version of the response: `1.0`, `1.1` or `2`.
    pub http: Option<String>,
    /// Requests sent, retries included.
    pub attempts: u32,
    /// Whether a 401 led to a new token.
    pub reacquired: bool,
    /// What went wrong, if there is no complete response.
    pub failure: Option<FailureSummary>,
    /// The token of a grant; token cases only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenSummary>,
    /// The profile that a program ran in; client cases only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The exit code of a program; none where it was ended by a signal, or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// Requests of a program to the token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_requests: Option<u32>,
    /// Requests of a program to the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_requests: Option<u32>,
    /// How long a token a program takes; the case of its capacity only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// The evidence, for every case that is not `same` or `skipped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeRecord>,
    /// Requests and handshakes of a probe; probes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// What a probe saw, in order; probes only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<ProbeObservation>,
}

/// One thing that a probe saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeObservation {
    /// What was asked.
    pub name: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Milliseconds from sending to the last byte.
    pub ms: f64,
    /// What more there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Serialize for SideResult {
    /// A probe and a program have many exchanges, and so none of the members that speak of one; the evidence of a
    /// program is the one that its finding is about.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(requests) = self.requests {
            map.serialize_entry("requests", &requests)?;
            map.serialize_entry("observations", &self.observations)?;
            map.serialize_entry("failure", &self.failure)?;
            return map.end();
        }
        if let Some(profile) = &self.profile {
            map.serialize_entry("profile", profile)?;
            map.serialize_entry("exit", &self.exit)?;
            map.serialize_entry("ms", &self.ms)?;
            map.serialize_entry("token_requests", &self.token_requests)?;
            map.serialize_entry("api_requests", &self.api_requests)?;
            if let Some(capacity) = &self.capacity {
                map.serialize_entry("capacity", capacity)?;
            }
            if let Some(exchange) = &self.exchange {
                map.serialize_entry("exchange", exchange)?;
            }
            return map.end();
        }
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("ms", &self.ms)?;
        map.serialize_entry("bytes", &self.bytes)?;
        map.serialize_entry("http", &self.http)?;
        map.serialize_entry("attempts", &self.attempts)?;
        map.serialize_entry("reacquired", &self.reacquired)?;
        map.serialize_entry("failure", &self.failure)?;
        if let Some(token) = &self.token {
            map.serialize_entry("token", token)?;
        }
        if let Some(exchange) = &self.exchange {
            map.serialize_entry("exchange", exchange)?;
        }
        map.end()
    }
}

/// The longest tokens that a program replays unharmed, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    /// Of hexadecimal digits; null where it takes none of these.
    pub opaque: Option<usize>,
    /// Of JWTs; null where it takes none.
    pub jwt: Option<usize>,
    /// The longest that was tried: a program that takes it may take longer ones too.
    pub top: usize,
    /// The longest token of the new side; null where that could not be asked.
    pub needed: Option<usize>,
    /// Characters with which two tokens began that it told apart; null where it does not, or never held
    /// two.
    pub told_apart: Option<usize>,
    /// The fewest characters with which two tokens began that it took for one; null where it told them
    /// apart, or never held two.
    pub taken_for_one: Option<usize>,
    /// Runs of the program that it took to find out.
    pub runs: u32,
}

/// A failure to get a complete response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureSummary {
    /// How far it came.
    pub phase: Phase,
    /// What happened, in words.
    pub message: String,
}

/// The steps of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Opening the connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for status and headers.
    Headers,
    /// Reading the body.
    Body,
    /// Obtaining the credential's token.
    Token,
}

impl Phase {
    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Headers => "headers",
            Self::Body => "body",
            Self::Token => "token",
        }
    }
}

/// What can be said of a token without showing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenSummary {
    /// What it looks like.
    pub shape: TokenShape,
    /// Its length in characters.
    pub length: usize,
    /// Its life in seconds, as the token endpoint says.
    pub expires_in: Option<u64>,
}

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenShape {
    /// Three base64url parts, the first of which is a JSON object (RFC 7519).
    Jwt,
    /// Anything else.
    Opaque,
}

impl TokenShape {
    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Opaque => "opaque",
        }
    }
}
