//! How a program ended, where nothing else tells why.

use std::time::Duration;

use super::Terms;
use super::{login, tokens::finding};
use crate::client::observation::{Ending, Observation};
use crate::results::{Difference, Kind, Observed, Severity};

/// Characters of a line that is shown.
const LINE: usize = 200;

pub(super) fn findings(
    run: &Observation,
    terms: &Terms,
    baseline: Option<&Observation>,
    found: &[Difference],
) -> Vec<Difference> {
    if let Ending::TimedOut(after) | Ending::NeverReady(after) | Ending::Silent(after) = run.ending
    {
        return vec![hung(run, after)];
    }
    if !found.is_empty() {
        return Vec::new();
    }
    let finding = if called_nothing(run) {
        Some(no_calls(run, terms, baseline))
    } else {
        crashed(run)
    };
    finding.into_iter().collect()
}

/// Whether there is a run of the program without a call.
fn called_nothing(run: &Observation) -> bool {
    let ends = run.runs.iter().skip(1).copied().chain([Duration::MAX]);
    let mut runs = run.runs.iter().zip(ends);
    runs.any(|(begin, end)| {
        !run.calls
            .iter()
            .any(|call| call.at >= *begin && call.at < end)
    })
}

fn hung(run: &Observation, after: Duration) -> Difference {
    let doing = match (run.asked.len(), run.calls.len()) {
        (0, 0) => "before it had asked for a token".to_owned(),
        (_, 0) => "after it had asked for a token, before its first call".to_owned(),
        (_, calls) => format!("after {calls} calls"),
    };
    let seconds = after.as_secs();
    let printed = || match last_line(run, None) {
        Some(line) => format!("; the last that it printed: {line}"),
        None => "; it printed nothing".to_owned(),
    };
    let (path, explain) = match run.ending {
        Ending::NeverReady(_) => (
            "ready".to_owned(),
            format!("was not ready within {seconds} s, {doing}{}", printed()),
        ),
        Ending::Silent(_) => {
            let replies = run.replies.iter().flatten();
            let at = replies.clone().count().saturating_sub(1);
            let what = replies.last().map(|reply| reply.what.as_str());
            let what = what.unwrap_or_default();
            let explain = format!(
                "gave no answer to {what} within {seconds} s, {doing}{}",
                printed()
            );
            (format!("answer[{at}]"), explain)
        }
        _ => (
            "exit".to_owned(),
            format!("did not end within {seconds} s, {doing}; it was stopped"),
        ),
    };
    finding(path, Kind::Hung, Severity::Breaking, explain)
        .advice("give every request a time limit, and every loop of retries an end")
        .detail("seconds", seconds)
}

/// The program had its token, or asked for none, and did not use it.
fn no_calls(run: &Observation, terms: &Terms, baseline: Option<&Observation>) -> Difference {
    let longest = run.issued.iter().map(|issued| issued.token.chars().count());
    let issued = longest.max().unwrap_or_default();
    if let Ending::Signal(signal) = run.ending {
        return by_signal(signal);
    }
    if run.asked.is_empty() {
        let explain = "neither asked for a token nor called the API, as it did with opaque tokens";
        return finding("exit", Kind::NotSent, Severity::Breaking, explain)
            .advice(
                "look at what it did in place of a request: a token kept from an earlier run, a \
                 configuration that it did not find, an error that it swallowed",
            )
            .detail("issued", 0);
    }
    if let Some(finding) = login::refused(run) {
        return finding;
    }
    let line = last_line(run, baseline);
    let silent = run.ending.is_good() && line.is_none();
    let said = line.map(|line| format!(": {line}")).unwrap_or_default();
    let what = if terms.delay.is_zero() { "" } else { " late" };
    if silent {
        let explain = format!(
            "was given a token{what} of {issued} characters, called nothing, and said nothing"
        );
        return finding("exit", Kind::NotSent, Severity::Breaking, explain)
            .advice(
                "find what dropped the token in silence; a program that cannot go on must say so",
            )
            .detail("issued", issued);
    }
    let explain = format!("refused the token answer{what} before its first call{said}");
    let path = if run.ending.is_good() {
        "stderr"
    } else {
        "exit"
    };
    finding(path, Kind::Rejected, Severity::Breaking, explain)
        .showing(exit(baseline.map(|run| run.ending)), exit(Some(run.ending)))
        .advice(
            "take the token as it comes: no pattern, no length, no parsing (RFC 6749 section 1.4), and pass \
             over what is not known in the answer (section 5.1)",
        )
}

