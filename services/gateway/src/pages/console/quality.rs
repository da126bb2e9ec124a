//! What of the public policies a clerk must complete or review.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use contracts::documents::{
    ListQualityFindingsRequest, ListQualityFindingsResponse, QualityFinding, QualityKind,
};
use http::header;

use super::{Visit, desk, policies};
use crate::{
    pages::{
        answer,
        view::{
            address::{Address, encoded},
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{Choice, FacetOption, Pager, State},
        },
    },
    problem::Problem,
};

const PATH: &str = "/console/quality";
const CSV_PATH: &str = "/console/quality.csv";
/// Findings that one request to documents brings.
const BATCH: u32 = 200;
/// Most rows of a table that is saved; a spreadsheet takes no more at ease.
const MOST_ROWS: usize = 50_000;

/// The kinds with their words, in the order of the contract.
const KINDS: [(QualityKind, &str, &str); 7] = [
    (QualityKind::NumberMissing, "number_missing", "缺发文字号"),
    (QualityKind::IssueDateMissing, "issue_date_missing", "缺成文日期"),
    (QualityKind::EffectiveDateMissing, "effective_date_missing", "缺实施日期"),
    (QualityKind::RelationBroken, "relation_broken", "关系未对上"),
    (QualityKind::CategoryDoubtful, "category_doubtful", "类别存疑"),
    (QualityKind::ReviewOverdue, "review_overdue", "逾期未评估"),
    (QualityKind::Lapsing, "lapsing", "即将到期"),
];

#[derive(Template)]
#[template(path = "console/quality.html")]
struct QualityPage {
    site: Site,
    display: Display,
    desk: Desk,
    kinds: Vec<FacetOption>,
    kind: String,
    organ: String,
    organs: Vec<Choice>,
    rows: Vec<QualityRow>,
    label: String,
    total: String,
    csv_url: String,
    all_csv_url: String,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct QualityRow {
    title: String,
    document_number: String,
    url: String,
    organ: String,
    category: String,
    state: State,
    /// Where it is put right; the page of the policy where a review comes first.
    fix: FacetOption,
}

/// `GET /console/quality?kind=number_missing&organ=`
pub async fn quality(visit: Visit) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    let organ = visit.parameters.get("organ").to_owned();
    let named = kind_of(visit.parameters.get("kind"));
    // Without a kind the first that has anything is shown.
    let kind = match named {
        Some(kind) => kind,
        None => first(&ask(&visit, QualityKind::Unspecified, &organ, "", 1).await?),
    };
    let after = visit.parameters.get("after").to_owned();
    let (list, organs) = tokio::join!(
        ask(&visit, kind, &organ, &after, PAGE_SIZE),
        policies::choices(&visit, &organ)
    );
    let list = list?;
    let word = word(kind);
    let own = |path: &'static str| Address::new(path).with("organ", &organ);
    let first = own(PATH).with("kind", word);
    let shown =
        Shown { rows: list.findings.len(), total: list.total, next_token: &list.next_page_token };
    let counted = |(known, word, label): &(QualityKind, &str, &str)| FacetOption {
        label: (*label).to_owned(),
        count: days::figure(list.kinds.iter().find(|c| c.key == *word).map_or(0, |c| c.count)),
        url: own(PATH).with("kind", *word).to_string(),
        current: *known == kind,
    };
    let page = QualityPage {
        site: visit.site(),
        desk: visit.desk("质量报告", PATH),
        kinds: KINDS.iter().map(counted).collect(),
        kind: word.to_owned(),
        organs: organs?,
        rows: list.findings.iter().map(row).collect(),
        label: label(kind).to_owned(),
        total: days::figure(list.total),
        csv_url: own(CSV_PATH).with("kind", word).to_string(),
        all_csv_url: own(CSV_PATH).to_string(),
        pager: pager(&first, &visit.parameters, shown, "件"),
        display: visit.display,
        organ,
    };
    answer::private(&page)
}

/// `GET /console/quality.csv`: all findings of one kind, or of every kind.
pub async fn table(visit: Visit) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    let organ = visit.parameters.get("organ").to_owned();
    let kinds: Vec<QualityKind> = match kind_of(visit.parameters.get("kind")) {
        Some(kind) => vec![kind],
        None => KINDS.iter().map(|(kind, ..)| *kind).collect(),
    };
    let mut findings = Vec::new();
    for kind in kinds {
        let mut after = String::new();
        loop {
            let list = ask(&visit, kind, &organ, &after, BATCH).await?;
            findings.extend(list.findings);
            after = list.next_page_token;
            if after.is_empty() || findings.len() >= MOST_ROWS {
                break;
            }
        }
    }
    let address = |id: &str| visit.app.address(&format!("/policies/{id}"));
    let text = csv(&findings, address)?;
    let name = encoded("政策文件质量报告.csv");
    let saved = format!("attachment; filename=\"quality.csv\"; filename*=UTF-8''{name}");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, saved),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

