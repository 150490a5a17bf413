//! `multipart:`: a body of `multipart/form-data` (RFC 7578), with fields and files as browsers send them.

use std::borrow::Cow;
use std::fmt::Write as _;

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use sha2::{Digest, Sha256};

use super::body::{JsonBody, JsonKey};
use crate::config::{Folder, FolderError};
use crate::hex::hex;
use crate::source::{Cx, Decode, Entries, Node, OneOrMany, Span, Spanned, Value, document};
use crate::template::{Scope, Template, Undefined};

document! {
    /// A part of a multipart body: one of `text`, `json` and `file`.
    pub struct PartDoc is "a part" {
        /// A text.
        optional text: Option<Template>,
        /// A JSON value.
        optional json: JsonKey,
        /// A file to send.
        optional file: Option<Spanned<String>>,
        /// The media type; of a file application/octet-stream, of JSON application/json if not given.
        optional r#type: Option<Spanned<String>>,
        /// The file name that is sent; that of the file if not given.
        optional filename: Option<Template>,
    }
}

/// A field, or a part with more to it.
#[derive(Debug, Clone)]
pub enum PartKey {
    /// `sku: A-1`
    Field(Template),
    /// `scan: { file: scan.pdf, type: application/pdf }`
    Part(PartDoc),
}

/// The key `multipart:`: parts by name, several of one name in a list.
pub type MultipartDoc = Entries<OneOrMany<PartKey>>;

impl Decode for PartKey {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match node.value {
            Value::Map(_) => PartDoc::decode(node, cx).map(Self::Part),
            _ => Template::decode(node, cx).map(Self::Field),
        }
    }
}

impl JsonSchema for PartKey {
    fn schema_name() -> Cow<'static, str> {
        "Part".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let field = generator.subschema_for::<Template>();
        let part = generator.subschema_for::<PartDoc>();
        json_schema!({ "anyOf": [field, part] })
    }
}

/// Why parts make no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unsound {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) label: &'static str,
}

impl Unsound {
    /// A file that cannot be read.
    pub(super) fn file(span: Span, error: &FolderError) -> Self {
        Self {
            span,
            message: error.to_string(),
            label: "a file beside this one",
        }
    }
}

/// A body of several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    /// The same on both sides, and in every run: what is sent must not differ by it.
    boundary: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    name: String,
    filename: Option<Template>,
    media_type: Option<String>,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Text(Template),
    Json(JsonBody),
    File(Bytes),
}

impl Multipart {
    /// The body of these parts; files are read. The boundary is made of the case's name and of what it sends.
    ///
    /// # Errors
    /// A part that is none, or a file that cannot be read.
    pub(super) fn read(doc: &MultipartDoc, case: &str, folder: &Folder) -> Result<Self, Unsound> {
        let mut parts = Vec::new();
        for (name, keys) in doc.iter() {
            for key in &keys.0 {
                parts.push(Part::read(name, key, folder)?);
            }
        }
        let mut digest = Sha256::new();
        digest.update(case);
        for part in &parts {
            part.digest(&mut digest);
        }
        let boundary = format!("cutover-{}", hex(&digest.finalize()[..12]));
        Ok(Self { boundary, parts })
    }

