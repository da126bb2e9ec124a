//! Bodies: from lines of text, or cleaned HTML, to what a page shows.

use std::fmt::Write as _;

use contracts::documents::{PolicyContent, TextFormat};
use gongwen::anchor::Anchors;

/// The body of a policy as HTML. HTML was cleaned when it was taken in.
pub fn body(content: &PolicyContent) -> String {
    match content.text_format() {
        TextFormat::Html => anchored(&content.text),
        TextFormat::Plain | TextFormat::Unspecified => paragraphs(&content.text),
    }
}

/// Lines of text as paragraphs, set as official documents are: chapters and the title of what is
/// issued become headings, the number of an article is set strong, those who are addressed stand at
/// the margin, signature and date to the right.
pub fn paragraphs(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut anchors = Anchors::default();
    for (place, line) in lines.iter().enumerate() {
        let id = anchors.next(line).map_or_else(String::new, |it| format!(" id=\"{}\"", it.id));
        let next = lines.get(place + 1).copied();
        let safe = escaped(line);
        // Writing to a String cannot fail.
        let _ = match Line::read(line, place, next) {
            Line::Chapter => write!(html, "<h2>{safe}</h2>"),
            Line::Title => write!(html, "<h2 class=\"center\">{safe}</h2>"),
            Line::Section => write!(html, "<h3{id}>{safe}</h3>"),
            Line::Article(number, rest) => {
                let (number, rest) = (escaped(number), escaped(rest));
                write!(html, "<p{id}><strong>{number}</strong>{rest}</p>")
            }
            Line::Addressed => write!(html, "<p class=\"left\">{safe}</p>"),
            Line::Signed => write!(html, "<p class=\"right\">{safe}</p>"),
            Line::Note => write!(html, "<p class=\"center\">{safe}</p>"),
            Line::Other => write!(html, "<p{id}>{safe}</p>"),
        };
    }
    html
}

/// Elements whose text is a line of its own.
const BLOCKS: [&str; 8] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li"];

/// Cleaned HTML with an id on each block that begins with an article or a numbered heading, unless
/// it has one already.
fn anchored(html: &str) -> String {
    let mut anchors = Anchors::default();
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        out.push('<');
        rest = after;
        let Some((tag, behind)) = after.split_once('>') else { break };
        let name = tag.split_whitespace().next().unwrap_or_default();
        if !BLOCKS.contains(&name) {
            continue;
        }
        if let Some(anchor) = anchors.next(&first_line(behind))
            && !tag.contains(" id=")
        {
            // Writing to a String cannot fail.
            let _ = write!(out, "{tag} id=\"{}\">", anchor.id);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// The text of a block up to its end, so far as it may tell what the block begins with.
fn first_line(html: &str) -> String {
    const ENOUGH: usize = 40;
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let tag = after.trim_start_matches('/');
        let inline = ["b>", "strong", "span", "font", "a ", "em", "i>", "u>"];
        if text.chars().count() > ENOUGH || !inline.iter().any(|name| tag.starts_with(name)) {
            break;
        }
        rest = after.split_once('>').map_or("", |(_, behind)| behind);
    }
    text.replace("&nbsp;", " ")
}

/// What a line of an official text is.
enum Line<'a> {
    /// 第一章　总则
    Chapter,
    /// The title of what a notice issues, above its first chapter or article.
    Title,
    /// 第一节　申请, or 一、背景
    Section,
    /// 第一条, and what follows it.
    Article(&'a str, &'a str),
    /// 各县、区人民政府：
    Addressed,
    /// An organ above a date, or the date.
    Signed,
    /// （2019年10月30日……通过）, at the head.
    Note,
    Other,
}

/// Headings are short; a longer line that begins like one is a sentence.
const HEADING_CHARS: usize = 30;
const NUMERALS: &str = "零〇一二三四五六七八九十百千";

/// Lines at the head in which somebody may be addressed.
const HEAD_LINES: usize = 3;
const TITLE_CHARS: usize = 45;

impl<'a> Line<'a> {
    /// A line at its place, before the next one.
    fn read(line: &'a str, place: usize, next: Option<&'a str>) -> Self {
        match Self::numbered_or_plain(line) {
            Self::Other => Self::by_its_place(line, place, next),
            known => known,
        }
    }

