/// Why a text is not, or not certainly, a document number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Nothing was written.
    #[error("发文字号为空")]
    Empty,
    /// It begins with the year or the serial.
    #[error("发文字号缺少机关代字")]
    NoHead,
    /// The head is too short, too long, or not in Chinese characters.
    #[error("机关代字“{0}”应为 2 至 20 个汉字")]
    BadHead(String),
    /// An identifier with Latin letters, such as a unified registration number.
    #[error("含有字母或数字代码，应为统一编号等其他标识，不是发文字号")]
    OtherIdentifier,
    /// No year, and it is not an order.
    #[error("发文字号缺少年份，应写作“机关代字〔年份〕序号号”")]
    NoYear,
    /// The year is not one of 1949 to 2099 in four digits.
    #[error("发文字号的年份“{0}”应为 1949 至 2099 的四位数字")]
    BadYear(String),
    /// It ends after the head or the year.
    #[error("发文字号缺少序号")]
    NoSerial,
    /// The serial is not one of 1 to 99999.
    #[error("发文字号的序号“{0}”应为 1 至 99999")]
    BadSerial(String),
    /// The digits of year and serial run together and have no single reading.
    #[error("“{0}”无法确定年份与序号的分界，请补全〔〕后重试")]
    UnclearSplit(String),
    /// White space within the digits of the serial.
    #[error("序号“{0}”中间有空格，无法确定是否为同一个数")]
    SpacedSerial(String),
    /// More follows behind the number.
    #[error("发文字号之后还有“{0}”")]
    Trailing(String),
    /// The number could be read only by repair, where none is accepted.
    #[error("发文字号残缺，是否为“{0}”？")]
    NeedsRepair(String),
}
