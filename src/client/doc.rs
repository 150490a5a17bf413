//! `client:` of a suite: which program is run, where, and what it is given.

use crate::config::TimeSpan;
use crate::request_line::RequestLine;
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

word! {
    /// The side that calls are passed on to.
    pub enum PassTo is "side" {
        /// The old side.
        Old = "old",
        /// The new side.
        New = "new",
    }
}

document! {
    /// What the program finds behind its API.
    pub struct ServeDoc is "what is served" {
        /// `json`, which answers any path, or a file of a double: its gateway, its routes, its backend.
        /// With `pass`, the name of an API in the pair file.
        optional api: Option<Spanned<String>>,
        /// The side of the pair that calls are passed on to.
        optional pass: Option<Spanned<PassTo>>,
        /// With `pass`, the credential whose token goes along; `none` for no token. Where it is not said:
        /// `app`, or the only one.
        optional token: Option<Spanned<String>>,
    }
}

word! {
    /// A signal that tells a program to end.
    pub enum StopSignal is "signal" {
        /// SIGTERM.
        Term = "TERM",
        /// SIGINT, as Ctrl-C sends it.
        Int = "INT",
        /// SIGHUP.
        Hup = "HUP",
        /// SIGQUIT.
        Quit = "QUIT",
    }
}

document! {
    /// What says that a service is ready: one of these.
    pub struct ReadyDoc is "what says that a service is ready" {
        /// It answers this address, on this machine, with a status below 500.
        optional url: Option<Template>,
        /// It takes connections at this port.
        optional port: Option<Template>,
        /// It writes a line with this text, or one that fits `/regex/`; a group named `port` tells its
        /// port.
        optional line: Option<Spanned<String>>,
    }
}

document! {
    /// A request to a service.
    pub struct AskDoc is "a request to a service" {
        /// The method and the path, sent to the port of the service.
        required request: RequestLine,
        /// Its headers.
        optional headers: Entries<Template>,
        /// Its body.
        optional text: Option<Template>,
    }
}

document! {
    /// How a program that does not end is told to: by a signal, or by a request.
    pub struct StopDoc is "a way to stop" {
        /// The signal; TERM if nothing is said.
        optional signal: Option<Spanned<StopSignal>>,
        /// A request to the service, in place of a signal.
        optional request: Option<Spanned<RequestLine>>,
        /// The time that it has to end; 2s if not given. TERM comes then, and KILL 2 seconds later.
        optional within: Option<Spanned<TimeSpan>>,
    }
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
        /// For a service: what says that it is ready to be asked.
        optional ready: Option<Spanned<ReadyDoc>>,
        /// For a service: what it is asked, three times over.
        optional requests: Spanned<Vec<AskDoc>>,
        /// For a program that does not end by itself: it is stopped after this time, which is no fault.
        optional r#for: Option<Spanned<TimeSpan>>,
        /// How such a program is told to end.
        optional stop: Option<Spanned<StopDoc>>,
    }
}
