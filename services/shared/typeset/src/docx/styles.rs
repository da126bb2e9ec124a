//! Styles and fonts.

use super::xml::{DECLARATION, MAIN};

/// From line to line in twentieths of a point: 22 lines to the page.
pub(super) const LINE: u16 = 592;

/// 小标宋, with the names that stand in for it.
pub(super) const TITLE: &str = "方正小标宋简体";
pub(super) const BODY: &str = "仿宋_GB2312";
pub(super) const KAI: &str = "楷体_GB2312";
pub(super) const HEI: &str = "黑体";
pub(super) const SONG: &str = "宋体";

/// The properties that set a run in a face.
pub(super) fn face(name: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\" w:eastAsia=\"{name}\" w:cs=\"{name}\"/>"
    )
}

/// A paragraph style: its id, its name, what it is based on, the properties of its paragraphs
/// and of its characters.
struct Style {
    id: &'static str,
    name: &'static str,
    paragraph: String,
    run: String,
}

pub(super) fn styles() -> String {
    let indent = "<w:ind w:firstLineChars=\"200\" w:firstLine=\"632\"/>";
    let heading = |level: u16| format!("<w:keepNext/>{indent}<w:outlineLvl w:val=\"{level}\"/>");
    let none = String::new;
    let sized = |name: &str, size: u16| {
        format!(
            "{}<w:spacing w:val=\"0\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>",
            face(name)
        )
    };
    let list = [
        Style { id: "Title", name: "Title", paragraph: "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:jc w:val=\"center\"/>".to_owned(), run: sized(TITLE, 44) },
        Style { id: "Heading1", name: "heading 1", paragraph: heading(0), run: face(HEI) },
        Style { id: "Heading2", name: "heading 2", paragraph: heading(1), run: face(KAI) },
        Style { id: "Chapter", name: "章", paragraph: "<w:keepNext/><w:jc w:val=\"center\"/><w:outlineLvl w:val=\"0\"/>".to_owned(), run: face(HEI) },
        Style { id: "BodyText", name: "Body Text", paragraph: indent.to_owned(), run: none() },
        Style { id: "Article", name: "条", paragraph: indent.to_owned(), run: none() },
        Style { id: "Centred", name: "题注", paragraph: "<w:jc w:val=\"center\"/>".to_owned(), run: face(KAI) },
        Style { id: "Annex", name: "附件", paragraph: "<w:keepNext/><w:pageBreakBefore/><w:outlineLvl w:val=\"0\"/>".to_owned(), run: face(HEI) },
        Style { id: "TableText", name: "表格", paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"360\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>".to_owned(), run: sized(BODY, 24) },
        Style { id: "Imprint", name: "版记", paragraph: none(), run: sized(BODY, 28) },
        Style { id: "Footer", name: "footer", paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"360\" w:lineRule=\"exact\"/>".to_owned(), run: sized(SONG, 28) },
    ];
    let mut out = format!(
        "{DECLARATION}<w:styles {MAIN}><w:docDefaults><w:rPrDefault><w:rPr>{}\
         <w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/>\
         <w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/><w:kinsoku/><w:overflowPunct/>\
         <w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>\
         <w:spacing w:line=\"{LINE}\" w:lineRule=\"exact\"/><w:jc w:val=\"both\"/></w:pPr><w:rPr><w:spacing w:val=\"-5\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/></w:rPr></w:style>",
        face(BODY)
    );
    for Style { id, name, paragraph, run } in list {
        out.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>\
             <w:rPr>{run}</w:rPr></w:style>"
        ));
    }
    out.push_str("</w:styles>");
    out
}

/// The faces with the name that may stand in for them where they are missing.
pub(super) fn font_table() -> String {
    let fonts = [
        (TITLE, "宋体", "roman"),
        (BODY, "仿宋", "modern"),
        (KAI, "楷体", "modern"),
        (HEI, "SimHei", "modern"),
        (SONG, "SimSun", "roman"),
    ];
    let mut out = format!("{DECLARATION}<w:fonts {MAIN}>");
    for (name, others, family) in fonts {
        out.push_str(&format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{others}\"/><w:charset w:val=\"86\"/>\
             <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
        ));
    }
    out.push_str("</w:fonts>");
    out
}
