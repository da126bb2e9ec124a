//! What sources say.

use super::*;

#[test]
fn the_sources_word_counts() {
    let says = |word| Grounds { source: Some(said(word, None)), ..Grounds::default() };
    assert_eq!(effect("2024-06-30", &says(SourceWord::Lapsed)), Effect::Lapsed);
    assert_eq!(reason("2024-06-30", &says(SourceWord::Lapsed)), "来源标明已失效");
    assert_eq!(effect("2024-06-30", &says(SourceWord::Repealed)), Effect::Repealed);
    assert_eq!(reason("2024-06-30", &says(SourceWord::Repealed)), "来源标明已废止");
}

#[test]
fn the_sources_word_proves_nothing_before_it_was_read() {
    let source = Some(said(SourceWord::Repealed, Some("2024-06-30")));
    let grounds = Grounds { source, ..Grounds::default() };
    assert_eq!(effect("2024-06-29", &grounds), Effect::InForce);
    assert_eq!(effect("2024-06-30", &grounds), Effect::Repealed);
}

#[test]
fn the_sources_word_echoes_a_dated_ground() {
    let lapsed = Grounds {
        source: Some(said(SourceWord::Lapsed, Some("2024-06-30"))),
        ..until("2023-12-31")
    };
    assert!(matches!(on(day("2024-07-01"), &lapsed).reason, Reason::Lapsed { .. }));
    let repealed = Grounds {
        source: Some(said(SourceWord::Lapsed, Some("2024-06-30"))),
        ..acted([act(ActKind::Repeals, "2023-01-01")])
    };
    assert!(matches!(on(day("2024-07-01"), &repealed).reason, Reason::Repealed { .. }));
    let contradicted = Grounds {
        source: Some(said(SourceWord::Lapsed, Some("2024-06-30"))),
        ..until("2030-12-31")
    };
    assert_eq!(on(day("2024-07-01"), &contradicted).reason, Reason::LapsedAtSource);
}

#[test]
fn labels_of_sources_are_read() {
    for (label, word) in [
        ("失效", Some(SourceWord::Lapsed)),
        (" 已失效 ", Some(SourceWord::Lapsed)),
        ("宣布失效", Some(SourceWord::Lapsed)),
        ("废止", Some(SourceWord::Repealed)),
        ("已废止", Some(SourceWord::Repealed)),
    ] {
        assert_eq!(SourceWord::read(label), word, "{label}");
    }
    for label in ["有效", "已发布", "征求意见", "历史", "已修改", "尚未生效", ""]
    {
        assert_eq!(SourceWord::read(label), None, "{label}");
    }
}
