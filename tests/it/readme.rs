//! The README, followed as a stranger follows it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::{code, cutover, said};
use crate::docs::blocks;

const README: &str = include_str!("../../README.md");

/// `cutover mock`, until dropped.
pub(crate) struct Mock(Child);

impl Mock {
    pub(crate) fn serve(folder: &Path) -> Self {
        let mocks = Path::new(env!("CARGO_MANIFEST_DIR")).join("mocks");
        Self::of(
            folder,
            [mocks.join("api-cloud.yaml"), mocks.join("choreo.yaml")],
        )
    }

    /// Two doubles; `cutover.yaml` is their pair file.
    pub(crate) fn of(folder: &Path, doubles: [PathBuf; 2]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cutover"))
            .arg("mock")
            .args(doubles)
            .args(["--write-pair", "cutover.yaml"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let ready = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(ready.take(2).map(Result::unwrap).count(), 2);
        Self(child)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_guide_ends_where_it_says() {
    let yaml = blocks(README, "yaml");
    let (suite, accept) = (yaml[0], yaml[1]);
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let _mock = Mock::serve(here);
    std::fs::create_dir(here.join("suites")).unwrap();
    std::fs::write(here.join("suites/first.yaml"), suite).unwrap();
    for command in [&["check"][..], &["list"], &["token", "both"]] {
        let output = cutover(here, command);
        assert_eq!(code(&output), 0, "{}", said(&output));
    }
    let output = cutover(here, &["run"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 1, "{text}");
    assert!(
        text.ends_with("no parity: 1 of 1 cases different\n"),
        "{text}"
    );

    std::fs::write(here.join("suites/first.yaml"), format!("{suite}{accept}")).unwrap();
    let output = cutover(here, &["run"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 0, "{text}");
    assert!(text.contains("no browser calls this API"), "{text}");
}

#[test]
fn the_pair_of_the_guide_is_in_force() {
    let yaml = blocks(README, "yaml");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("suites")).unwrap();
    std::fs::write(folder.path().join("suites/first.yaml"), yaml[0]).unwrap();
    let names = regex::Regex::new(r"\$\{env:([A-Z_]+)\}").unwrap();
    let pair = names.replace_all(yaml[2], "value-of-$1");
    std::fs::write(folder.path().join("cutover.yaml"), pair.as_bytes()).unwrap();
    let output = cutover(folder.path(), &["check", "--strict"]);
    assert_eq!((code(&output), said(&output)), (0, String::new()));
}

#[test]
fn the_picture_is_of_a_real_run() {
    let picture = README.split("<!-- picture -->\n```text\n").nth(1).unwrap();
    let picture = picture.split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = cutover(folder.path(), &["demo", "--defect", "price-as-string"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 1);
    for part in picture.split("\n\n") {
        assert!(text.contains(part.trim_end()), "{part}\nis not in\n{text}");
    }
    let clean = cutover(folder.path(), &["demo"]);
    let text = String::from_utf8_lossy(&clean.stdout).into_owned();
    let end = text.trim_end().lines().rev().take(2);
    for line in end {
        assert!(README.contains(&format!("    {line}\n")), "{line}");
    }
}
