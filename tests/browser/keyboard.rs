//! Everything by keyboard alone.

use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{browser::Browser, city::City};

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
/// Presses of Tab after which something is certainly out of reach.
const PATIENCE: usize = 120;

impl Browser {
    /// Moves on with Tab until the focus is on such an element; at each stop it must be seen.
    async fn tab_to(&self, css: &str) {
        const SEEN: &str = "
            const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            return { here: e.matches(arguments[0]), what: e.outerHTML.slice(0, 120),
              ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
              shown: r.width > 1 && r.height > 1 && r.bottom > 0 && r.right > 0 &&
                r.top < innerHeight && r.left < innerWidth };";
        for _ in 0..PATIENCE {
            self.keys(TAB).await;
            // It may still be gliding into view.
            let here = eventually("a focus that can be seen", async || {
                let at = self.run(SEEN, vec![json!(css)]).await;
                let seen = at["ring"] == Value::Bool(true) && at["shown"] == Value::Bool(true);
                if seen { Ok(at["here"] == Value::Bool(true)) } else { Err(at.to_string()) }
            })
            .await;
            if here {
                return;
            }
        }
        panic!("Tab does not lead to {css} on {}", self.path().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_finds_reads_and_subscribes_without_a_mouse() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    browser.goto(&city.url("/")).await;
    browser.tab_to(".skip").await;
    browser.keys(ENTER).await;
    browser.tab_to("#q").await;
    browser.keys("居家养老").await;
    browser.keys(ENTER).await;
    browser.says("h1", "居家养老").await;
    browser.tab_to(".list h2 a").await;
    browser.keys(ENTER).await;
    browser.find(".doc-title").await;
    let title = browser.text(".doc-title").await;
    browser.tab_to("a[href^='/subscribe?policy=']").await;
    browser.keys(ENTER).await;
    browser.says("h1", "订阅政策").await;
    browser.tab_to("#email").await;
    browser.keys("wangfang@example.com").await;
    browser.keys(ENTER).await;
    browser.says("h1", "请到邮箱里确认").await;
    browser.says("main", &title).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switches_work_by_keyboard_and_are_remembered() {
    let Some(browser) = Browser::open().await else { return };
    let city = City::start().await;
    browser.goto(&city.url("/accessibility")).await;
    browser.tab_to(".prefs > summary").await;
    browser.keys(ENTER).await;
    browser.tab_to(".prefs button[name=bg][value=dark]").await;
    browser.keys(ENTER).await;
    browser.find("html[data-bg=dark]").await;
    browser.find(".prefs button[value=dark][aria-pressed=true]").await;
    browser.keys(ESCAPE).await;
    assert!(!browser.has(".prefs[open]").await, "Escape closes the switches");
    let focus = browser.run("return document.activeElement.tagName", vec![]).await;
    assert_eq!(focus, "SUMMARY", "and leaves the focus where they were opened");
    browser.goto(&city.url("/policies")).await;
    browser.find("html[data-bg=dark]").await;
}
