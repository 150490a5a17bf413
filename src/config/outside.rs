//! [`Outside`]: values that a pair file takes from the environment or from files, and that are secret.

use secrecy::{ExposeSecret as _, SecretString};

use crate::redact::Secrets;

/// Values from outside, with the names that marks give them. What is written `${…}` in `headers:`,
/// `vars:` and `params:` must not stand in the file: it must not stand in a report either. URLs and
/// names of sides come from outside too, and are what reports name the sides by.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    values: Vec<(String, SecretString)>,
}

impl Outside {
    /// Keeps a value, if the place where the file has it (its keys) is one of secrets.
    pub(super) fn keep(&mut self, place: &[String], value: &str) {
        let place: Vec<&str> = place.iter().map(String::as_str).collect();
        let name = match *place.as_slice() {
            ["vars", name, ..] => format!("vars.{name}"),
            ["old" | "new", "headers", name] => format!("headers.{name}"),
            ["old" | "new", "tokens", credential, "params", name] => {
                format!("{credential}.{name}")
            }
            _ => return,
        };
        self.values.push((name, SecretString::from(value)));
    }

    /// Makes them known.
    pub fn register(&self, secrets: &Secrets) {
        for (name, value) in &self.values {
            secrets.add(name, value.expose_secret());
        }
    }
}
