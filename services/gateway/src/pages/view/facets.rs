//! Lists that an address narrows: facets, filters in force, order and pages.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use contracts::documents::Count;
use http::request::Parts;

use super::{
    address::Address,
    days, effect,
    parts::{Facet, FacetOption, Link, Pager},
};

/// Rows of a page.
pub const PAGE_SIZE: u32 = 20;
/// Values of one facet that are shown.
const MOST_OPTIONS: usize = 15;

/// The parameters of an address. Those that nobody knows, and second ones, count as not there.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// What a parameter says; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// A parameter that is a number; 0 for any other.
    pub fn number<N: std::str::FromStr + Default>(&self, name: &str) -> N {
        self.get(name).parse().unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let read = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Ok(Self(read.map(|Query(pairs)| pairs).unwrap_or_default()))
    }
}

/// The four ways in which the public narrows a list, by the name of the parameter.
const KINDS: [(&str, &str); 4] =
    [("organ", "发布机关"), ("category", "文件类别"), ("year", "年份"), ("effect", "有效性")];

/// How many policies have which value.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts<'a> {
    pub organs: &'a [Count],
    pub categories: &'a [Count],
    pub years: &'a [Count],
    pub effects: &'a [Count],
}

impl<'a> Counts<'a> {
    fn of(self, kind: &str) -> &'a [Count] {
        match kind {
            "organ" => self.organs,
            "category" => self.categories,
            "year" => self.years,
            _ => self.effects,
        }
    }
}

/// A list of policies as its address asks for it.
#[derive(Debug, Clone)]
pub struct Listing {
    path: &'static str,
    parameters: Parameters,
}

impl Listing {
    /// The list at a path, with what the address says.
    pub fn new(path: &'static str, parameters: Parameters) -> Self {
        Self { path, parameters }
    }

    /// What a parameter says; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name)
    }

    /// The year that the list is narrowed to; 0 for any.
    pub fn year(&self) -> i32 {
        self.parameters.number("year")
    }

    /// The address of the first page.
    pub fn address(&self) -> Address {
        let names = ["q", "organ", "category", "year", "effect", "as_of", "sort"];
        names
            .into_iter()
            .fold(Address::new(self.path), |address, name| address.with(name, self.get(name)))
    }

    /// The address without any filter.
    pub fn clear(&self) -> Address {
        KINDS.iter().fold(self.address(), |address, (name, _)| address.without(name))
    }

    /// Whether any filter is in force.
    pub fn filtered(&self) -> bool {
        KINDS.iter().any(|(name, _)| !self.get(name).is_empty())
    }

    /// The facets beside the list; the option in force takes its filter away.
    pub fn facets(&self, counts: Counts<'_>) -> Vec<Facet> {
        let facet = |(kind, name): (&'static str, &str)| {
            let options = self.options(kind, counts.of(kind));
            (!options.is_empty()).then(|| Facet { name: name.to_owned(), options })
        };
        KINDS.into_iter().filter_map(facet).collect()
    }

    fn options(&self, kind: &'static str, counts: &[Count]) -> Vec<FacetOption> {
        let chosen = self.get(kind);
        let shown = counts
            .iter()
            .enumerate()
            .filter(|(place, count)| *place < MOST_OPTIONS || count.key == chosen);
        let option = |count: &Count| {
            let current = count.key == chosen;
            let value = if current { "" } else { count.key.as_str() };
            FacetOption {
                label: label(kind, count),
                count: days::figure(count.count),
                url: self.address().with(kind, value).to_string(),
                current,
            }
        };
        shown.map(|(_, count)| option(count)).collect()
    }

    /// The filters in force; each link takes one away.
    pub fn filters(&self, counts: Counts<'_>) -> Vec<Link> {
        let filter = |(kind, _): (&'static str, &str)| {
            let chosen = self.get(kind);
            let count = counts.of(kind).iter().find(|count| count.key == chosen);
            let label = match (count, effect::label(chosen)) {
                (Some(count), _) => label(kind, count),
                (None, Some(label)) if kind == "effect" => label.to_owned(),
                (None, _) => chosen.to_owned(),
            };
            (!chosen.is_empty()).then(|| Link::new(label, self.address().without(kind).to_string()))
        };
        KINDS.into_iter().filter_map(filter).collect()
    }

    /// The orders of the list; the first holds when the address names none.
    pub fn sorts(&self, orders: &[(&str, &str)]) -> Vec<FacetOption> {
        let chosen = self.get("sort");
        let known = orders.iter().any(|(value, _)| *value == chosen);
        let sort = |(place, (value, label)): (usize, &(&str, &str))| FacetOption {
            label: (*label).to_owned(),
            count: String::new(),
            url: self.address().with("sort", if place == 0 { "" } else { value }).to_string(),
            current: if known { *value == chosen } else { place == 0 },
        };
        orders.iter().enumerate().map(sort).collect()
    }

    /// The links below the list.
    pub fn pager(&self, shown: usize, total: u64, next_token: &str, unit: &str) -> Pager {
        pager(&self.address(), &self.parameters, Shown { rows: shown, total, next_token }, unit)
    }
}

