//! What documents of a platform say of a feature, where those of different dates differ.

/// A feature of which documents say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The feature.
    pub feature: String,
    /// What they say; the first is used.
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
    /// Which of them is used, and what the others say; `None` where no two differ.
    pub fn told(&self) -> Option<String> {
        let (used, others) = self.says.split_first()?;
        let others: Vec<String> = others
            .iter()
            .map(|other| format!("in {}: {} ({})", other.date, other.text, other.source))
            .collect();
        (!others.is_empty()).then(|| {
            format!(
                "{}: documents differ; used is that of {}: {} ({}); {}",
                self.feature,
                used.date,
                used.text,
                used.source,
                others.join("; ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_named_beside_what_is_not() {
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
                "grant-types: documents differ; used is that of 2023: three grants (page of 2023); \
                 in 2024-12: five (page of 2024-12)"
            )
        );
        statement.says.truncate(1);
        assert_eq!(statement.told(), None);
    }
}
