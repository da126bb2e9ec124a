//! Revisions as files: made once, kept, and gone with what they show.

use futures::StreamExt as _;
use kit::{Fault as _, auth::Caller};

use super::*;
use crate::{domain::rendition::Format, error::Error};

impl Library {
    async fn file(&self, id: PolicyId, revision: i64, format: Format) -> Result<(String, Vec<u8>)> {
        let nobody = Caller::anonymous();
        let chunks = self.documents.read_rendition(&nobody, id, revision, format).await?;
        let (mut name, mut bytes) = (String::new(), Vec::new());
        for chunk in chunks.collect::<Vec<_>>().await {
            let chunk = chunk?;
            name.extend(chunk.rendition.map(|rendition| rendition.file_name));
            bytes.extend_from_slice(&chunk.content);
        }
        Ok((name, bytes))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revision_is_laid_out_once_and_kept() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("停车办法")).await;
        let offered = documents.renditions(id, 0).await.unwrap();
        assert!(offered.iter().all(|file| file.size == 0), "none is made before it is asked for");
        let (name, bytes) = library.file(id, 0, Format::Docx).await.unwrap();
        assert_eq!(name, "停车办法（明府办〔2025〕7号）.docx");
        assert!(bytes.starts_with(b"PK"), "{}", library.kind());
        assert_eq!(library.rows("renditions").await, 1);
        assert_eq!(library.file(id, 1, Format::Docx).await.unwrap().1, bytes);
        let docx = documents.renditions(id, 1).await.unwrap().pop().unwrap();
        assert_eq!((docx.size, docx.sha256.len()), (bytes.len() as u64, 64));
        match library.file(id, 0, Format::Pdf).await {
            Ok((_, pdf)) => assert!(pdf.starts_with(b"%PDF-")),
            Err(error) => assert_eq!((error.reason(), offered.len()), ("NO_FONT", 1)),
        }
        // A day later it is noted that somebody asked for it.
        library.clock.advance(chrono::TimeDelta::days(1));
        library.file(id, 1, Format::Docx).await.unwrap();
        let today = format!(
            "SELECT count(*) AS value FROM renditions WHERE used_on = '{}'",
            library.today()
        );
        assert_eq!(library.count(&today).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withdrawn_expunged_or_empty_is_no_file() {
    for library in libraries().await {
        let documents = &library.documents;
        let (format, gone) = (Format::Docx, |error: Error| error.reason());
        let id = library.published(content("公开")).await;
        documents.update_draft(&editor(), id, content("公开二"), "更正", "").await.unwrap();
        library.publish(id).await;
        for revision in [1, 2] {
            library.file(id, revision, format).await.unwrap();
        }
        let expunge = documents.request_expunge(&editor(), id, 1, "保守国家秘密法").await.unwrap();
        documents.approve_expunge(&reviewer(), expunge).await.unwrap();
        assert_eq!(library.rows("renditions").await, 1, "{}", library.kind());
        assert_eq!(gone(library.file(id, 1, format).await.unwrap_err()), "NO_RENDITION");
        assert!(documents.renditions(id, 1).await.unwrap().is_empty());
        assert!(library.file(id, 2, format).await.is_ok());
        documents.withdraw(&reviewer(), id, "有误", "", "").await.unwrap();
        assert_eq!(gone(library.file(id, 2, format).await.unwrap_err()), "NO_RENDITION");
        assert!(documents.renditions(id, 0).await.unwrap().is_empty());
        let empty = Content { text: String::new(), ..content("目录") };
        let empty = library.published(empty).await;
        assert_eq!(gone(library.file(empty, 0, format).await.unwrap_err()), "NO_RENDITION");
        let draft = documents.create(&editor(), content("草稿"), "").await.unwrap();
        assert_eq!(gone(library.file(draft, 0, format).await.unwrap_err()), "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_revisions_are_made_ready_and_what_nobody_asks_for_goes() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("停车办法")).await;
        documents.tend_renditions().await.unwrap();
        let ready = documents.renditions(id, 0).await.unwrap();
        assert!(ready.iter().all(|file| file.size > 0), "{}: {ready:?}", library.kind());
        let sha256 = ready[0].sha256.clone();
        documents.tend_renditions().await.unwrap();
        assert_eq!(documents.renditions(id, 0).await.unwrap()[0].sha256, sha256);
        store::renditions::trim(documents.db.conn(), 1).await.unwrap();
        assert_eq!(library.rows("renditions").await, 0);
        let used = store::attachments::files_in_use(documents.db.conn()).await.unwrap();
        assert!(!used.contains(&sha256), "the sweep may take it: {}", library.kind());
    }
}
