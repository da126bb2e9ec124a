//! Which files may be attached: those whose content is what their name says.

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

const ALLOWED: [(&str, &str); 20] = [
    ("pdf", "application/pdf"),
    ("ofd", "application/ofd"),
    ("doc", "application/msword"),
    ("wps", "application/msword"),
    ("docx", DOCX),
    ("xls", "application/vnd.ms-excel"),
    ("et", "application/vnd.ms-excel"),
    ("xlsx", XLSX),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("dps", "application/vnd.ms-powerpoint"),
    ("pptx", PPTX),
    ("zip", "application/zip"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
];

/// Says in Chinese why a file of this name and type (told by its content) may not be attached.
pub fn objection(file_name: &str, media_type: &str) -> Option<String> {
    let extension = file_name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    let extension = extension.unwrap_or_default();
    match ALLOWED.iter().find(|(known, _)| *known == extension) {
        Some((_, expected)) if *expected == media_type => None,
        Some((_, expected)) => Some(format!(
            "附件的扩展名是 .{extension}（{expected}），内容却是 {media_type}，请核对文件"
        )),
        None => {
            let known: Vec<_> = ALLOWED.iter().map(|(extension, _)| *extension).collect();
            Some(format!("不能上传这种附件，可以上传：{}", known.join("、")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says() {
        assert_eq!(objection("附件1.PDF", "application/pdf"), None);
        assert!(objection("附件1.pdf", "application/zip").unwrap().contains(".pdf"));
        assert!(objection("报表.docx", "application/zip").is_some());
    }

    #[test]
    fn what_a_browser_might_run_is_not_attached() {
        for (name, media_type) in
            [("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.txt", "text/html"), ("a", "")]
        {
            assert!(objection(name, media_type).is_some(), "{name}");
        }
    }
}
