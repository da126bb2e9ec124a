//! What is laid out: the parts of an official document (GB/T 9704-2012, clause 7).

use chrono::NaiveDate;

/// Which of the two forms a document is laid out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Style {
    /// As issued: the red head (版头, 7.2), the room for the seal and the imprint (版记, 7.4).
    Full,
    /// As published on the web: title, number, text, without head, seal and imprint.
    #[default]
    Public,
}

/// The rank of a paragraph, which decides its face and indentation (7.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 编, 章, 节: centred, 黑体.
    Chapter,
    /// 第X条: the words "第X条" in 黑体, the rest in 仿宋.
    Article,
    /// 一、 in 黑体.
    First,
    /// （一） in 楷体.
    Second,
    /// 1. in 仿宋.
    Third,
    /// （1） in 仿宋.
    Fourth,
    /// Without a number, in 仿宋.
    Plain,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph; see [`Paragraph`].
    Paragraph(Paragraph),
    /// A table; see [`Table`].
    Table(Table),
    /// Lines set as they stand, centred, e.g. the date line of adoption under a rule's title.
    Centred(String),
}

/// A paragraph with its rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its rank.
    pub level: Level,
    /// What is set in the face of the rank: the heading, or the words "第X条". May be empty.
    pub lead: String,
    /// What follows the lead in 仿宋. May be empty.
    pub text: String,
}

impl Paragraph {
    /// A paragraph without a number.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { level: Level::Plain, lead: String::new(), text: text.into() }
    }

    /// The whole paragraph, as written.
    pub fn whole(&self) -> String {
        format!("{}{}", self.lead, self.text)
    }

    /// Whether it is a heading, that is, an entry of the outline and kept with what follows.
    pub fn is_heading(&self) -> bool {
        match self.level {
            Level::Chapter => true,
            Level::First | Level::Second => self.text.is_empty() && !self.lead.is_empty(),
            _ => false,
        }
    }
}

/// A table. Rows shorter than the widths are filled with empty cells, longer ones are joined
/// into their last cell, so that nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The relative widths of the columns; a column of width 0 counts as 1. Empty: all columns
    /// of the longest row alike.
    pub widths: Vec<u16>,
    /// How many of the first rows are the head, which is repeated on every page.
    pub head_rows: usize,
    /// The rows of cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The width of each column, at least one column; see [`Table::widths`].
    pub fn columns(&self) -> Vec<u16> {
        if self.widths.is_empty() {
            let most = self.rows.iter().map(Vec::len).max().unwrap_or(0);
            return vec![1; most.clamp(1, MOST_COLUMNS)];
        }
        self.widths.iter().take(MOST_COLUMNS).map(|width| (*width).max(1)).collect()
    }

    /// The cells of a row, one for each of `columns`.
    pub fn cells(&self, row: &[String], columns: usize) -> Vec<String> {
        let columns = columns.max(1);
        let mut cells: Vec<String> = row.iter().take(columns).cloned().collect();
        cells.resize(columns, String::new());
        if let Some(last) = cells.last_mut() {
            for more in row.iter().skip(columns) {
                last.push(' ');
                last.push_str(more);
            }
        }
        cells
    }
}

/// Columns beyond these would be narrower than a character.
const MOST_COLUMNS: usize = 24;

/// An annex (附件, 7.3.7): it starts on a page of its own, before the imprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment {
    /// `附件` or `附件1`, at the upper left in 黑体.
    pub label: String,
    /// Its title, in the third line. May be empty.
    pub title: String,
    /// Its text.
    pub body: Vec<Block>,
}

/// A document to lay out. Absent parts are empty or `None` and take no room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// 发文机关标志 (7.2.4), e.g. `淮南市人民政府办公室文件`; one entry for each organ of a joint
    /// document, in their order. Only laid out by [`Style::Full`].
    pub masthead: Vec<String>,
    /// 发文字号 (7.2.5), e.g. `淮府办〔2023〕12号`.
    pub document_number: Option<String>,
    /// 签发人 (7.2.6), of documents that go to a higher organ; only in [`Style::Full`].
    pub signer: Option<String>,
    /// 标题 (7.3.1). Line feeds in it are kept as breaks; without any it is broken by [`crate::title`].
    pub title: String,
    /// 主送机关 (7.3.2), with or without its colon.
    pub addressee: Option<String>,
    /// 正文 (7.3.3).
    pub body: Vec<Block>,
    /// 附件说明 (7.3.4): the names of the annexes, without numbers.
    pub attachments_note: Vec<String>,
    /// 发文机关署名 (7.3.5): one line for each organ.
    pub signature: Vec<String>,
    /// 成文日期 (7.3.5). It is also the date in the files' properties.
    pub signed_on: Option<NaiveDate>,
    /// 附注 (7.3.6), e.g. `此件公开发布`, with or without its brackets.
    pub note: Option<String>,
    /// 附件 (7.3.7).
    pub attachments: Vec<Attachment>,
    /// 抄送机关 (7.4.2); only in [`Style::Full`].
    pub copy_to: Option<String>,
    /// 印发机关 (7.4.3); only in [`Style::Full`].
    pub printed_by: Option<String>,
    /// 印发日期 (7.4.3); only in [`Style::Full`].
    pub printed_on: Option<NaiveDate>,
    /// The organ named as author in the files' properties.
    pub author: Option<String>,
    /// The subject in the files' properties.
    pub subject: Option<String>,
}

/// The language of the documents (BCP 47).
pub const LANGUAGE: &str = "zh-CN";

/// 成文日期 as it is written: Arabic digits, month and day without a leading 0 (7.3.5.4).
pub fn date(day: NaiveDate) -> String {
    use chrono::Datelike as _;
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_no_leading_zero() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 9).map(date);
        assert_eq!(day.as_deref(), Some("2026年6月9日"));
    }

    #[test]
    fn rows_are_filled_and_joined() {
        let table = Table { widths: vec![1, 0], ..Table::default() };
        assert_eq!(table.columns(), [1, 1]);
        assert_eq!(table.cells(&["甲".into()], 2), ["甲", ""]);
        assert_eq!(table.cells(&["甲".into(), "乙".into(), "丙".into()], 2), ["甲", "乙 丙"]);
    }

    #[test]
    fn columns_follow_the_longest_row() {
        let table = Table { rows: vec![vec!["a".into()], vec!["a".into(); 3]], ..Table::default() };
        assert_eq!(table.columns(), [1, 1, 1]);
        assert_eq!(Table::default().columns(), [1]);
    }

    #[test]
    fn a_heading_stands_alone() {
        let alone =
            Paragraph { level: Level::First, lead: "一、总则".into(), text: String::new() };
        let leads = Paragraph { text: "各单位要".into(), ..alone.clone() };
        assert!(alone.is_heading() && !leads.is_heading());
        assert_eq!(leads.whole(), "一、总则各单位要");
    }
}
