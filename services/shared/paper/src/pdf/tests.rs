//! Files written here object by object.

use super::*;

/// A file of numbered objects, the first of which is the catalogue. Its table is left out:
/// readers find objects without one.
fn file(objects: &[&str]) -> Vec<u8> {
    let mut out = "%PDF-1.7\n".to_owned();
    for (index, object) in objects.iter().enumerate() {
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    out.push_str("trailer <</Root 1 0 R /Info 9 0 R>>\n%%EOF\n");
    out.into_bytes()
}

fn stream(dict: &str, data: &str) -> String {
    format!("<<{dict}/Length {}>> stream\n{data}\nendstream", data.len())
}

/// One page with a Latin font `F` and a Chinese one `G` in a predefined encoding.
fn page(content: &str, more: &str, others: &[&str]) -> Vec<u8> {
    let content = stream("", content);
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>/XObject<</X 10 0 R>>/Properties<</L 10 0 R>>>>{more}>>"
    );
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/OCProperties<</D<</OFF[10 0 R]>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &page,
        &content,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[7 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        "<<>>",
        "<</Title(\\376\\377\\001\\000)/Author(Zhang San)/Producer(p)>>",
    ];
    objects.extend(others);
    file(&objects)
}

fn read_page(content: &str, more: &str, others: &[&str]) -> Paper {
    read(&page(content, more, others), &Limits::DEFAULT, 2).unwrap()
}

fn hidden(paper: &Paper, how: How) -> Vec<&str> {
    paper
        .hidden
        .iter()
        .filter(|hidden| hidden.how == how)
        .map(|hidden| hidden.text.as_str())
        .collect()
}

#[test]
fn text_in_predefined_encodings_is_read() {
    // 通知 in GBK.
    let paper = read_page(
        "BT /F 12 Tf 72 700 Td (Open) Tj 30 0 Td (Data) Tj ET BT /G 16 Tf 72 650 Td <CDA8D6AA> Tj ET",
        "",
        &[],
    );
    assert_eq!(paper.text, "Open Data\n通知");
    assert_eq!(paper.parts[0].name, "第1页");
    assert_eq!(hidden(&paper, How::Property), ["Zhang San", "p", "Ā"]);
}

#[test]
fn what_is_not_seen_is_hidden() {
    let paper = read_page(
        "BT /F 12 Tf 72 700 Td (seen) Tj 3 Tr 0 -20 Td (unseen) Tj 0 Tr 0 -900 Td (below) Tj ET /OC /L BDC BT /F 12 Tf 72 600 Td (layer) Tj ET EMC",
        "/Annots[<</Type/Annot/Subtype/Text/Contents(note)/T(Li Si)>>]",
        &["<</Type/OCG/Name(draft)>>"],
    );
    assert_eq!(paper.text, "seen");
    assert_eq!(hidden(&paper, How::Invisible), ["unseen"]);
    assert_eq!(hidden(&paper, How::Outside), ["below"]);
    assert_eq!(hidden(&paper, How::Layer), ["layer", "draft"]);
    assert_eq!(hidden(&paper, How::Annotation), ["note", "Li Si"]);
}

#[test]
fn forms_are_read() {
    let form = stream(
        "/Type/XObject/Subtype/Form/Resources<</Font<</F 5 0 R>>>>",
        "BT /F 12 Tf 72 700 Td (form) Tj ET",
    );
    assert_eq!(read(&page("/X Do", "", &[&form]), &Limits::DEFAULT, 2).unwrap().text, "form");
}

#[test]
fn forms_that_call_forms_come_to_an_end() {
    // Each calls the next twice: forty of them would never end without a budget.
    let forms: Vec<String> = (11..51)
        .map(|next| {
            stream(
                &format!("/Type/XObject/Subtype/Form/Resources<</XObject<</X {next} 0 R>>>>"),
                "/X Do /X Do",
            )
        })
        .collect();
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    let result = read(&page("/X Do", "", &forms), &Limits::DEFAULT, 2);
    assert_eq!(result, Err(PaperError::Bomb(Excess::Entries)));
    let form =
        stream("/Type/XObject/Subtype/Form/Resources<</XObject<</X 10 0 R>>>>", "/X Do /X Do");
    let _ = read(&page("/X Do", "", &[&form]), &Limits::DEFAULT, 2);
}

#[test]
fn files_within_are_read() {
    let paper = read_page(
        "BT /F 12 Tf 72 700 Td (a) Tj ET",
        "",
        &[
            &stream("/Type/EmbeddedFile", "13812345678"),
            "<</Type/Filespec/F(list.txt)/EF<</F 10 0 R>>>>",
            &stream("/Type/Metadata/Subtype/XML", "<x:a><dc:creator>王五</dc:creator></x:a>"),
        ],
    );
    assert_eq!(hidden(&paper, How::Embedded), ["13812345678", "list.txt"]);
    assert!(hidden(&paper, How::Property).contains(&"王五"));
}

#[test]
fn a_font_that_does_not_tell_is_said() {
    let bytes = page("BT /G 16 Tf 72 650 Td <00010002> Tj ET", "", &[]);
    let bytes = String::from_utf8(bytes)
        .unwrap()
        .replace("GBK-EUC-H", "Identity-H")
        .replace("(GB1)", "(Identity)");
    let paper = read(bytes.as_bytes(), &Limits::DEFAULT, 2).unwrap();
    assert_eq!(paper.unread[0].why, Why::Glyphs);
    assert!(paper.unread[0].place.contains("SimSun"));
}

#[test]
fn a_scan_is_refused() {
    let image = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        "x",
    );
    let error = read(&page("q 600 0 0 800 0 0 cm /X Do Q", "", &[&image]), &Limits::DEFAULT, 2)
        .unwrap_err();
    assert_eq!(error, PaperError::Scanned { pages: 1 });
}

#[test]
fn broken_files_are_said_and_trees_that_go_round_end() {
    assert!(matches!(
        read(b"%PDF-1.7 nothing", &Limits::DEFAULT, 2),
        Err(PaperError::Broken { .. })
    ));
    let round =
        file(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]);
    let _ = read(&round, &Limits::DEFAULT, 2);
    let deep = format!("<</A {}{}>>", "[".repeat(100_000), "]".repeat(100_000));
    let _ = read(
        &file(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>", &deep]),
        &Limits::DEFAULT,
        2,
    );
}
