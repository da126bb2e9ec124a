//! What somebody types or imports never runs.

use serde_json::json;

use crate::{
    browser::Browser,
    city::{City, EDITOR, REVIEWER, id},
    places,
};

/// What would leave a mark if it ran, in the ways in which such things are tried.
const EVIL: &str = "<script>document.documentElement.dataset.evil='1'</script>\
    <img src=x onerror=\"document.documentElement.dataset.evil='2'\">\
    <a href=\"javascript:document.documentElement.dataset.evil='3'\" id=evil-link>办法</a>\
    <svg onload=\"document.documentElement.dataset.evil='4'\"></svg>";

/// Asserts that nothing of it is alive on the page.
async fn harmless(browser: &Browser, what: &str) {
    let alive = "
        const inside = (e) => e.closest('main');
        return [...document.querySelectorAll('script, [onerror], [onload], [href^=\"javascript:\"]')]
          .filter(inside).map((e) => e.outerHTML).concat(
            document.documentElement.dataset.evil ? ['it ran'] : []);";
    let found = browser.run(alive, vec![]).await;
    assert_eq!(found, json!([]), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn html_that_is_typed_is_text_and_html_that_is_imported_is_cleaned() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    browser.sign_in(&city, EDITOR).await;
    browser.goto(&city.url("/console/policies/new")).await;
    browser.fill("#title", &format!("夜间停车{EVIL}办法")).await;
    browser.choose("#category", "市政府其他文件").await;
    browser.fill("#summary", EVIL).await;
    browser.fill("#body", &format!("第一条　{EVIL}\n第二条　夜间泊位免费。")).await;
    browser.fill("#keywords", "<script>1</script>").await;
    browser.press("button[value=preview]").await;
    browser.says(".prose", "<script>document").await;
    harmless(&browser, "the preview").await;
    browser.press(".strip a").await;
    harmless(&browser, "the clerk's page").await;
    let path = browser.path().await;
    browser.take_step("submit").await;
    browser.sign_in(&city, REVIEWER).await;
    browser.goto(&city.url(path.split('?').next().unwrap_or_default())).await;
    browser.take_step("approve").await;
    browser.take_step("publish").await;
    browser.says("[data-receipt]", "全部完成").await;
    harmless(&browser, "the receipt").await;
    let public = path.split('?').next().unwrap_or_default().replace("/console", "");
    browser.goto(&city.url(&public)).await;
    browser.says(".prose", "<script>document").await;
    harmless(&browser, "the public page").await;
    browser.goto(&city.url("/search?q=%E5%A4%9C%E9%97%B4%E5%81%9C%E8%BD%A6")).await;
    browser.says(".list", "夜间停车").await;
    harmless(&browser, "the finds").await;
    browser.goto(&city.url("/policies")).await;
    harmless(&browser, "the library").await;

    city.import(&[places::old_record(&format!("<p>收费标准{EVIL}如下。</p>"))]);
    let old = city.policy("old-1").await;
    browser.goto(&city.url(&format!("/policies/{}", id(&old)))).await;
    browser.says(".prose", "收费标准").await;
    harmless(&browser, "the imported page").await;
    let text = browser.text(".prose").await;
    assert!(!text.contains("dataset"), "a script is not shown as text either: {text}");
    browser.goto(&city.url(&format!("/search?q={}", "%3Cscript%3Ealert(1)%3C/script%3E"))).await;
    browser.find("h1").await;
    harmless(&browser, "the words that were searched for").await;
}
