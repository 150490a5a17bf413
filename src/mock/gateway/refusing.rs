//! What a gateway answers by itself: faults, with the headers that go with them.

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};
use crate::mock::document::{FaultDoc, FaultStyle, Situation, WrongMethod};
use crate::mock::gateway::faults::{self, Filling, Layer};
use crate::mock::gateway::throttle::Count;
use crate::mock::gateway::{Gateway, add};
use crate::mock::habits::{CountedBy, Level};

impl Gateway {
    /// What is above a limit. The router knows one code for every limit, API Manager and the enforcer one for
    /// each level.
    pub(super) fn throttled(&self, count: &Count<'_>, call: &Call) -> Answer {
        let (level, next) = (count.level, count.next_access());
        let situation = match (self.style, count.by) {
            (FaultStyle::ChoreoJson, CountedBy::Enforcer) => Situation::QuotaExceeded,
            _ => Situation::Throttled,
        };
        let by_level = matches!(self.style, FaultStyle::Wso2Xml | FaultStyle::Wso2Apim4)
            || situation == Situation::QuotaExceeded;
        self.fault_of(situation, call, ("", &next), |text| {
            if !by_level || level == Level::Api {
                return;
            }
            level.code().clone_into(&mut text.code);
            if let Some((status, message, description)) = level.words() {
                text.status = status;
                message.clone_into(&mut text.message);
                description.clone_into(&mut text.description);
            }
        })
    }

    /// The answer of the gateway itself in a situation.
    pub(crate) fn fault(&self, situation: Situation, call: &Call, token: &str) -> Answer {
        self.fault_of(situation, call, (token, ""), |_| ())
    }

    fn fault_of(
        &self,
        situation: Situation,
        call: &Call,
        (token, next_access): (&str, &str),
        change: impl FnOnce(&mut FaultDoc),
    ) -> Answer {
        let doc = self.doc.as_ref();
        let mut text = doc.and_then(|doc| doc.texts.get(situation.word())).cloned();
        if let Some(text) = &mut text {
            change(text);
        }
        let filling = Filling {
            base: &self.base,
            path: &call.path,
            token,
            next_access,
        };
        let style = match doc {
            Some(doc) if doc.pages.contains(&situation) => FaultStyle::Page,
            _ => self.style,
        };
        let mut answer = faults::fault(style, situation, text.as_ref(), call, filling);
        if let Some(text) = &text {
            add(&text.headers, &mut answer.headers);
        }
        if situation == Situation::WrongMethod {
            match doc.and_then(|doc| doc.wrong_method) {
                Some(WrongMethod::NotFound) => answer.status = 404,
                Some(WrongMethod::NotAllowed) => answer.status = 405,
                None => {}
            }
        }
        if doc.is_some_and(|doc| doc.echo_headers) {
            echo(call, &mut answer.headers);
        }
        if let (Some(doc), Layer::Security) = (doc, situation.layer()) {
            add(&doc.refusal_headers, &mut answer.headers);
            if let Some(media_type) = &doc.refusal_type {
                answer.headers.set("Content-Type", media_type.as_bytes());
            }
            let challenged = self.style == FaultStyle::ChoreoJson || answer.status == 401;
            if let (Some(challenge), true) = (&doc.challenge, challenged) {
                answer.headers.set("WWW-Authenticate", challenge.as_bytes());
            }
        }
        answer
    }
}

/// Headers of the request that some updates of API Manager send back with their own errors
/// (wso2/api-manager#4770).
fn echo(call: &Call, to: &mut Headers) {
    let sent_back = [
        "Origin",
        "Accept",
        "Host",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
    ];
    for name in sent_back {
        if let Some(value) = call.headers.text(name) {
            to.set(name, value);
        }
    }
}
