//! What lengths are known to cut tokens, and to refuse them: columns, buffers, stores, headers.

use std::ops::RangeInclusive;

/// What a token of exactly this many characters was probably cut by. The lengths are those of public
/// bug reports, and of limits that were measured.
const CUTS: &[(RangeInclusive<usize>, &str)] = &[
    (
        12..=12,
        "a password of MQTT 3.1, for which 12 are recommended",
    ),
    (36..=36, "a column or pattern for a UUID"),
    (40..=40, "a column of 40, as for the SHA-1 form of tokens"),
    (
        48..=48,
        "the first line of a text in base64 (the 64 columns of openssl hold 48 characters)",
    ),
    (
        57..=57,
        "the first line of a text in base64 (76 columns hold 57 characters)",
    ),
    (
        63..=64,
        "a column or buffer of 64, or a line of openssl base64",
    ),
    (76..=76, "a line of base64, which has 76 columns in MIME"),
    (99..=100, "a column or check of 100"),
    (127..=128, "a column or buffer of 128, as in netrc readers"),
    (249..=250, "a key of memcached, which has 250 characters"),
    (254..=254, "a line of the Windows console"),
    (255..=256, "a column or buffer of 255"),
    (
        509..=512,
        "a column or buffer of 512, or the cache of mod_auth_openidc",
    ),
    (999..=1000, "a check or column of 1,000"),
    (
        1023..=1024,
        "a buffer of 1 KiB, or a line of a terminal or of PAM",
    ),
    (1286..=1286, "a limit of 1,286, as was seen in Node-RED"),
    (
        2047..=2048,
        "a column or buffer of 2 KiB, or a store such as Expo's SecureStore",
    ),
    (
        2559..=2560,
        "the Windows Credential Manager, which holds 2,560 bytes",
    ),
    (4000..=4000, "a column VARCHAR2(4000)"),
    (
        4095..=4096,
        "a cookie of 4,096, a buffer of 4 KiB, or a line of a terminal in Linux",
    ),
    (8000..=8000, "a column NVARCHAR(8000)"),
    (
        8190..=8192,
        "a header limit or buffer of 8 KiB, such as the metadata of gRPC, Netty or Jetty",
    ),
    (16_383..=16_384, "a header limit or buffer of 16 KiB"),
];

/// Stores that refuse what is longer, and servers that refuse a longer header. What stands beside the
/// token takes a little of their room.
const REFUSALS: &[(RangeInclusive<usize>, &str)] = &[
    (190..=190, "a cell of RSA-2048 with OAEP and SHA-256"),
    (240..=245, "a cell of RSA-2048, as in Android's key store"),
    (
        1270..=1280,
        "the Windows Credential Manager, which holds 1,280 characters of two bytes",
    ),
    (
        2680..=2704,
        "a unique index of PostgreSQL, whose rows hold 2,704 bytes",
    ),
    (
        4001..=4094,
        "a cookie, which holds 4,096 bytes with its name and attributes",
    ),
    (
        8001..=8189,
        "a header limit of 8 KiB on the way, as of Tomcat (8,104), gunicorn, nginx or Apache (8,169)",
    ),
    (
        15_000..=15_300,
        "the header limit of HAProxy on the way (15,209)",
    ),
    (
        16_000..=16_382,
        "a header limit of 16 KiB on the way, as of Node.js (16,334), IIS or AWS load balancers",
    ),
    (
        20_300..=20_480,
        "the header limit of a server in Go on the way, as Caddy's (20,409)",
    ),
    (
        61_000..=61_440,
        "the header limit of Envoy on the way (61,355)",
    ),
    (
        65_400..=65_536,
        "a header line of 64 KiB, as of Python's http.server",
    ),
    (
        127_000..=128_200,
        "the header limit of uvicorn with h11 on the way (about 127,900)",
    ),
    (
        130_900..=131_071,
        "one argument or variable of a program in Linux (131,071)",
    ),
];

/// What a token of exactly this many characters was probably cut by.
pub(super) fn of_cut(sent: usize) -> Option<&'static str> {
    look_up(CUTS, sent)
}

/// What probably lets no token through that is longer than this.
pub(crate) fn of_capacity(longest: usize) -> Option<&'static str> {
    of_cut(longest).or_else(|| look_up(REFUSALS, longest))
}

fn look_up(table: &'static [(RangeInclusive<usize>, &str)], length: usize) -> Option<&'static str> {
    let found = table.iter().find(|(lengths, _)| lengths.contains(&length));
    found.map(|(_, cause)| *cause)
}

/// A number with commas, as people write it.
pub(crate) fn number(count: usize) -> String {
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
    }

    #[test]
    fn each_length_has_one_cause() {
        let all: Vec<_> = CUTS
            .iter()
            .chain(REFUSALS)
            .map(|(lengths, _)| lengths)
            .collect();
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert!(
                    one.end() < other.start() || other.end() < one.start(),
                    "{one:?}"
                );
            }
        }
        assert!(of_cut(255).is_some() && of_cut(300).is_none());
        let cuts = [
            40, 100, 127, 128, 250, 254, 255, 256, 512, 1000, 1023, 1024, 1286, 2048, 4096, 8192,
        ];
        assert!(cuts.into_iter().all(|cut| of_cut(cut).is_some()));
        let hops = [
            8104, 8166, 8168, 8169, 8170, 15_209, 16_334, 20_409, 61_355, 65_512, 127_900,
        ];
        assert!(hops.into_iter().all(|hop| of_capacity(hop).is_some()));
        assert!(hops.into_iter().all(|hop| of_cut(hop).is_none()));
    }
}