    fn by_its_place(line: &'a str, place: usize, next: Option<&'a str>) -> Self {
        let bare = !line.ends_with(['。', '；', '：', '，', '！', '？', '”', '）']);
        let signs = bare && is_short(line) && !line.starts_with("附件");
        let heads = |next: &'a str| {
            matches!(Self::numbered_or_plain(next), Self::Chapter | Self::Article(..))
        };
        if is_date(line) || (signs && next.is_some_and(is_date)) {
            Self::Signed
        } else if place < HEAD_LINES && line.ends_with('：') && !line.contains('。') {
            Self::Addressed
        } else if place == 0 && line.starts_with('（') && line.ends_with('）') {
            Self::Note
        } else if bare && line.chars().count() <= TITLE_CHARS && next.is_some_and(heads) {
            Self::Title
        } else {
            Self::Other
        }
    }

    fn numbered_or_plain(line: &'a str) -> Self {
        let short = is_short(line) && !line.ends_with(['。', '；', '：']);
        if let Some(rest) = line.strip_prefix('第') {
            let after = rest.trim_start_matches(|c| NUMERALS.contains(c));
            if after.len() < rest.len() {
                return Self::numbered(line, after, short);
            }
        }
        let after = line.trim_start_matches(|c| NUMERALS.contains(c));
        if short && after.len() < line.len() && after.starts_with('、') {
            return Self::Section;
        }
        Self::Other
    }

    /// A line that begins with 第 and a number.
    fn numbered(line: &'a str, after: &str, short: bool) -> Self {
        match after.chars().next() {
            Some('章' | '编') if short => Self::Chapter,
            Some('节') if short => Self::Section,
            Some('条') => {
                let cut = line.len() - after.len() + '条'.len_utf8();
                let (number, rest) = line.split_at(cut);
                // 第三条的规定 is a sentence that refers to an article.
                if rest.starts_with(char::is_whitespace) {
                    Self::Article(number, rest)
                } else {
                    Self::Other
                }
            }
            _ => Self::Other,
        }
    }
}

fn is_short(line: &str) -> bool {
    line.chars().count() <= HEADING_CHARS
}

/// Whether a line is a date and nothing else: 2026年6月15日, 二〇一二年五月八日.
fn is_date(line: &str) -> bool {
    let of_a_date = |c: char| c.is_ascii_digit() || NUMERALS.contains(c) || "年月日 ".contains(c);
    line.starts_with(|c: char| c.is_ascii_digit() || NUMERALS.contains(c))
        && line.ends_with('日')
        && line.contains('年')
        && line.chars().all(of_a_date)
}

/// Text as it may stand within HTML.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(ch),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs_and_headings() {
        let html = paragraphs(
            "第一章　总则\n\n第一条　为了规范管理，制定本办法。\n二、申请条件\n<b>甲</b>",
        );
        assert_eq!(
            html,
            "<h2>第一章　总则</h2><p id=\"art-1\"><strong>第一条</strong>　为了规范管理，制定本办法。</p>\
             <h3 id=\"sec-2\">二、申请条件</h3><p>&lt;b&gt;甲&lt;/b&gt;</p>"
        );
    }

    #[test]
    fn sentences_that_begin_like_headings_stay_sentences() {
        assert_eq!(paragraphs("第三条的规定自明年起施行。"), "<p>第三条的规定自明年起施行。</p>");
        assert_eq!(
            paragraphs("一、各单位应当在收到通知之日起办理。"),
            "<p id=\"sec-1\">一、各单位应当在收到通知之日起办理。</p>"
        );
        assert_eq!(paragraphs(" \n\n"), "");
    }

    #[test]
    fn a_notice_is_set_as_official_documents_are() {
        let html = paragraphs(
            "各县、区人民政府：\n现将《办法》印发给你们，请认真贯彻执行。\n明川市人民政府\n2026年6月15日\n\
             明川市停车办法\n第一条　为了规范停车，制定本办法。\n二〇二六年六月一日前的，从其规定。",
        );
        assert_eq!(
            html,
            "<p class=\"left\">各县、区人民政府：</p><p>现将《办法》印发给你们，请认真贯彻执行。</p>\
             <p class=\"right\">明川市人民政府</p><p class=\"right\">2026年6月15日</p>\
             <h2 class=\"center\">明川市停车办法</h2>\
             <p id=\"art-1\"><strong>第一条</strong>　为了规范停车，制定本办法。</p>\
             <p>二〇二六年六月一日前的，从其规定。</p>"
        );
        let html = paragraphs("（2019年10月30日通过）\n第一章　总则");
        assert_eq!(html, "<p class=\"center\">（2019年10月30日通过）</p><h2>第一章　总则</h2>");
    }

    #[test]
    fn html_is_shown_as_it_was_cleaned() {
        let content = PolicyContent {
            text: "<table></table>".to_owned(),
            text_format: TextFormat::Html.into(),
            ..PolicyContent::default()
        };
        assert_eq!(body(&content), "<table></table>");
    }

    #[test]
    fn articles_in_html_can_be_pointed_at() {
        assert_eq!(
            anchored(
                "<p class=\"x\"><b>第二条</b>　甲</p><p>第二条的规定</p><h3 id=\"own\">三、乙</h3><p"
            ),
            "<p class=\"x\" id=\"art-2\"><b>第二条</b>　甲</p><p>第二条的规定</p>\
             <h3 id=\"own\">三、乙</h3><p"
        );
    }
}
