//! What of the public policies of an organ a clerk must complete or review.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use contracts::documents::{
    Count, ListQualityFindingsRequest, ListQualityFindingsResponse, QualityFinding, QualityKind,
};
use kit::{auth::Caller, db, page::Page};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::{
    filter::{EFFECT, Filter},
    policies::public_only,
    unsigned,
};
use crate::{
    commands::Documents,
    domain::{
        PolicyId, day,
        effect::Effect,
        quality::{self, ACTING, Kind, LAPSE_MONTHS, REVIEW_YEARS},
    },
    error::Result,
};

const MOST_PER_PAGE: u32 = 200;
/// Since when a policy counts as in force where it names no day.
const SINCE: &str = "COALESCE(NULLIF(effective_on, ''), issued_on)";

/// A policy as findings tell of it.
#[derive(Debug, FromQueryResult)]
struct FoundRow {
    id: PolicyId,
    title: String,
    document_number: String,
    organ_code: String,
    organ_name: String,
    category: String,
    issued_on: String,
    effective_on: String,
    last_day: String,
    place: String,
}

impl Documents {
    /// Findings of one kind in the caller's organs, a page at a time, and how many there are of
    /// every kind.
    pub async fn quality_findings(
        &self,
        caller: &Caller,
        request: &ListQualityFindingsRequest,
    ) -> Result<ListQualityFindingsResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let snapshot = self.db.snapshot().await?;
        let filter = |kind: Kind| {
            let mut filter = Filter::default();
            public_only(&mut filter);
            filter.and_own(caller);
            filter.and_equal("organ_code", &request.organ_code);
            self.and_found(&mut filter, kind);
            filter
        };
        let mut kinds = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let (clause, values) = filter(kind).clause();
            let text = format!("SELECT count(*) AS value FROM policies {clause}");
            let count: Option<i64> = db::scalar(&snapshot, &text, values).await?;
            let count = unsigned(count.unwrap_or_default());
            kinds.push(Count { key: kind.word().to_owned(), label: String::new(), count });
        }
        let Some(kind) = kind_of(request.kind()) else {
            return Ok(ListQualityFindingsResponse { kinds, ..Default::default() });
        };
        let total = kinds.iter().find(|count| count.key == kind.word()).map_or(0, |c| c.count);
        let mut filter = filter(kind);
        let place = place(kind);
        if let Some([after, id]) = page.after::<2>()? {
            let id: PolicyId = id.parse()?;
            let behind = format!("({place}, id) > ({{}}, {{}})");
            filter.and(&behind, [after.as_str().into(), id.into()]);
        }
        let (clause, values) = filter.ordered(&format!("{place}, id"), page.fetch());
        let text = format!(
            "SELECT id, title, document_number, organ_code, organ_name, category, \
             issued_on, effective_on, last_day, {place} AS place FROM policies {clause}"
        );
        let mut rows: Vec<FoundRow> = db::all(&snapshot, &text, values).await?;
        let next_page_token =
            page.cut(&mut rows, |last| vec![last.place.clone(), last.id.to_string()]);
        let broken = match kind {
            Kind::RelationBroken => broken(&snapshot, &rows).await?,
            _ => HashMap::new(),
        };
        let findings = rows.into_iter().map(|row| self.finding(kind, row, &broken)).collect();
        Ok(ListQualityFindingsResponse { findings, next_page_token, total, kinds })
    }

    /// Adds what makes a policy a finding of this kind.
    fn and_found(&self, filter: &mut Filter, kind: Kind) {
        let today = self.clock.today();
        let written = |day: Option<NaiveDate>| Value::from(day::write(day));
        match kind {
            Kind::NumberMissing => filter.and("document_number = ''", []),
            Kind::IssueDateMissing => filter.and("issued_on = ''", []),
            Kind::EffectiveDateMissing => filter.and("effective_on = ''", []),
            Kind::RelationBroken => {
                let condition = format!("EXISTS (SELECT 1 FROM relations r {})", unresolved());
                filter.and(&condition, []);
            }
            Kind::CategoryDoubtful => self.and_doubtful(filter),
            Kind::ReviewOverdue => {
                in_force(filter, today);
                let before = today.checked_sub_months(Months::new(12 * REVIEW_YEARS));
                let condition = format!(
                    "last_day = '' AND category NOT LIKE '%法规' AND category NOT LIKE '%规章' \
                     AND {SINCE} <> '' AND {SINCE} <= {{}}"
                );
                filter.and(&condition, [written(before)]);
            }
            Kind::Lapsing => {
                in_force(filter, today);
                let months = LAPSE_MONTHS.into_iter().max().unwrap_or_default();
                let until = today.checked_add_months(Months::new(months));
                let condition = "last_day <> '' AND last_day >= {} AND last_day <= {}";
                filter.and(condition, [written(Some(today)), written(until)]);
            }
        }
    }

    /// As [`quality::category_doubt`] decides it, and where an import left it open.
    fn and_doubtful(&self, filter: &mut Filter) {
        let known = vec!["{}"; self.config.categories.len()].join(", ");
        let condition = format!(
            "(category NOT IN ({known}) \
             OR (document_number LIKE '%令第%' AND category LIKE '%文件') \
             OR (category LIKE '市政府部门%' AND (organ_name LIKE '%市人民政府' \
             OR organ_name LIKE '%市人民政府办公室' OR organ_name LIKE '%市人民政府办公厅')) \
             OR (category LIKE '市政府%文件' AND category NOT LIKE '市政府部门%' \
             AND organ_name NOT LIKE '%人民政府%') \
             OR EXISTS (SELECT 1 FROM worklist w WHERE w.policy_id = policies.id \
             AND w.gate = 'category_unknown' AND w.resolved_at IS NULL))"
        );
        let known = self.config.categories.iter().map(|name| name.as_str().into());
        filter.and(&condition, known.collect::<Vec<Value>>());
    }

    fn finding(
        &self,
        kind: Kind,
        row: FoundRow,
        broken: &HashMap<PolicyId, String>,
    ) -> QualityFinding {
        let today = self.clock.today();
        let known = |text: &str| day::read(text).ok().flatten();
        let (detail, on) = match kind {
            Kind::NumberMissing => ("没有发文字号".to_owned(), ""),
            Kind::IssueDateMissing => ("没有成文日期".to_owned(), ""),
            Kind::EffectiveDateMissing => ("没有实施日期，有效性按已经施行计算".to_owned(), ""),
            Kind::RelationBroken => (broken.get(&row.id).cloned().unwrap_or_default(), ""),
            Kind::CategoryDoubtful => {
                let FoundRow { category, document_number, organ_name, .. } = &row;
                let categories = &self.config.categories;
                let doubt =
                    quality::category_doubt(category, document_number, organ_name, categories);
                (doubt.unwrap_or_else(|| "导入时未能认定类别".to_owned()), "")
            }
            Kind::ReviewOverdue => {
                let (effective, issued) = (known(&row.effective_on), known(&row.issued_on));
                (quality::review(effective, issued, today), &*row.place)
            }
            Kind::Lapsing => (quality::lapse(known(&row.last_day), today), &*row.last_day),
        };
        let on = on.to_owned();
        QualityFinding {
            kind: wired(kind).into(),
            policy_id: row.id.to_string(),
            title: row.title,
            document_number: row.document_number,
            organ_code: row.organ_code,
            organ_name: row.organ_name,
            category: row.category,
            detail,
            on,
        }
    }
}

