//! Hashes of texts and of what stands together, and how much two lists of them share.

/// How much of two sorted lists is shared, from 0 to 1,000.
pub(super) fn likeness(a: &[u64], b: &[u64]) -> i64 {
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = (a.len() + b.len()).max(1);
    i64::try_from(2000 * shared / all).unwrap_or(0)
}

pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mixed = (a ^ b.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29))
        .wrapping_add(b)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

pub(super) fn bytes(bytes: &[u8]) -> u64 {
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk
            .iter()
            .fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        hash = mix(hash, word);
    }
    let rest = chunks.remainder();
    mix(
        hash,
        rest.iter()
            .fold(1_u64, |word, byte| (word << 8) | u64::from(*byte)),
    )
}
