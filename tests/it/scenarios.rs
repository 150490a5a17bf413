//! Five changes of a list of 1,000 products that tools like to miscount: the true count, with the key
//! found and not told.

use cutover::compare::{Comparison, Rules, Standing, compare};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;
use cutover::results::{Difference, Kind};

const COUNT: usize = 1_000;

#[derive(Debug, Clone)]
struct Product {
    id: usize,
    price: usize,
    active: bool,
}

impl Product {
    /// Eight scalar leaves and three tags.
    fn json(&self) -> String {
        let Self { id, price, active } = self;
        let (a, b, c) = (id % 7, id % 11, id % 13);
        format!(
            r#"{{"id":{},"sku":"SKU-{id:06}","name":"Product {id}","price":{price}.5,"stock":{},"active":{active},"category":"c{a}","updated":"2026-01-{:02}T00:00:00Z","tags":["t{a}","t{b}","t{c}"]}}"#,
            100_000 + id,
            id % 97,
            id % 28 + 1
        )
    }
}

fn products() -> Vec<Product> {
    let product = |id| Product {
        id,
        price: id % 500,
        active: id % 3 == 0,
    };
    (0..COUNT).map(product).collect()
}

fn list(products: &[Product]) -> Response {
    let items: Vec<String> = products.iter().map(Product::json).collect();
    let media = ("content-type".to_owned(), b"application/json".to_vec());
    let body = format!(r#"{{"items":[{}]}}"#, items.join(","));
    Response::plain(200, Headers(vec![media]), body.into())
}

/// Each one elsewhere, the same way each time.
fn shuffled(mut products: Vec<Product>) -> Vec<Product> {
    let mut state = 7_usize;
    for at in (1..products.len()).rev() {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        products.swap(at, state % (at + 1));
    }
    products
}

fn compared(new: &[Product]) -> Comparison {
    let answers = Pair::new(list(&products()), list(new));
    let platforms = Pair::both(Platform::generic());
    compare(
        answers.as_ref(),
        &Rules::default(),
        &Standing::default(),
        platforms,
    )
}

/// Whether the order is another, and the differences beside that: kinds and the last names of paths.
fn counted(found: &Comparison) -> (bool, usize, Vec<String>) {
    let order = |d: &&Difference| d.kind == Kind::Order;
    let rest: Vec<&Difference> = found.differences.iter().filter(|d| !order(d)).collect();
    let mut sorts: Vec<String> = rest
        .iter()
        .map(|d| {
            format!(
                "{} {}",
                d.path.rsplit('.').next().unwrap_or_default(),
                d.kind
            )
        })
        .collect();
    sorts.sort();
    sorts.dedup();
    let orders = found.differences.iter().filter(order).count();
    assert!(orders <= 1);
    (orders == 1, rest.len(), sorts)
}

fn is(new: &[Product], order: bool, count: usize, sorts: &[&str]) {
    let found = compared(new);
    let sorts: Vec<String> = sorts.iter().map(|sort| (*sort).to_owned()).collect();
    assert_eq!(counted(&found), (order, count, sorts));
    // What equal ends tell needs no key.
    let pinned = found
        .hints
        .iter()
        .any(|hint| hint == r#"keyed: { "$.items": id }"#);
    assert_eq!(pinned, order, "{:?}", found.hints);
}

fn dearer(products: &mut [Product], every: usize) {
    for product in products.iter_mut().step_by(every) {
        product.price += 1;
    }
}

#[test]
fn a_tenth_of_the_values_changed() {
    let mut new = products();
    dearer(&mut new, 10);
    is(&new, false, 100, &["price value"]);
}

#[test]
fn one_element_inserted_at_the_head() {
    let mut new = products();
    new.insert(
        0,
        Product {
            id: 5_000,
            price: 1,
            active: true,
        },
    );
    is(&new, false, 1, &["items[0] extra-element"]);
}

#[test]
fn shuffled_and_nothing_else() {
    is(&shuffled(products()), true, 0, &[]);
}

#[test]
fn shuffled_and_a_tenth_of_the_values_changed() {
    let mut new = shuffled(products());
    dearer(&mut new, 10);
    is(&new, true, 100, &["price value"]);
}

#[test]
fn shuffled_and_a_hundredth_of_the_flags_turned() {
    let mut new = shuffled(products());
    for product in new.iter_mut().step_by(100) {
        product.active = !product.active;
    }
    is(&new, true, 10, &["active value"]);
}