/// By what findings of a kind are ordered.
fn place(kind: Kind) -> &'static str {
    match kind {
        Kind::Lapsing => "last_day",
        Kind::ReviewOverdue => SINCE,
        Kind::CategoryDoubtful => "category",
        _ => "issued_on",
    }
}

fn in_force(filter: &mut Filter, today: NaiveDate) {
    let today = day::write(Some(today));
    let days = std::iter::repeat_n(today, 4).chain(Some(Effect::InForce.word().to_owned()));
    filter.and(&format!("{EFFECT} = {{}}"), days.map(Value::from).collect::<Vec<_>>());
}

/// The relations `r` of a policy that act on what the library does not hold.
fn unresolved() -> String {
    let kinds = ACTING.map(|kind| format!("'{kind}'")).join(", ");
    format!(
        "WHERE r.policy_id = policies.id AND r.target_policy_id IS NULL AND r.kind IN ({kinds})"
    )
}

/// What the policies act on and the library does not hold.
async fn broken(
    conn: &impl ConnectionTrait,
    rows: &[FoundRow],
) -> Result<HashMap<PolicyId, String>> {
    #[derive(FromQueryResult)]
    struct Broken {
        policy_id: PolicyId,
        kind: String,
        target_title: String,
        target_number: String,
    }
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT r.policy_id, r.kind, r.target_title, r.target_number FROM policies \
         JOIN relations r ON r.policy_id = policies.id {} AND policies.id IN ({}) \
         ORDER BY r.policy_id, r.position",
        unresolved(),
        db::list_of(0, rows.len())
    );
    let values = rows.iter().map(|row| row.id.into()).collect();
    let found: Vec<Broken> = db::all(conn, &text, values).await?;
    let mut told: HashMap<PolicyId, Vec<String>> = HashMap::new();
    for Broken { policy_id, kind, target_title, target_number } in found {
        let verb = match kind.as_str() {
            "repeals" => "废止",
            "amends" => "修改",
            _ => "解释",
        };
        let title =
            if target_title.is_empty() { String::new() } else { format!("《{target_title}》") };
        told.entry(policy_id).or_default().push(format!("{verb}{title}{target_number}"));
    }
    let sentence = |all: Vec<String>| {
        const TOLD: usize = 3;
        let more = if all.len() > TOLD { "等" } else { "" };
        let first: Vec<String> = all.iter().take(TOLD).cloned().collect();
        format!("文中写明{}{more}，文件库里没有找到，请核对名称和文号", first.join("、"))
    };
    Ok(told.into_iter().map(|(id, all)| (id, sentence(all))).collect())
}

fn kind_of(kind: QualityKind) -> Option<Kind> {
    Kind::ALL.into_iter().find(|known| wired(*known) == kind)
}

fn wired(kind: Kind) -> QualityKind {
    match kind {
        Kind::NumberMissing => QualityKind::NumberMissing,
        Kind::IssueDateMissing => QualityKind::IssueDateMissing,
        Kind::EffectiveDateMissing => QualityKind::EffectiveDateMissing,
        Kind::RelationBroken => QualityKind::RelationBroken,
        Kind::CategoryDoubtful => QualityKind::CategoryDoubtful,
        Kind::ReviewOverdue => QualityKind::ReviewOverdue,
        Kind::Lapsing => QualityKind::Lapsing,
    }
}