    /// The bytes to send, and the boundary that is in them. An answer that a part repeats may hold the
    /// boundary of an earlier request: it is then made longer.
    ///
    /// # Errors
    /// The first name without a value.
    pub(super) fn render(&self, scope: &dyn Scope) -> Result<(String, Vec<u8>), Undefined> {
        let parts = self.parts.iter().map(|part| part.render(scope));
        let parts: Vec<(String, Cow<'_, [u8]>)> = parts.collect::<Result<_, _>>()?;
        let mut boundary = self.boundary.clone();
        let holds = |boundary: &str| {
            let inside = |bytes: &[u8]| {
                let mut windows = bytes.windows(boundary.len());
                windows.any(|window| window == boundary.as_bytes())
            };
            let mut each = parts.iter();
            each.any(|(head, content)| inside(head.as_bytes()) || inside(content))
        };
        while holds(&boundary) {
            boundary.push('-');
        }
        let mut bytes = Vec::new();
        for (head, content) in &parts {
            bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
            bytes.extend_from_slice(content);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((boundary, bytes))
    }

    /// The templates in it.
    pub(super) fn templates(&self) -> Vec<&Template> {
        self.parts.iter().flat_map(Part::templates).collect()
    }
}

impl Part {
    fn read(name: &Spanned<String>, key: &PartKey, folder: &Folder) -> Result<Self, Unsound> {
        let doc = match key {
            PartKey::Field(text) => {
                return Ok(Self {
                    name: name.value.clone(),
                    filename: None,
                    media_type: None,
                    content: Content::Text(text.clone()),
                });
            }
            PartKey::Part(doc) => doc,
        };
        let unsound = |span: Span, message: String, label| Unsound {
            span,
            message,
            label,
        };
        let (content, usual) = match (&doc.text, &doc.json.0, &doc.file) {
            (Some(text), None, None) => (Content::Text(text.clone()), None),
            (None, Some(json), None) => (Content::Json(json.clone()), Some("application/json")),
            (None, None, Some(file)) => {
                let bytes = folder
                    .bytes(file)
                    .map_err(|error| Unsound::file(file.span, &error))?;
                (
                    Content::File(bytes.into()),
                    Some("application/octet-stream"),
                )
            }
            _ => {
                let message = format!(
                    "the part `{}` has one of `text`, `json`, `file`",
                    name.value
                );
                return Err(unsound(name.span, message, "exactly one of them"));
            }
        };
        if let Some(media) = doc.r#type.as_ref().filter(|media| !is_media_type(media)) {
            let message = format!("`{}` is no media type", media.value);
            return Err(unsound(media.span, message, "write it as text/csv"));
        }
        let own_name = doc.file.as_ref().and_then(|file| file.rsplit('/').next());
        Ok(Self {
            name: name.value.clone(),
            filename: doc.filename.clone().or(own_name.map(Template::plain)),
            media_type: doc
                .r#type
                .as_ref()
                .map(|media| media.value.clone())
                .or(usual.map(str::to_owned)),
            content,
        })
    }

    /// Its head, with the empty line to come, and what it holds.
    fn render(&self, scope: &dyn Scope) -> Result<(String, Cow<'_, [u8]>), Undefined> {
        let mut head = format!(
            "Content-Disposition: form-data; name=\"{}\"",
            escaped(&self.name)
        );
        if let Some(filename) = &self.filename {
            let _ = write!(head, "; filename=\"{}\"", escaped(&filename.render(scope)?));
        }
        head.push_str("\r\n");
        if let Some(media) = &self.media_type {
            let _ = write!(head, "Content-Type: {media}\r\n");
        }
        let content = match &self.content {
            Content::Text(text) => text.render(scope)?.into_bytes().into(),
            Content::Json(json) => json.render(scope)?.into_bytes().into(),
            Content::File(bytes) => Cow::Borrowed(bytes.as_ref()),
        };
        Ok((head, content))
    }

    fn templates(&self) -> Vec<&Template> {
        let content = match &self.content {
            Content::Text(text) => vec![text],
            Content::Json(json) => json.templates(),
            Content::File(_) => Vec::new(),
        };
        self.filename.iter().chain(content).collect()
    }

    fn digest(&self, digest: &mut Sha256) {
        digest.update(format!(
            "\0{}\0{:?}\0{:?}\0",
            self.name,
            self.filename.as_ref().map(ToString::to_string),
            self.media_type
        ));
        match &self.content {
            Content::Text(text) => digest.update(text.to_string()),
            Content::Json(json) => {
                for template in json.templates() {
                    digest.update(template.to_string());
                }
            }
            Content::File(bytes) => digest.update(bytes),
        }
    }
}

/// A name inside quotes, as browsers write it: `"` and line ends are percent-encoded, all else is
/// UTF-8 (HTML, "multipart/form-data encoding algorithm", which RFC 7578 section 4.2 allows).
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Whether a text can stand in a `Content-Type` field of a part.
fn is_media_type(text: &str) -> bool {
    let visible = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let mut names = text.split(';').next().unwrap_or_default().split('/');
    let token = |name: &str| {
        let sign = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        !name.is_empty() && name.bytes().all(sign)
    };
    let both =
        names.next().is_some_and(token) && names.next().is_some_and(|name| token(name.trim_end()));
    visible && both && names.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, parse};
    use crate::template::Scalar;

