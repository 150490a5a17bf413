//! The ratios of a run, from what criterion measured.

use std::path::{Path, PathBuf};

use crate::{OURS, arrays, bodies, peers};

/// Where criterion keeps its measurements: beside the profile's folder that holds this program.
fn folder() -> Option<PathBuf> {
    let exe = std::env::current_exe().ok()?;
    Some(exe.ancestors().nth(3)?.join("criterion"))
}

/// The median of a measurement, in nanoseconds. Criterion writes most signs of names as `_`.
fn median(folder: &Path, group: &str, function: &str) -> Option<f64> {
    let name = |text: &str| text.replace(['?', '"', '/', '\\', '*', '<', '>', ':', '|', '^'], "_");
    let file = folder
        .join(name(group))
        .join(name(function))
        .join("new/estimates.json");
    let text = std::fs::read_to_string(file).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    value["median"]["point_estimate"].as_f64()
}

/// Prints a table: our time over the others', and how the time grows with ten times the elements.
pub(crate) fn print() {
    let Some(folder) = folder() else {
        return;
    };
    let ms = |group: &str| median(&folder, group, OURS).map(|ns| ns / 1e6);
    let over = |group: &str, peer: &str| {
        let theirs = median(&folder, group, peer)?;
        Some(median(&folder, group, OURS)? / theirs)
    };
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    println!(
        "\n| group | ms | / bytes compared | / serde_json | / sonic-rs | / json-patch | / assert-json-diff | 100k / 10k |"
    );
    println!("|---|{}", "---|".repeat(7));
    let mut groups: Vec<String> = Vec::new();
    groups.extend(
        bodies::SIZES
            .iter()
            .map(|(name, _)| format!("equal {name}")),
    );
    groups.extend(
        bodies::SIZES
            .iter()
            .map(|(name, _)| format!("one change in {name}")),
    );
    for keyed in [true, false] {
        for way in arrays::WAYS {
            groups.extend([10_000, 100_000].map(|count| arrays::name(keyed, count, way)));
        }
    }
    for group in groups.iter().filter(|group| ms(group).is_some()) {
        let peers = peers::PEERS.map(|(peer, _)| shown(over(group, peer)));
        let growth = group.strip_prefix("100000").and_then(|rest| {
            let small = ms(&format!("10000{rest}"))?;
            Some(ms(group)? / small)
        });
        println!(
            "| {group} | {} | {} | {} | {} |",
            ms(group).map_or("-".to_owned(), |ms| format!("{ms:.3}")),
            shown(over(group, "bytes compared")),
            peers.join(" | "),
            shown(growth)
        );
    }
}
