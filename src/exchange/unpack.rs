//! Taking the content encoding off a body.

use std::io::{ErrorKind, Read};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;

use super::gather::Gather;

/// Bytes that are unpacked at once.
const PIECE: usize = 16 * 1024;

/// What became of a packed body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unpacked {
    /// The content.
    Content(Bytes),
    /// Larger than the limit when unpacked.
    TooLarge,
    /// Not what its header says, or packed in a way that was not asked for: kept as it came.
    AsItCame,
}

/// Unpacks `gzip` (RFC 9110 section 8.4.1.3), the one encoding that is asked for.
pub(super) fn unpack(body: &Bytes, encoding: &str, limit: usize) -> Unpacked {
    if !matches!(
        encoding.trim().to_ascii_lowercase().as_str(),
        "gzip" | "x-gzip"
    ) {
        return Unpacked::AsItCame;
    }
    let mut content = Gather::new(limit);
    let mut decoder = MultiGzDecoder::new(body.as_ref());
    let mut piece = vec![0; PIECE];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Unpacked::Content(content.finish()),
            Ok(length) => {
                if content
                    .add(piece.get(..length).unwrap_or_default())
                    .is_err()
                {
                    return Unpacked::TooLarge;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Unpacked::AsItCame,
        }
    }
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
        assert_eq!(unpack(&bomb, "gzip", 999_999), Unpacked::TooLarge);
        let content = Unpacked::Content(vec![0; 1_000_000].into());
        assert_eq!(unpack(&bomb, "GZIP", 1_000_000), content);
        assert_eq!(
            unpack(&Bytes::from_static(b"plain"), "gzip", 10),
            Unpacked::AsItCame
        );
        assert_eq!(unpack(&bomb, "br", 10), Unpacked::AsItCame);
    }
}
