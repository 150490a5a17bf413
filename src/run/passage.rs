//! [`Passage`]: a side that takes the calls of a client program, with a token of its own.

use std::sync::Arc;

use secrecy::ExposeSecret as _;

use super::session::{Session, SideSession};
use crate::client::{Passed, Passing, RealSide, Trouble};
use crate::exchange::{Answer, Failure, FailureCause};
use crate::message::{Headers, Packing, Request, Response};
use crate::mock::{Admitted, Relayed, end_to_end};
use crate::pair::Side;
use crate::results::{Phase, Reason};
use crate::suite::check_target;
use crate::token::{Placement, Token, carry};

/// Methods that change nothing (RFC 9110 section 9.2.1), as suites take them.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
/// Fields of a program's call that are the double's business: whom it called, with whose token, and
/// what packing it takes.
const NOT_PASSED: [&str; 3] = ["host", "authorization", "accept-encoding"];

/// A side that takes the calls of a client program.
#[derive(Debug)]
pub struct Passage {
    /// The sides, ready; its options say whether writes are sent.
    pub session: Arc<Session>,
    /// The side.
    pub side: Side,
    /// The API whose base path is put in front.
    pub api: Option<String>,
    /// The credential whose token goes along.
    pub token: Option<String>,
}

impl RealSide for Passage {
    fn pass(&self, admitted: Admitted) -> Passing<'_> {
        Box::pin(async move {
            if !SAFE.contains(&admitted.method.as_str()) && !self.session.options.writes {
                return self.withheld(&admitted);
            }
            match self.asked(&admitted).await {
                Ok(answer) => self.answered(&admitted, answer.response),
                Err(failure) => self.failed(&failure),
            }
        })
    }
}

impl Passage {
    fn here(&self) -> &SideSession {
        &self.session.sides[self.side]
    }

    /// Asks with the side's token; once more with a new one where that is refused.
    async fn asked(&self, admitted: &Admitted) -> Result<Answer, Failure> {
        let here = self.here();
        let token = match &self.token {
            Some(name) => here.wallet.get(name).await?,
            None => None,
        };
        let request = self.request(admitted, token.as_deref())?;
        let answer = here.target.send(&request, here.timeout).await?;
        let (401, Some(name), Some(token)) = (answer.response.status, &self.token, token) else {
            return Ok(answer);
        };
        let Some(fresh) = here.wallet.replace(name, &token).await? else {
            return Ok(answer);
        };
        let request = self.request(admitted, Some(&fresh))?;
        here.target.send(&request, here.timeout).await
    }

    fn request(&self, admitted: &Admitted, token: Option<&Token>) -> Result<Request, Failure> {
        let here = self.here();
        let base = here.base(self.api.as_deref());
        if let Err(changed) = check_target(&base, &admitted.target) {
            let message = format!(
                "{} {} cannot be sent as it is: {}",
                admitted.method, admitted.target, changed.why
            );
            return Err(Failure::new(Phase::Send, FailureCause::Connect, message));
        }
        let mut headers = admitted.headers.clone();
        for name in NOT_PASSED {
            headers.remove(name);
        }
        for (name, value) in &here.headers {
            headers.set(name, value.as_bytes());
        }
        let mut request = Request {
            method: admitted.method.clone(),
            url: format!("{base}{}", admitted.target),
            headers,
            body: admitted.body.clone(),
        };
        let credential = self
            .token
            .as_ref()
            .and_then(|name| here.wallet.credential(name));
        if let (Some(credential), Some(token)) = (credential, token) {
            if let Placement::Header { name, .. } = &credential.placement {
                request.headers.remove(name);
            }
            let value = (token.side, token.value.expose_secret());
            carry(
                &mut request,
                &here.target,
                value,
                &credential.placement,
                None,
            )?;
        }
        Ok(request)
    }

    fn answered(&self, admitted: &Admitted, response: Response) -> Passed {
        let side = self.side;
        let trouble = match response.status {
            401 => Some((
                Reason::Token,
                format!("the {side} side answered 401 to a call with its own token"),
            )),
            429 => Some((
                Reason::Throttled,
                format!("the {side} side answered 429: it takes no more calls at present"),
            )),
            _ => None,
        };
        Passed {
            answer: relayed(response, admitted, &self.here().base(self.api.as_deref())),
            trouble: trouble.map(|(reason, message)| Trouble { reason, message }),
        }
    }

    /// A write without both keys: the program is told, and nothing was sent.
    fn withheld(&self, admitted: &Admitted) -> Passed {
        let Admitted { method, target, .. } = admitted;
        let path = target.split('?').next().unwrap_or_default();
        let message = format!(
            "{method} {path} was not passed on to the {} side: writes need --allow-writes, and `writes: \
             allowed` of both sides in the pair file",
            self.side
        );
        instead(403, Reason::WritesWithheld, &message)
    }

    fn failed(&self, failure: &Failure) -> Passed {
        let message = format!(
            "the {} side could not be asked: {}",
            self.side, failure.message
        );
        let message = self.session.secrets.text(&message);
        instead(502, failure.reason(), &message)
    }
}

/// An answer in place of that of the side.
fn instead(status: u16, reason: Reason, message: &str) -> Passed {
    let body = serde_json::json!({ "error": "cutover", "message": message });
    let media_type = ("Content-Type".to_owned(), b"application/json".to_vec());
    Passed {
        answer: Relayed {
            status,
            headers: Headers(vec![media_type]),
            body: body.to_string().into(),
            length: None,
        },
        trouble: Some(Trouble {
            reason,
            message: message.to_owned(),
        }),
    }
}

/// What came, as the program gets it: unpacked, and with its own address where it is sent on to the side's.
fn relayed(response: Response, admitted: &Admitted, base: &str) -> Relayed {
    let mut headers = end_to_end(&response.headers);
    if matches!(response.packing, Packing::Unpacked(_)) {
        headers.remove("content-encoding");
    }
    for (name, value) in &mut headers.0 {
        let is_place = ["location", "content-location"]
            .iter()
            .any(|place| name.eq_ignore_ascii_case(place));
        if let Some(below) = value.strip_prefix(base.as_bytes()).filter(|_| is_place) {
            *value = [admitted.address.as_bytes(), below].concat();
        }
    }
    Relayed {
        status: response.status,
        headers,
        length: response.headers.text("content-length"),
        body: response.body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_sent_on_stays_at_the_double() {
        let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        let headers = Headers(vec![
            field("location", "https://gw.example.com/shop/orders/7"),
            field("connection", "close"),
            field("content-encoding", "gzip"),
            field("x-link", "https://gw.example.com/shop/orders/8"),
        ]);
        let mut response = Response::plain(201, headers, "{}".into());
        response.packing = Packing::Unpacked("gzip".to_owned());
        let admitted = Admitted {
            method: "POST".to_owned(),
            target: "/orders".to_owned(),
            headers: Headers::default(),
            body: "".into(),
            address: "http://127.0.0.1:4000/api".to_owned(),
        };
        let answer = relayed(response, &admitted, "https://gw.example.com/shop");
        let wanted = [
            field("location", "http://127.0.0.1:4000/api/orders/7"),
            field("x-link", "https://gw.example.com/shop/orders/8"),
        ];
        assert_eq!(answer.headers.0, wanted);
    }
}
