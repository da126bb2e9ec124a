//! What a title says: `关于废止《A》的通知`, `关于印发《A》的通知`, `《A》解读`.

use super::collect::Collector;
use super::{Relation, RelationType};
use crate::document::of_title;
use crate::lines;

/// Verbs of titles, the later ones only if no earlier one fits.
const VERBS: [(&str, RelationType); 11] = [
    ("废止", RelationType::Repeals),
    ("失效", RelationType::Repeals),
    ("停止执行", RelationType::Repeals),
    ("修改", RelationType::Amends),
    ("修订", RelationType::Amends),
    ("修正", RelationType::Amends),
    ("转发", RelationType::Forwards),
    ("批转", RelationType::Forwards),
    ("印发", RelationType::Issues),
    ("发布", RelationType::Issues),
    ("公布", RelationType::Issues),
];
const INTERPRETING: [&str; 6] = ["解读", "答记者问", "问答", "图解", "读懂", "解释"];

/// Titles that cite in 《》.
pub(super) fn with_citations(found: &mut Collector) {
    let title = found.page.title_text().to_owned();
    let cited = quoted(&title);
    let Some((open, _, _)) = cited.first() else { return };
    let interprets = INTERPRETING
        .iter()
        .any(|word| lines::from(&title, cited.last().map_or(0, |(_, end, _)| *end)).contains(word))
        || title.starts_with("解读")
        || title.starts_with("一图");
    let before = lines::until(&title, *open);
    let verb = VERBS
        .iter()
        .filter_map(|(verb, kind)| before.rfind(verb).map(|at| (at, verb, *kind)))
        .max_by_key(|(at, ..)| *at);
    let kind = match verb {
        Some((at, verb, kind)) if before.len() - at - verb.len() <= 30 => kind,
        _ if interprets => RelationType::Interprets,
        _ => return,
    };
    // Drafts are put out for comment and repeal nothing yet.
    if found.is_draft {
        return;
    }
    for (_, _, name) in cited {
        push(found, kind, name, 95);
    }
}

/// Titles that name what they issue or forward without 《》, where the text does not cite it.
pub(super) fn without_citations(found: &mut Collector) {
    let title = found.page.title_text().to_owned();
    if title.contains(['《', '〈', '<']) || found.is_draft {
        return;
    }
    for (verb, kind) in VERBS {
        let Some((_, rest)) = title.split_once(verb) else { continue };
        let passes_on = matches!(kind, RelationType::Forwards | RelationType::Issues);
        let name = ["的通知", "的函", "的决定", "的通告", "的公告"]
            .iter()
            .find_map(|end| rest.strip_suffix(end));
        let Some(name) = name.filter(|name| of_title(name).is_some() && !name.contains("部分"))
        else {
            continue;
        };
        // The text says it better: the very title, in 《》.
        if passes_on && (found.has(kind) || found.has(RelationType::Issues)) {
            return;
        }
        push(found, kind, name.to_owned(), 75);
        return;
    }
}

fn push(found: &mut Collector, kind: RelationType, name: String, confidence: u8) {
    let field = found.page.title.as_ref();
    let evidence = field.map(|title| title.value.clone()).unwrap_or_default();
    let span = field.and_then(|title| title.span.clone());
    let changes = matches!(kind, RelationType::Repeals | RelationType::Amends);
    let effective_on =
        found.fields.effective_on.as_ref().map(|field| field.value).filter(|_| changes);
    found.push(Relation {
        kind,
        title: Some(name),
        number: None,
        articles: Vec::new(),
        effective_on,
        evidence,
        span,
        confidence,
    });
}

/// The outermost titles in 《》 or 〈〉 with their byte ranges.
fn quoted(title: &str) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut open = 0;
    for (at, ch) in title.char_indices() {
        match ch {
            '《' | '〈' | '<' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            '》' | '〉' | '>' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    let name = lines::slice(title, open + ch.len_utf8()..at).to_owned();
                    found.push((open, at + ch.len_utf8(), name));
                }
            }
            _ => {}
        }
    }
    found
}
