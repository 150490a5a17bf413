//! Every YAML file that ships names its schema in its first line, so that editors complete and check it.

use std::fs;
use std::path::{Path, PathBuf};

use cutover::source::{Source, parse};

use crate::mock_shipped::json_of;

const MARK: &str = "# yaml-language-server: $schema=";

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn each_shipped_file_fits_the_schema_that_its_first_line_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["suites", "mocks", "src/platform/data"] {
        yaml_files(&root.join(folder), &mut files);
    }
    assert!(files.len() > 50, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let named = first
            .strip_prefix(MARK)
            .unwrap_or_else(|| panic!("{}: {first}", file.display()));
        let schema = fs::read_to_string(file.with_file_name(named)).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let node = parse(&Source::new("file.yaml", text.as_str())).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let instance = json_of(&node);
        let errors: Vec<String> = validator
            .iter_errors(&instance)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{}: {named}", file.display());
    }
}
