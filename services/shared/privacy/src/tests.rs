//! What is found and what is not, one text each.

use crate::{Certainty, Finding, Kind, find, mask};

mod contacts;
mod lookalikes;
mod numbers;
mod people;

/// The findings of a text as kind and value, private ones only.
fn private(text: &str) -> Vec<(Kind, &str)> {
    let of = |finding: Finding| (finding.kind, &text[finding.bytes]);
    find(text).into_iter().filter(|finding| finding.personal).map(of).collect()
}

/// The findings that are an organ's.
fn public(text: &str) -> Vec<(Kind, &str)> {
    let of = |finding: Finding| (finding.kind, &text[finding.bytes]);
    find(text).into_iter().filter(|finding| !finding.personal).map(of).collect()
}

/// How sure the first finding is.
fn certainty(text: &str) -> Option<Certainty> {
    find(text).first().map(|finding| finding.certainty)
}

#[test]
fn places_are_characters_and_bytes() {
    let text = "手机13812345678。";
    let finding = find(text).remove(0);
    assert_eq!((finding.start, finding.end), (2, 13));
    assert_eq!(finding.bytes, 6..17);
}

#[test]
fn a_published_text_keeps_what_is_public() {
    let text = "咨询电话：0554-6641234。申请人王建国，手机13812345678，住址：淮南市田家庵区朝阳街道龙湖小区3栋2单元501室。";
    assert_eq!(
        mask(text, &find(text)),
        "咨询电话：0554-6641234。申请人王**，手机138****5678，住址：淮南市田家庵区朝阳街道***。"
    );
}
