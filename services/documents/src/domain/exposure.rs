//! What of a policy must not be published: found before it is public, and masked or justified.

use std::{collections::HashSet, fmt};

use paper::Paper;
use privacy::{Certainty, Finding};
use sha2::{Digest as _, Sha256};

use super::{
    content::{Content, Format},
    text,
};

/// Something personal that publication would expose. It never holds the value itself: what is
/// shown, logged or answered about an exposure must not expose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The same for the same value in the same place, so that what was decided of it holds for
    /// later revisions as well.
    pub id: String,
    /// Where it stands: 标题, 正文, 附件“名单.xlsx” …
    pub place: String,
    /// What it is: 手机号码, 姓名 …
    pub kind: &'static str,
    /// Whether a check digit or a word beside it confirms it.
    pub certain: bool,
    /// The value masked, between the words around it.
    pub excerpt: String,
    /// Whether the text can be masked here; files are masked by who made them.
    pub maskable: bool,
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}的{}“{}”", self.place, self.kind, self.excerpt)
    }
}

/// Characters shown on either side.
const AROUND: usize = 12;

/// Everything personal in what is rendered of a content, on the page and in its renditions.
pub fn of_content(content: &Content) -> Vec<Exposure> {
    let keywords = content.keywords.join("\n");
    let places = [
        ("标题", content.title.as_str()),
        ("内容概述", &content.summary),
        ("关键词", &keywords),
        ("信息来源", &content.source),
        // Of HTML the source is read: attributes are published as well.
        ("正文", &content.text),
    ];
    let maskable = |place| place != "关键词";
    let mut found: Vec<Exposure> = places
        .into_iter()
        .flat_map(|(place, text)| {
            personal(text).map(move |finding| exposure(place, text, &finding, maskable(place)))
        })
        .collect();
    if content.format == Format::Html {
        // And what a reader sees, where tags cut a value in two.
        let seen = text::untagged(&content.text, content.format);
        let cut = personal(&seen).map(|finding| exposure("正文", &seen, &finding, false));
        let cut: Vec<Exposure> =
            cut.filter(|one| found.iter().all(|known| known.id != one.id)).collect();
        found.extend(cut);
    }
    found
}

/// Everything personal in a file, hidden parts included.
pub fn of_file(file_name: &str, paper: &Paper) -> Vec<Exposure> {
    let seen = std::iter::once((format!("附件“{file_name}”"), paper.text.as_str()));
    let hidden = paper.hidden.iter().map(|hidden| {
        let place = format!("附件“{file_name}”{}（{}）", hidden.place, hidden.how.label());
        (place, hidden.text.as_str())
    });
    seen.chain(hidden)
        .flat_map(|(place, text)| {
            let found: Vec<_> =
                personal(text).map(|finding| exposure(&place, text, &finding, false)).collect();
            found
        })
        .collect()
}

/// Everything personal in a text that stands in this place.
pub fn of_text(place: &str, text: &str) -> Vec<Exposure> {
    personal(text).map(|finding| exposure(place, text, &finding, false)).collect()
}

/// A file, or a part of one, that nobody but a person can look into.
pub fn unread(file_name: &str, why: &str) -> Exposure {
    let place = format!("附件“{file_name}”");
    let digest = hex::encode(Sha256::digest(format!("{place}\0unread\0{why}")));
    Exposure {
        id: digest.get(..24).unwrap_or(&digest).to_owned(),
        place,
        kind: "无法自动检查的内容",
        certain: false,
        excerpt: text::line(why),
        maskable: false,
    }
}

/// The content with these exposures masked by the convention of their kind.
#[must_use]
pub fn masked(mut content: Content, ids: &HashSet<&str>) -> Content {
    let fields = [
        ("标题", &mut content.title),
        ("内容概述", &mut content.summary),
        ("信息来源", &mut content.source),
        ("正文", &mut content.text),
    ];
    for (place, text) in fields {
        let found: Vec<Finding> = personal(text)
            .filter(|finding| ids.contains(id(place, text, finding).as_str()))
            .collect();
        if !found.is_empty() {
            *text = privacy::mask(text, &found);
        }
    }
    content
}

