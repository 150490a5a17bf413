//! [`Rows`]: the table that makes many cases of one.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::csv_file::csv_table;
use crate::config::Folder;
use crate::redact;
use crate::source::{Cx, Decode, Entries, Node, Spanned, Value};
use crate::template::Scalar;

/// `rows:` as it was written.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Rows in the suite itself.
    Inline(Vec<Spanned<Entries<Scalar>>>),
    /// A path to a CSV file.
    File(Spanned<String>),
}

/// Columns and rows, all rows of one length.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The names.
    pub columns: Vec<String>,
    cells: Vec<Scalar>,
}

impl Table {
    /// The values of all rows behind one another.
    pub(super) const fn new(columns: Vec<String>, cells: Vec<Scalar>) -> Self {
        Self { columns, cells }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len() / self.columns.len().max(1)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Makes the cells known of columns whose names are those of secrets.
    pub(super) fn register(&self, secrets: &redact::Secrets) {
        for (at, name) in self.columns.iter().enumerate() {
            for cell in self.cells.iter().skip(at).step_by(self.columns.len()) {
                secrets.add_named(name, cell.as_text());
            }
        }
    }

    /// A value of a row.
    pub fn get(&self, row: usize, column: &str) -> Option<&Scalar> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(row * self.columns.len() + at)
    }

    /// The suffix of a row's case name: ` [page=1, size=2]`. Where a secret is masked the row's number
    /// (from 1) keeps the name apart from the others.
    pub fn suffix(&self, row: usize) -> String {
        let start = row * self.columns.len();
        let cells = self.cells.get(start..).unwrap_or_default();
        let mut masked = false;
        let mut pairs: Vec<String> = Vec::with_capacity(self.columns.len());
        for (name, value) in self.columns.iter().zip(cells) {
            let mark = redact::cell(name, value.as_text());
            masked |= mark.is_some();
            let shown = mark.unwrap_or_else(|| value.as_text().to_owned());
            pairs.push(format!("{name}={shown}"));
        }
        if masked {
            pairs.push(format!("row {}", row + 1));
        }
        format!(" [{}]", pairs.join(", "))
    }
}

impl Rows {
    /// The table, read from the file if it is in one.
    pub fn table(&self, folder: &Folder, cx: &mut Cx<'_>) -> Option<Table> {
        match self {
            Self::Inline(rows) => inline(rows, cx),
            Self::File(path) => csv_table(path, folder, cx),
        }
    }
}

fn inline(rows: &[Spanned<Entries<Scalar>>], cx: &mut Cx<'_>) -> Option<Table> {
    let columns: Vec<String> = match rows.first() {
        Some(first) => first.names().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let mut cells = Vec::new();
    for row in rows {
        let same =
            row.0.len() == columns.len() && row.names().all(|n| columns.iter().any(|c| c == n));
        if !same {
            let message = format!("every row needs the same columns: {}", columns.join(", "));
            return cx.error(row.span, message, "other columns than the first row");
        }
        cells.extend(columns.iter().filter_map(|column| row.get(column).cloned()));
    }
    Some(Table { columns, cells })
}

impl Decode for Rows {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::List(_) => Vec::decode(node, cx).map(Self::Inline),
            Value::Text(path) if path.to_ascii_lowercase().ends_with(".csv") => {
                Some(Self::File(Spanned::new(path.clone(), node.span)))
            }
            _ => cx.expected(node, "a list of rows, or the path of a .csv file"),
        }
    }
}

impl JsonSchema for Rows {
    fn schema_name() -> Cow<'static, str> {
        "Rows".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let row = generator.subschema_for::<Entries<Scalar>>();
        json_schema!({
            "description": "Rows, each a mapping of the same columns, or the path of a .csv file",
            "anyOf": [
                { "type": "array", "items": row },
                { "type": "string", "pattern": "\\.[cC][sS][vV]$" }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_its_case() {
        let table = Table {
            columns: vec!["page".into(), "size".into()],
            cells: vec![
                Scalar::Json("1".into()),
                Scalar::Text("ten".into()),
                Scalar::Json("2".into()),
                Scalar::Text("all".into()),
            ],
        };
        assert_eq!(table.len(), 2);
        assert_eq!(table.suffix(1), " [page=2, size=all]");
        assert_eq!(table.get(1, "page"), Some(&Scalar::Json("2".into())));
        assert_eq!(table.get(2, "page"), None);
        let table = Table {
            columns: vec!["password".into(), "code".into()],
            cells: vec![Scalar::Text("s3cret".into()), Scalar::Text("EUR".into())],
        };
        assert_eq!(
            table.suffix(0),
            " [password=[secret password, 6 characters], code=EUR, row 1]"
        );
    }
}
