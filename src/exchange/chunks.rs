//! A body that does not say its length: `Transfer-Encoding: chunked` on HTTP/1.1 (RFC 9112 section 7.1), frames
//! without a Content-Length on HTTP/2 (RFC 9113 section 8.1).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use reqwest::header::{HeaderMap, TRANSFER_ENCODING};

/// Pieces that are still to be sent.
#[derive(Debug)]
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// A body in two pieces, so that whoever reads the first for the whole is found out.
pub(super) fn in_chunks(mut body: Bytes) -> reqwest::Body {
    let second = body.split_off(body.len() / 2);
    let pieces = [body, second].into_iter().filter(|piece| !piece.is_empty());
    reqwest::Body::wrap(Pieces(pieces.collect()))
}

/// Takes `Transfer-Encoding: chunked` out of headers, and tells whether it was there: the HTTP stack writes it.
pub(super) fn takes_chunks(headers: &mut HeaderMap) -> bool {
    headers.remove(TRANSFER_ENCODING).is_some()
}
