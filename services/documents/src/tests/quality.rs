//! What a clerk must complete or review.

use contracts::documents::{ListQualityFindingsRequest, QualityKind};

use super::*;
use crate::domain::content::Relation;

fn asked(kind: QualityKind) -> ListQualityFindingsRequest {
    ListQualityFindingsRequest { kind: kind.into(), ..ListQualityFindingsRequest::default() }
}

fn sound(title: &str) -> Content {
    Content { effective_on: "2026-01-01".parse().ok(), ..content(title) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_finds_its_own() {
    for library in libraries().await {
        let day = |text: &str| text.parse().ok();
        let amends = Relation {
            kind: "amends".to_owned(),
            target_title: "不在库里的办法".to_owned(),
            ..Relation::default()
        };
        let based = Relation { kind: "based_on".to_owned(), ..amends.clone() };
        let policies = [
            Content { relations: vec![based], ..sound("完整") },
            Content { document_number: String::new(), ..sound("无文号") },
            Content { issued_on: None, ..sound("无成文日期") },
            Content { effective_on: None, ..sound("无实施日期") },
            Content { relations: vec![amends], ..sound("关系不明") },
            Content {
                document_number: "明川市人民政府令第3号".to_owned(), ..sound("类别存疑")
            },
            Content { effective_on: day("2020-12-01"), ..sound("应评估") },
            Content { expires_on: day("2026-02-04"), ..sound("将届满") },
        ];
        for (serial, mut policy) in (20..).zip(policies) {
            if policy.document_number.contains('〔') || policy.document_number.contains('[') {
                policy.document_number = format!("明府办〔2025〕{serial}号");
            }
            library.published(policy).await;
        }
        let documents = &library.documents;
        for (kind, title, detail) in [
            (QualityKind::NumberMissing, "无文号", "没有发文字号"),
            (QualityKind::IssueDateMissing, "无成文日期", "没有成文日期"),
            (QualityKind::EffectiveDateMissing, "无实施日期", "没有实施日期"),
            (QualityKind::RelationBroken, "关系不明", "修改《不在库里的办法》"),
            (QualityKind::CategoryDoubtful, "类别存疑", "政府令"),
            (QualityKind::ReviewOverdue, "应评估", "已满 5 年"),
            (QualityKind::Lapsing, "将届满", "1 个月内届满"),
        ] {
            let found = documents.quality_findings(&editor(), &asked(kind)).await.unwrap();
            let titles: Vec<_> = found.findings.iter().map(|f| f.title.as_str()).collect();
            assert_eq!(titles, [title], "{} {kind:?}", library.kind());
            let said = &found.findings[0].detail;
            assert!(said.contains(detail), "{kind:?}: {said}");
            assert!(found.kinds.iter().all(|count| count.count == 1), "{:?}", found.kinds);
        }
        let counted = documents.quality_findings(&office(), &asked(QualityKind::Unspecified)).await;
        let counted = counted.unwrap();
        assert_eq!((counted.findings.len(), counted.kinds.len()), (0, 7));
        let other =
            documents.quality_findings(&stranger(), &asked(QualityKind::NumberMissing)).await;
        assert_eq!(other.unwrap().total, 0, "another organ's findings are not told");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn findings_are_paged() {
    for library in libraries().await {
        for number in 0..3 {
            let content =
                Content { document_number: String::new(), ..sound(&format!("通知{number}")) };
            library.published(content).await;
        }
        let mut request =
            ListQualityFindingsRequest { page_size: 2, ..asked(QualityKind::NumberMissing) };
        let first = library.documents.quality_findings(&office(), &request).await.unwrap();
        request.page_token = first.next_page_token;
        let second = library.documents.quality_findings(&office(), &request).await.unwrap();
        assert_eq!((first.findings.len(), second.findings.len(), second.total), (2, 1, 3));
        assert_ne!(first.findings[1].policy_id, second.findings[0].policy_id);
    }
}
