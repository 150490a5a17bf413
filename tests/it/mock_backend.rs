//! The backend of the shipped doubles: orders that live, pages, packing.

use serde_json::json;

use crate::mock_gateway::ready;

#[tokio::test]
async fn an_order_lives_from_creation_to_deletion() {
    let ready = ready().await;
    for (side, base) in [("old", &ready.old), ("new", &ready.new)] {
        let call = async |method: &str, path: &str, body: &str| match side {
            "old" => ready.ask_old(method, path, &[], body).await,
            _ => ready.ask_new(method, path, &[], body).await,
        };
        let body = format!(r#"{{"sku":"A-1","quantity":2,"ref":"test-{side}"}}"#);
        let made = call("POST", "/orders", &body).await;
        assert_eq!(made.status, 201);
        let id = made.member("id");
        let own = format!("{base}/orders/{id}");
        assert_eq!(made.header("location"), Some(own.as_str()));
        assert_eq!(made.json()["links"]["self"], own);
        assert!(made.body.contains(r#""price":6.25,"total":12.50,"#));
        let twice = call("POST", "/orders", &body).await;
        assert_eq!(
            (twice.status, twice.member("error").as_str()),
            (409, "conflict")
        );
        let path = format!("/orders/{id}");
        let changed = call("PUT", &path, r#"{"quantity":3,"status":"paid"}"#).await;
        assert_eq!(changed.status, 200);
        assert!(changed.body.contains(r#""total":18.75"#));
        assert_eq!(call("GET", &path, "").await.member("status"), "paid");
        let gone = call("DELETE", &path, "").await;
        assert_eq!((gone.status, gone.body.as_str()), (204, ""));
        assert_eq!(call("GET", &path, "").await.status, 404);
        assert_eq!(call("DELETE", &path, "").await.status, 404);
    }
    // One backend: what one side made, the other sees.
    let made = ready
        .ask_old("POST", "/orders", &[], r#"{"sku":"C-3","quantity":1}"#)
        .await;
    let path = format!("/orders/{}", made.member("id"));
    assert_eq!(ready.ask_new("GET", &path, &[], "").await.status, 200);
    ready.doubles.stop().await;
}

#[tokio::test]
async fn bad_orders_are_told_what_is_wrong() {
    let ready = ready().await;
    let got = ready
        .ask_new("POST", "/orders", &[], r#"{"sku":"Z-9","quantity":1.5}"#)
        .await;
    assert_eq!(got.status, 422);
    assert_eq!(
        got.json(),
        json!({"error": "validation", "violations": [
            {"field": "sku", "message": "must be a known article"},
            {"field": "quantity", "message": "must be a whole number above 0"}
        ]})
    );
    assert_eq!(ready.ask_new("POST", "/orders", &[], "{").await.status, 400);
    assert_eq!(
        ready
            .ask_new("GET", "/orders?limit=x", &[], "")
            .await
            .status,
        400
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn lists_have_pages_with_links_of_their_own_side() {
    let ready = ready().await;
    for (got, base) in [
        (
            ready
                .ask_old("GET", "/orders?limit=2&offset=2", &[], "")
                .await,
            &ready.old,
        ),
        (
            ready
                .ask_new("GET", "/orders?limit=2&offset=2", &[], "")
                .await,
            &ready.new,
        ),
    ] {
        let refs: Vec<_> = got.json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["ref"].clone())
            .collect();
        assert_eq!(refs, ["A-1003", "A-1004"]);
        assert_eq!(got.json()["total"], 7);
        let link = format!("<{base}/orders?limit=2&offset=4>; rel=\"next\"");
        assert_eq!(got.header("link"), Some(link.as_str()));
    }
    let last = ready
        .ask_old("GET", "/orders?limit=2&offset=6", &[], "")
        .await;
    assert_eq!(last.header("link"), None);
    let open = ready.ask_old("GET", "/orders?status=open", &[], "").await;
    assert_eq!(open.json()["total"], 3);
    let found = ready
        .ask_new(
            "POST",
            "/orders/search",
            &[],
            r#"{"status":"open","sku":"A-1"}"#,
        )
        .await;
    assert_eq!(found.json()["total"], 2);
    let of_customer = ready
        .ask_new("GET", "/customers/cus-17/orders", &[], "")
        .await;
    assert_eq!(of_customer.json().as_array().map(Vec::len), Some(3));
    ready.doubles.stop().await;
}

#[tokio::test]
async fn numbers_leave_as_they_stand_in_the_data() {
    let ready = ready().await;
    let numbers =
        r#"{"fraction":12.50,"large":9007199254740993,"small":1e-7,"zero":0.0,"negative":-3}"#;
    assert_eq!(
        ready.ask_old("GET", "/numbers", &[], "").await.body,
        numbers
    );
    assert_eq!(
        ready.ask_new("GET", "/numbers", &[], "").await.body,
        numbers
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn an_entity_tag_saves_the_body_on_both_sides() {
    let ready = ready().await;
    let old = ready.ask_old("GET", "/orders/ord-1001", &[], "").await;
    let new = ready.ask_new("GET", "/orders/ord-1001", &[], "").await;
    let tag = old.header("etag").expect("a tag").to_owned();
    assert_eq!(new.header("etag"), Some(tag.as_str()));
    let known = [("if-none-match", tag.as_str())];
    for got in [
        ready.ask_old("GET", "/orders/ord-1001", &known, "").await,
        ready.ask_new("GET", "/orders/ord-1001", &known, "").await,
    ] {
        assert_eq!((got.status, got.body.as_str()), (304, ""));
        assert_eq!(got.header("etag"), Some(tag.as_str()));
    }
    ready.doubles.stop().await;
}

#[tokio::test]
async fn other_media_types_cookies_and_packing() {
    let ready = ready().await;
    let csv = ready.ask_new("GET", "/articles.csv", &[], "").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        csv.body
            .starts_with("sku,name,price\r\nA-1,\"Bolt M8\",6.25\r\n")
    );
    let xml = ready.ask_new("GET", "/articles.xml", &[], "").await;
    assert_eq!(xml.header("content-type"), Some("application/xml"));
    let empty = ready.ask_old("GET", "/health", &[], "").await;
    assert_eq!((empty.status, empty.body.as_str()), (204, ""));
    let session = ready.ask_new("GET", "/session", &[], "").await;
    let cookies = session.header("set-cookie").expect("cookies");
    assert!(cookies.starts_with("session=") && cookies.ends_with(" | theme=light; Path=/"));
    let gzip = [("accept-encoding", "gzip")];
    let packed = ready.ask_new("GET", "/packed", &gzip, "").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let plain = ready.ask_new("GET", "/packed", &[], "").await;
    assert_eq!(plain.header("content-encoding"), None);
    let first = ready.ask_new("GET", "/clock", &[], "").await;
    assert_ne!(
        first.body,
        ready.ask_new("GET", "/clock", &[], "").await.body
    );
    ready.doubles.stop().await;
}
