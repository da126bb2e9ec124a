//! From plain text to the parts of a document, by the rules that lines follow.
//!
//! Every line that is not white space is kept; what is not recognised is a plain paragraph.

mod level;
mod tail;

use chrono::NaiveDate;

use crate::document::{Attachment, Block, Document, Table};

/// The parts found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blocks {
    /// 主送机关, without its colon.
    pub addressee: Option<String>,
    /// 正文.
    pub body: Vec<Block>,
    /// The names of the annexes, without numbers.
    pub attachments_note: Vec<String>,
    /// The organs that signed.
    pub signature: Vec<String>,
    /// The date of the signature.
    pub signed_on: Option<NaiveDate>,
    /// 附注, without its brackets.
    pub note: Option<String>,
    /// The annexes.
    pub attachments: Vec<Attachment>,
}

impl Blocks {
    /// A document with these parts and this title.
    pub fn into_document(self, title: impl Into<String>) -> Document {
        Document {
            title: title.into(),
            addressee: self.addressee,
            body: self.body,
            attachments_note: self.attachments_note,
            signature: self.signature,
            signed_on: self.signed_on,
            note: self.note,
            attachments: self.attachments,
            ..Document::default()
        }
    }
}

/// Characters that an addressee line may have.
const LONGEST_ADDRESSEE: usize = 200;
/// Characters that the title of an annex may have.
const LONGEST_TITLE: usize = 60;

/// Takes the text below the title apart: addressee, headings by their numbers, tables of lines
/// with tabs, the names of annexes, signature, date and note, annexes that begin with a line
/// `附件1`. The work is linear in the length of the text.
pub fn blocks(text: &str) -> Blocks {
    let all: Vec<&str> = text
        .lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() && c != '\t' || c == '\u{feff}'))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let annexes = all
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, line)| is_label(line))
        .map(|(index, _)| index)
        .collect::<Vec<_>>();
    let main = annexes.first().copied().unwrap_or(all.len());
    let (mut lines, _) = all.split_at_checked(main).unwrap_or((&all, &[]));
    let mut found = Blocks::default();
    if let Some((first, rest)) = lines.split_first()
        && let Some(addressee) = addressee(first)
    {
        found.addressee = Some(addressee.to_owned());
        lines = rest;
    }
    let end = tail::tail(lines, &mut found);
    found.body = body(lines.get(..end).unwrap_or(&[]));
    for (number, start) in annexes.iter().enumerate() {
        let end = annexes.get(number + 1).copied().unwrap_or(all.len());
        found.attachments.push(annex(all.get(*start..end).unwrap_or(&[])));
    }
    found
}

fn addressee(line: &str) -> Option<&str> {
    let names = line.strip_suffix(['：', ':'])?;
    let short = names.chars().count() <= LONGEST_ADDRESSEE;
    let plain = !names.contains(['。', '；', '：', ':']) && level::level(line).is_none();
    (short && plain && !names.starts_with("附件")).then_some(names)
}

/// `附件` or `附件1` alone in its line.
fn is_label(line: &str) -> bool {
    let Some(number) = line.trim().strip_prefix("附件") else { return false };
    let number = number.trim().trim_end_matches(['：', ':']).trim();
    number.chars().count() <= 3
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || "一二三四五六七八九十０１２３４５６７８９".contains(c))
}

fn annex(lines: &[&str]) -> Attachment {
    let Some((label, rest)) = lines.split_first() else { return Attachment::default() };
    let mut one = Attachment {
        label: label.trim().trim_end_matches(['：', ':']).to_owned(),
        ..Attachment::default()
    };
    let mut rest = rest;
    if let Some((first, more)) = rest.split_first()
        && first.chars().count() <= LONGEST_TITLE
        && !first.contains('\t')
        && !first.ends_with(['。', '：', '；'])
        && level::level(first).is_none()
    {
        (*first).clone_into(&mut one.title);
        rest = more;
    }
    one.body = body(rest);
    one
}

fn body(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let Some((line, more)) = rest.split_first() {
        let rows = rest.iter().take_while(|line| line.contains('\t')).count();
        if rows > 1 {
            let (table, more) = rest.split_at_checked(rows).unwrap_or((rest, &[]));
            blocks.push(Block::Table(read_table(table)));
            rest = more;
            continue;
        }
        rest = more;
        // The line of adoption under the title of a rule.
        if blocks.is_empty() && is_bracketed(line) {
            blocks.push(Block::Centred((*line).to_owned()));
        } else {
            blocks.push(Block::Paragraph(level::paragraph(line)));
        }
    }
    blocks
}

fn is_bracketed(line: &str) -> bool {
    line.starts_with(['（', '('])
        && line.ends_with(['）', ')'])
        && line.chars().count() > 8
        && level::level(line).is_none()
}

fn read_table(lines: &[&str]) -> Table {
    let rows = lines
        .iter()
        .map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    Table { widths: Vec::new(), head_rows: 1, rows }
}

#[cfg(test)]
mod tests;
