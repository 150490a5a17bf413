//! Answers to browsers of other origins (the Fetch standard, section 3.2).

use crate::mock::answer::{Answer, Call};
use crate::mock::document::{AllowOrigin, CorsDoc};

/// The answer to a preflight, where the request is one. `declared` are the methods of the path.
pub(crate) fn preflight(cors: &CorsDoc, call: &Call, declared: &[&str]) -> Option<Answer> {
    if call.method != "OPTIONS" || !call.headers.has("access-control-request-method") {
        return None;
    }
    let Some(allowed) = allowed_origin(cors, call) else {
        // What the platform does otherwise is not certain: without `refused` it is any other OPTIONS.
        return cors.refused.map(Answer::empty);
    };
    let methods: Vec<&str> = cors
        .methods
        .iter()
        .map(String::as_str)
        // The literal `*` comes from the gateway that knows its resources, the echo from the one
        // that lists what is configured.
        .filter(|method| cors.allow_origin == AllowOrigin::Echo || declared.contains(method))
        .collect();
    Some(
        Answer::empty(200)
            .with("Access-Control-Allow-Origin", allowed)
            .with("Access-Control-Allow-Methods", methods.join(","))
            .with("Access-Control-Allow-Headers", cors.headers.join(",")),
    )
}

/// The answer to any other OPTIONS of a path that does not declare it, where the platform has one.
pub(crate) fn options(cors: &CorsDoc, call: &Call, declared: &[&str]) -> Option<Answer> {
    let answers = call.method == "OPTIONS" && cors.allow_origin == AllowOrigin::Echo;
    let allow = format!("OPTIONS, {}", declared.join(", "));
    answers.then(|| Answer::empty(204).with("Allow", allow))
}

/// Adds the headers of an ordinary answer.
pub(crate) fn decorate(cors: &CorsDoc, call: &Call, answer: &mut Answer) {
    let present = call.headers.has("origin");
    if !present && !cors.always {
        return;
    }
    let Some(allowed) = allowed_origin(cors, call) else {
        return;
    };
    match cors.allow_origin {
        // The gateway keeps what the backend says.
        AllowOrigin::Star if answer.headers.has("access-control-allow-origin") => {}
        AllowOrigin::Star => {
            answer.headers.set("Access-Control-Allow-Origin", allowed);
            answer
                .headers
                .set("Access-Control-Allow-Methods", cors.methods.join(","));
            answer
                .headers
                .set("Access-Control-Allow-Headers", cors.headers.join(","));
        }
        AllowOrigin::Echo => answer.headers.set("Access-Control-Allow-Origin", allowed),
    }
}

/// What Access-Control-Allow-Origin says to this request; `None` where its origin is not allowed.
fn allowed_origin(cors: &CorsDoc, call: &Call) -> Option<String> {
    let origin = call.headers.text("origin").unwrap_or_default();
    let listed = cors.origins.is_empty() || cors.origins.contains(&origin);
    match cors.allow_origin {
        _ if !listed => None,
        AllowOrigin::Star if cors.origins.is_empty() => Some("*".to_owned()),
        _ => (!origin.is_empty()).then_some(origin),
    }
}
