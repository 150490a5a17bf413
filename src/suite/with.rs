//! [`WithDoc`]: the settings of a probe, as they are written.

use crate::config::TimeSpan;
use crate::probe::{Forge, Grow, Setting};
use crate::request_line::RequestLine;
use crate::source::{Span, Spanned, document};

document! {
    /// The settings of a probe; each probe has its own.
    pub struct WithDoc is "the settings of a probe" {
        /// The request that it sends to the API, with GET, HEAD or OPTIONS; GET / if not given.
        optional request: Option<Spanned<RequestLine>>,
        /// revocation, expiry, cross-acceptance: the longest wait.
        optional within: Option<Spanned<TimeSpan>>,
        /// expiry, cross-acceptance: the time by which clocks may differ; 60s if not given.
        optional leeway: Option<Spanned<TimeSpan>>,
        /// header-limit: what grows; `token` if not given.
        optional grow: Option<Spanned<Grow>>,
        /// tampered-token: what is forged; `token` if not given.
        optional forge: Option<Spanned<Forge>>,
        /// cors: the origin of your pages; `https://app.example.com` if not given.
        optional origin: Option<Spanned<String>>,
        /// cors: an origin that should not be allowed; `https://foreign.example` if not given.
        optional foreign_origin: Option<Spanned<String>>,
        /// cors: the method that your pages use; that of the request if not given.
        optional method: Option<Spanned<String>>,
        /// cors: the request headers that your pages set; `authorization` and `content-type` if not given.
        optional headers: Option<Spanned<Vec<String>>>,
        /// throttle: the requests that pass in a window, 5 to 200.
        optional limit: Option<Spanned<u32>>,
        /// throttle: the length of a window; 1m if not given.
        optional per: Option<Spanned<TimeSpan>>,
        /// refresh-rotation: whether the refresh token is used twice at once, not one after the other.
        optional parallel: Option<Spanned<bool>>,
        /// refresh-rotation: the credential whose client sends the refresh token, which was given to another one.
        optional client: Option<Spanned<String>>,
    }
}

impl WithDoc {
    /// The settings that are given, and where.
    pub(super) fn given(&self) -> Vec<(Setting, Span)> {
        let span = |setting: Setting, span: Option<Span>| span.map(|span| (setting, span));
        let all = [
            span(Setting::Request, self.request.as_ref().map(|v| v.span)),
            span(Setting::Within, self.within.as_ref().map(|v| v.span)),
            span(Setting::Leeway, self.leeway.as_ref().map(|v| v.span)),
            span(Setting::Grow, self.grow.as_ref().map(|v| v.span)),
            span(Setting::Forge, self.forge.as_ref().map(|v| v.span)),
            span(Setting::Origin, self.origin.as_ref().map(|v| v.span)),
            span(
                Setting::ForeignOrigin,
                self.foreign_origin.as_ref().map(|v| v.span),
            ),
            span(Setting::Method, self.method.as_ref().map(|v| v.span)),
            span(Setting::Headers, self.headers.as_ref().map(|v| v.span)),
            span(Setting::Limit, self.limit.as_ref().map(|v| v.span)),
            span(Setting::Per, self.per.as_ref().map(|v| v.span)),
            span(Setting::Parallel, self.parallel.as_ref().map(|v| v.span)),
            span(Setting::Client, self.client.as_ref().map(|v| v.span)),
        ];
        all.into_iter().flatten().collect()
    }
}
