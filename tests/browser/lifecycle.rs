//! A clerk fills a stage and what is granted, and the page shows it; without scripts, on a phone.

use kit::testing::eventually;

use crate::{
    browser::{Browser, PHONE},
    city::{City, EDITOR, id},
};

/// Waits until a part of a page that is loaded anew says something.
async fn comes(browser: &Browser, url: &str, css: &str, words: &str) {
    eventually(&format!("“{words}” in {css}"), async || {
        browser.goto(url).await;
        let text = browser.text(css).await;
        if text.contains(words) { Ok(()) } else { Err(text) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_fills_a_stage_and_the_page_shows_it() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    let policy = city.policy("sample-0010").await;
    let console = format!("/console/policies/{}", id(&policy));
    let public = city.url(&format!("/policies/{}", id(&policy)));
    browser.resize(PHONE).await;
    browser.scripts(false).await;
    comes(&browser, &public, "#stage-justification", "缺失").await;

    browser.sign_in(&city, EDITOR).await;
    browser.goto(&city.url(&console)).await;
    browser.press("a[href$='/lifecycle']").await;
    browser.press("#stage-justification > summary").await;
    browser.set("#set-justification-began_on", "2023-06-20").await;
    browser.set("#set-justification-ended_on", "2023-06-01").await;
    browser.fill("#set-justification-summary", "五位专家一致同意").await;
    browser.press("form:has(#set-justification-began_on) button").await;
    browser.says(".errors", "早于开始日期2023年6月20日").await;
    browser.says("#stage-justification .wrong", "早于开始日期").await;
    let kept = "return document.querySelector('#set-justification-summary').value";
    assert_eq!(browser.run(kept, vec![]).await, "五位专家一致同意", "what was typed stays");
    browser.set("#set-justification-ended_on", "2023-07-03").await;
    browser.press("form:has(#set-justification-began_on) button").await;
    browser.says(".desk-main > .note", "已保存").await;
    comes(&browser, &public, "#stage-justification", "已完成").await;
    browser.says("#stage-justification", "2023年6月20日至2023年7月3日").await;
    browser.says("#stage-justification", "五位专家一致同意").await;

    browser.goto(&city.url(&format!("{console}/lifecycle?open=delivery"))).await;
    browser.press("#stage-delivery > .fold > summary").await;
    browser.fill("#grant--benefit", "秸秆离田补助").await;
    browser.fill("#grant--conditions", "签订离田协议").await;
    browser.press("#grant--without_application").await;
    browser.fill("#grant--amount", "十五元").await;
    browser.press("form:has(#grant--benefit) button").await;
    browser.says(".errors", "最多两位小数").await;
    browser.fill("#grant--amount", "15").await;
    browser.fill("#grant--amount_unit", "每亩").await;
    browser.press("form:has(#grant--benefit) button").await;
    browser.says(".desk-main > .note", "已保存").await;
    browser.press(".grant-fold > .fold > summary").await;
    browser.set(".grant-fold [name=paid_from]", "2023-10-08").await;
    browser.fill(".grant-fold [name=recipients]", "1,200").await;
    browser.fill(".grant-fold [name=amount]", "345678.90").await;
    browser.press("form[action$='/pay'] button").await;
    browser.says(".desk-main > .note", "已保存").await;
    browser.says(".grant-fold", "1,200").await;
    comes(&browser, &public, "#delivery", "每亩 15 元").await;
    browser.says("#delivery", "免申即享").await;
    browser.press("#delivery summary").await;
    browser.says("#delivery table", "345,678.90").await;
}
