//! Writing a text so that it may be published.

use crate::finding::{Finding, Kind};
use crate::glyph::is_blank;

/// The text with every personal finding masked by the convention of its kind.
///
/// Findings must be those of this text; one whose bytes are no place in it, or lie before
/// another's end, is passed over. Findings that are not personal stay as they are.
///
/// | kind | written |
/// |---|---|
/// | identity number | first 3 and last 2: `340*************1X` |
/// | mobile number | `138****1234` |
/// | fixed line | area code and last 3: `0554-****123` |
/// | card, account | last 4: `***************8903` |
/// | passport | first and last 4: `E****1234` |
/// | travel permit | first and last 2: `H*******12` |
/// | number plate | `皖D·***12` |
/// | home address | as far as 街道 or village: `田家庵区朝阳街道***` |
/// | e-mail, chat | first: `a***@qq.com`, `w***` |
/// | name | `张**` |
///
/// Identity numbers show as little as still lets a person recognise his own: the common form
/// with area and last four digits tells who it is when a name stands beside it.
pub fn mask(text: &str, findings: &[Finding]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for finding in findings.iter().filter(|finding| finding.personal) {
        let (Some(before), Some(value)) =
            (text.get(at..finding.bytes.start), text.get(finding.bytes.clone()))
        else {
            continue;
        };
        masked.push_str(before);
        masked.push_str(&mask_value(finding.kind, value));
        at = finding.bytes.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// One value, masked by the convention of its kind; blanks and hyphens within are dropped
/// where the kind does not keep them.
pub fn mask_value(kind: Kind, value: &str) -> String {
    let compact: Vec<char> =
        value.chars().filter(|ch| !is_blank(*ch) && !crate::glyph::is_hyphen(*ch)).collect();
    match kind {
        Kind::IdentityNumber => around(&compact, 3, 2, None),
        Kind::MobileNumber => around(&compact, 3, 4, None),
        Kind::Landline => landline(value),
        Kind::BankCard | Kind::BankAccount => around(&compact, 0, 4, None),
        Kind::Passport => around(&compact, 1, 4, Some(4)),
        Kind::TravelPermit => around(&compact, 1, 2, None),
        Kind::LicencePlate => plate(&compact),
        Kind::HomeAddress => address(value),
        Kind::Email => email(value),
        Kind::WechatId | Kind::QqNumber => around(&compact, 1, 0, Some(3)),
        Kind::PersonName => around(&compact, 1, 0, Some(2)),
    }
}

/// The first and last characters, stars between: as many as there were, or a fixed number.
/// What is too short to hide half of itself is stars only.
fn around(value: &[char], first: usize, last: usize, stars: Option<usize>) -> String {
    let hidden = value.len().saturating_sub(first + last);
    let (first, last) = if hidden == 0 || hidden < last { (0, 0) } else { (first, last) };
    let stars = stars.unwrap_or(value.len() - first - last);
    let head = value.iter().take(first);
    let tail = value.iter().skip(value.len() - last);
    head.copied().chain(std::iter::repeat_n('*', stars)).chain(tail.copied()).collect()
}

fn landline(value: &str) -> String {
    let digits: Vec<char> = value.chars().filter(|ch| crate::glyph::digit(*ch).is_some()).collect();
    let is =
        |ch: Option<&char>, wanted: u8| ch.copied().and_then(crate::glyph::digit) == Some(wanted);
    let is_two = is(digits.get(1), 1) || is(digits.get(1), 2);
    let area = match (is(digits.first(), 0) && digits.len() > 8, is_two) {
        (false, _) => 0,
        (true, true) => 3,
        (true, false) => 4,
    };
    let (area, local) = digits.split_at_checked(area).unwrap_or_default();
    let mut masked: String = area.iter().collect();
    if !masked.is_empty() {
        masked.push('-');
    }
    masked.push_str(&around(local, 0, 3, None));
    masked
}

fn plate(value: &[char]) -> String {
    let rest: Vec<char> =
        value.iter().skip(2).filter(|ch| crate::glyph::is_alphanumeric(**ch)).copied().collect();
    let mut masked: String = value.iter().take(2).collect();
    masked.push('·');
    masked.push_str(&around(&rest, 0, 2, None));
    masked
}

/// As far as the last place that is no house: 街道, 镇, 乡, 村, 社区; else district or city.
fn address(value: &str) -> String {
    const PLACES: [&[&str]; 2] = [&["街道", "镇", "乡", "村", "社区"], &["区", "县", "市", "省"]];
    let house = value.find(|ch| crate::glyph::digit(ch).is_some()).unwrap_or(value.len());
    let head = value.get(..house).unwrap_or_default();
    let kept = PLACES.iter().find_map(|places| {
        places.iter().filter_map(|place| head.rfind(place).map(|at| at + place.len())).max()
    });
    // 小区 is a housing estate, not a district.
    let kept = kept.and_then(|end| head.get(..end)).filter(|kept| !kept.ends_with("小区"));
    format!("{}***", kept.unwrap_or_default())
}

fn email(value: &str) -> String {
    let Some(at) = value.find(['@', '＠']) else { return "***".to_owned() };
    let (local, domain) = value.split_at(at);
    let first: String = local.chars().take(1).collect();
    format!("{first}***{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_convention() {
        for (kind, value, masked) in [
            (Kind::IdentityNumber, "34040219900101001X", "340*************1X"),
            (Kind::IdentityNumber, "340402 1990 0101 1234", "340*************34"),
            (Kind::MobileNumber, "13812341234", "138****1234"),
            (Kind::MobileNumber, "138-1234-1234", "138****1234"),
            (Kind::Landline, "0554-6641123", "0554-****123"),
            (Kind::Landline, "6641123", "****123"),
            (Kind::BankCard, "6228480012345678903", "***************8903"),
            (Kind::Passport, "E12341234", "E****1234"),
            (Kind::LicencePlate, "皖D12312", "皖D·***12"),
            (Kind::LicencePlate, "皖D·12312", "皖D·***12"),
            (Kind::PersonName, "张三", "张**"),
            (Kind::PersonName, "王建国", "王**"),
            (Kind::Email, "abc@qq.com", "a***@qq.com"),
            (Kind::HomeAddress, "淮南市田家庵区朝阳街道3栋2单元501室", "淮南市田家庵区朝阳街道***"),
            (Kind::HomeAddress, "田家庵区幸福小区3栋501室", "***"),
        ] {
            assert_eq!(mask_value(kind, value), masked, "{value}");
        }
    }

    #[test]
    fn the_short_is_hidden_whole() {
        assert_eq!(mask_value(Kind::MobileNumber, "12"), "**");
        assert_eq!(mask_value(Kind::PersonName, ""), "**");
        assert_eq!(mask_value(Kind::Email, "x"), "***");
    }
}
