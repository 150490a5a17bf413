//! Noise: the labelled leaves of a payload, another each time, of the same form. Ids keep their meaning:
//! what was one id before is one id after, wherever it stands.

use serde_json::{Value, json};

use crate::corpus::{Document, Form, leaf_mut};

/// Which answer it is: of which side, and the how-manieth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Which {
    pub(crate) side: u64,
    pub(crate) answer: u64,
}

/// A well-mixed number that is the same for the same parts.
pub(crate) fn mixed(parts: &[u64], text: &str) -> u64 {
    let mut state = 0xCBF2_9CE4_8422_2325_u64;
    let bytes = parts
        .iter()
        .flat_map(|part| part.to_le_bytes())
        .chain(text.bytes());
    for byte in bytes {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    // The end of splitmix64: neighbours come far apart.
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

/// The payload as one answer has it.
pub(crate) fn answer(document: &Document, which: Which) -> Value {
    let mut value = document.value.clone();
    for (path, kept) in &document.noise {
        let Some(leaf) = leaf_mut(&mut value, path) else {
            continue;
        };
        match Form::of(leaf) {
            Some(Form::Number) => {
                let word = word(&leaf.to_string(), which);
                *leaf = serde_json::from_str(&word).unwrap_or(Value::Null);
            }
            Some(Form::Moment) => *leaf = json!(moment(leaf.as_str().unwrap_or_default(), which)),
            Some(Form::Text) => {
                let text = leaf.as_str().unwrap_or_default();
                *leaf = json!(renamed(text, |word| kept.contains(word), which));
            }
            None => {}
        }
    }
    value
}

/// A text with other words, those aside that are kept.
fn renamed(text: &str, kept: impl Fn(&str) -> bool, which: Which) -> String {
    let mut out = String::new();
    let mut open = String::new();
    for sign in text.chars().chain(['\0']) {
        if sign.is_ascii_alphanumeric() {
            open.push(sign);
            continue;
        }
        if kept(&open) {
            out.push_str(&open);
        } else {
            out.push_str(&word(&open, which));
        }
        open.clear();
        if sign != '\0' {
            out.push(sign);
        }
    }
    out
}

/// Another word of the same length and alphabet.
fn word(old: &str, which: Which) -> String {
    let all = |sort: fn(&u8) -> bool| old.bytes().all(|byte| sort(&byte));
    let digits = all(u8::is_ascii_digit);
    let hex = all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
    let sign = |(at, sign): (usize, char)| {
        let random = mixed(&[which.side, which.answer, at as u64], old);
        let pick = |from: &[u8]| {
            let at = usize::try_from(random % from.len() as u64).unwrap_or_default();
            char::from(from[at])
        };
        match sign {
            // A number keeps its length.
            _ if digits && at == 0 && old.len() > 1 => pick(b"123456789"),
            _ if digits => pick(b"0123456789"),
            _ if hex => pick(b"0123456789abcdef"),
            'a'..='z' => pick(b"abcdefghijklmnopqrstuvwxyz"),
            'A'..='Z' => pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            _ => pick(b"0123456789"),
        }
    };
    old.chars().enumerate().map(sign).collect()
}

/// A moment around now: some seconds after the answer before.
fn moment(old: &str, which: Which) -> String {
    let within = mixed(&[which.side], old) % 20;
    let seconds = within + 20 * which.answer + 3 * which.side;
    let (minute, second) = (10 + seconds / 60, seconds % 60);
    format!("2026-11-21T22:{minute:02}:{second:02}Z")
}
