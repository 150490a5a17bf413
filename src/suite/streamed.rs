//! A sound suite, read one case at a time: no tree of it is ever in memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use super::compile::Compiler;
use super::doc::{CaseDoc, SuiteDoc};
use super::may_name::Known;
use super::model::Suite;
use crate::source::{Cx, Decode as _, Diagnostics, Elements, Next, Source};

/// The keys under which cases stand, in the order in which they run.
const LISTS: &[&str] = &["cases", "cleanup"];

/// Bytes from which a suite is read by two threads: one goes through the text, one makes cases of it.
const LARGE: usize = 64 * 1024;
/// Cases that go from one to the other at a time.
const BATCH: usize = 64;
/// Batches that may wait in between: a suite is not to be in memory as a tree after all.
const WAITING: usize = 4;

/// Reads a suite whose cases come last in their file. None where it has another form or any mistake:
/// then it has to be read as a whole.
pub(super) fn streamed(
    source: &Arc<Source>,
    path: &Path,
    known: Known<'_>,
) -> Option<(Suite, Diagnostics)> {
    let elements = Elements::open(source, LISTS)?;
    let mut cx = Cx::new(source);
    let head = SuiteDoc::decode(&elements.head(), &mut cx)?;
    let compiler = Compiler::new(&head, path, known, &mut cx);
    let suite = if source.text.len() < LARGE {
        compiled(compiler, elements)?
    } else {
        thread::scope(|scope| {
            let (give, take) = mpsc::sync_channel(WAITING);
            scope.spawn(move || hand_over(elements, &give));
            compiled(compiler, take.into_iter().flatten())
        })?
    };
    let problems = cx.diagnostics.distinct();
    (!problems.has_errors()).then_some((suite, problems))
}

/// Makes the suite of its cases. None at the first thing that is not one.
fn compiled(mut compiler: Compiler<'_, '_>, all: impl Iterator<Item = Next>) -> Option<Suite> {
    let mut cleaning = false;
    for next in all {
        match next {
            Next::Element(list, node) => {
                let cleanup = list == "cleanup";
                if cleaning && !cleanup {
                    return None;
                }
                cleaning = cleanup;
                let case = CaseDoc::decode(&node, compiler.cx)?;
                compiler.add(&case, cleanup);
            }
            Next::End => return Some(compiler.finish()),
            Next::Other => return None,
        }
    }
    None
}

/// Reads to the end, or until nobody listens any more.
fn hand_over(mut elements: Elements<'_>, give: &SyncSender<Vec<Next>>) {
    loop {
        let batch: Vec<Next> = elements.by_ref().take(BATCH).collect();
        if batch.is_empty() || give.send(batch).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::{PairInput, read_pair};
    use crate::judge::Accepts;
    use crate::pair::Pair;
    use crate::platform::Platform;
    use crate::suite::Given;
    use crate::suite::load::load_whole;

    const PAIR: &str = "\
old: { url: 'http://127.0.0.1:1', tokens: { app: { grant: static, value: o } } }
new: { url: 'http://127.0.0.1:2', tokens: { app: { grant: static, value: n } } }
apis: { orders: { old: /t/acme/orders/v1, new: /acme/orders/v1 } }
";

    const SUITE: &str = "\
name: Orders
api: orders
token: app
tags: [ smoke ]
vars: { size: 10 }
headers: { Accept: application/json }
cases:
  - name: read
    request: GET /orders?limit={{size}}
    expect: { status: 200, headers: { content-type: /json/ } }
  - name: pages
    request: GET /orders?page={{page}}
    rows: [ { page: 1 }, { page: 2 } ]
    tags: [ rows ]
  - name: make
    request: POST /orders
    json: { size: '{{size}}' }
    capture: { id: $.id, unused: $.other }
  - name: look
    request: GET /orders/{{id}}
    needs: read
    token: none
    headers: { X-A: 1 }
    compare: { ignore: [ $.at ] }
    poll: { until: { status: 200 } }
    old: { request: 'GET /order/{{id}}' }
cleanup:
  - name: remove
    request: DELETE /orders/{{id}}
";

    type Loaded = Option<(Suite, Diagnostics)>;

    /// The suite as it is read case by case, and as it is read whole.
    fn both(text: &str) -> (Loaded, Result<(Suite, Diagnostics), Diagnostics>) {
        let input = PairInput {
            file: Some((PathBuf::from("cutover.yaml"), PAIR.to_owned())),
            urls: None,
            environment: None,
        };
        let pair = read_pair(input, &|_| None).file.expect("a pair");
        let platform = Platform::default();
        let (accepts, given) = (Accepts::default(), Given::default());
        let known = Known {
            pair: &pair,
            platforms: Pair::both(&platform),
            accepts: &accepts,
            given: &given,
            probes: true,
        };
        let source = Source::new("suite.yaml", text);
        let path = Path::new("suite.yaml");
        (
            streamed(&source, path, known),
            load_whole(&source, path, known),
        )
    }

    #[test]
    fn a_suite_is_the_same_whichever_way_it_is_read() {
        let (streamed, whole) = both(SUITE);
        let (streamed, whole) = (streamed.expect("sound"), whole.expect("sound"));
        assert_eq!(whole.0.cases.len(), 5);
        assert_eq!(whole.1.sorted().len(), 1, "one capture is used by nobody");
        assert_eq!(format!("{streamed:#?}"), format!("{whole:#?}"));
    }

    #[test]
    fn a_large_suite_is_read_to_its_end_and_its_last_mistake_is_found() {
        let mut text = SUITE.split("cleanup:").next().expect("cases").to_owned();
        for number in 0..2_000 {
            text += &format!("  - name: order {number}\n    request: GET /orders/{number}\n");
        }
        assert!(text.len() > LARGE);
        let (streamed, whole) = both(&text);
        let (streamed, whole) = (streamed.expect("sound"), whole.expect("sound"));
        assert_eq!(format!("{streamed:?}"), format!("{whole:?}"));
        let wrong = text.replace("name: order 1999", "name: order 7");
        let (streamed, whole) = both(&wrong);
        let messages = whole.expect_err("a mistake");
        let messages: Vec<&str> = messages.iter().map(|d| d.message.as_str()).collect();
        assert!(streamed.is_none());
        assert!(
            messages.contains(&"two cases are named `order 7`"),
            "{messages:?}"
        );
    }

    #[test]
    fn a_suite_with_a_mistake_or_of_another_order_is_left_to_the_whole_reading() {
        for (from, to) in [
            ("GET /orders/{{id}}", "GET /orders/{{it}}"),
            ("needs: read", "needs: remove"),
            ("name: look", "name: read"),
            ("token: none", "tokens: none"),
            ("token: app", "token: ap"),
            ("- name: make\n    request", "- name: make\n    requset"),
            ("cleanup:", "clean:"),
        ] {
            let (streamed, whole) = both(&SUITE.replacen(from, to, 1));
            assert!(streamed.is_none() && whole.is_err(), "{to}");
        }
        let moved = SUITE.replacen("vars: { size: 10 }\n", "", 1) + "vars: { size: 10 }\n";
        let (streamed, whole) = both(&moved);
        assert!(streamed.is_none() && whole.is_ok());
    }
}
