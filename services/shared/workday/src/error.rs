use chrono::NaiveDate;

/// Why the calendar cannot answer, or why a calendar file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day lies before the first year the calendar knows.
    #[error("工作日历自 {first} 年起，不含 {day}")]
    BeforeFirstYear {
        /// The day asked about.
        day: NaiveDate,
        /// The first known year.
        first: i32,
    },
    /// No arrangement is known for the year; it is not Monday to Friday by default.
    #[error("{year} 年的放假调休安排尚未录入工作日历")]
    UnknownYear {
        /// The year without an arrangement.
        year: i32,
    },
    /// The deadline is longer than any deadline of the law.
    #[error("期限 {asked} 个工作日过长，最多 {max} 个")]
    TooLong {
        /// The number of working days asked for.
        asked: u32,
        /// The greatest number accepted.
        max: u32,
    },
    /// The day is so far away that dates end.
    #[error("日期 {day} 超出可计算的范围")]
    OutOfRange {
        /// The day the count started from.
        day: NaiveDate,
    },
    /// The calendar file is not the JSON that is expected.
    #[error("工作日历文件第 {line} 行第 {column} 列有误：{reason}")]
    Unreadable {
        /// Line of the file, from 1.
        line: usize,
        /// Column of the line, from 1.
        column: usize,
        /// What the parser found.
        reason: String,
    },
    /// The calendar file is well-formed, but a value in it cannot be right.
    #[error("工作日历文件 {field} 有误：{reason}")]
    Invalid {
        /// Path of the value, such as `years[0].holidays[2].to`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
}
