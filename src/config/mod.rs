//! The pair file: where each side lives, who we are there, and what holds for every suite.

mod check;
mod credential;
mod credential_check;
mod folder;
mod header;
mod interpolate;
mod load;
mod outside;
mod pair_file;
mod partial;
mod platforms;
mod target;
mod time_span;
mod tls_files;
mod url;
mod variable;

pub use credential::{
    BasicEncoding, ClientAlg, ClientAuth, CredentialDoc, Grant, OneText, PlacementDoc, SecretText,
    TokenTypeName, WordList,
};
pub use folder::{Folder, FolderError};
pub(crate) use header::check_header;
pub use load::{PairFile, PairInput, PairRead, UrlPair, load_pair, read_pair};
pub use pair_file::{ApiDoc, PairDoc};
pub(crate) use platforms::platform_name;
pub use platforms::platforms;
pub use target::{HttpVersion, TargetDoc, TlsDoc, WritesDoc};
pub use time_span::TimeSpan;
pub use url::{BaseUrl, EndpointUrl};
pub use variable::VarDoc;
