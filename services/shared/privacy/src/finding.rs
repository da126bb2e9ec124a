//! What is found, and how it is told.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// What kind of thing a finding is. The words written by serde are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 公民身份号码 of 18 characters (GB 11643-1999) or of the 15 digits used before it.
    IdentityNumber,
    /// A mobile number: 11 digits that begin with 13 to 19.
    MobileNumber,
    /// A fixed-line number, with or without its area code, or a 400/800 number.
    Landline,
    /// A bank card number: 16 to 19 digits that satisfy Luhn's rule (ISO/IEC 7812-1 annex B).
    BankCard,
    /// Another account number, known by the word before it or by its table column.
    BankAccount,
    /// A passport number.
    Passport,
    /// A travel permit for Hong Kong, Macao or Taiwan, in either direction.
    TravelPermit,
    /// A vehicle's number plate (GA 36-2018).
    LicencePlate,
    /// An address below 街道 or 村: house, building, unit or room.
    HomeAddress,
    /// An e-mail address.
    Email,
    /// A WeChat id.
    WechatId,
    /// A QQ number.
    QqNumber,
    /// The name of a private person.
    PersonName,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::IdentityNumber,
        Self::MobileNumber,
        Self::Landline,
        Self::BankCard,
        Self::BankAccount,
        Self::Passport,
        Self::TravelPermit,
        Self::LicencePlate,
        Self::HomeAddress,
        Self::Email,
        Self::WechatId,
        Self::QqNumber,
        Self::PersonName,
    ];

    /// The stable word, as serde writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityNumber => "identity_number",
            Self::MobileNumber => "mobile_number",
            Self::Landline => "landline",
            Self::BankCard => "bank_card",
            Self::BankAccount => "bank_account",
            Self::Passport => "passport",
            Self::TravelPermit => "travel_permit",
            Self::LicencePlate => "licence_plate",
            Self::HomeAddress => "home_address",
            Self::Email => "email",
            Self::WechatId => "wechat_id",
            Self::QqNumber => "qq_number",
            Self::PersonName => "person_name",
        }
    }

    /// What an editor is shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::IdentityNumber => "居民身份证号",
            Self::MobileNumber => "手机号码",
            Self::Landline => "固定电话",
            Self::BankCard => "银行卡号",
            Self::BankAccount => "银行账号",
            Self::Passport => "护照号码",
            Self::TravelPermit => "往来通行证号码",
            Self::LicencePlate => "机动车号牌",
            Self::HomeAddress => "家庭住址",
            Self::Email => "电子邮箱",
            Self::WechatId => "微信号",
            Self::QqNumber => "QQ号",
            Self::PersonName => "姓名",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How sure a finding is. Neither is a verdict: a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Shape and context fit, but no check digit or word confirms it.
    Suspected,
    /// A check digit or a word beside it confirms it.
    Certain,
}

/// One thing found in a text.
///
/// It holds places only, never the text: what is stored or logged about a finding must not
/// repeat what was to be kept back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Finding {
    /// Where it begins, in characters.
    pub start: usize,
    /// Where it ends, in characters, exclusive.
    pub end: usize,
    /// The same place in bytes; both ends are character boundaries of the text.
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Whether it belongs to a private person; `false` for the contacts and accounts of
    /// organs, which 《政府信息公开条例》 article 20(2) has them publish.
    pub personal: bool,
    /// How sure the finding is.
    pub certainty: Certainty,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_serde() {
        for kind in Kind::ALL {
            let written = serde_json::to_string(&kind).unwrap();
            assert_eq!(written, format!("\"{kind}\""));
            assert!(!kind.label().is_empty());
        }
    }
}
