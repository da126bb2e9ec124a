//! Search.

use askama::Template;
use axum::{extract::State, response::Response};
use contracts::search::{Hit as Found, Piece, SearchOrder, SearchRequest, SearchResponse};
use http::HeaderMap;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            address::Address,
            days, effect,
            facets::{Counts, Listing, PAGE_SIZE, Parameters},
            frame::{Display, Page, Site},
            parts::{Facet, FacetOption, Link, Pager, State as Shown},
            policy::{self, PolicyItem},
            prose::escaped,
        },
    },
    problem::Problem,
};

const ORDERS: [(&str, &str); 2] = [("relevance", "最相关"), ("newest", "最新发布")];

#[derive(Template)]
#[template(path = "public/search.html")]
struct SearchPage {
    site: Site,
    display: Display,
    page: Page,
    query: String,
    /// False on the empty search page.
    asked: bool,
    total: String,
    hits: Vec<Hit>,
    facets: Vec<Facet>,
    filters: Vec<Link>,
    clear_url: String,
    filtered: bool,
    sorts: Vec<FacetOption>,
    /// One click for what is in force only, or back to everything.
    in_force: FacetOption,
    /// The day that the reader chose for the effects; may be empty.
    as_of: String,
    /// That day, spoken, and the same search today.
    on_a_day: Option<Link>,
    /// The query as it was understood.
    corrected: String,
    /// How many have every word, where others are listed too.
    complete: Option<String>,
    exact: Option<PolicyItem>,
    suggestions: Vec<Link>,
    subscribe_url: String,
    pager: Pager,
    problem: Option<String>,
}

/// A policy that was found; the HTML is escaped, with what was looked for marked.
#[derive(Debug, Clone, Default)]
struct Hit {
    title_html: String,
    url: String,
    snippet_html: String,
    /// The article or heading that the extract stands under; may be empty.
    place: String,
    place_url: String,
    organ: String,
    document_number: String,
    category: String,
    /// 成文日期; may be empty.
    issued: String,
    published: String,
    effect: Shown,
}

/// `GET /search`
pub async fn search(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let listing = Listing::new("/search", parameters);
    let asked = !listing.get("q").is_empty();
    let answered = if asked {
        app.clients.search().search(request(&listing)).await.map(tonic::Response::into_inner)
    } else {
        Ok(SearchResponse::default())
    };
    let (found, problem) = match answered.map_err(Problem::from) {
        Ok(found) => (found, None),
        Err(problem) => (SearchResponse::default(), Some(told(&app, &problem))),
    };
    let failed = problem.is_some();
    let page = page(&app, display, &listing, found, problem);
    if failed { answer::private(&page) } else { answer::public(&headers, &page, None) }
}

fn request(listing: &Listing) -> SearchRequest {
    let order = match listing.get("sort") {
        "newest" => SearchOrder::Newest,
        _ => SearchOrder::Relevance,
    };
    SearchRequest {
        query: listing.get("q").to_owned(),
        organ_code: listing.get("organ").to_owned(),
        category: listing.get("category").to_owned(),
        year: listing.year(),
        effect: effect::read(listing.get("effect")).into(),
        order: order.into(),
        page_size: PAGE_SIZE,
        page_token: listing.get("after").to_owned(),
        facets: true,
        as_of: listing.get("as_of").to_owned(),
    }
}

/// What to do where the index cannot answer; a query that it refuses says why itself.
fn told(app: &App, problem: &Problem) -> String {
    if problem.status.is_client_error() {
        return problem.detail.clone();
    }
    format!("请几分钟后再试；也可以到“政策文件库”按机关和年份查找，或致电 {}。", app.site.phone)
}

