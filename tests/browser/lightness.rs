//! Pages are light, and everything on them comes from here.

use serde_json::Value;

use crate::{browser::Browser, city::City, places};

/// Bytes that a public page may take, with all that it needs.
const MOST: u64 = 60 * 1024;

/// What the page on display has fetched: addresses and bytes on the wire.
const FETCHED: &str = "
    return performance.getEntriesByType('navigation')
      .concat(performance.getEntriesByType('resource'))
      .map((e) => ({ url: e.name, bytes: e.encodedBodySize }));";

#[tokio::test(flavor = "multi_thread")]
async fn public_pages_are_light_and_ask_nobody_else() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    let made = places::furnish(&city).await;
    let home = city.url("/");
    let mut faults = Vec::new();
    for place in places::public(&city, &made).await {
        browser.goto(&city.url(&place.path)).await;
        browser.find("html.js").await;
        let fetched = browser.run(FETCHED, vec![]).await;
        let fetched = fetched.as_array().expect("what was fetched");
        let bytes: u64 = fetched.iter().filter_map(|f| f["bytes"].as_u64()).sum();
        println!("{}: {} bytes in {} requests", place.name, bytes, fetched.len());
        let style = fetched.iter().find(|f| said(f).contains("/static/yangguang.css"));
        let weighed = style.and_then(|f| f["bytes"].as_u64()).unwrap_or_default();
        assert!(weighed > 1_000, "the style sheet is weighed, too: {fetched:?}");
        if bytes > MOST {
            faults.push(format!("{} weighs {bytes} bytes", place.name));
        }
        let foreign = fetched.iter().map(said).filter(|url| !url.starts_with(&home));
        faults.extend(foreign.map(|url| format!("{} asks {url}", place.name)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn said(fetched: &Value) -> &str {
    fetched["url"].as_str().unwrap_or_default()
}
