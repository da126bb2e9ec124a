//! Files of policies.

use contracts::documents::{Attachment as File, Rendition, RenditionFormat};

use super::{address::encoded, days};
use crate::renditions;

/// A file that belongs to a policy.
#[derive(Debug, Clone, Default)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub size: String,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    pub url: String,
}

impl Attachment {
    /// A file as pages show it.
    pub fn of(file: &File) -> Self {
        Self {
            id: file.id.clone(),
            name: file.file_name.clone(),
            kind: kind_of_file(&file.media_type).to_owned(),
            size: days::size(file.size),
            sha256: file.sha256.clone(),
            url: format!("/attachments/{}/{}", file.id, encoded(&file.file_name)),
        }
    }
}

/// What a reader needs to open a file.
fn kind_of_file(media_type: &str) -> &'static str {
    const KINDS: [(&str, &str); 9] = [
        ("pdf", "PDF"),
        ("ofd", "OFD"),
        ("word", "WORD"),
        ("excel", "表格"),
        ("sheet", "表格"),
        ("powerpoint", "演示文稿"),
        ("presentation", "演示文稿"),
        ("image/", "图片"),
        ("zip", "压缩包"),
    ];
    let known = KINDS.iter().find(|(part, _)| media_type.contains(part));
    known.map_or("文件", |(_, kind)| kind)
}

/// A form that a policy can be had in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormItem {
    /// `PDF` or `WORD`.
    pub kind: &'static str,
    /// Under which it is saved.
    pub name: String,
    pub url: String,
    /// What it is good for, and its size as far as it was made before.
    pub about: String,
}

/// A revision as a file that can be saved.
pub fn rendition(file: &Rendition) -> FormItem {
    let (kind, about) = match file.format() {
        RenditionFormat::Docx => ("WORD", "可以编辑"),
        RenditionFormat::Pdf | RenditionFormat::Unspecified => ("PDF", "便于阅读和打印"),
    };
    let about = match file.size {
        0 => about.to_owned(),
        size => format!("{about}，{}", days::size(size)),
    };
    FormItem { kind, name: file.file_name.clone(), url: renditions::path(file), about }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_what_opens_them() {
        let file = File {
            id: "a1".to_owned(),
            file_name: "申领表 1.docx".to_owned(),
            media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                .to_owned(),
            size: 32_000,
            sha256: String::new(),
        };
        let shown = Attachment::of(&file);
        assert_eq!((shown.kind.as_str(), shown.size.as_str()), ("WORD", "32 KB"));
        assert!(shown.url.starts_with("/attachments/a1/") && !shown.url.contains(' '));
        let file = Rendition {
            policy_id: "p1".to_owned(),
            revision: 3,
            format: RenditionFormat::Pdf.into(),
            file_name: "办法.pdf".to_owned(),
            size: 120_000,
            ..Rendition::default()
        };
        let shown = rendition(&file);
        assert_eq!((shown.kind, &*shown.url), ("PDF", "/policies/p1/revisions/3.pdf"));
        assert_eq!(shown.about, "便于阅读和打印，118 KB");
    }
}
