//! The operations on orders.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::seed::{amount, order, price_of};
use super::{Backend, Handler, Seen};
use crate::hex::hex;
use crate::mock::answer::Answer;
use crate::mock::json::{Json, object};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("GET /orders", list),
    ("POST /orders", create),
    ("POST /orders/search", search),
    ("GET /orders/{id}", read),
    ("PUT /orders/{id}", update),
    ("DELETE /orders/{id}", delete),
    ("GET /customers/{customer}/orders", of_customer),
];

/// Orders on a page where the request names no number.
const PAGE: usize = 50;

fn list(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let number = |name: &str, default: usize| match seen.call.param(name) {
        None => Some(default),
        Some(text) => text.parse().ok(),
    };
    let (Some(limit), Some(offset)) = (number("limit", PAGE), number("offset", 0)) else {
        return problem(400, "bad-request", "limit and offset are whole numbers");
    };
    let status = seen.call.param("status");
    let orders = backend.orders();
    let fitting: Vec<&Json> = orders
        .iter()
        .filter(|order| {
            status.is_none() || order.get("status").and_then(Json::text) == status.as_deref()
        })
        .collect();
    let items: Vec<Json> = fitting
        .iter()
        .skip(offset)
        .take(limit)
        .map(|order| (*order).clone())
        .collect();
    let next = offset.saturating_add(items.len());
    let body = object! {
        "total" => Json::number(fitting.len()),
        "limit" => Json::number(limit),
        "offset" => Json::number(offset),
        "items" => items,
    };
    let answer = Answer::json(200, &body);
    if next < fitting.len() && limit > 0 {
        let link = format!(
            "<{}/orders?limit={limit}&offset={next}>; rel=\"next\"",
            seen.address
        );
        return answer.with("Link", link);
    }
    answer
}

fn of_customer(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let customer = seen.part("customer");
    let orders = backend.orders();
    let items: Vec<Json> = orders
        .iter()
        .filter(|order| order.get("customer").and_then(Json::text) == Some(customer))
        .cloned()
        .collect();
    Answer::json(200, &Json::List(items))
}

fn search(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let Some(query) = body(seen) else {
        return not_json();
    };
    let wanted = |name: &str, order: &Json| {
        query
            .get(name)
            .is_none_or(|value| order.get(name) == Some(value))
    };
    let orders = backend.orders();
    let items: Vec<Json> = orders
        .iter()
        .filter(|order| {
            ["status", "sku", "customer"]
                .iter()
                .all(|name| wanted(name, order))
        })
        .cloned()
        .collect();
    Answer::json(
        200,
        &object! { "total" => Json::number(items.len()), "items" => items },
    )
}

fn create(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let Some(given) = body(seen) else {
        return not_json();
    };
    let (sku, quantity) = match validated(&given) {
        Ok(pair) => pair,
        Err(violations) => return invalid(violations),
    };
    let price = price_of(&sku).unwrap_or_default();
    let id = format!("ord-{}", Uuid::new_v4().simple());
    let reference = given.get("ref").and_then(Json::text).unwrap_or(&id);
    let customer = given
        .get("customer")
        .and_then(Json::text)
        .unwrap_or("cus-17");
    let mut orders = backend.orders();
    let taken = |order: &Json| order.get("ref").and_then(Json::text) == Some(reference);
    if orders.iter().any(taken) {
        return problem(409, "conflict", "an order with this ref exists");
    }
    let made = order(&id, reference, customer, &sku, quantity, price, &now());
    orders.push(made.clone());
    let location = format!("{}/orders/{id}", seen.address);
    shown(201, &made, seen).with("Location", location)
}

fn read(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let orders = backend.orders();
    let Some(order) = orders.iter().find(|order| is(order, seen)) else {
        return no_order();
    };
    let tag = entity_tag(order);
    let asked = seen.call.headers.text("if-none-match");
    if asked.is_some_and(|asked| asked.split(',').any(|one| one.trim() == tag)) {
        return Answer::empty(304).with("ETag", tag);
    }
    shown(200, order, seen)
}

fn update(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let Some(given) = body(seen) else {
        return not_json();
    };
    let mut orders = backend.orders();
    let Some(order) = orders.iter_mut().find(|order| is(order, seen)) else {
        return no_order();
    };
    if let Some(quantity) = given.get("quantity") {
        let Some(count) = whole(quantity) else {
            return invalid(vec![violation(
                "quantity",
                "must be a whole number above 0",
            )]);
        };
        let sku = order.get("sku").and_then(Json::text).unwrap_or_default();
        let price = price_of(sku).unwrap_or_default();
        order.set("quantity", Json::from(count));
        order.set("total", amount(price.saturating_mul(count)));
    }
    for name in ["status", "note"] {
        if let Some(value) = given.get(name) {
            order.set(name, value.clone());
        }
    }
    order.set("updatedAt", Json::from(now()));
    shown(200, order, seen)
}

fn delete(backend: &Backend, seen: &Seen<'_>) -> Answer {
    let mut orders = backend.orders();
    let before = orders.len();
    orders.retain(|order| !is(order, seen));
    if orders.len() == before {
        return no_order();
    }
    Answer::empty(204)
}

/// An order with the links of the side that asks, and its entity tag.
fn shown(status: u16, order: &Json, seen: &Seen<'_>) -> Answer {
    let id = order.get("id").and_then(Json::text).unwrap_or_default();
    let own = format!("{}/orders/{id}", seen.address);
    let mut body = order.clone();
    body.set("links", object! { "self" => own });
    Answer::json(status, &body).with("ETag", entity_tag(order))
}

/// A strong tag of what is stored: both sides give the same for the same order.
fn entity_tag(order: &Json) -> String {
    let digest = hex(&Sha256::digest(order.to_string().as_bytes()));
    format!("\"{}\"", digest.get(..16).unwrap_or_default())
}

fn is(order: &Json, seen: &Seen<'_>) -> bool {
    order.get("id").and_then(Json::text) == Some(seen.part("id"))
}

fn validated(given: &Json) -> Result<(String, u64), Vec<Json>> {
    let sku = given.get("sku").and_then(Json::text);
    let known = sku.is_some_and(|sku| price_of(sku).is_some());
    let quantity = given.get("quantity").and_then(whole);
    let mut violations = Vec::new();
    if !known {
        violations.push(violation("sku", "must be a known article"));
    }
    if quantity.is_none() {
        violations.push(violation("quantity", "must be a whole number above 0"));
    }
    match (sku, quantity) {
        (Some(sku), Some(quantity)) if known => Ok((sku.to_owned(), quantity)),
        _ => Err(violations),
    }
}

fn whole(value: &Json) -> Option<u64> {
    match value {
        Json::Number(text) => text.parse().ok().filter(|count| *count > 0),
        _ => None,
    }
}

fn body(seen: &Seen<'_>) -> Option<Json> {
    Json::parse(std::str::from_utf8(&seen.call.body).ok()?)
}

fn violation(field: &str, message: &str) -> Json {
    object! { "field" => field, "message" => message }
}

fn invalid(violations: Vec<Json>) -> Answer {
    Answer::json(
        422,
        &object! { "error" => "validation", "violations" => violations },
    )
}

fn not_json() -> Answer {
    problem(400, "bad-request", "the body is no JSON")
}

fn no_order() -> Answer {
    problem(404, "not-found", "there is no such order")
}

fn problem(status: u16, error: &str, message: &str) -> Answer {
    Answer::json(status, &object! { "error" => error, "message" => message })
}

/// The time with milliseconds: the same length each time.
pub(super) fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}