    struct Values(&'static str);

    impl Scope for Values {
        fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
            (name == "v").then(|| Cow::Owned(Scalar::Text(self.0.into())))
        }
    }

    fn read(text: &str) -> Result<Multipart, Unsound> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.bin"), [0, 255, 13, 10]).expect("a file");
        let source = Source::new("s.yaml", text);
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        let doc = MultipartDoc::decode(&node, &mut cx);
        assert_eq!(cx.diagnostics.render(false), "");
        let folder = Folder::of(&folder.path().join("s.yaml"));
        Multipart::read(&doc.expect("parts"), "a case", &folder)
    }

    #[test]
    fn parts_are_written_as_browsers_do() {
        let body = read(
            "{ sku: '{{v}}', 'odd \"name\"': 1.50, scan: { file: a.bin }, order: { json: { n: 1.50 } },\n\
             tag: [ a, { text: 'x,y', type: text/csv, filename: '{{v}}.csv' } ] }",
        );
        let (boundary, bytes) = body
            .expect("sound")
            .render(&Values("é\"1"))
            .expect("values");
        assert!(
            boundary.starts_with("cutover-") && boundary.len() == 32,
            "{boundary}"
        );
        let disposition =
            |rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name={rest}\r\n");
        let expected = [
            disposition("\"sku\"").as_bytes(),
            "\r\né\"1\r\n".as_bytes(),
            disposition("\"odd %22name%22\"").as_bytes(),
            b"\r\n1.50\r\n",
            disposition("\"scan\"; filename=\"a.bin\"").as_bytes(),
            b"Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\n\r\n",
            disposition("\"order\"").as_bytes(),
            b"Content-Type: application/json\r\n\r\n{\"n\":1.50}\r\n",
            disposition("\"tag\"").as_bytes(),
            b"\r\na\r\n",
            disposition("\"tag\"; filename=\"é%221.csv\"").as_bytes(),
            b"Content-Type: text/csv\r\n\r\nx,y\r\n",
            format!("--{boundary}--\r\n").as_bytes(),
        ]
        .concat();
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&expected)
        );
    }

    #[test]
    fn the_boundary_is_that_of_the_case_and_never_stands_in_a_part() {
        let body = read("{ sku: '{{v}}' }").expect("sound");
        let boundary = |value| body.render(&Values(value)).expect("values").0;
        assert_eq!(boundary("a"), boundary("b"));
        let echo = boundary("a").leak();
        let longer = boundary(echo);
        assert_eq!(longer, format!("{echo}-"));
        assert_ne!(
            boundary("a"),
            read("{ sku: '{{v}}', b: 1 }").expect("sound").boundary
        );
    }

    #[test]
    fn what_is_no_part_is_said() {
        let why = |text: &str| read(text).expect_err("unsound").message;
        let one = "the part `a` has one of `text`, `json`, `file`";
        assert_eq!(why("{ a: {} }"), one);
        assert_eq!(why("{ a: { text: x, file: a.bin } }"), one);
        assert!(why("{ a: { file: none.bin } }").starts_with("cannot read `none.bin`"));
        assert!(why("{ a: { file: ../x } }").contains("leads out of the folder"));
        for media in ["text", "text/", "/x", "a b/c", "text/x/y", "text/\u{e9}"] {
            let text = format!("{{ a: {{ text: x, type: '{media}' }} }}");
            assert_eq!(why(&text), format!("`{media}` is no media type"));
        }
        for media in [
            "text/csv",
            "text/plain; charset=utf-8",
            "application/vnd.x+json",
        ] {
            let text = format!("{{ a: {{ text: x, type: '{media}' }} }}");
            assert!(read(&text).is_ok(), "{media}");
        }
    }
}