fn crashed(run: &Observation) -> Option<Difference> {
    match run.ending {
        Ending::Signal(signal) => Some(by_signal(signal)),
        Ending::Exit(code) if code != 0 => {
            let line = last_line(run, None);
            let said = line.map(|line| format!(": {line}")).unwrap_or_default();
            let explain =
                format!("ended with exit code {code}, though its calls were answered{said}");
            Some(
                finding("exit", Kind::Crashed, Severity::Breaking, explain)
                    .showing(exit(Some(Ending::Exit(0))), exit(Some(run.ending)))
                    .advice(
                        "look at what it did behind its last call: what it read of the token, and where \
                         it kept it",
                    )
                    .detail("exit", code),
            )
        }
        Ending::Gone(code) => {
            let line = last_line(run, None);
            let said = line.map(|line| format!(": {line}")).unwrap_or_default();
            let calls = run.calls.len();
            let explain = format!(
                "the service ended with exit code {code} while it was to go on, after {calls} calls{said}"
            );
            Some(
                finding("exit", Kind::Crashed, Severity::Breaking, explain)
                    .showing(Observed::Absent, exit(Some(run.ending)))
                    .advice("answer the request that went wrong, and go on with the next")
                    .detail("exit", code),
            )
        }
        _ => None,
    }
}

fn by_signal(signal: i32) -> Difference {
    let name = match signal {
        4 => " (illegal instruction)",
        6 => " (abort)",
        7 => " (bus error)",
        8 => " (arithmetic)",
        11 => " (segmentation fault)",
        _ => "",
    };
    let explain = format!("was ended by signal {signal}{name}");
    finding("exit", Kind::Crashed, Severity::Breaking, explain)
        .advice("look for buffers of a fixed size on the way of the token")
        .detail("signal", signal)
}

fn exit(ending: Option<Ending>) -> Observed {
    match ending {
        Some(Ending::Exit(code) | Ending::Gone(code)) => Observed::raw(&code.to_string()),
        Some(Ending::Signal(signal)) => Observed::text(&format!("signal {signal}")),
        _ => Observed::Absent,
    }
}

/// The last line that the program wrote, on standard error or else on standard output, unless it
/// writes the same with opaque tokens.
fn last_line(run: &Observation, baseline: Option<&Observation>) -> Option<String> {
    let both = |of: fn(&Observation) -> &str| {
        let line = telling(of(run))?;
        let known = baseline.is_some_and(|base| of(base).lines().any(|known| known.trim() == line));
        (!known).then(|| line.chars().take(LINE).collect::<String>())
    };
    both(|run| &run.written.stderr).or_else(|| both(|run| &run.written.stdout))
}

/// The last line that says something. Most runtimes end with the message; JavaScript and Java write the
/// stack below it, and Node.js the error's members and its own version too.
fn telling(text: &str) -> Option<&str> {
    let written = || text.lines().rev().filter(|line| !line.trim().is_empty());
    let node = written()
        .next()
        .is_some_and(|line| line.starts_with("Node.js v"));
    let below = |line: &str| {
        let indented = line.starts_with(char::is_whitespace);
        let members = indented || line.starts_with(['}', ']']) || line.starts_with("Node.js v");
        (indented && line.trim().starts_with("at ")) || (node && members)
    };
    let said = written().find(|line| !below(line));
    said.or_else(|| written().next()).map(str::trim)
}

/// The last words of a program that does not work with opaque tokens either.
pub(crate) fn last_words(run: &Observation) -> String {
    let ending = match run.ending {
        Ending::Exit(code) => format!("it ended with exit code {code}"),
        Ending::Signal(signal) => format!("it was ended by signal {signal}"),
        Ending::TimedOut(after) => format!("it did not end within {} s", after.as_secs()),
        Ending::Stopped => "it ran until it was stopped".to_owned(),
        Ending::NeverReady(after) => format!(
            "it was not ready within {} s (what `ready:` waits for did not come)",
            after.as_secs()
        ),
        Ending::Silent(after) => format!("it gave no answer within {} s", after.as_secs()),
        Ending::Gone(code) => format!("it ended with exit code {code} while it was to go on"),
    };
    match last_line(run, None) {
        Some(line) => format!("{ending}: {line}"),
        None => ending,
    }
}

#[cfg(test)]
mod tests {
    use super::telling;

    #[test]
    fn the_message_above_a_stack_is_what_was_said() {
        let node = "file:///app/index.mjs:9\n    throw error;\n    ^\n\nTypeError: no id_token\n    at f \
                    (index.mjs:9:3) {\n  code: 'E_ID',\n  cause: [\n    1\n  ]\n}\n\nNode.js v20.20.2\n";
        assert_eq!(telling(node), Some("TypeError: no id_token"));
        let java = "Exception in thread \"main\" Failed: no token\n\tat App.main(App.java:3)\n";
        let wanted = "Exception in thread \"main\" Failed: no token";
        assert_eq!(telling(java), Some(wanted));
        let python = "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: 3\n";
        assert_eq!(telling(python), Some("ValueError: 3"));
        let rust = "Error: no token\n\nCaused by:\n    0: timed out\n";
        assert_eq!(telling(rust), Some("0: timed out"));
        let bare = "  at the end\nNode.js v20.20.2\n";
        assert_eq!(telling(bare), Some("Node.js v20.20.2"));
        assert_eq!(telling(" \n"), None);
    }
}
