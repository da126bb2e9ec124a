//! axe-core, which looks at a page for what keeps people out.

use std::path::PathBuf;

use serde_json::Value;

use crate::browser::Browser;

/// Where `deploy/tools.sh test` puts it.
const PLACE: &str = ".tools/axe-core-4.14.1.js";

/// All of its rules, those of WCAG 2.2 included, which it leaves out by itself.
const RUN: &str = "
const done = arguments[arguments.length - 1];
const rules = { 'target-size': { enabled: true } };
axe.run(document, { resultTypes: ['violations'], rules }).then(
  (result) => done(result.violations.flatMap((v) => v.nodes.map((node) =>
    `${v.id} (${v.impact}): ${node.target.join(' ')}: ` +
    [...node.any, ...node.all, ...node.none].map((c) => c.message).join('; ')))),
  (error) => done([`axe failed: ${error}`]),
);";

/// The checker.
pub struct Axe(String);

impl Axe {
    /// Reads it; `None`, with a line that says so, where it is not there.
    pub fn find() -> Option<Self> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where");
        let place = PathBuf::from(root).join(PLACE);
        let read = std::fs::read_to_string(&place);
        if read.is_err() {
            println!("skipped: no {PLACE}, which deploy/tools.sh test fetches where npm is");
        }
        read.ok().map(Self)
    }

    /// What is wrong with the page that the browser shows; one line a finding.
    pub async fn violations(&self, browser: &Browser) -> Vec<String> {
        let loaded = browser.run("return typeof axe === 'object'", vec![]).await;
        if loaded != Value::Bool(true) {
            browser.run(&self.0, vec![]).await;
        }
        let found = browser.client.execute_async(RUN, vec![]).await.expect("axe runs");
        let lines = found.as_array().expect("a list of findings");
        lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }
}
