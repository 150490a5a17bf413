//! The evidence of a case: request and response as they were, secrets taken out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A request and its response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeRecord {
    /// As sent.
    pub request: MessageRecord,
    /// As received, if anything was.
    pub response: Option<MessageRecord>,
}

/// One HTTP message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct MessageRecord {
    /// The method; requests only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The URL; requests only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The status code; responses only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, at most 64 KiB of it.
    pub body: String,
    /// How `body` is written.
    pub encoding: PayloadEncoding,
    /// Bytes of the whole body, unpacked.
    pub bytes: u64,
    /// SHA-256 of the whole body, in hexadecimal.
    pub sha256: String,
    /// Whether `body` was cut.
    pub truncated: bool,
}

/// How the bytes of a body are written in a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PayloadEncoding {
    /// As text: the body is UTF-8.
    #[default]
    Text,
    /// In base64 (RFC 4648 section 4).
    Base64,
}
