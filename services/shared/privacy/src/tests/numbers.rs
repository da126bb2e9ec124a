use super::{certainty, private};
use crate::{Certainty, Kind};

fn all_are(kind: Kind, values: &[(&str, &str)]) {
    for (text, value) in values {
        assert_eq!(private(text), [(kind, *value)], "{text}");
    }
}

#[test]
fn identity_numbers_in_every_writing() {
    all_are(
        Kind::IdentityNumber,
        &[
            ("身份证号11010519491231002X", "11010519491231002X"),
            ("440524188001010014", "440524188001010014"),
            ("证件号码：110105 1949 1231 002X。", "110105 1949 1231 002X"),
            ("证件号码：110105-19491231-002X。", "110105-19491231-002X"),
            ("身份证 1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ"),
            ("学籍号G11010519491231002X", "11010519491231002X"),
            ("身份证号340402900101123", "340402900101123"),
        ],
    );
}

#[test]
fn a_check_digit_makes_it_certain() {
    assert_eq!(certainty("11010519491231002X"), Some(Certainty::Certain));
    assert_eq!(certainty("110105194912310021"), Some(Certainty::Suspected));
    assert_eq!(certainty("440524188001010014"), Some(Certainty::Suspected));
    assert_eq!(certainty("340402900101123"), Some(Certainty::Suspected));
    assert_eq!(certainty("编号11010519491231002X"), Some(Certainty::Suspected));
}

#[test]
fn telephones_in_every_writing() {
    all_are(
        Kind::MobileNumber,
        &[
            ("手机13812345678", "13812345678"),
            ("138 1234 5678", "138 1234 5678"),
            ("138-1234-5678", "138-1234-5678"),
            ("+86-138-1234-5678", "138-1234-5678"),
            ("电话8613812345678", "13812345678"),
            ("（13812345678）", "13812345678"),
            ("Tel13812345678", "13812345678"),
            ("１３８１２３４５６７８", "１３８１２３４５６７８"),
        ],
    );
    all_are(
        Kind::Landline,
        &[
            ("家庭电话0554 6641234", "0554 6641234"),
            ("宅电：6641234", "6641234"),
            ("住宅电话（0554）6641234", "（0554）6641234"),
        ],
    );
}

#[test]
fn cards_and_accounts() {
    all_are(
        Kind::BankCard,
        &[
            ("6228480012345678903", "6228480012345678903"),
            ("卡号6228 4800 1234 5678 903", "6228 4800 1234 5678 903"),
        ],
    );
    all_are(
        Kind::BankAccount,
        &[
            ("一卡通账号：20000123456789012", "20000123456789012"),
            ("卡号6228480012345678904", "6228480012345678904"),
        ],
    );
}

#[test]
fn travel_documents_and_plates() {
    all_are(
        Kind::Passport,
        &[
            ("护照E12341234", "E12341234"),
            ("持G12345678号护照", "G12345678"),
            ("EA1234567", "EA1234567"),
        ],
    );
    all_are(
        Kind::TravelPermit,
        &[("回乡证H1234567890", "H1234567890"), ("台胞证号码12345678", "12345678")],
    );
    all_are(
        Kind::LicencePlate,
        &[("皖D·12345", "皖D·12345"), ("皖DF12345号", "皖DF12345"), ("京A1K2C3", "京A1K2C3")],
    );
}

#[test]
fn numbers_that_hold_an_identity_number() {
    all_are(
        Kind::IdentityNumber,
        &[
            ("残疾人证号44052419800101001344", "44052419800101001344"),
            ("驾驶证号11010519491231002X", "11010519491231002X"),
        ],
    );
    assert_eq!(private("订单号44052419800101001344"), []);
}
