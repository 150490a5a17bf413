//! Problems of a file, and their text: file, line, caret, what was expected, what to do.

use std::collections::HashSet;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level as Title, Renderer, Snippet};

use super::shown::shown;
use super::span::{Source, Span};
use crate::escape::{line, lines};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nothing can be sent: exit code 2.
    Error,
    /// Said, and an error under `--strict`.
    Warning,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub level: Level,
    /// What is wrong, in a line.
    pub message: String,
    /// What stands under the caret.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// The file.
    pub source: Arc<Source>,
    /// The place in the file.
    pub span: Span,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            message: message.into(),
            label: String::new(),
            help: None,
            source: Arc::clone(source),
            span,
        }
    }

    /// A warning at a place.
    pub fn warning(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            ..Self::error(source, span, message)
        }
    }

    /// Sets what stands under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The text for a terminal or a log.
    pub fn render(&self, colour: bool) -> String {
        let title = match self.level {
            Level::Error => Title::ERROR,
            Level::Warning => Title::WARNING,
        };
        let end = self.source.text.len();
        let span = self.span.start.min(end)..self.span.end.clamp(self.span.start.min(end), end);
        let mut annotation = AnnotationKind::Primary.span(span);
        if !self.label.is_empty() {
            annotation = annotation.label(line(&self.label));
        }
        let text = shown(&self.source.text);
        let snippet = Snippet::source(text.as_str())
            .path(line(&self.source.name))
            .annotation(annotation);
        let mut group = title.primary_title(line(&self.message)).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Title::HELP.message(lines(help)));
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }
}

impl From<Box<Diagnostic>> for Diagnostic {
    fn from(boxed: Box<Self>) -> Self {
        *boxed
    }
}

/// All problems found so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Without those that are there already: what a file says once may be looked at many times.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        let mut seen: HashSet<(Span, String, String)> = HashSet::new();
        self.list
            .retain(|d| seen.insert((d.span, d.message.clone(), d.source.name.clone())));
        self
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.level == Level::Error)
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The diagnostics by file (in the order the files were first seen) and place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut files: Vec<&str> = Vec::new();
        for diagnostic in &self.list {
            if !files.contains(&diagnostic.source.name.as_str()) {
                files.push(&diagnostic.source.name);
            }
        }
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|d| (files.iter().position(|f| *f == d.source.name), d.span));
        sorted
    }

    /// The text of all, an empty line between two.
    pub fn render(&self, colour: bool) -> String {
        let texts: Vec<String> = self.sorted().iter().map(|d| d.render(colour)).collect();
        texts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_file_line_caret_and_help() {
        let source = Source::new("suites/a.yaml", "name: A\nheeaders: {}\n");
        let text = Diagnostic::error(&source, Span::new(8, 16), "unknown key `heeaders`")
            .label("not a key of a suite")
            .help("did you mean `headers`?")
            .render(false);
        assert_eq!(
            text,
            "error: unknown key `heeaders`\n \
             --> suites/a.yaml:2:1\n  |\n\
             2 | heeaders: {}\n  \
               | ^^^^^^^^ not a key of a suite\n  |\n  \
               = help: did you mean `headers`?"
        );
    }
}