fn personal(text: &str) -> impl Iterator<Item = Finding> {
    privacy::find(text).into_iter().filter(|finding| finding.personal)
}

fn id(place: &str, text: &str, finding: &Finding) -> String {
    let value = text.get(finding.bytes.clone()).unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [place, finding.kind.as_str(), value] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let mut id = hex::encode(digest.finalize());
    id.truncate(24);
    id
}

fn exposure(place: &str, text: &str, finding: &Finding, maskable: bool) -> Exposure {
    let Finding { bytes, kind, certainty, .. } = finding;
    let value = text.get(bytes.clone()).unwrap_or_default();
    let before: Vec<char> =
        text.get(..bytes.start).unwrap_or_default().chars().rev().take(AROUND).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text.get(bytes.end..).unwrap_or_default().chars().take(AROUND).collect();
    let around = format!("{before}{}{after}", privacy::mask_value(*kind, value));
    // What stands beside it may be personal too.
    let excerpt = privacy::mask(&around, &personal(&around).collect::<Vec<_>>());
    Exposure {
        id: id(place, text, finding),
        place: place.to_owned(),
        kind: kind.label(),
        certain: *certainty == Certainty::Certain,
        excerpt: text::line(&excerpt),
        maskable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposing() -> Content {
        Content {
            title: "关于补助名单的公示".to_owned(),
            text:
                "申请人王建国，身份证号11010519491231002X，电话13812345678。咨询电话0554-6644000。"
                    .to_owned(),
            ..Content::default()
        }
    }

    #[test]
    fn tags_hide_nothing() {
        let html = Content {
            text: "<p>联系电话138<b>1234</b>5678</p>".to_owned(),
            format: Format::Html,
            ..Content::default()
        };
        let found = of_content(&html);
        let [only] = found.as_slice() else { panic!("{found:?}") };
        assert!(!only.maskable, "what is cut is masked by hand");
        let whole = Content { text: "<p>电话13812345678</p>".to_owned(), ..html };
        let found = of_content(&whole);
        assert!(found.len() == 1 && found[0].maskable, "{found:?}");
    }

    #[test]
    fn what_is_personal_is_found_and_not_repeated() {
        let found = of_content(&exposing());
        let kinds: Vec<_> = found.iter().map(|exposure| exposure.kind).collect();
        assert_eq!(kinds, ["姓名", "居民身份证号", "手机号码"]);
        for exposure in found {
            assert_eq!(exposure.place, "正文");
            for value in ["王建国", "11010519491231002X", "13812345678"] {
                assert!(!exposure.excerpt.contains(value), "{}", exposure.excerpt);
            }
        }
    }

    #[test]
    fn what_is_masked_is_not_found_again() {
        let content = exposing();
        let found = of_content(&content);
        let ids: HashSet<&str> = found.iter().map(|exposure| exposure.id.as_str()).collect();
        let masked = masked(content, &ids);
        assert!(of_content(&masked).is_empty(), "{}", masked.text);
        assert!(masked.text.contains("138****5678") && masked.text.contains("0554-6644000"));
    }

    #[test]
    fn only_what_is_asked_for_is_masked() {
        let content = exposing();
        let found = of_content(&content);
        let masked = masked(content, &HashSet::from([found[2].id.as_str()]));
        assert_eq!(of_content(&masked).len(), 2);
        assert!(masked.text.contains("11010519491231002X"));
    }

    #[test]
    fn an_exposure_keeps_its_id_wherever_it_moves() {
        let moved = Content { text: format!("第一条\n{}", exposing().text), ..exposing() };
        let ids = |content: &Content| {
            of_content(content).into_iter().map(|exposure| exposure.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&exposing()), ids(&moved));
    }

    #[test]
    fn hidden_parts_of_files_are_looked_at() {
        let page =
            "<html><body><p>公示名单</p><p hidden>身份证号11010519491231002X</p></body></html>";
        let paper = paper::read(page.as_bytes(), Some("名单.html")).unwrap();
        let found = of_file("名单.html", &paper);
        assert!(found.iter().any(|exposure| exposure.kind == "居民身份证号"), "{found:?}");
        assert!(found.iter().all(|exposure| !exposure.maskable));
    }
}
