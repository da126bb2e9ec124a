//! The newcomer's tour of the README, in a browser.

use kit::testing::eventually;

use crate::{
    browser::{Browser, PHONE},
    city::{City, EDITOR, REVIEWER},
};

const TITLE: &str = "明川市人民政府办公室关于印发明川市夜间停车管理办法的通知";
const NUMBER: &str = "明府办〔2026〕88号";
const REASON: &str = "收费标准有误，更正后重新发布";
/// The steps of a receipt, as the clerk reads them.
const STEPS: [&str; 4] = ["解读任务", "检索入库", "订阅通知", "页面更新"];

/// Writes a policy and hands it in; answers with the path of its page in the console.
async fn write(browser: &Browser, city: &City, title: &str, number: &str) -> String {
    browser.sign_in(city, EDITOR).await;
    browser.press("a[href='/console/policies/new']").await;
    browser.fill("#title", title).await;
    browser.fill("#document_number", number).await;
    browser.choose("#category", "市政府行政规范性文件").await;
    browser.set("#issued_on", "2026-11-20").await;
    browser.set("#effective_on", "2026-11-21").await;
    browser.fill("#summary", "规范夜间公共停车的收费、预约和投诉。").await;
    browser
        .fill("#body", "第一条　为了方便市民夜间停车，制定本办法。\n第二条　夜间泊位免费。")
        .await;
    browser.press("button[value=stay]").await;
    browser.says(".desk-main > .note", "草稿已保存").await;
    let path = browser.path().await;
    browser.take_step("submit").await;
    browser.says(".verdict", "待审核").await;
    path.split('?').next().unwrap_or_default().to_owned()
}

/// Reviews a policy that is handed in, and publishes it.
async fn publish(browser: &Browser, city: &City, title: &str) {
    browser.sign_in(city, REVIEWER).await;
    browser.says("#review", title).await;
    browser.press("#review .btn").await;
    browser.press("a[href$='/preview']").await;
    browser.says(".strip", "公众还看不到").await;
    browser.says(".doc-title", title).await;
    browser.press(".strip a").await;
    browser.take_step("approve").await;
    browser.take_step("publish").await;
}

/// The words of the newest receipt's steps.
async fn receipt(browser: &Browser) -> String {
    browser.text("[data-receipt] .steps").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_publishes_finds_and_withdraws_a_policy() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    let path = write(&browser, &city, TITLE, NUMBER).await;
    browser.says(".side", "等待审核员办理").await;
    publish(&browser, &city, TITLE).await;

    // The page was rendered before everything had followed; the script brings the rest.
    browser.says("[data-receipt]", "全部完成").await;
    let steps = receipt(&browser).await;
    assert!(STEPS.iter().all(|step| steps.contains(step)), "{steps}");
    assert_eq!(steps.matches("已完成").count(), STEPS.len(), "{steps}");

    browser.goto(&city.url("/")).await;
    browser.fill("#q", "明府办（２０２６）８８").await;
    browser.press(".search.big button").await;
    browser.says("main", "文号完全一致").await;
    browser.press(".note h2 a").await;
    browser.says(".doc-title", TITLE).await;
    browser.says(".verdict", "现行有效").await;
    let public = browser.path().await;
    assert_eq!(path, format!("/console{public}"));
    for (label, value) in [("发文字号", NUMBER), ("实施日期", "2026-11-21"), ("索引号", "")]
    {
        let meta = browser.text("dl.meta").await;
        assert!(meta.contains(label) && meta.contains(value), "{label} {value}: {meta}");
    }

    browser.goto(&city.url(&path)).await;
    browser.press("details.panel > summary").await;
    browser.press("form[action$='/withdraw'] button").await;
    browser.agree().await;
    browser.says(".errors", "原因").await;
    browser.fill("#withdraw_reason", REASON).await;
    browser.press("form[action$='/withdraw'] button").await;
    browser.agree().await;
    browser.says(".desk-main > .note", "已撤下").await;
    browser.says("[data-receipt]", "撤下回执").await;
    browser.says("[data-receipt]", "全部完成").await;
    let steps = receipt(&browser).await;
    assert_eq!(steps.matches("已完成").count(), STEPS.len(), "every copy is gone: {steps}");

    browser.goto(&city.url(&public)).await;
    browser.says(".tomb", REASON).await;
    assert!(!browser.has(".prose").await, "the text is gone");
    browser
        .goto(&city.url("/search?q=%E5%A4%9C%E9%97%B4%E5%81%9C%E8%BD%A6%E7%AE%A1%E7%90%86"))
        .await;
    assert!(!browser.text("main").await.contains(TITLE), "and nothing finds it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_needs_no_script_and_fits_a_phone() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    browser.resize(PHONE).await;
    browser.scripts(false).await;
    let path = write(&browser, &city, TITLE, NUMBER).await;
    assert!(!browser.has("html.js").await, "no script has run");
    publish(&browser, &city, TITLE).await;
    eventually("a complete receipt", async || {
        browser.goto(&city.url(&format!("{path}/receipt"))).await;
        let text = browser.text("[data-receipt]").await;
        if text.contains("全部完成") { Ok(()) } else { Err(text) }
    })
    .await;
    browser.goto(&city.url("/search")).await;
    browser.fill("#q", "明府办[2026]88").await;
    browser.press("main .search button").await;
    browser.press(".note h2 a").await;
    browser.says(".doc-title", TITLE).await;
    browser.press(".prefs > summary").await;
    browser.press(".prefs button[name=bg][value=warm]").await;
    browser.find("html[data-bg=warm]").await;
    browser.goto(&city.url(&path)).await;
    browser.press("details.panel > summary").await;
    browser.fill("#withdraw_reason", REASON).await;
    browser.press("form[action$='/withdraw'] button").await;
    browser.says(".desk-main > .note", "已撤下").await;
    browser.goto(&city.url(&path.replace("/console", ""))).await;
    browser.says(".tomb", REASON).await;
}