fn page(
    app: &App,
    display: Display,
    listing: &Listing,
    found: SearchResponse,
    problem: Option<String>,
) -> SearchPage {
    let query = listing.get("q").to_owned();
    let counts = Counts {
        organs: &found.organs,
        categories: &found.categories,
        years: &found.years,
        effects: &found.effects,
    };
    let complete = (found.complete < found.total).then(|| days::figure(found.complete));
    let as_of = listing.get("as_of").to_owned();
    let today = listing.address().without("as_of").to_string();
    let on_a_day = (!as_of.is_empty()).then(|| Link::new(days::spoken_day(&as_of), today));
    let exact = found.hits.first().filter(|hit| is_number_of(&query, hit));
    let suggestion =
        |word: &String| Link::new(word, Address::new("/search").with("q", word).to_string());
    SearchPage {
        site: app.site.clone(),
        display,
        page: Page::new("检索", "search").at(app.address("/search")),
        asked: !query.is_empty(),
        total: days::figure(found.total),
        facets: listing.facets(counts),
        filters: listing.filters(counts),
        clear_url: listing.clear().to_string(),
        filtered: listing.filtered(),
        sorts: listing.sorts(&ORDERS),
        in_force: in_force(listing),
        as_of,
        on_a_day,
        corrected: found.corrected,
        complete,
        exact: exact.cloned().map(item),
        suggestions: found.suggestions.iter().map(suggestion).collect(),
        subscribe_url: Address::new("/subscribe").with("keyword", &query).to_string(),
        pager: listing.pager(found.hits.len(), found.total, &found.next_page_token, "件"),
        hits: found.hits.into_iter().map(hit).collect(),
        query,
        problem,
    }
}

/// What is in force only, or everything again.
fn in_force(listing: &Listing) -> FacetOption {
    const IN_FORCE: &str = "in_force";
    let current = listing.get("effect") == IN_FORCE;
    let value = if current { "" } else { IN_FORCE };
    FacetOption {
        label: "只看现行有效".to_owned(),
        url: listing.address().with("effect", value).to_string(),
        current,
        ..FacetOption::default()
    }
}

/// A find as an item of a list.
pub fn item(found: Found) -> PolicyItem {
    let effect = effect::plain(found.effect());
    let Found { policy_id, title, document_number, organ_name, category, .. } = found;
    PolicyItem {
        title,
        url: policy::url(&policy_id),
        organ: organ_name,
        document_number,
        category,
        issued: found.issued_on,
        published: found.published_on,
        summary: String::new(),
        effect,
    }
}

fn hit(found: Found) -> Hit {
    let title_html = if found.title_pieces.is_empty() {
        escaped(&found.title)
    } else {
        marked(&found.title_pieces)
    };
    let snippet_html = marked(&found.snippet);
    let place = found.anchor_label.clone();
    let place_url = format!("{}#{}", policy::url(&found.policy_id), found.anchor);
    let PolicyItem { url, organ, document_number, category, issued, published, effect, .. } =
        item(found);
    Hit {
        title_html,
        url,
        snippet_html,
        place,
        place_url,
        organ,
        document_number,
        category,
        issued,
        published,
        effect,
    }
}

pub(super) fn marked(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| {
        let text = escaped(&piece.text);
        if piece.marked { format!("<mark>{text}</mark>") } else { text }
    };
    pieces.iter().map(piece).collect()
}

/// Whether the words are the document number of this find, however they are written.
fn is_number_of(query: &str, found: &Found) -> bool {
    let number = plain_number(&found.document_number);
    !number.is_empty() && plain_number(query) == number
}

/// A document number without what people write differently: brackets, widths, spaces, 号 and 第.
fn plain_number(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).filter(|c| c.is_alphanumeric() && !"号第".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, marked: bool) -> Piece {
        Piece { text: text.to_owned(), marked }
    }

    #[test]
    fn what_was_found_is_marked_and_escaped() {
        let found = Found {
            title_pieces: vec![piece("<关于>", false), piece("生育", true)],
            ..Found::default()
        };
        assert_eq!(hit(found).title_html, "&lt;关于&gt;<mark>生育</mark>");
    }

    #[test]
    fn a_number_is_known_however_it_is_written() {
        let found =
            Found { document_number: "明府办〔2024〕8号".to_owned(), ..Found::default() };
        for query in
            ["明府办〔2024〕8号", "明府办[2024]8", "明府办（２０２４）８号", "明府办 2024 第8号"]
        {
            assert!(is_number_of(query, &found), "{query}");
        }
        assert!(!is_number_of("明府办〔2024〕18号", &found));
        assert!(!is_number_of("", &Found::default()));
    }
}
