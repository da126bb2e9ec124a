//! Counts of the library by organ, category, year and effect.

use contracts::documents::{Count, CountPoliciesRequest, CountPoliciesResponse};
use kit::db;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::{
    effect::effect_of,
    filter::{EFFECT, Facets, Filter},
    policies::public_only,
    unsigned,
};
use crate::{
    commands::Documents,
    domain::{day, effect::Effect},
    error::Result,
};

#[derive(FromQueryResult)]
struct Counted {
    facet: String,
    label: String,
    number: i64,
}

impl Documents {
    /// Counts published policies under the given filters.
    pub async fn count(&self, request: &CountPoliciesRequest) -> Result<CountPoliciesResponse> {
        let mut filter = Filter::default();
        public_only(&mut filter);
        let facets = Facets {
            organ_code: &request.organ_code,
            category: &request.category,
            year: request.year,
            effect: effect_of(request.effect()),
        };
        filter.and_facets(&facets, &*self.clock);
        let (clause, values) = filter.clause();
        let snapshot = self.db.snapshot().await?;
        let count = |facet: &'static str, label: &'static str, order: &'static str| {
            let text = format!(
                "SELECT {facet} AS facet, {label} AS label, count(*) AS number \
                 FROM policies {clause} GROUP BY {facet} ORDER BY {order}"
            );
            counted(&snapshot, text, values.clone())
        };
        let by_number = "number DESC, facet";
        let organs = count("organ_code", "max(organ_name)", by_number).await?;
        let categories = count("category", "category", by_number).await?;
        let years =
            count("CAST(issued_year AS text)", "CAST(issued_year AS text)", "facet DESC").await?;
        let effects = self.effects(&snapshot, &mut filter).await?;
        let total = categories.iter().map(|count| count.count).sum();
        Ok(CountPoliciesResponse { total, organs, categories, years, effects })
    }

    async fn effects(
        &self,
        conn: &impl ConnectionTrait,
        filter: &mut Filter,
    ) -> Result<Vec<Count>> {
        let (clause, mut values) = filter.clause();
        let today = day::write(Some(self.clock.today()));
        values.push(today.into());
        let effect = EFFECT.replace("{}", &format!("${}", values.len()));
        let text = format!(
            "SELECT facet, '' AS label, count(*) AS number FROM \
             (SELECT {effect} AS facet FROM policies {clause}) AS e GROUP BY facet"
        );
        let found = counted(conn, text, values).await?;
        let labelled = |effect: &Effect| {
            let count = found.iter().find(|count| count.key == effect.word())?;
            Some(Count { label: effect.chinese().to_owned(), ..count.clone() })
        };
        Ok(Effect::ALL.iter().filter_map(labelled).collect())
    }
}

async fn counted(
    conn: &impl ConnectionTrait,
    text: String,
    values: Vec<Value>,
) -> Result<Vec<Count>> {
    let rows: Vec<Counted> = db::all(conn, &text, values).await?;
    Ok(rows
        .into_iter()
        .map(|Counted { facet, label, number }| Count {
            key: facet,
            label,
            count: unsigned(number),
        })
        .collect())
}
