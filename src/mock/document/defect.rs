//! Ways to break a double.

use super::{Raw, Refresh, Reissue, Situation, TokenAnswer};
use crate::mock::habits::{LimitsDoc, TlsVersion};
use crate::mock::pattern::Pattern;
use crate::mock::place::Place;
use crate::mock::words::{ResultWord, Span};
use crate::results::{Kind, Where};
use crate::source::{Entries, Node, Spanned, document};
document! {
    /// A way to break a double, with the findings it must lead to.
    pub struct DefectDoc is "a defect" {
        /// What is broken, in a line.
        optional about: String,
        /// The feature that it breaks.
        required feature: String,
        /// Where the finding stands.
        required r#where: ResultWord<Where>,
        /// The path of the finding; empty for a status.
        optional path: String,
        /// The kind of the finding.
        required kind: ResultWord<Kind>,
        /// The cases of the shipped pack in which it is found.
        optional cases: Vec<String>,
        /// Further findings of the same change.
        optional also: Vec<FindingDoc>,
        /// What is changed.
        required change: ChangeDoc,
    }
}

document! {
    /// A finding that a defect must lead to.
    pub struct FindingDoc is "a finding" {
        /// The case in which it is found.
        required case: String,
        /// Where it stands.
        required r#where: ResultWord<Where>,
        /// Its path; empty for a status.
        optional path: String,
        /// Its kind.
        required kind: ResultWord<Kind>,
    }
}

document! {
    /// A change of a double's answers.
    pub struct ChangeDoc is "a change" {
        /// The requests whose answers change; none: all of the API.
        optional on: Option<Spanned<Pattern>>,
        /// Another status.
        optional status: Option<u16>,
        /// Headers that are set; null takes one away.
        optional headers: Entries<Option<String>>,
        /// Values that are set in the JSON body.
        optional set: Vec<SettingDoc>,
        /// Places in the JSON body that are taken away.
        optional remove: Vec<Place>,
        /// Numbers that become strings.
        optional stringify: Vec<Place>,
        /// Arrays whose order is turned round.
        optional reverse: Vec<Place>,
        /// Numbers whose last digit changes.
        optional bump: Vec<Place>,
        /// Texts of the body that are replaced.
        optional replace: Entries<String>,
        /// Whether the double's own address becomes the other double's.
        optional host_leak: bool,
        /// A way to break the answer on the wire.
        optional raw: Option<Raw>,
        /// How long the answer waits.
        optional delay: Option<Span>,
        /// Seconds that an access token lives.
        optional life: Option<Spanned<u64>>,
        /// What a second request for a live token gives.
        optional reissue: Option<Reissue>,
        /// What the refresh grant gives.
        optional refresh: Option<Refresh>,
        /// Seconds for which an access token is taken beyond its life.
        optional leeway: Option<u64>,
        /// Whether access tokens are not revoked any more.
        optional unrevocable: bool,
        /// Sizes above which a request is refused, in place of the file's.
        optional limits: Option<LimitsDoc>,
        /// The versions of TLS that are spoken.
        optional tls: Vec<TlsVersion>,
        /// Days after which the server's certificate ends.
        optional certificate_days: Option<u32>,
        /// Only requests to this name.
        optional host: Option<String>,
        /// Only requests whose path begins so, from the root.
        optional below: Option<String>,
        /// A fault of the gateway instead of the answer.
        optional fault: Option<Situation>,
        /// Refusals that no longer happen: what is refused so is let through.
        optional admit: Vec<Situation>,
        /// Members of the token answer that are added, replaced or removed.
        optional answer: TokenAnswer,
        /// Claims of JWTs that are added or replaced; null takes one away.
        optional claims: Entries<Node>,
    }
}

document! {
    /// A value that is set in a JSON body; a member that is not there is added.
    pub struct SettingDoc is "a setting" {
        /// Its place.
        required path: Place,
        /// The value.
        required value: Node,
    }
}
