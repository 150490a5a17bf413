//! Opaque tokens, in the forms of several servers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::{Builder, Uuid};

/// Random hexadecimal digits.
pub(super) fn opaque_hex(length: usize) -> String {
    let mut digits = String::new();
    while digits.len() < length {
        digits += &Uuid::new_v4().simple().to_string();
    }
    digits.truncate(length);
    digits
}

/// A random token whose alphabet is hard on programs: it begins with `a+b/`, and ends with `=`.
pub(super) fn opaque_base64() -> String {
    let bytes: Vec<u8> = std::iter::repeat_with(|| *Uuid::new_v4().as_bytes())
        .take(3)
        .flatten()
        .take(44)
        .collect();
    format!("a+b/{}", STANDARD.encode(bytes))
}

/// A random token of characters that programs take for their own: ends of words in URLs, forms and templates.
pub(super) fn opaque_vschar(length: usize) -> String {
    const HARD: &[u8] = b"|~+/=&%-._!$";
    let mut token = String::new();
    while token.len() < length {
        for (at, digit) in Uuid::new_v4().simple().to_string().bytes().enumerate() {
            let hard = (at % 3 == 2).then(|| HARD[usize::from(digit) % HARD.len()]);
            token.push(char::from(hard.unwrap_or(digit)));
        }
    }
    token.truncate(length);
    token
}

/// A token of the form that API Manager 3.x makes: a UUID with version 3.
pub(super) fn opaque_uuid() -> String {
    let random = *Uuid::new_v4().as_bytes();
    Builder::from_md5_bytes(random).into_uuid().to_string()
}
