//! A revision as a document to lay out (GB/T 9704-2012 《党政机关公文格式》).

use typeset::{Block, Document, Level};

use super::content::{Content, Format as BodyFormat};

/// What a revision can be had as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pages, for reading, printing and archives.
    Pdf,
    /// A text to go on with.
    Docx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::Pdf, Self::Docx];

    /// The word in the database, and the ending of the file's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }

    /// The media type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// The name of the file, after title and document number.
pub fn file_name(content: &Content, format: Format) -> String {
    let number = Some(content.document_number.as_str()).filter(|number| !number.is_empty());
    typeset::file_name(&content.title, number, format.word())
}

/// The document that a revision is; `None` where it has no text.
pub fn document(content: &Content, organ_name: &str) -> Option<Document> {
    let text = match content.format {
        BodyFormat::Plain => content.text.clone(),
        BodyFormat::Html => visible(&content.text),
    };
    let text = without_head(&text, &content.title, &content.document_number);
    if text.trim().is_empty() {
        return None;
    }
    let mut document = typeset::blocks(text).into_document(content.title.as_str());
    centre_titles(&mut document.body);
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    document.document_number = known(&content.document_number);
    document.author = known(organ_name);
    document.subject = known(&content.category);
    Some(document)
}

/// Centres the title of what a notice issues: a short line above the first chapter or article.
fn centre_titles(body: &mut [Block]) {
    const LONGEST: usize = 45;
    let begins = |block: Option<&Block>| match block {
        Some(Block::Paragraph(next)) => matches!(next.level, Level::Chapter | Level::Article),
        _ => false,
    };
    for at in 1..body.len() {
        let title = match body.get(at) {
            Some(Block::Paragraph(line)) if line.level == Level::Plain => line.whole(),
            _ => continue,
        };
        let bare = !title.contains(['。', '；', '，', '：']) && !title.ends_with('日');
        let behind_article = begins(at.checked_sub(1).and_then(|before| body.get(before)));
        if bare
            && title.chars().count() <= LONGEST
            && begins(body.get(at + 1))
            && !behind_article
            && let Some(block) = body.get_mut(at)
        {
            *block = Block::Centred(title);
        }
    }
}

/// What a reader sees of cleaned HTML, a paragraph or a row of a table in each line.
fn visible(html: &str) -> String {
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>"
    );
    // What is no page to the reader is shown as it stands.
    paper::read(page.as_bytes(), Some("a.html")).map_or_else(|_| html.to_owned(), |read| read.text)
}

/// The text behind title and number at its head, which are laid out by themselves.
fn without_head<'a>(text: &'a str, title: &str, number: &str) -> &'a str {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let (title, number) = (bare(title), bare(number));
    let (mut awaited, mut rest) = (title.as_str(), text);
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = bare(line);
        if let Some(more) = awaited.strip_prefix(line.as_str()) {
            awaited = more;
        } else if line.is_empty() || line != number {
            break;
        }
        rest = behind;
    }
    // Half a title is the beginning of a text.
    if awaited.is_empty() || awaited == title { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_number_are_not_laid_out_twice() {
        let title = "关于印发停车办法的通知";
        for head in
            ["关于印发停车办法的通知\n", "关于印发\n停车办法的通知\n\n明府办〔2026〕1号\n", ""]
        {
            let text = format!("{head}各区人民政府：\n现印发给你们。");
            assert_eq!(
                without_head(&text, title, "明府办〔2026〕1号"),
                "各区人民政府：\n现印发给你们。",
                "{head}"
            );
        }
        assert_eq!(without_head("关于印发\n停车的事", title, ""), "关于印发\n停车的事");
    }

    #[test]
    fn rows_of_a_web_table_are_a_table() {
        let text = "<p>标准如下：</p><table><tr><td>区域</td><td>价格</td></tr>\
                    <tr><td>一类</td><td>3元</td></tr></table>";
        let content = Content {
            title: "收费标准".to_owned(),
            text: text.to_owned(),
            format: BodyFormat::Html,
            ..Content::default()
        };
        let document = document(&content, "财政局").unwrap();
        assert!(document.body.iter().any(|block| matches!(block, Block::Table(_))), "{document:?}");
        assert_eq!(document.author.as_deref(), Some("财政局"));
    }

    #[test]
    fn the_title_of_what_a_notice_issues_is_centred() {
        let text = "各区人民政府：\n现印发给你们。\n2026年6月1日\n停车办法\n第一条　为了停车。\n\
                    短句\n第二条　自今日起施行。";
        let content =
            Content { title: "通知".to_owned(), text: text.to_owned(), ..Content::default() };
        let document = document(&content, "").unwrap();
        let centred: Vec<_> =
            document.body.iter().filter(|block| matches!(block, Block::Centred(_))).collect();
        assert_eq!(centred, [&Block::Centred("停车办法".to_owned())], "{:?}", document.body);
    }

    #[test]
    fn what_has_no_text_is_no_document() {
        let content = Content { title: "目录".to_owned(), ..Content::default() };
        assert!(document(&content, "").is_none());
        assert_eq!(file_name(&content, Format::Pdf), "目录.pdf");
    }
}
