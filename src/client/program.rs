//! [`Client`]: a client program and how it is run, checked.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use super::pass::Pass;
use super::profile::Profile;
use super::service::{Service, Stopping};
use crate::source::Node;
use crate::template::{Scalar, Scope, Template};

/// The time for one run, where nothing else is said.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// A client program and how it is run.
#[derive(Debug, Clone)]
pub struct Client {
    /// The program and its arguments.
    pub run: Vec<Template>,
    /// The folder in which it works; none for a temporary one.
    pub cwd: Option<PathBuf>,
    /// The folder from which a path of the program starts.
    pub folder: PathBuf,
    /// Files that it is given: name and text, placeholders not yet filled in.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Its own environment.
    pub env: Vec<(String, Template)>,
    /// Names of variables that are passed on.
    pub pass_env: Vec<String>,
    /// The time for one run.
    pub timeout: Duration,
    /// For a program that does not end: how long it runs.
    pub serves: Option<Duration>,
    /// For a program that does not end, and is asked.
    pub service: Option<Service>,
    /// How a program that does not end is told to; none: by TERM.
    pub stopping: Option<Stopping>,
    /// The profiles, the baseline first.
    pub profiles: Vec<Profile>,
    /// What it finds behind its API, as parts of a double; none: any path is answered with JSON.
    pub served: Option<Node>,
    /// The real side that its calls are passed on to, where they are.
    pub pass: Option<Pass>,
    /// Whether token server and API are served over TLS.
    pub tls: bool,
}

/// The names of the values that a run has, in `{{name}}`; `CUTOVER_NAME` in the environment.
pub const NAMES: [&str; 11] = [
    "token_url",
    "api_url",
    "revoke_url",
    "introspect_url",
    "jwks_url",
    "client_id",
    "client_secret",
    "username",
    "password",
    "profile",
    "files",
];
/// The same for the certificate, with TLS.
pub const CA: &str = "ca";

/// The values of one run.
#[derive(Clone, Default)]
pub(crate) struct Values(pub(crate) Vec<(&'static str, String)>);

impl std::fmt::Debug for Values {
    // The secret of the client is among them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Values({})", self.0.len())
    }
}

impl Values {
    /// The values in the environment: `CUTOVER_TOKEN_URL` and so on.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (String, String)> {
        let named = self.0.iter();
        named.map(|(name, value)| {
            (
                format!("CUTOVER_{}", name.to_ascii_uppercase()),
                value.clone(),
            )
        })
    }

    /// Fills `{{name}}` in a file, where the name is one of the values; all else stays as it is, since
    /// other programs write `{{` too.
    pub(crate) fn fill(&self, bytes: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return bytes.to_vec();
        };
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
            text = text.replace(&format!("{{{{ {name} }}}}"), value);
        }
        text.into_bytes()
    }
}

/// The values of a run, and those from outside.
pub(crate) struct RunScope<'a> {
    pub(crate) values: &'a Values,
    pub(crate) outside: &'a dyn Scope,
}

impl Scope for RunScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
        let own = self.values.0.iter().find(|(known, _)| *known == name);
        match own {
            Some((_, value)) => Some(Cow::Owned(Scalar::Text(value.clone()))),
            None => self.outside.get(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_what_is_no_value() {
        let values = Values(vec![("api_url", "http://h/api".to_owned())]);
        let text = b"url = {{api_url}} {{ api_url }}\nother = {{ foo }} {{api_urls}}\n\xff";
        assert_eq!(values.fill(text), text, "no text");
        assert_eq!(
            values.fill(&text[..text.len() - 1]),
            b"url = http://h/api http://h/api\nother = {{ foo }} {{api_urls}}\n"
        );
        let names: Vec<String> = values.environment().map(|(name, _)| name).collect();
        assert_eq!(names, ["CUTOVER_API_URL"]);
    }
}
