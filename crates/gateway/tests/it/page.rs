//! What the page asks the gateway itself.

use crate::harness::{ask, gateway, get};

#[tokio::test]
async fn the_ping_gives_the_nonce_back() {
    let gateway = gateway("").await;
    let result = get(gateway, "/gw/_ping?nonce=a-1_Z").await;
    assert_eq!((result.status, result.header("x-gx-ping")), (204, "a-1_Z"));
    assert_eq!(get(gateway, "/gw/_ping?nonce=%3Cb%3E").await.header("x-gx-ping"), "");
    assert_eq!(ask(gateway, "GET", "/gw/_ping", "Sec-Fetch-Site: cross-site", "").await.status, 403);
}

#[tokio::test]
async fn the_list_of_archives_is_in_the_operators_order() {
    let config = "[sandbox]\nenabled = false\n[[archive]]\nid = \"b\"\ntitle = \"B\"\nurl = \"https://b.example/tap\"\n\
        capabilities = { tap_plus = false }\nnote = \"slow on Mondays\"\n\
        [[archive]]\nid = \"a\"\ntitle = \"A\"\npublic_url = \"https://a.example\"\ntap = \"/x/tap\"\ndata = \"/d\"\n\
        transport = \"direct\"\n";
    let gateway = gateway(config).await;
    let result = get(gateway, "/archives.json").await;
    assert_eq!(result.header("content-type"), "application/json");
    let expected = serde_json::json!([
        { "id": "b", "title": "B", "public_url": "https://b.example", "tap": "/tap", "data": null,
          "transport": "gateway", "prefixes": ["/tap", "/__system__/tap/run"],
          "capabilities": { "tap_plus": false }, "note": "slow on Mondays" },
        { "id": "a", "title": "A", "public_url": "https://a.example", "tap": "/x/tap", "data": "/d",
          "transport": "direct", "prefixes": ["/x/tap", "/d"], "capabilities": {} },
    ]);
    assert_eq!(result.json(), expected);
    // A page may only be sent to those hosts that the operator listed for it.
    let policy = get(gateway, "/").await.header("content-security-policy").to_owned();
    assert!(policy.contains("connect-src 'self' https://a.example;"), "{policy}");
}
