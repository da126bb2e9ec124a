//! Files of policies.

use contracts::documents::Attachment as File;

use super::{address::encoded, days, parts::Link};

/// A file that belongs to a policy.
#[derive(Debug, Clone, Default)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub size: String,
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

/// The files of a policy as buttons above its text.
pub fn downloads(attachments: &[Attachment]) -> Vec<Link> {
    let readable = attachments.iter().filter(|file| ["PDF", "OFD", "WORD"].contains(&&*file.kind));
    readable.take(3).map(|file| Link::new(format!("下载 {}", file.kind), &*file.url)).collect()
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
        assert_eq!(downloads(&[shown])[0].label, "下载 WORD");
    }
}