async fn ask(
    visit: &Visit,
    kind: QualityKind,
    organ: &str,
    after: &str,
    page_size: u32,
) -> Result<ListQualityFindingsResponse, Problem> {
    let request = ListQualityFindingsRequest {
        kind: kind.into(),
        organ_code: organ.to_owned(),
        page_size,
        page_token: after.to_owned(),
    };
    Ok(visit.clients.library().list_quality_findings(request).await?.into_inner())
}

fn kind_of(word: &str) -> Option<QualityKind> {
    KINDS.iter().find(|(_, known, _)| *known == word).map(|(kind, ..)| *kind)
}

fn word(kind: QualityKind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("", |(_, word, _)| word)
}

fn label(kind: QualityKind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("待核", |(.., label)| label)
}

/// The first kind of which there are findings.
fn first(counts: &ListQualityFindingsResponse) -> QualityKind {
    let found = counts.kinds.iter().find(|count| count.count > 0);
    found.and_then(|count| kind_of(&count.key)).unwrap_or(QualityKind::NumberMissing)
}

fn row(finding: &QualityFinding) -> QualityRow {
    let kind = finding.kind();
    let url = format!("/console/policies/{}", finding.policy_id);
    let review = matches!(kind, QualityKind::ReviewOverdue | QualityKind::Lapsing);
    let fix = if review {
        FacetOption { label: "办理".to_owned(), url: url.clone(), ..FacetOption::default() }
    } else {
        FacetOption {
            label: "补录".to_owned(),
            url: format!("{url}/edit"),
            ..FacetOption::default()
        }
    };
    let state = match kind {
        QualityKind::ReviewOverdue => State::bad("clock", label(kind)),
        QualityKind::Lapsing => State::warn("clock", label(kind)),
        _ => State::warn("edit", label(kind)),
    };
    QualityRow {
        title: finding.title.clone(),
        document_number: finding.document_number.clone(),
        url,
        organ: finding.organ_name.clone(),
        category: finding.category.clone(),
        state: state.because(finding.detail.as_str()),
        fix,
    }
}

/// The findings as a table that spreadsheets open (RFC 4180), in UTF-8 with its mark.
fn csv(findings: &[QualityFinding], address: impl Fn(&str) -> String) -> Result<String, Problem> {
    let failed = |error: String| Problem::from(kit::Error::Internal(error));
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = ["问题", "标题", "发文字号", "机关", "文件类别", "说明", "日期", "网址"];
    table.write_record(head).map_err(|error| failed(error.to_string()))?;
    for finding in findings {
        let row = [
            label(finding.kind()).to_owned(),
            plain(&finding.title),
            plain(&finding.document_number),
            plain(&finding.organ_name),
            plain(&finding.category),
            plain(&finding.detail),
            finding.on.clone(),
            address(&finding.policy_id),
        ];
        table.write_record(&row).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = table.into_inner().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?;
    Ok(format!("\u{feff}{text}"))
}

/// Text that a spreadsheet does not take for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_quoted_and_holds_no_formula() {
        let finding = QualityFinding {
            kind: QualityKind::NumberMissing.into(),
            policy_id: "p1".to_owned(),
            title: "=1+1".to_owned(),
            detail: "没有，\"字号\"".to_owned(),
            ..QualityFinding::default()
        };
        let text = csv(&[finding], |id| format!("https://city.example/policies/{id}")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("\u{feff}问题,标题"), "{text}");
        assert_eq!(
            lines[1],
            "缺发文字号,'=1+1,,,,\"没有，\"\"字号\"\"\",,https://city.example/policies/p1"
        );
    }

    #[test]
    fn each_finding_leads_to_where_it_is_put_right() {
        let of = |kind: QualityKind| {
            let finding = QualityFinding {
                kind: kind.into(),
                policy_id: "p1".to_owned(),
                ..QualityFinding::default()
            };
            row(&finding).fix.url
        };
        assert_eq!(of(QualityKind::RelationBroken), "/console/policies/p1/edit");
        assert_eq!(of(QualityKind::ReviewOverdue), "/console/policies/p1");
    }

    #[test]
    fn words_are_those_of_the_contract() {
        for (kind, word, _) in KINDS {
            let name = format!("QUALITY_KIND_{}", word.to_ascii_uppercase());
            assert_eq!(QualityKind::from_str_name(&name), Some(kind));
        }
    }
}
