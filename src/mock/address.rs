//! Where a double listens, and how it speaks there.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::mock::document::{ChangeDoc, Framing, HeaderNames, HttpVersion, Tls};
use crate::mock::double::Double;
use crate::mock::doubles::StartError;
use crate::mock::engine::Engine;
use crate::mock::habits::{FurtherListenDoc, TlsVersion};
use crate::mock::listener::tls::Keys;
use crate::mock::listener::{Manner, Records};

/// The address of a listener itself, then the further ones.
pub(super) fn addresses(double: &Double) -> Vec<FurtherListenDoc> {
    let doc = double.doc.listen.as_ref();
    let first = FurtherListenDoc {
        port: doc.map_or(0, |doc| doc.port),
        tls: doc.and_then(|doc| doc.tls),
        http: doc.map(|doc| doc.http.clone()).unwrap_or_default(),
        tls_versions: doc.map(|doc| doc.tls_versions.clone()).unwrap_or_default(),
    };
    let further = doc.map(|doc| doc.also.clone()).unwrap_or_default();
    std::iter::once(first).chain(further).collect()
}

/// Certificates and keys, where any address uses TLS.
pub(super) fn keys(
    double: &Double,
    change: Option<&ChangeDoc>,
    listen: IpAddr,
) -> Result<Option<Keys>, StartError> {
    let secure = |further: &FurtherListenDoc| !matches!(further.tls, None | Some(Tls::None));
    if !addresses(double).iter().any(secure) {
        return Ok(None);
    }
    let names = double.doc.listen.iter().flat_map(|doc| doc.names.iter());
    let names = names.map(|(_, name)| name.clone());
    let days = change.and_then(|change| change.certificate_days);
    Keys::make(listen, names.collect(), days)
        .map(Some)
        .map_err(|_| unmade(double))
}

/// The versions of TLS that are spoken at an address: those of a defect, of the address itself, or of the first.
pub(super) fn tls_versions(
    double: &Double,
    change: Option<&ChangeDoc>,
    further: &FurtherListenDoc,
) -> Vec<TlsVersion> {
    let changed = change.map_or(&[][..], |change| &change.tls);
    let first = double.doc.listen.iter().flat_map(|doc| &doc.tls_versions);
    let first: Vec<TlsVersion> = first.copied().collect();
    let said = [changed, &further.tls_versions, &first];
    let said = said.into_iter().find(|versions| !versions.is_empty());
    said.unwrap_or_default().to_vec()
}

pub(super) fn unmade(double: &Double) -> StartError {
    StartError::Keys {
        name: double.name().to_owned(),
    }
}

pub(super) async fn bind(
    double: &Double,
    wanted: SocketAddr,
) -> Result<(SocketAddr, TcpListener), StartError> {
    let bound = TcpListener::bind(wanted).await;
    let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
    bound.map_err(|source| StartError::Listen {
        name: double.name().to_owned(),
        address: wanted,
        source,
    })
}

/// How a double speaks at an address, before TLS.
pub(super) fn manner(
    double: &Double,
    further: &FurtherListenDoc,
    upstream: SocketAddr,
    records: &Arc<Records>,
    engine: &Arc<Engine>,
) -> Manner {
    let gateway = double.doc.gateway.as_ref();
    Manner {
        upstream,
        versions: versions(&further.http),
        names: gateway
            .and_then(|gateway| gateway.header_names)
            .unwrap_or(HeaderNames::AsWritten),
        framing: gateway
            .and_then(|gateway| gateway.framing)
            .unwrap_or(Framing::Length),
        tls: None,
        records: Arc::clone(records),
        engine: Arc::clone(engine),
        behind: None,
    }
}

fn versions(spoken: &[HttpVersion]) -> Vec<HttpVersion> {
    match spoken {
        [] => vec![HttpVersion::Http11, HttpVersion::Http2],
        versions => versions.to_vec(),
    }
}