/// What one page of a list shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub rows: usize,
    pub total: u64,
    pub next_token: &'a str,
}

/// The links below a list whose first page is at `first`.
///
/// The number of the page is only for the summary: the token alone says where a page begins.
pub fn pager(first: &Address, parameters: &Parameters, shown: Shown<'_>, unit: &str) -> Pager {
    let Shown { rows, total, next_token } = shown;
    let later = !parameters.get("after").is_empty();
    let page = if later { parameters.number::<u64>("page").clamp(2, 1_000_000) } else { 1 };
    let before = (page - 1) * u64::from(PAGE_SIZE);
    let rows = u64::try_from(rows).unwrap_or_default();
    let summary = match rows {
        0 => String::new(),
        _ => format!(
            "第 {} 至 {} {unit}，共 {} {unit}",
            days::figure(before + 1),
            days::figure(before + rows),
            days::figure(total.max(before + rows)),
        ),
    };
    let next =
        || first.clone().with("after", next_token).with("page", (page + 1).to_string()).to_string();
    Pager {
        first: later.then(|| first.to_string()),
        next: (!next_token.is_empty()).then(next),
        summary,
    }
}

fn label(kind: &str, count: &Count) -> String {
    if kind == "year" {
        return format!("{}年", count.key);
    }
    let known = if kind == "effect" { effect::label(&count.key) } else { None };
    match known {
        Some(label) => label.to_owned(),
        None if count.label.is_empty() => count.key.clone(),
        None => count.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(pairs: &[(&str, &str)]) -> Listing {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Listing::new("/policies", Parameters(pairs))
    }

    fn count(key: &str, label: &str, count: u64) -> Count {
        Count { key: key.to_owned(), label: label.to_owned(), count }
    }

    #[test]
    fn a_facet_narrows_and_the_one_in_force_widens() {
        let list = listing(&[("organ", "office"), ("year", "2024"), ("after", "x"), ("junk", "y")]);
        let organs = [count("office", "办公室", 1234), count("tax", "税务局", 2)];
        let facets = list.facets(Counts { organs: &organs, ..Counts::default() });
        assert_eq!(facets.len(), 1, "facets without values are left out");
        let options = &facets[0].options;
        assert_eq!((options[0].url.as_str(), options[0].current), ("/policies?year=2024", true));
        assert_eq!(options[0].count, "1,234");
        assert_eq!(options[1].url, "/policies?year=2024&organ=tax");
    }

    #[test]
    fn filters_in_force_are_named_and_can_be_taken_away() {
        let list = listing(&[("organ", "office"), ("effect", "lapsed"), ("sort", "issued")]);
        let organs = [count("office", "办公室", 2)];
        let filters = list.filters(Counts { organs: &organs, ..Counts::default() });
        assert_eq!(filters[0], Link::new("办公室", "/policies?effect=lapsed&sort=issued"));
        assert_eq!(filters[1].label, "已失效");
        assert_eq!(list.clear().to_string(), "/policies?sort=issued");
        assert!(list.filtered() && !listing(&[("q", "a")]).filtered());
    }

    #[test]
    fn an_unknown_order_is_the_first() {
        let orders = [("published", "最新发布"), ("issued", "成文日期")];
        assert!(listing(&[("sort", "size")]).sorts(&orders)[0].current);
        let sorts = listing(&[("sort", "issued")]).sorts(&orders);
        assert!(!sorts[0].current && sorts[1].current);
        assert_eq!(sorts[0].url, "/policies");
    }

    #[test]
    fn pages_lead_forward_and_to_the_first() {
        let first = listing(&[("year", "2024")]).pager(20, 45, "t2", "件");
        assert_eq!(first.first, None);
        assert_eq!(first.next.unwrap(), "/policies?year=2024&after=t2&page=2");
        assert_eq!(first.summary, "第 1 至 20 件，共 45 件");
        let last = listing(&[("after", "t3"), ("page", "3")]).pager(5, 45, "", "件");
        assert_eq!((last.first.as_deref(), last.next), (Some("/policies"), None));
        assert_eq!(last.summary, "第 41 至 45 件，共 45 件");
    }

    #[test]
    fn what_is_no_number_narrows_nothing() {
        assert_eq!(listing(&[("year", "二〇二四")]).year(), 0);
        assert_eq!(listing(&[("year", "2024"), ("year", "2023")]).year(), 2024);
    }
}
