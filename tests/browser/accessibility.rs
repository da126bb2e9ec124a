//! Nobody is kept out: axe-core on every page, wide and narrow, in every look.

use crate::{
    axe::Axe,
    browser::{Browser, PHONE, SCREEN},
    city::{City, EDITOR},
    intake, places,
};

/// A way in which somebody may want the pages: a name, the cookies of text size, background and
/// elderly mode, and at which widths it is looked at. Colours do not change with the width, large
/// text is hardest on a phone.
type Look = (&'static str, [(&'static str, &'static str); 3], &'static [u32]);

const PLAIN: Look =
    ("plain", [("yg_size", "m"), ("yg_bg", "white"), ("yg_elder", "0")], &[PHONE, SCREEN]);
const LOOKS: [Look; 3] = [
    PLAIN,
    ("dark", [("yg_size", "xl"), ("yg_bg", "dark"), ("yg_elder", "0")], &[PHONE]),
    ("elder", [("yg_size", "l"), ("yg_bg", "warm"), ("yg_elder", "1")], &[SCREEN]),
];

/// What was found so far.
struct Inspection {
    browser: Browser,
    axe: Axe,
    found: Vec<String>,
}

impl Inspection {
    /// `None` where the browser or the checker is missing.
    async fn open() -> Option<Self> {
        let axe = Axe::find()?;
        Some(Self { browser: Browser::open().await?, axe, found: Vec::new() })
    }

    /// Looks at the page that is open.
    async fn look(&mut self, name: &str, (look, _, widths): Look) {
        for &width in widths {
            self.browser.resize(width).await;
            let found = self.axe.violations(&self.browser).await;
            self.found.extend(found.iter().map(|f| format!("{name}, {look}, {width} px: {f}")));
            let wide = "return Math.max(document.documentElement.scrollWidth, \
                document.body.scrollWidth)";
            let wide = self.browser.run(wide, vec![]).await.as_u64().expect("a width");
            if wide > u64::from(width) {
                self.found.push(format!("{name}, {look}: {wide} px wide at {width} px"));
            }
            if let Some(folder) = std::env::var_os("YANGGUANG_PICTURES") {
                let file = format!("{name}-{look}-{width}.png");
                let file = std::path::Path::new(&folder).join(file);
                std::fs::write(file, self.browser.picture(width).await).expect("a picture");
            }
        }
    }

    /// Opens pages one after the other in every look.
    async fn tour(&mut self, city: &City, places: &[places::Place]) {
        for look in LOOKS {
            let choose = look
                .1
                .map(|(name, value)| format!("document.cookie = '{name}={value}; path=/';"))
                .concat();
            self.browser.run(&choose, vec![]).await;
            for place in places {
                self.browser.goto(&city.url(&place.path)).await;
                self.look(place.name, look).await;
            }
        }
        self.browser.run("document.cookie = 'yg_elder=0; path=/'", vec![]).await;
    }

    fn end(self) {
        assert!(self.found.is_empty(), "{} findings:\n{}", self.found.len(), self.found.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_public_page_is_open_to_everybody() {
    let Some(mut inspection) = Inspection::open().await else { return };
    let city = City::start().await;
    let made = places::furnish(&city).await;
    let places = places::public(&city, &made).await;
    inspection.browser.goto(&city.url("/")).await;
    inspection.tour(&city, &places).await;
    // Menus that are closed are looked at by nobody, so they are opened once.
    inspection.browser.goto(&city.url("/")).await;
    inspection.browser.press(".prefs > summary").await;
    inspection.look("home-switches", PLAIN).await;
    // The checker itself is tried on a picture without words.
    let spoil = "document.querySelector('main').append(document.createElement('img'))";
    inspection.browser.run(spoil, vec![]).await;
    let found = inspection.axe.violations(&inspection.browser).await;
    assert!(found.iter().any(|line| line.contains("image-alt")), "{found:?}");
    inspection.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_subscription_is_open_to_everybody() {
    const SEND: &str = "main form[method=post]:not(.switches) button";
    let Some(mut inspection) = Inspection::open().await else { return };
    let city = City::start().await;
    inspection.browser.goto(&city.url("/subscribe")).await;
    inspection.browser.press(SEND).await;
    inspection.browser.find(".errors").await;
    inspection.look("subscribe-wrong", PLAIN).await;
    inspection.browser.fill("#email", "wangfang@example.com").await;
    inspection.browser.press(SEND).await;
    inspection.browser.says("h1", "请到邮箱里确认").await;
    inspection.look("subscribe-sent", PLAIN).await;
    for (mail, asked, done) in [
        ("/subscribe/confirm", "confirm", "confirmed"),
        ("/unsubscribe", "unsubscribe", "unsubscribed"),
    ] {
        let path = places::letter_link(&city, mail).await;
        inspection.browser.goto(&city.url(&path)).await;
        inspection.look(asked, PLAIN).await;
        inspection.browser.press(SEND).await;
        inspection.browser.find(".state.t-ok, .state.t-off").await;
        inspection.look(done, PLAIN).await;
    }
    inspection.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console_is_open_to_everybody() {
    let Some(mut inspection) = Inspection::open().await else { return };
    let city = City::start().await;
    let made = places::furnish(&city).await;
    city.lay_dead_letter(&made.review).await;
    for (account, places) in places::console(&city, &made).await {
        inspection.browser.sign_in(&city, account).await;
        inspection.tour(&city, &places).await;
    }
    inspection.browser.sign_in(&city, EDITOR).await;
    inspection.browser.goto(&city.url("/console/policies/new")).await;
    inspection.browser.press("button[value=stay]").await;
    inspection.browser.find(".errors").await;
    inspection.look("new-wrong", PLAIN).await;
    inspection.browser.goto(&city.url("/console/intake")).await;
    inspection.browser.set("#text", intake::NOTICE).await;
    inspection.browser.press("form[action='/console/intake'] button").await;
    inspection.browser.find(".original").await;
    inspection.look("intake-confirm", PLAIN).await;
    inspection.end();
}
