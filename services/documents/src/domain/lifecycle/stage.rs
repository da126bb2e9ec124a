//! What a stage holds: when it was, who answers for it, and its materials.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{super::day, span};
use crate::domain::{Violation, content::is_address, text};

/// Most materials of one stage.
pub const MOST_MATERIALS: usize = 100;
/// Most characters of what a material is called in the field.
const MOST_KIND: usize = 30;

/// When a stage was, who answers for it, what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// First day.
    pub began_on: Option<NaiveDate>,
    /// Last day; unknown while it goes on.
    pub ended_on: Option<NaiveDate>,
    /// The responsible organ.
    pub organ_code: String,
    /// Its name at the time.
    pub organ_name: String,
    /// What came of it.
    pub summary: String,
    /// Whether the policy is a 重大行政决策 by the organ's own list (重大行政决策程序暂行条例 art. 3).
    pub is_major_decision: bool,
}

impl Record {
    /// Whether nothing was said of the stage but who answers for it.
    pub fn is_empty(&self) -> bool {
        self.began_on.is_none() && self.ended_on.is_none() && self.summary.is_empty()
    }

    /// Cleans the text.
    #[must_use]
    pub fn tidied(self) -> Self {
        Self { summary: text::plain(self.summary.trim()), ..self }
    }

    /// What cannot be.
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if let Some(wrong) = backwards(self.began_on, self.ended_on) {
            found.push(Violation::new("ended_on", wrong));
        }
        if self.is_empty() {
            let text = "请填写开始日期、结束日期或者情况说明，至少一项";
            found.push(Violation::new("summary", text));
        }
        found.extend(too_long("summary", &self.summary, text::MAX_SUMMARY_CHARS));
        found
    }

    /// The record in one line.
    pub(super) fn told(&self) -> String {
        let days = span(self.began_on, self.ended_on);
        let parts = [days, self.organ_name.clone(), text::excerpt(&text::line(&self.summary), 60)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
    }
}

/// A material of a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Material {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// As the field calls it.
    pub kind: String,
    /// Where it stands; empty: not on the net.
    pub url: String,
    /// What it says; empty: see link or file.
    pub text: String,
    /// Its own day.
    pub dated_on: Option<NaiveDate>,
    /// Id of its file; empty: none.
    pub attachment_id: String,
}

impl Material {
    /// Cleans the texts.
    #[must_use]
    pub fn tidied(self) -> Self {
        Self {
            title: text::line(&self.title),
            kind: text::line(&self.kind),
            url: text::line(&self.url),
            text: text::plain(self.text.trim()),
            ..self
        }
    }

    /// What is wrong with it; `has_file` where a file comes with it.
    pub fn violations(&self, has_file: bool) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.title.is_empty() {
            found.push(Violation::new("title", "请填写材料名称，例如：意见征集公告"));
        }
        if self.kind.is_empty() {
            found.push(Violation::new("kind", "请填写材料类型，例如：专家论证意见"));
        }
        if self.url.is_empty() && self.text.is_empty() && !has_file {
            let text = "请填写链接、上传文件或者写明内容，至少一项";
            found.push(Violation::new("url", text));
        }
        if !self.url.is_empty() && !is_address(&self.url) {
            found.push(Violation::new("url", "链接应以 http:// 或 https:// 开头"));
        }
        found.extend(too_long("title", &self.title, text::MAX_TITLE_CHARS));
        found.extend(too_long("kind", &self.kind, MOST_KIND));
        found.extend(too_long("url", &self.url, text::MAX_LINE_CHARS));
        found.extend(too_long("text", &self.text, text::MAX_SUMMARY_CHARS));
        found
    }

    /// The material in one line.
    pub(super) fn told(&self) -> String {
        format!("{}：{}", self.kind, self.title)
    }
}

/// Why a last day cannot be that of this first day.
pub(super) fn backwards(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<String> {
    let (from, until) = (from?, until?);
    (until < from).then(|| {
        format!(
            "结束日期{}早于开始日期{}，应为同一天或更晚",
            day::chinese(until),
            day::chinese(from)
        )
    })
}

/// A text that has more characters than it may.
pub(super) fn too_long(field: &'static str, value: &str, most: usize) -> Option<Violation> {
    let chars = value.chars().count();
    (chars > most).then(|| Violation::new(field, format!("现有 {chars} 个字，最多 {most} 个字")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn a_stage_does_not_end_before_it_began() {
        let record = Record {
            began_on: day("2026-03-02"),
            ended_on: day("2026-03-01"),
            ..Record::default()
        };
        let found = record.violations();
        assert_eq!(found[0].field, "ended_on");
        assert!(found[0].description.contains("2026年3月2日"));
        let same = Record { ended_on: record.began_on, ..record };
        assert!(same.violations().is_empty());
        assert_eq!(Record::default().violations()[0].field, "summary");
    }

    #[test]
    fn a_material_has_a_name_a_kind_and_something_to_read() {
        let bare = Material::default();
        let fields: Vec<_> = bare.violations(false).iter().map(|v| v.field).collect();
        assert_eq!(fields, ["title", "kind", "url"]);
        let sound = Material {
            title: "论证意见".to_owned(),
            kind: "专家论证意见".to_owned(),
            ..Material::default()
        };
        assert!(sound.violations(true).is_empty());
        let script = Material { url: "javascript:x".to_owned(), ..sound };
        assert_eq!(script.violations(true)[0].field, "url");
    }
}
