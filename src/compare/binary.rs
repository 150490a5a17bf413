//! Binary bodies: length, first differing byte, digest.

use sha2::{Digest, Sha256};

use super::Comparison;
use crate::hex::hex;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Compares two bodies byte by byte. One difference at most: a changed length is `length`.
pub(super) fn compare(bodies: Pair<&[u8]>, found: &mut Comparison) {
    let same = bodies
        .old
        .iter()
        .zip(bodies.new)
        .take_while(|(a, b)| a == b);
    let offset = same.count();
    if bodies.old == bodies.new {
        return;
    }
    let lengths = bodies.map(<[u8]>::len);
    let (kind, explain) = if lengths.old == lengths.new {
        (
            Kind::Value,
            "the bytes changed at one length: clients get another file".to_owned(),
        )
    } else {
        let text = format!(
            "{} bytes became {}: clients get another file",
            lengths.old, lengths.new
        );
        (Kind::Length, text)
    };
    let digests = bodies.map(digest);
    let difference = Difference::new(
        Where::Body,
        format!("offset {offset}"),
        kind,
        Severity::Breaking,
        explain,
    )
    .showing(Observed::text(&digests.old), Observed::text(&digests.new))
    .detail("old_bytes", lengths.old)
    .detail("new_bytes", lengths.new)
    .detail("offset", offset);
    found.differences.push(difference);
}

/// SHA-256, named, in hexadecimal.
fn digest(body: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(body)))
}
