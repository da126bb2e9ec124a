//! A clerk brings a document instead of typing it.

use crate::{
    browser::Browser,
    city::{City, EDITOR},
};

/// A notice as a clerk pastes it, with somebody's number in it.
pub const NOTICE: &str = "明川市人民政府办公室关于印发明川市共享单车停放办法的通知\n明府办〔2026〕91号\n\
    各区人民政府，市政府各部门：\n《明川市共享单车停放办法》已经市政府同意，现印发给你们，请遵照执行。\n\
    明川市人民政府办公室\n2026年11月18日\n\
    第一条　为了规范共享单车停放，维护市容秩序，制定本办法。\n\
    第二条　经营企业应当在规定区域内有序投放车辆，并配备足够的运维人员。驾驶员王建国，身份证号11010519491231002X，住幸福路8号。\n\
    第三条　本办法自2026年12月1日起施行，有效期五年。《明川市单车管理规定》同时废止。";

#[tokio::test(flavor = "multi_thread")]
async fn pasted_text_fills_a_draft_beside_its_original() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    browser.sign_in(&city, EDITOR).await;
    browser.press(".desk-nav a[href='/console/intake']").await;
    browser.press("form[action='/console/intake'] button").await;
    browser.says(".errors", "请选择文件，或者粘贴正文").await;
    browser.set("#text", NOTICE).await;
    browser.press("form[action='/console/intake'] button").await;
    browser.says("h1", "核对读出的内容").await;
    browser.says(".original mark", "明川市人民政府办公室关于印发").await;
    browser.says(".side-by-side form", "见原文").await;
    browser.says("[aria-label=需要核对]", "库内没有找到要废止的").await;
    browser.says("[aria-label=个人信息]", "居民身份证号").await;
    browser.press("button[value=stay]").await;
    browser.says(".desk-main > .note", "草稿已保存").await;
    let meta = browser.text("dl.meta").await;
    for value in ["明府办〔2026〕91号", "2026-11-18", "2026-12-01"] {
        assert!(meta.contains(value), "{value}: {meta}");
    }
    browser.says("#privacy", "居民身份证号").await;
    browser.press("form[action$='/mask'] button").await;
    browser.says(".desk-main > .note", "已遮盖").await;
    browser.take_step("submit").await;
    browser.says(".verdict", "待审核").await;
}
