//! Documents under a shorter name: `《甲办法》（以下简称《办法》）…《办法》同时废止`, and
//! `原办法同时废止`, `同名文件废止`, which mean the earlier one of the document's own name.

use super::collect::{Claim, Collector};
use super::sentence::{Act, Word};
use super::{RelationType, repeal};
use crate::cite::Citation;
use crate::document::{Page, of_title};
use crate::lines;

/// The full citation that a title is defined to stand for, earlier in the text.
pub(super) fn resolved<'p>(page: &'p Page, cited: &Citation) -> Option<&'p Citation> {
    const LONGEST: usize = 10;
    let short = cited.title.as_deref().filter(|title| title.chars().count() <= LONGEST)?;
    page.citations
        .iter()
        .take_while(|other| other.range.start < cited.range.start)
        .filter(|other| other.title.as_deref().is_some_and(|title| title != short))
        .find(|other| {
            // The definition may stand in the brackets that hold the number.
            let inside = lines::tail(page.text, other.range.end, 24);
            let behind = lines::head(page.text, other.range.end, 24);
            defines(inside, short) || behind.starts_with(['（', '(']) && defines(behind, short)
        })
}

fn defines(text: &str, short: &str) -> bool {
    let Some((_, name)) = text.split_once("以下简称").or_else(|| text.split_once("下称"))
    else {
        return false;
    };
    let name = name.trim_start_matches(['为', '：', ':', '《', '“', '"', '〈']);
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['》', '”', '"', '〉', '）', ')']);
    name.strip_prefix(short).is_some_and(ends)
}

/// Reads `原办法同时废止` and `同名文件废止`.
pub(super) fn earlier(words: &[Word], found: &mut Collector) {
    const NEAR: usize = 16;
    let page = found.page;
    for word in words.iter().filter(|word| word.act == Act::Repeal) {
        let before = lines::tail(page.text, word.range.start, NEAR);
        let clause = before.rsplit(['。', '，', ',', '；', '\n']).next().unwrap_or_default();
        if clause.contains(['《', '》', '号']) || repeal::is_word_reported(page, word) {
            continue;
        }
        let kind = clause.rfind('原').and_then(|at| {
            let named = lines::from(clause, at + '原'.len_utf8());
            let named = ["同时", "自行", "即行", "予以"]
                .iter()
                .find_map(|adverb| named.strip_suffix(adverb))
                .unwrap_or(named)
                .trim();
            of_title(named).filter(|kind| *kind == named)
        });
        let namesake = clause.contains("同名");
        if kind.is_none() && !namesake {
            continue;
        }
        let Some(title) = own_name(page.title_text(), kind) else { continue };
        let start = word.range.start - clause.len();
        let range = start..word.range.start;
        let target = Citation { range: range.clone(), title: Some(title), number: None };
        found.add_namesake(Claim {
            kind: RelationType::Repeals,
            target: &target,
            articles: Vec::new(),
            effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
            evidence: start..word.range.end,
            confidence: 62,
        });
    }
}

/// The name of what a document lays down: its title, or what it issues.
fn own_name(title: &str, kind: Option<&str>) -> Option<String> {
    let inner = title.find('《').and_then(|open| {
        let rest = lines::from(title, open + '《'.len_utf8());
        rest.rfind('》').map(|close| lines::until(rest, close))
    });
    let issued = title.split_once("印发").and_then(|(_, rest)| rest.strip_suffix("的通知"));
    let name = inner.or(issued).unwrap_or(title);
    let fits = of_title(name).is_some_and(|own| kind.is_none_or(|kind| kind == own));
    fits.then(|| name.to_owned())
}
