use contracts::documents::ListExpungesRequest;
use kit::{Fault as _, auth::Caller};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_blank_a_revision_everywhere() {
    for library in libraries().await {
        let documents = &library.documents;
        let secret = Content { summary: "机密概述".to_owned(), ..content("机密标题") };
        let id = library.published(secret).await;
        let sha256 = documents.revision(&editor(), id, 1).await.unwrap().sha256;
        let expunge = documents.request_expunge(&editor(), id, 1, "保守国家秘密法").await.unwrap();
        library.clock.advance(chrono::TimeDelta::seconds(1));
        let other = documents.request_expunge(&editor(), id, 1, "同一事由再次提出").await.unwrap();
        let asked = ListExpungesRequest { page_size: 1, ..ListExpungesRequest::default() };
        let first = documents.expunges(&reviewer(), &asked).await.unwrap();
        let [waiting] = first.expunges.as_slice() else { panic!("{first:?}") };
        assert_eq!((first.total, waiting.id.as_str()), (2, expunge.to_string().as_str()));
        assert_eq!((waiting.policy_title.as_str(), waiting.revision), ("机密标题", 1));
        assert_eq!(waiting.requested_by.as_ref().unwrap().name, "甲员");
        let next = ListExpungesRequest { page_token: first.next_page_token, ..asked.clone() };
        let next = documents.expunges(&reviewer(), &next).await.unwrap();
        assert_eq!(next.expunges[0].id, other.to_string());
        assert_eq!(documents.expunges(&stranger(), &asked).await.unwrap().total, 0);
        let alone = documents.approve_expunge(&editor(), expunge).await.unwrap_err();
        assert_eq!(alone.reason(), "SAME_PERSON");
        documents.approve_expunge(&reviewer(), expunge).await.unwrap();
        let again = documents.approve_expunge(&reviewer(), expunge).await.unwrap_err();
        assert_eq!(again.reason(), "ALREADY_EXPUNGED");
        assert_eq!(documents.expunges(&office(), &asked).await.unwrap().total, 0, "none waits");

        let nobody = Caller::anonymous();
        let blanked = documents.revision(&nobody, id, 1).await.unwrap();
        assert_eq!((blanked.sha256, blanked.expunged_ground.as_str()), (sha256, "保守国家秘密法"));
        assert_eq!(blanked.content.unwrap().text, "");
        let policy = documents.get(&nobody, id).await.unwrap();
        assert!(policy.expunged);
        for event in library.log().await {
            let payload = String::from_utf8_lossy(&event.payload).into_owned();
            assert!(!payload.contains("机密"), "{} on {}", event.kind, event.aggregate);
        }
        assert_eq!(library.told().await[1], ("RevisionExpunged".to_owned(), 2));
        let receipt = documents.receipt_of(&editor(), id, 1).await.unwrap();
        assert!(!receipt.policy_title.contains("机密"));
    }
}
