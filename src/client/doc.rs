//! `client:` of a suite: which program is run, where, and what it is given.

use crate::config::TimeSpan;
use crate::source::{Entries, Spanned, document, word};
use crate::template::Template;

word! {
    /// The folder in which a program works.
    pub enum Cwd is "working folder" {
        /// The folder of the suite.
        Suite = "suite",
        /// A temporary one, with copies of `files:`.
        Temp = "temp",
    }
}

document! {
    /// What the program finds behind its API.
    pub struct ServeDoc is "what is served" {
        /// `json`, which answers any path, or a file of a double: its gateway, its routes, its backend.
        optional api: Option<Spanned<String>>,
    }
    later { "pass": "passing calls on to a side comes later" }
}

document! {
    /// A client program and how it is run.
    pub struct ClientDoc is "a client" {
        /// The program and its arguments; no shell reads them.
        required run: Spanned<Vec<Template>>,
        /// The folder in which it works: suite (default) or temp.
        optional cwd: Option<Cwd>,
        /// Files that it is given, placeholders filled in: the name in its folder, the file beside the
        /// suite.
        optional files: Entries<Spanned<String>>,
        /// Its environment, beside what it always is given.
        optional env: Entries<Template>,
        /// Variables of your own environment that are passed on.
        optional pass_env: Vec<Spanned<String>>,
        /// The time for one run; 30s if not given.
        optional timeout: Option<Spanned<TimeSpan>>,
        /// The profiles; none listed: all that ship. The path of a file ends with .yaml.
        optional profiles: Vec<Spanned<String>>,
        /// What it finds behind its API.
        optional serve: Option<ServeDoc>,
        /// Whether token server and API are served over TLS.
        optional tls: bool,
        /// For a program that does not end by itself: it is stopped after this time, which is no fault.
        optional r#for: Option<Spanned<TimeSpan>>,
    }
    later {
        "ready": "services that are asked come later; `for` runs one for a time",
        "requests": "services that are asked come later; `for` runs one for a time",
        "stop": "the way to stop a service comes later; it is TERM, and KILL after 2 s",
    }
}
