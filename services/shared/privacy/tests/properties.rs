//! What holds for every text: no panic, places on character boundaries, order, and nothing
//! of a masked value left to find.

#![expect(clippy::expect_used, reason = "a test proves by panicking")]

use privacy::{Finding, Kind, find, mask, mask_value};
use proptest::prelude::*;

/// Parts of real sentences, to be cut and joined at random.
const PARTS: [&str; 30] = [
    "申请人",
    "：",
    "王建国",
    "身份证号",
    "11010519491231002X",
    "１３８１２３４５６７８",
    " ",
    "\t",
    "\n",
    "|",
    "0554-6641234",
    "手机",
    "13812345678",
    "卡号",
    "6228480012345678903",
    "皖D",
    "·",
    "12345",
    "@",
    "qq.com",
    "微信号",
    "家住",
    "朝阳小区",
    "3栋2单元501室",
    "护照",
    "E12341234",
    "（",
    "）",
    "欧阳",
    "\u{200b}",
];

fn check(text: &str) -> Vec<Finding> {
    let findings = find(text);
    let mut last = 0;
    for finding in &findings {
        assert!(finding.bytes.start >= last, "sorted and apart: {text:?}");
        assert!(finding.bytes.start < finding.bytes.end, "not empty: {text:?}");
        last = finding.bytes.end;
        let before = text.get(..finding.bytes.start).expect("a boundary");
        let value = text.get(finding.bytes.clone()).expect("boundaries");
        assert_eq!(finding.start, before.chars().count());
        assert_eq!(finding.end - finding.start, value.chars().count());
    }
    findings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let findings = check(&text);
        let _ = mask(&text, &findings);
    }

    #[test]
    fn digits_and_marks_are_read(text in r"[0-9０-９Xx皖DE@. \-|\t\n：号室栋（）a-z]{0,80}") {
        let _ = mask(&text, &check(&text));
    }

    #[test]
    fn joined_parts_are_read(parts in prop::collection::vec(0..PARTS.len(), 0..24), cut in 0_usize..64) {
        let text: String = parts.iter().map(|part| PARTS[*part]).collect();
        let text: String = text.chars().skip(cut % 7).collect();
        let findings = check(&text);
        prop_assert!(mask(&text, &findings).chars().count() <= text.chars().count() + 4 * findings.len());
    }

    #[test]
    fn findings_of_another_text_do_no_harm(text in any::<String>(), parts in prop::collection::vec(0..PARTS.len(), 0..24)) {
        let other: String = parts.iter().map(|part| PARTS[*part]).collect();
        let _ = mask(&text, &find(&other));
    }

    #[test]
    fn any_value_is_masked(value in any::<String>(), kind in prop::sample::select(Kind::ALL.to_vec())) {
        let _ = mask_value(kind, &value);
    }
}

#[test]
fn the_middle_of_a_masked_number_is_gone() {
    let text =
        "申请人王建国，身份证号11010519491231002X，手机13812345678，卡号6228480012345678903。";
    let masked = mask(text, &find(text));
    assert_eq!(
        masked,
        "申请人王**，身份证号110*************2X，手机138****5678，卡号***************8903。"
    );
    assert!(find(&masked).is_empty(), "{:?}", find(&masked));
}

#[test]
fn long_texts_take_no_more_than_their_share() {
    for part in [
        "1 ",
        "13812345678-",
        "申请人",
        "0",
        "@",
        "a@",
        "3栋",
        "皖D1",
        "姓名\t卡号\n",
        "（",
        "－１",
    ] {
        let text = part.repeat(200_000 / part.len());
        let started = std::time::Instant::now();
        check(&text);
        assert!(started.elapsed().as_secs() < 10, "{part}");
    }
}
