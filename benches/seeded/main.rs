//! Recall and false alarms over real payloads: noise only, one change only, both.
//!
//! `benches/seeded/fetch.sh` fetches the payloads; `cargo bench --bench seeded` measures, and prints the
//! tables of `docs/compare.md`. `-- misses` lists every change that was not told exactly,
//! `-- few` takes every eighth payload; `-- noise`, `-- change` and `-- both` are the three parts.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a script for people: it prints its results and stops where something is not as planned"
)]

mod corpus;
mod measure;
#[path = "../../src/compare/json/mutations.rs"]
mod mutations;
mod noise;
#[path = "../../src/compare/json/step.rs"]
mod step;

use std::collections::BTreeMap;
use std::path::Path;

use cutover::results::Kind;

use measure::{Quiet, Seeded, quiet, seeded};

fn main() {
    let misses = std::env::args().any(|arg| arg == "misses");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/seeded");
    let mut documents = corpus::load(&folder);
    if std::env::args().any(|arg| arg == "few") {
        let mut at = 0;
        documents.retain(|_| {
            at += 1;
            at % 8 == 1
        });
    }
    let labels: usize = documents.iter().map(|document| document.noise.len()).sum();
    println!("{} payloads, {labels} leaves of noise\n", documents.len());
    let wanted = |part: &str| {
        let parts = ["noise", "change", "both"];
        let mut given = std::env::args()
            .filter(|arg| parts.contains(&arg.as_str()))
            .peekable();
        given.peek().is_none() || given.any(|arg| arg == part)
    };
    if wanted("noise") {
        noise_only(&quiet(&documents), misses);
    }
    if wanted("change") {
        let alone = seeded(&documents, false);
        table("One change, no noise", &alone, misses);
    }
    if wanted("both") {
        let both = seeded(&documents, true);
        table("One change among noise", &both, misses);
    }
}

fn noise_only(quiet: &Quiet, misses: bool) {
    println!(
        "Noise only: {} comparisons, {} with a false alarm",
        quiet.comparisons, quiet.alarms
    );
    println!(
        "({} per 1,000); {} of {} stable leaves are named by a learned rule;",
        per(quiet.alarms * 1000, quiet.comparisons),
        quiet.silenced,
        quiet.stable
    );
    println!("{} of {} leaves of noise are.\n", quiet.ruled, quiet.noisy);
    let shown = if misses { quiet.told.len() } else { 20 };
    for told in quiet.told.iter().take(shown) {
        println!("- {told}");
    }
}

fn table(title: &str, kinds: &BTreeMap<usize, Seeded>, misses: bool) {
    println!(
        "\n{title}\n\n| changes of | kinds | made | noticed | exact | differences at the seeded place |\n|---|---|---|---|---|---|"
    );
    let mut classes: Vec<(&str, usize, Seeded)> = Vec::new();
    let mut all = Seeded::default();
    for (which, seeded) in kinds {
        let class = mutations::class(*which);
        match classes.last_mut() {
            Some((last, count, sum)) if *last == class => {
                *count += 1;
                sum.add(seeded);
            }
            _ => classes.push((class, 1, seeded.clone())),
        }
        all.add(seeded);
    }
    classes.push(("all", kinds.len(), all.clone()));
    for (class, count, sum) in classes {
        println!(
            "| {class} | {count} | {} | {} % | {} % | {} of {} |",
            sum.made,
            per(sum.noticed * 100, sum.made),
            per(sum.exact * 100, sum.made),
            sum.at_the_place,
            sum.differences
        );
    }
    let missed: Vec<_> = kinds
        .iter()
        .filter(|(_, seeded)| !seeded.misses.is_empty())
        .collect();
    let none = if missed.is_empty() { " none" } else { "" };
    println!("\nnot exact, by kind:{none}");
    for (which, seeded) in missed {
        println!(
            "- {} ({}): {} of {}",
            mutations::name(*which),
            mutations::class(*which),
            seeded.misses.len(),
            seeded.made
        );
        let shown = if misses { seeded.misses.len() } else { 2 };
        for miss in seeded.misses.iter().take(shown) {
            println!("    {miss}");
        }
    }
}

/// With two decimals, as far as there are any.
fn per(some: usize, of: usize) -> String {
    let hundredths = (some * 100) / of.max(1);
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}
