//! What documents of a platform say of a feature, where those of different dates differ.

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
    /// What each of them says, and what is gone by; `None` where no two differ. No verdict hangs on them.
    pub fn told(&self) -> Option<String> {
        let said: Vec<String> = self
            .says
            .iter()
            .map(|one| format!("in {}: {} ({})", one.date, one.text, one.source))
            .collect();
        (said.len() > 1).then(|| {
            format!(
                "{}: documents differ; {}; suites go by what the side answers, the shipped doubles, \
                 where they show it, by the latest",
                self.feature,
                said.join("; ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_document_says_is_told_and_what_is_gone_by() {
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
            statement.told().as_deref(),
            Some(
                "grant-types: documents differ; in 2023: three grants (page of 2023); in 2024-12: five \
                 (page of 2024-12); suites go by what the side answers, the shipped doubles, \
                 where they show it, by the latest"
            )
        );
        statement.says.truncate(1);
        assert_eq!(statement.told(), None);
    }
}
