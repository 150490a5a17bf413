//! The data that the backend starts with: the same in every run.

use crate::mock::json::{Json, object};

/// Price in cents and name of each article.
pub(super) const ARTICLES: &[(&str, u64, &str)] = &[
    ("A-1", 625, "Bolt M8"),
    ("B-2", 1999, "Hinge, brass"),
    ("C-3", 10, "Washer"),
];

/// Id, name and e-mail address of each customer.
pub(super) const CUSTOMERS: &[(&str, &str, &str)] = &[
    ("cus-17", "Ada Ndiaye", "ada@example.com"),
    ("cus-18", "Bo Lindqvist", "bo@example.com"),
    ("cus-19", "Chandra Perera", "chandra@example.com"),
];

/// Reference, customer, article, quantity, status.
const ORDERS: &[(&str, &str, &str, u64, &str)] = &[
    ("A-1001", "cus-17", "A-1", 2, "open"),
    ("A-1002", "cus-18", "B-2", 1, "paid"),
    ("A-1003", "cus-17", "C-3", 500, "shipped"),
    ("A-1004", "cus-19", "A-1", 12, "open"),
    ("A-1005", "cus-18", "B-2", 3, "cancelled"),
    ("A-1006", "cus-19", "C-3", 40, "paid"),
    ("A-1007", "cus-17", "B-2", 7, "open"),
];

/// A number of the first size that a double-precision float cannot hold.
const LEDGER: u64 = 9_007_199_254_740_993;

/// The orders of the seed.
pub(super) fn orders() -> Vec<Json> {
    let mut made = Vec::new();
    for (day, (reference, customer, sku, quantity, status)) in (1_u64..).zip(ORDERS) {
        let price = price_of(sku).unwrap_or_default();
        let id = format!("ord-{}", 1000 + day);
        let created = format!("2026-01-{day:02}T09:30:00Z");
        let mut order = order(&id, reference, customer, sku, *quantity, price, &created);
        order.set("status", Json::from(*status));
        order.set("ledger", Json::from(LEDGER + 2 * (day - 1)));
        made.push(order);
    }
    made
}

/// An order that is open. Amounts are in cents.
pub(super) fn order(
    id: &str,
    reference: &str,
    customer: &str,
    sku: &str,
    quantity: u64,
    price: u64,
    created: &str,
) -> Json {
    object! {
        "id" => id,
        "ref" => reference,
        "status" => "open",
        "customer" => customer,
        "sku" => sku,
        "quantity" => quantity,
        "price" => amount(price),
        "total" => amount(price.saturating_mul(quantity)),
        "currency" => "EUR",
        "ledger" => LEDGER,
        "note" => Json::Null,
        "createdAt" => created,
    }
}

/// The price of an article, in cents.
pub(super) fn price_of(sku: &str) -> Option<u64> {
    let found = ARTICLES.iter().find(|(known, _, _)| *known == sku);
    found.map(|(_, price, _)| *price)
}

/// An amount with its two decimals: 1250 cents are `12.50`.
pub(super) fn amount(cents: u64) -> Json {
    Json::number(format_args!("{}.{:02}", cents / 100, cents % 100))
}
