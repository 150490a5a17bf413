//! What documents of a platform say of a feature, where those of different dates differ, and which is gone by.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node};

/// Which document is gone by where those of different dates differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Documents {
    /// The comparison page that customers hold: the oldest.
    #[default]
    Page,
    /// The latest.
    Latest,
}

impl Documents {
    const WORDS: &[&str] = &["page", "latest"];

    /// As files and results write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Latest => "latest",
        }
    }

    /// By its word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Page, Self::Latest]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

impl Decode for Documents {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let word = String::decode(node, cx)?;
        Self::of(&word).or_else(|| cx.unknown(node.span, "choice of documents", &word, Self::WORDS))
    }
}

impl JsonSchema for Documents {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Documents".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::WORDS })
    }
}

/// A feature of which documents say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The feature.
    pub feature: String,
    /// What they say, the oldest first.
    pub says: Vec<Saying>,
}

/// What one document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// When it said so.
    pub date: String,
    /// What it says.
    pub text: String,
    /// Where.
    pub source: String,
}

impl Statement {
    /// Which document is gone by, what it says, and what the other says; `None` where no two differ.
    pub fn told(&self, by: Documents) -> Option<String> {
        let [first, .., latest] = self.says.as_slice() else {
            return None;
        };
        let in_words = |one: &Saying| format!("{} ({})", one.text, one.source);
        let (used, other, how) = match by {
            Documents::Page => (
                first,
                latest,
                "the default; `documents: latest` of the target goes by the other",
            ),
            Documents::Latest => (latest, first, "as `documents: latest` says"),
        };
        Some(format!(
            "{}: documents differ; used is that of {}: {}, {how}; that of {} says: {}",
            self.feature,
            used.date,
            in_words(used),
            other.date,
            in_words(other)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_that_is_gone_by_is_told_first() {
        let saying = |date: &str, text: &str| Saying {
            date: date.into(),
            text: text.into(),
            source: format!("page of {date}"),
        };
        let mut statement = Statement {
            feature: "grant-types".into(),
            says: vec![saying("2023", "three grants"), saying("2024-12", "five")],
        };
        assert_eq!(
            statement.told(Documents::Page).as_deref(),
            Some(
                "grant-types: documents differ; used is that of 2023: three grants (page of 2023), the default; \
                 `documents: latest` of the target goes by the other; that of 2024-12 says: five (page of 2024-12)"
            )
        );
        assert_eq!(
            statement.told(Documents::Latest).as_deref(),
            Some(
                "grant-types: documents differ; used is that of 2024-12: five (page of 2024-12), as \
                 `documents: latest` says; that of 2023 says: three grants (page of 2023)"
            )
        );
        statement.says.truncate(1);
        assert_eq!(statement.told(Documents::Page), None);
    }
}
