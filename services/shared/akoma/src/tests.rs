//! What the file has to be, read back by an XML reader.

use chrono::NaiveDate;
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};

use crate::{Cited, Citing, Class, File, Force, Organ, Policy, Span, xml};

const RULE: &str = "（2026年6月1日市人民政府第10次常务会议通过）\n第一章　总则\n\
    第一条　为了规范停车，制定本办法。\n第二条　本办法所称停车设施包括：\n（一）公共停车场；\n\
    （二）道路停车位。\n机动车停放另有规定的，从其规定。\n第二章　附则\n\
    第三条　本办法自2026年7月1日起施行。\n";

const NOTICE: &str = "各县、区人民政府：\n现就防汛工作通知如下。\n一、总体要求\n坚持预防为主。\n\
    （一）压实责任。各单位要落实责任。\n二、工作要求\n及时报告。\n明川市人民政府办公室\n2026年6月9日\n";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn policy(class: Class, text: &str) -> Policy {
    Policy {
        id: "0198".to_owned(),
        address: "https://city.example/policies/0198".to_owned(),
        class,
        title: "明川市停车办法".to_owned(),
        document_number: "明府办〔2026〕88号".to_owned(),
        category: "政府规章".to_owned(),
        keywords: vec!["停车".to_owned()],
        organ: Organ {
            code: "gov-office".to_owned(), name: "明川市人民政府办公室".to_owned()
        },
        publisher: Organ { code: String::new(), name: "明川市政务公开办".to_owned() },
        issued_on: Some(day("2026-06-09")),
        published_on: day("2026-06-10"),
        revised_on: day("2026-06-12"),
        revision: 2,
        text: text.to_owned(),
        spans: vec![
            Span { from: None, force: Force::NotYet, amended: false, by: String::new() },
            Span {
                from: Some(day("2026-07-01")),
                force: Force::InForce,
                amended: false,
                by: String::new(),
            },
            Span {
                from: Some(day("2028-01-01")),
                force: Force::Repealed,
                amended: false,
                by: "https://city.example/policies/0199".to_owned(),
            },
        ],
        cited: vec![
            Cited {
                citing: Citing::Active,
                address: String::new(),
                shown: "制定依据：《道路交通安全法》".to_owned(),
            },
            Cited {
                citing: Citing::Passive,
                address: "https://city.example/policies/0199".to_owned(),
                shown: "被废止：《新办法》".to_owned(),
            },
        ],
        files: vec![File {
            name: "附件1.pdf".to_owned(),
            address: "https://city.example/attachments/a/1.pdf".to_owned(),
        }],
    }
}

/// Elements with their `eId`, in order, and all text of the document behind its metadata.
fn read(text: &str) -> (Vec<(String, String)>, String) {
    let mut reader = Reader::from_str(text);
    let (mut elements, mut words, mut meta) = (Vec::new(), String::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return (elements, words),
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_owned();
                meta = meta || name == "meta";
                let id = start.attributes().flatten().find(|a| a.key.as_ref() == "eId");
                let id = id.map(|a| a.value.into_owned());
                elements.push((name, id.unwrap_or_default()));
            }
            Event::End(end) if end.name().as_ref() == "meta" => meta = false,
            Event::Text(text) if !meta => words.push_str(&text),
            Event::GeneralRef(name) if !meta => {
                words.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap());
            }
            _ => {}
        }
    }
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn an_act_has_its_chapters_articles_paragraphs_and_points() {
    let (elements, words) = read(&xml(&policy(Class::Rule, RULE)));
    let ids: Vec<&str> = elements.iter().map(|(_, id)| id.as_str()).collect();
    for id in [
        "chp_1",
        "art_1",
        "art_2__para_1",
        "art_2__para_1__point_1",
        "art_2__para_1__point_2",
        "art_2__para_2",
        "chp_2",
        "art_3",
        "event_2",
        "tmpg_1",
        "ref_2",
        "att_1",
    ] {
        assert!(ids.contains(&id), "{id} not in {ids:?}");
    }
    let names: Vec<&str> = elements.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["act", "preamble", "body", "attachments", "passiveRef", "temporalData"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(bare(&words).contains(&bare(RULE)), "{words}");
}

#[test]
fn a_notice_has_its_lead_sections_and_signature() {
    let text = xml(&policy(Class::Other, NOTICE));
    let (elements, words) = read(&text);
    let names: Vec<&str> = elements.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["doc", "mainBody", "conclusions", "signature", "docDate"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(elements.contains(&("subsection".to_owned(), "sec_1__subsec_1".to_owned())));
    assert!(text.contains("<heading>总体要求</heading>"), "{text}");
    assert!(text.contains("date=\"2026-06-09\">2026年6月9日</docDate>"), "{text}");
    assert!(bare(&words).contains(&bare(NOTICE)), "{words}");
}

#[test]
fn work_expression_and_manifestation_are_named() {
    let text = xml(&policy(Class::Rule, RULE));
    let work = "/akn/cn/act/rule/gov-office/2026-06-09/明府办-2026-88号";
    for name in [
        format!("<FRBRuri value=\"{work}\"/>"),
        format!("<FRBRthis value=\"{work}/zho@2026-06-12;2/!main\"/>"),
        format!("<FRBRuri value=\"{work}/zho@2026-06-12;2.xml\"/>"),
    ] {
        assert!(text.contains(&name), "{name} not in {text}");
    }
    assert!(text.contains("source=\"#ref_2\" type=\"repeal\""), "{text}");
}

#[test]
fn a_text_without_divisions_or_without_a_word_is_a_document() {
    for text in ["", "照此执行。"] {
        for class in [Class::Rule, Class::Other] {
            let mut bare = policy(class, text);
            (bare.title, bare.document_number) = (String::new(), String::new());
            (bare.spans, bare.cited, bare.files) = (Vec::new(), Vec::new(), Vec::new());
            let (elements, words) = read(&xml(&bare));
            assert!(words.contains(text), "{elements:?}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_text_is_nothing_of_it_is_lost_and_every_id_is_one(
        lines in prop::collection::vec(
            "(第[一二三]章 |第[一二三]条 |[一二]、|（[一二]）|[12]\\.|（[12]）|附件)?[甲乙<&\"。：]{0,6}",
            0..14,
        ),
    ) {
        let text = lines.join("\n");
        for class in [Class::Rule, Class::Other] {
            let (elements, words) = read(&xml(&policy(class, &text)));
            prop_assert!(bare(&words).contains(&bare(&text)), "{:?} {}", text, words);
            let mut ids: Vec<_> =
                elements.iter().map(|(_, id)| id).filter(|id| !id.is_empty()).collect();
            let all = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(all, ids.len());
        }
    }
}
