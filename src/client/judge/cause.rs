//! What lengths are known to cut tokens: columns, buffers, stores.

/// What a token of exactly this many characters was probably cut by. The lengths are those of public
/// bug reports, and of limits that were measured.
pub(super) fn of_cut(sent: usize) -> Option<&'static str> {
    Some(match sent {
        36 => "a column or pattern for a UUID",
        40 => "a column of 40, as for the SHA-1 form of tokens",
        57 => "the first line of a text in base64 (76 columns hold 57 characters)",
        63 | 64 => "a column or buffer of 64",
        99 | 100 => "a column or check of 100",
        127 | 128 => "a column or buffer of 128, as in netrc readers",
        249 | 250 => "a key of memcached, which has 250 characters",
        254 => "a line of the Windows console",
        255 | 256 => "a column or buffer of 255",
        509..=512 => "a column or buffer of 512",
        999 | 1000 => "a check or column of 1,000",
        1023 | 1024 => "a buffer of 1 KiB, or a line of a terminal",
        1286 => "a limit of 1,286, as was seen in Node-RED",
        2047 | 2048 => "a column or buffer of 2 KiB, or a store such as Expo's SecureStore",
        2559 | 2560 => "the Windows Credential Manager, which holds 2,560 bytes",
        4000 => "a column VARCHAR2(4000)",
        4095 | 4096 => "a cookie of 4,096, or a buffer of 4 KiB",
        8000 => "a column NVARCHAR(8000)",
        8190..=8192 => "a header limit or buffer of 8 KiB",
        16383 | 16384 => "a header limit or buffer of 16 KiB",
        _ => return None,
    })
}

/// A number with commas, as people write it.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let told = [7, 255, 1459, 16384, 1_000_000].map(number);
        assert_eq!(told, ["7", "255", "1,459", "16,384", "1,000,000"]);
        assert!(of_cut(255).is_some() && of_cut(300).is_none());
    }
}
