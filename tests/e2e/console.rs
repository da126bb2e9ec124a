//! The pages as a browser without scripts uses them.

use std::sync::Mutex;

use crate::harness::Platform;

/// A browser: it keeps cookies, and sends forms with the mark of the page that it has seen.
pub struct Console<'a> {
    platform: &'a Platform,
    http: reqwest::Client,
    cookies: Mutex<Vec<(String, String)>>,
    mark: Mutex<String>,
}

/// A page, or where one is sent instead.
#[derive(Debug)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Address that one is sent to; empty: none.
    pub location: String,
    /// The page's HTML.
    pub text: String,
}

impl<'a> Console<'a> {
    /// Somebody who is not signed in.
    pub fn visitor(platform: &'a Platform) -> Self {
        let redirects = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(redirects).build().expect("a client");
        Self { platform, http, cookies: Mutex::default(), mark: Mutex::default() }
    }

    /// Somebody who has signed in at the console.
    pub async fn sign_in(platform: &'a Platform, account: &str, password: &str) -> Self {
        let console = Self::visitor(platform);
        console.get("/console/sign-in").await;
        let form = [("account", account), ("password", password), ("return_to", "")];
        let page = console.post("/console/sign-in", &form).await;
        assert_eq!(page.status, 303, "{}", page.text);
        console.get("/console").await;
        console
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.http.get(self.platform.url(path))).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let mark = self.mark.lock().unwrap().clone();
        let fields = std::iter::once(("csrf", mark.as_str())).chain(form.iter().copied());
        let body: Vec<String> =
            fields.map(|(name, text)| format!("{name}={}", quoted(text))).collect();
        let request = self
            .http
            .post(self.platform.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        self.send(request).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies = self.cookies.lock().unwrap().clone();
        let cookies: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("a page");
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            let mut kept = self.cookies.lock().unwrap();
            kept.retain(|(known, _)| known != name);
            kept.push((name.to_owned(), value.to_owned()));
        }
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let text = answer.text().await.unwrap_or_default();
        if let Some(mark) = text.split("name=\"csrf\" value=\"").nth(1) {
            *self.mark.lock().unwrap() = mark.split('"').next().unwrap_or_default().to_owned();
        }
        Page { status, location, text }
    }
}

fn quoted(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
