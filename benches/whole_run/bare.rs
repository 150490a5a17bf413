//! The loop that `cutover` is compared with: the same requests, as many at a time, bytes compared, and
//! nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue};

use crate::place::bearer;

/// Asks both sides for `count` answers and prints how many pairs differ.
pub(crate) fn run(sides: [&str; 2], path: &str, count: usize, jobs: usize) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{}", runtime.block_on(all(sides, path, count, jobs)));
}

async fn all(sides: [&str; 2], path: &str, count: usize, jobs: usize) -> usize {
    let clients = ["old", "new"].map(client);
    let next = Arc::new(AtomicUsize::new(1));
    let urls = sides.map(|side| format!("{side}{path}"));
    let crew: Vec<_> = (0..jobs)
        .map(|_| {
            tokio::spawn(worker(
                clients.clone(),
                urls.clone(),
                Arc::clone(&next),
                count,
            ))
        })
        .collect();
    let mut different = 0;
    for worker in crew {
        different += worker.await.expect("a worker");
    }
    different
}

fn client(side: &str) -> Client {
    let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
    let headers = [
        (AUTHORIZATION, value(&format!("Bearer {}", bearer(side)))),
        (ACCEPT, value("*/*")),
        (ACCEPT_ENCODING, value("gzip")),
    ];
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .default_headers(HeaderMap::from_iter(headers))
        .build()
        .expect("a client")
}

async fn worker(
    clients: [Client; 2],
    urls: [String; 2],
    next: Arc<AtomicUsize>,
    count: usize,
) -> usize {
    let mut different = 0;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number > count {
            return different;
        }
        let ask = async |side: usize| {
            let url = format!("{}/{number}", urls[side]);
            let answer = clients[side].get(url).send().await.expect("an answer");
            answer.bytes().await.expect("a body")
        };
        let (old, new) = tokio::join!(ask(0), ask(1));
        different += usize::from(old != new);
    }
}
