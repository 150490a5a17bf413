//! What the documentation shows is what the command takes.

use std::path::Path;
use std::time::Duration;

use cutover::probe::{CorsAsk, Forge, Grow, Probe, RefreshUse};

use crate::command::{code, cutover, said};

const SUITES: &str = include_str!("../../docs/suites.md");
const PROBES: &str = include_str!("../../docs/probes.md");
const FEATURES: &str = "environment-support";

/// The fenced blocks of a page whose fence has these words.
pub(crate) fn blocks<'t>(page: &'t str, words: &str) -> Vec<&'t str> {
    let fence = format!("```{words}\n");
    let pieces = page.split(fence.as_str()).skip(1);
    pieces
        .map(|piece| piece.split("```").next().unwrap())
        .collect()
}

/// An example of the pages whose dates have not passed, whenever it is read.
pub(crate) fn undated(example: &str) -> String {
    example.replace("until: 20", "until: 29")
}

/// The pair file of the page, its variables of the environment filled in.
fn pair(folder: &Path) {
    let text = blocks(SUITES, "yaml pair")[0].to_owned();
    let names = regex::Regex::new(r"\$\{env:([A-Z_]+)\}").unwrap();
    let text = names.replace_all(&text, "value-of-$1");
    std::fs::write(folder.join("cutover.yaml"), text.as_bytes()).unwrap();
}

#[test]
fn every_block_of_the_reference_is_in_force() {
    let shown = blocks(SUITES, "yaml suite");
    let probes = blocks(PROBES, "yaml suite");
    assert_eq!((shown.len(), probes.len()), (9, 1));
    for block in shown.into_iter().chain(probes) {
        let folder = tempfile::tempdir().unwrap();
        pair(folder.path());
        std::fs::create_dir(folder.path().join("suites")).unwrap();
        std::fs::write(folder.path().join("suites/block.yaml"), undated(block)).unwrap();
        let output = cutover(folder.path(), &["check", "--strict"]);
        assert_eq!(
            (code(&output), said(&output)),
            (0, String::new()),
            "{block}"
        );
    }
}

#[test]
fn the_reference_lists_every_feature() {
    let line = SUITES.lines().find(|line| line.contains(FEATURES)).unwrap();
    let listed = line.split('`').nth(3).unwrap();
    let listed: Vec<&str> = listed.split(' ').collect();
    assert_eq!(listed, cutover::suite::FEATURES);
}

fn every_probe() -> [Probe; 10] {
    let minute = Duration::from_secs(60);
    [
        Probe::TokenReuse,
        Probe::Revocation(minute),
        Probe::RefreshRotation(RefreshUse::Twice),
        Probe::Expiry {
            within: minute,
            leeway: minute,
        },
        Probe::TamperedToken(Forge::Token),
        Probe::CrossAcceptance {
            within: None,
            leeway: minute,
        },
        Probe::HeaderLimit(Grow::Token),
        Probe::Cors(CorsAsk {
            origin: String::new(),
            foreign: String::new(),
            method: String::new(),
            headers: Vec::new(),
        }),
        Probe::Tls,
        Probe::Throttle {
            limit: 10,
            per: minute,
        },
    ]
}

/// The table of probes says what the code says.
#[test]
fn the_reference_has_the_cost_of_each_probe() {
    let all = every_probe();
    let table = PROBES
        .lines()
        .skip_while(|line| !line.starts_with("| probe |"));
    let rows: Vec<&str> = table
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(rows.len(), all.len());
    for (row, probe) in rows.into_iter().zip(all) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, cost, write, settings) = (cells[1], cells[2], cells[3], cells[4]);
        assert_eq!(name, format!("`{}`", probe.name().word()));
        assert_eq!(write == "yes", probe.name().is_write(), "{name}");
        for setting in probe.name().settings() {
            assert!(
                settings.contains(&format!("`{}`", setting.key())),
                "{name}: {settings}"
            );
        }
        let most = probe.allowance();
        for (count, what) in [
            (most.token, "token"),
            (most.revoke, "revocation"),
            (most.handshakes, "handshakes"),
        ] {
            let said = cost.contains(&format!("{count} {what}"));
            assert_eq!(said, count > 0, "{name}: {cost}");
        }
        // The API requests of these two follow from a setting.
        let fixed = !matches!(probe, Probe::Revocation(_) | Probe::Throttle { .. });
        if fixed && most.api > 0 {
            assert!(
                cost.contains(&format!("{} API", most.api)),
                "{name}: {cost}"
            );
        }
        assert!(
            PROBES.contains(&format!("\n### {}\n", probe.name().word())),
            "{name}"
        );
    }
}
