//! Taking the content encoding off a body.

use std::io::{Error, ErrorKind, Read};

use bytes::Bytes;
use flate2::bufread::{GzDecoder, MultiGzDecoder};

use super::gather::Gather;
use crate::message::Packing;

/// Bytes that are unpacked at once.
const PIECE: usize = 16 * 1024;

/// The content is larger than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Unpacks `gzip` (RFC 9110 section 8.4.1.3), the one encoding that is asked for. Any other body is
/// kept as it came, and so is one that is no gzip.
pub(super) fn unpack(
    body: Bytes,
    encoding: &str,
    limit: usize,
) -> Result<(Bytes, Packing), TooLarge> {
    let name = encoding.trim().to_ascii_lowercase();
    match name.as_str() {
        "" | "identity" => return Ok((body, Packing::Plain)),
        "gzip" | "x-gzip" => {}
        _ => return Ok((body, Packing::Foreign(name))),
    }
    match content(&body, limit)? {
        Ok(content) => Ok((content, Packing::Unpacked(name))),
        Err(why) => Ok((body, Packing::Broken(name, why.to_owned()))),
    }
}

/// The content of a gzip body, or why it is none.
fn content(body: &[u8], limit: usize) -> Result<Result<Bytes, &'static str>, TooLarge> {
    let mut content = Gather::new(limit);
    let mut decoder = MultiGzDecoder::new(body);
    let mut piece = vec![0; PIECE];
    let mut unpacked = 0;
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Ok(Ok(content.finish())),
            Ok(length) => {
                let piece = piece.get(..length).unwrap_or_default();
                content.add(piece).map_err(|_| TooLarge)?;
                unpacked += length;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Ok(Err(broken(body, &error, unpacked))),
        }
    }
}

/// What is wrong with a gzip body, in words of our own.
fn broken(body: &[u8], error: &Error, unpacked: usize) -> &'static str {
    if !body.starts_with(&[0x1F, 0x8B]) {
        "it is not packed at all"
    } else if ends_well(body) {
        "other bytes stand behind its end"
    } else if error.kind() == ErrorKind::UnexpectedEof {
        "it is cut short"
    } else if unpacked > 0 {
        "its checksum or its data is wrong"
    } else {
        "its data is wrong"
    }
}

/// Whether the first member of a gzip body can be read to its end.
fn ends_well(body: &[u8]) -> bool {
    std::io::copy(&mut GzDecoder::new(body), &mut std::io::sink()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(content: &[u8]) -> Bytes {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).expect("memory");
        encoder.finish().expect("memory").into()
    }

    #[test]
    fn the_limit_holds_for_the_unpacked_size() {
        let bomb = packed(&vec![0; 1_000_000]);
        assert_eq!(unpack(bomb.clone(), "gzip", 999_999), Err(TooLarge));
        let content = (
            vec![0; 1_000_000].into(),
            Packing::Unpacked("gzip".to_owned()),
        );
        assert_eq!(unpack(bomb, "GZIP", 1_000_000), Ok(content));
    }

    #[test]
    fn what_is_no_gzip_is_kept_with_the_reason() {
        let good = packed(b"a body of some length, a body of some length");
        let with = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut body = good.to_vec();
            change(&mut body);
            Bytes::from(body)
        };
        for (body, why) in [
            (Bytes::from_static(b"plain"), "it is not packed at all"),
            (with(&|body| body.truncate(20)), "it is cut short"),
            (with(&|body| body.truncate(3)), "it is cut short"),
            (
                with(&|body| body.extend(b"more")),
                "other bytes stand behind its end",
            ),
            (
                with(&|body| {
                    let checksum = body.len() - 8;
                    body[checksum] ^= 1;
                }),
                "its checksum or its data is wrong",
            ),
        ] {
            let broken = Packing::Broken("gzip".to_owned(), why.to_owned());
            assert_eq!(unpack(body.clone(), "gzip", 1000), Ok((body, broken)));
        }
    }

    #[test]
    fn what_was_not_asked_for_is_kept() {
        let body = Bytes::from_static(b"x");
        let foreign = (body.clone(), Packing::Foreign("br".to_owned()));
        assert_eq!(unpack(body.clone(), " BR ", 10), Ok(foreign));
        let plain = (body.clone(), Packing::Plain);
        assert_eq!(unpack(body, "identity", 10), Ok(plain));
    }
}
