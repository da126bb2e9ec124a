//! Kinds, codes and what a caller gets to read.

use super::*;

#[derive(Debug, thiserror::Error)]
#[error("标题不能为空")]
struct Untitled;

impl Fault for Untitled {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        "UNTITLED"
    }

    fn fields(&self) -> Vec<FieldFault> {
        vec![FieldFault::new("policy.title", "请填写标题")]
    }
}

#[test]
fn a_fault_names_its_fields_and_reason_on_the_wire() {
    let status = status(&Untitled);
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "标题不能为空");
    assert_eq!(fields_of(&status), Untitled.fields());
    assert_eq!(reason_of(&status), "UNTITLED");
    assert_eq!(http_status(&status), StatusCode::BAD_REQUEST);
}

#[test]
fn an_internal_fault_tells_nothing_of_its_inside() {
    let error = Error::Database(DbErr::Custom("secret table".into()));
    assert!(chain(&error).contains("secret table"));
    let status = Status::from(error);
    assert_eq!(status.code(), Code::Internal);
    assert_eq!(status.message(), INTERNAL_MESSAGE);
}

#[test]
fn codes_and_kinds_agree() {
    for kind in [Kind::Invalid, Kind::Conflict, Kind::TooLarge, Kind::Precondition] {
        assert_eq!(Kind::of(kind.code()), kind);
    }
    assert_eq!(Kind::TooLarge.http_status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn databases_that_are_away_are_told_from_wrong_statements() {
    assert!(is_passing("57P01") && is_passing("40001") && is_passing("5") && is_passing("517"));
    assert!(!is_passing("23505") && !is_passing("1555") && !is_passing("42601"));
}
