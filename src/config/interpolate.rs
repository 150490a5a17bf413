//! `${env:X}` and `${file:x}`: the pair file's way to what must not stand in it.

use super::folder::Folder;
use super::outside::Outside;
use crate::source::{Cx, Diagnostic, Node, Value};

/// Reads the environment.
pub(super) type EnvReader<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Fills every `${…}` in the texts below a node; gives the values that are secret.
pub(super) fn interpolate(
    node: &mut Node,
    cx: &mut Cx<'_>,
    env: EnvReader<'_>,
    folder: &Folder,
) -> Outside {
    let mut filler = Filler {
        env,
        folder,
        place: Vec::new(),
        outside: Outside::default(),
    };
    filler.below(node, cx);
    filler.outside
}

struct Filler<'a> {
    env: EnvReader<'a>,
    folder: &'a Folder,
    /// The keys above the node at hand.
    place: Vec<String>,
    outside: Outside,
}

impl Filler<'_> {
    fn below(&mut self, node: &mut Node, cx: &mut Cx<'_>) {
        match &mut node.value {
            Value::List(items) => {
                for item in items {
                    self.below(item, cx);
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    self.place.push(entry.key.value.clone());
                    self.below(&mut entry.value, cx);
                    self.place.pop();
                }
            }
            Value::Text(text) if placeholder(text).is_some() => {
                let name = placeholder(text).unwrap_or_default();
                let message = format!("`{{{{{name}}}}}` stands for nothing in a pair file");
                let help = "write the value, or ${env:NAME}; placeholders are for suites";
                cx.error::<()>(node.span, message, help);
            }
            Value::Text(text) if text.contains("${") => match self.fill(text) {
                Ok(filled) => *text = filled,
                Err(problem) => {
                    let diagnostic = Diagnostic::error(cx.source, node.span, problem.message);
                    cx.report::<()>(diagnostic.help(problem.help));
                }
            },
            _ => {}
        }
    }

    fn fill(&mut self, text: &str) -> Result<String, Problem> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let Some((inner, behind)) = after.split_once('}') else {
                return Err(Problem {
                    message: "`${` without `}`".to_owned(),
                    help: "write ${env:NAME} or ${file:NAME}".to_owned(),
                });
            };
            let value = value(inner, self.env, self.folder)?;
            self.outside.keep(&self.place, &value);
            filled.push_str(&value);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// The name in the first `{{name}}` of a text.
fn placeholder(text: &str) -> Option<&str> {
    let (_, behind) = text.split_once("{{")?;
    let (inner, _) = behind.split_once("}}")?;
    let name = inner.trim();
    let in_names =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.' | ':' | '-');
    (!name.is_empty() && name.chars().all(in_names)).then_some(name)
}

struct Problem {
    message: String,
    help: String,
}

fn value(inner: &str, env: EnvReader<'_>, folder: &Folder) -> Result<String, Problem> {
    match inner.split_once(':') {
        Some(("env", name)) => env(name).ok_or_else(|| Problem {
            message: format!("the environment variable `{name}` is not set"),
            help: format!("export {name}=… before running, or write the value elsewhere"),
        }),
        Some(("file", name)) => {
            let text = folder.text(name).map_err(|error| Problem {
                message: error.to_string(),
                help: "a path relative to this file, inside its folder".to_owned(),
            })?;
            Ok(text.trim_end_matches(['\n', '\r']).to_owned())
        }
        _ => Err(Problem {
            message: format!("`${{{inner}}}` is neither ${{env:NAME}} nor ${{file:NAME}}"),
            help: "write ${env:NAME} or ${file:NAME}".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, parse};
    use std::path::Path;

    #[test]
    fn values_come_from_the_environment_and_what_is_missing_is_named() {
        let source = Source::new("cutover.yaml", "a: x-${env:A}-y\nb: ${env:B}\nc: ${C}\n");
        let mut node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        let env = |name: &str| (name == "A").then(|| "1".to_owned());
        interpolate(
            &mut node,
            &mut cx,
            &env,
            &Folder::of(Path::new("cutover.yaml")),
        );
        assert_eq!(
            node.get("a").map(|n| &n.value),
            Some(&Value::Text("x-1-y".into()))
        );
        let messages: Vec<_> = cx
            .diagnostics
            .sorted()
            .iter()
            .map(|d| d.message.clone())
            .collect();
        assert_eq!(
            messages,
            [
                "the environment variable `B` is not set",
                "`${C}` is neither ${env:NAME} nor ${file:NAME}"
            ]
        );
    }
}
