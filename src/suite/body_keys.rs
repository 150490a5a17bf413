//! The keys of a case, or of one of its sides, that give a body.

use super::body::{Body, JsonKey};
use super::doc::{CaseDoc, SideDoc};
use super::multipart::{Multipart, MultipartDoc, Unsound};
use crate::config::Folder;
use crate::source::{Entries, Spanned};
use crate::template::Template;

/// The body keys of a case or of one of its sides.
#[derive(Debug)]
pub(super) struct BodyKeys<'a> {
    json: &'a JsonKey,
    form: Option<&'a Entries<Template>>,
    xml: Option<&'a Template>,
    text: Option<&'a Template>,
    file: Option<&'a Spanned<String>>,
    multipart: Option<&'a MultipartDoc>,
}

impl<'a> BodyKeys<'a> {
    pub(super) fn of_case(doc: &'a CaseDoc) -> Self {
        Self {
            json: &doc.json,
            form: doc.form.as_ref(),
            xml: doc.xml.as_ref(),
            text: doc.text.as_ref(),
            file: doc.file.as_ref(),
            multipart: doc.multipart.as_deref(),
        }
    }

    pub(super) fn of_side(doc: &'a SideDoc) -> Self {
        Self {
            json: &doc.json,
            form: doc.form.as_ref(),
            xml: doc.xml.as_ref(),
            text: doc.text.as_ref(),
            file: doc.file.as_ref(),
            multipart: doc.multipart.as_deref(),
        }
    }

    /// Each key, and whether it was given.
    pub(super) const fn all(&self) -> [(&'static str, bool); 6] {
        [
            ("json", self.json.0.is_some()),
            ("form", self.form.is_some()),
            ("xml", self.xml.is_some()),
            ("text", self.text.is_some()),
            ("file", self.file.is_some()),
            ("multipart", self.multipart.is_some()),
        ]
    }

    /// The keys that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let given = self.all().into_iter().filter(|(_, given)| *given);
        given.map(|(key, _)| key).collect()
    }

    /// The body that was given, if any; files are read. `case` is the name of the case.
    ///
    /// # Errors
    /// A file cannot be read, or lies outside the folder; a part is none.
    pub(super) fn body(&self, case: &str, folder: &Folder) -> Result<Option<Body>, Unsound> {
        if let Some(file) = self.file {
            let bytes = folder
                .bytes(file)
                .map_err(|error| Unsound::file(file.span, &error))?;
            return Ok(Some(Body::File(bytes.into())));
        }
        if let Some(doc) = self.multipart {
            let body = Multipart::read(doc, case, folder)?;
            return Ok(Some(Body::Multipart(Box::new(body))));
        }
        let form = self.form.map(|fields| {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.value.clone(), value.clone()));
            Body::Form(fields.collect())
        });
        Ok((self.json.0.clone().map(Body::Json))
            .or(form)
            .or(self.xml.cloned().map(Body::Xml))
            .or(self.text.cloned().map(Body::Text)))
    }
}
