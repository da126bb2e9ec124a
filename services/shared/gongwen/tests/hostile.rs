//! No text makes the reader panic, and what it reports lies within the text.

use proptest::prelude::*;

/// Pieces that rules look for, put together at random.
const PIECES: [&str; 44] = [
    "《",
    "》",
    "〈",
    "（",
    "）",
    "〔2020〕",
    "3号",
    "淮府",
    "第",
    "条",
    "章",
    "十二",
    "同时废止",
    "废止",
    "修改为",
    "根据",
    "自",
    "起施行",
    "2020年5月1日",
    "二〇二〇年",
    "有效期",
    "五年",
    "至",
    "。",
    "；",
    "：",
    "\n",
    "　　",
    "附件",
    "抄送",
    "印发",
    "此件公开发布",
    "文号:",
    "成文日期：",
    "令第",
    "市水利局",
    "关于",
    "的通知",
    "一、",
    "（一）",
    "1.",
    "“",
    "”",
    "年",
];

fn check(title: Option<&str>, text: &str) {
    let document = gongwen::analyze(title, text);
    for node in &document.outline {
        assert!(text.get(node.span.bytes()).is_some());
    }
    for relation in &document.relations {
        assert!(relation.span.as_ref().is_none_or(|span| text.get(span.bytes()).is_some()));
    }
    assert!(serde_json::to_string(&document).is_ok());
}

proptest! {
    #[test]
    fn any_text_is_read(title in proptest::option::of("\\PC{0,40}"), text in "[\\PC\\n]{0,300}") {
        check(title.as_deref(), &text);
    }

    #[test]
    fn any_mixture_of_marks_is_read(
        title in proptest::collection::vec(0..PIECES.len(), 0..8),
        text in proptest::collection::vec(0..PIECES.len(), 0..80),
    ) {
        let join = |pieces: Vec<usize>| pieces.into_iter().map(|at| PIECES[at]).collect::<String>();
        check(Some(&join(title)), &join(text));
    }
}
