//! One Chromium of a test's own, driven through a chromedriver of its own.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use kit::testing::eventually;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// A browser wants a core of its own: one at a time, also where all tests share a process.
static ONE: Mutex<()> = Mutex::const_new(());
/// What chromedriver says once it listens, before the number of its port.
const LISTENING: &str = "started successfully on port ";
/// Width of a phone.
pub const PHONE: u32 = 390;
/// Width of a desk's screen.
pub const SCREEN: u32 = 1440;

/// A browser with one window, gone when it is dropped.
pub struct Browser {
    /// What clicks and types.
    pub client: Client,
    driver: Driver,
    http: reqwest::Client,
    // Last, so that the next browser starts after this one is gone.
    _turn: MutexGuard<'static, ()>,
}

/// The chromedriver process; dropped, it ends its browser and then itself.
struct Driver {
    child: Child,
    port: u16,
    session: String,
    profile: TempDir,
}

/// Where a program lies that one of these names calls.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    places.into_iter().find(|place| place.is_file())
}

impl Browser {
    /// Starts a browser; `None`, with a line that says so, where there is none.
    pub async fn open() -> Option<Self> {
        let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
        let (Some(chromium), Some(driver)) = (chromium, program(&["chromedriver"])) else {
            println!(
                "skipped: no chromium and chromedriver here; deploy/tools.sh test brings them"
            );
            return None;
        };
        let turn = ONE.lock().await;
        // Fails only where one is there already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let mut driver = Driver::start(driver.as_os_str());
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&chromium, &driver))
            .connect(&driver.url())
            .await
            .expect("a session of the browser");
        driver.session = client.session_id().await.ok().flatten().expect("the session's number");
        let browser = Self { client, driver, http, _turn: turn };
        browser.resize(SCREEN).await;
        Some(browser)
    }

    /// Sends a command of the browser's own protocol, for what WebDriver has no word.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let url = format!("{}session/{}/goog/cdp/execute", self.driver.url(), self.driver.session);
        let body = json!({ "cmd": command, "params": parameters });
        let response = self.http.post(url).json(&body).send().await.expect("chromedriver answers");
        let status = response.status();
        let answer: Value = response.json().await.expect("JSON");
        assert!(status.is_success(), "{command}: {answer}");
        answer["value"].clone()
    }

    /// Makes the window as wide as a phone or a screen.
    pub async fn resize(&self, width: u32) {
        let height = if width == PHONE { 844 } else { 900 };
        self.window(width, height).await;
    }

    async fn window(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1,
            "mobile": width == PHONE });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Turns the scripts of pages on or off.
    pub async fn scripts(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|e| panic!("{url}: {e}"));
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()))
    }

    /// The element that is there, or will be.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(Duration::from_secs(30));
        match found.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css} on {}: {error}", self.path().await),
        }
    }

    /// Whether there is such an element now.
    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.expect("a look at the page").is_empty()
    }

    /// The words that a reader sees in an element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("its text")
    }

    /// Waits until an element says something.
    pub async fn says(&self, css: &str, words: &str) {
        let what = format!("“{words}” in {css}");
        eventually(&what, async || {
            let found = self.client.find(Locator::Css(css)).await.map_err(|e| e.to_string())?;
            let text = found.text().await.map_err(|e| e.to_string())?;
            if text.contains(words) { Ok(()) } else { Err(text) }
        })
        .await;
    }

    /// Presses a button or follows a link.
    pub async fn press(&self, css: &str) {
        let element = self.find(css).await;
        element.click().await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    /// Types into a field, over what is there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap_or_else(|e| panic!("{css}: {e}"));
        field.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    /// Sets a field whose typing depends on the browser's language, such as a date.
    pub async fn set(&self, css: &str, value: &str) {
        self.find(css).await;
        let script = "document.querySelector(arguments[0]).value = arguments[1]";
        self.run(script, vec![json!(css), json!(value)]).await;
    }

    /// Chooses in a list by the words that are shown.
    pub async fn choose(&self, css: &str, label: &str) {
        let list = self.find(css).await;
        list.select_by_label(label).await.unwrap_or_else(|e| panic!("{css}: {label}: {e}"));
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Presses keys, whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        let active = self.client.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.unwrap_or_else(|e| panic!("{keys:?}: {e}"));
    }

    /// A picture of the whole page, as PNG.
    pub async fn picture(&self, width: u32) -> Vec<u8> {
        let height = self.run("return document.documentElement.scrollHeight", vec![]).await;
        let height = height.as_u64().and_then(|h| u32::try_from(h).ok()).expect("a height");
        self.window(width, height.clamp(600, 12_000)).await;
        let picture = self.client.screenshot().await.expect("a picture");
        self.resize(width).await;
        picture
    }
}

fn capabilities(chromium: &std::path::Path, driver: &Driver) -> Capabilities {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        // What glides cannot be clicked.
        "--force-prefers-reduced-motion",
        "--lang=zh-CN",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", driver.profile.path().display()));
    let options = json!({ "binary": chromium, "args": arguments });
    let wanted = json!({ "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore" });
    wanted.as_object().cloned().unwrap_or_default()
}

impl Driver {
    /// Starts chromedriver on a port that it finds itself.
    fn start(program: &OsStr) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once(LISTENING)?;
            port.trim_end_matches('.').parse().ok()
        });
        // Read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.expect("chromedriver says where it listens");
        Self { child, port, session: String::new(), profile }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Ends the session and with it the browser, which would outlive its driver.
    fn end_session(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut request = String::new();
        let _ = write!(request, "DELETE /session/{} HTTP/1.1\r\n", self.session);
        request.push_str("Host: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        // It answers when the browser is gone, and then keeps the connection.
        BufReader::new(stream).read_line(&mut String::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.session.is_empty()
            && let Err(error) = self.end_session()
        {
            eprintln!("the browser did not end: {error}");
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
