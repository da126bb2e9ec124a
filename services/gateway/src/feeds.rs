//! For machines that follow the public pages: Atom, sitemap and robots.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use contracts::documents::{CountPoliciesRequest, ListPoliciesRequest, Policy, PolicyOrder};
use http::{HeaderMap, header};

use crate::{app::App, cache::modified, error::Error, http_cache, problem::Problem};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";
/// Entries of the feed.
const NEWEST: u32 = 50;
/// Policies that one request to documents brings.
const PAGE: u32 = 100;
/// Most addresses of one sitemap, as its protocol has it.
const SITEMAP: usize = 50_000;

/// `/feed.atom`, `/sitemap.xml`, `/sitemaps/{name}`, `/robots.txt`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/feed.atom", get(atom))
        .route("/sitemap.xml", get(sitemap_index))
        .route("/sitemaps/{name}", get(sitemap))
        .route("/robots.txt", get(robots))
}

async fn atom(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let request = ListPoliciesRequest {
        order: PolicyOrder::Published.into(),
        page_size: NEWEST,
        ..ListPoliciesRequest::default()
    };
    let policies = app.clients.documents().list_policies(request).await?.into_inner().policies;
    let updated = policies.iter().filter_map(modified).max();
    Ok(http_cache::answer(&asked, ATOM, feed(&app, &policies, updated), updated))
}

fn feed(app: &App, policies: &[Policy], updated: Option<DateTime<Utc>>) -> String {
    let home = xml(&app.address("/"));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n\
         <id>{home}</id><title>{}：最新政策</title><updated>{}</updated>\n\
         <author><name>{}</name></author>\n\
         <link rel=\"self\" href=\"{}\"/><link rel=\"alternate\" href=\"{home}\"/>\n",
        xml(&app.site.name),
        instant(updated.unwrap_or_default()),
        xml(&app.site.operator),
        xml(&app.address("/feed.atom")),
    );
    for policy in policies {
        let content = policy.content.clone().unwrap_or_default();
        let address = xml(&app.address(&format!("/policies/{}", policy.id)));
        let published = policy.published_at.and_then(kit::clock::from_wire);
        text.push_str(&format!(
            "<entry><id>{address}</id><title>{}</title><link href=\"{address}\"/>\
             <published>{}</published><updated>{}</updated><author><name>{}</name></author>\
             <category term=\"{}\"/><summary>{}</summary></entry>\n",
            xml(&content.title),
            instant(published.unwrap_or_default()),
            instant(modified(policy).unwrap_or_default()),
            xml(&policy.organ_name),
            xml(&content.category),
            xml(&content.summary),
        ));
    }
    text.push_str("</feed>\n");
    text
}

/// The list of sitemaps: one a year of issue.
async fn sitemap_index(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let counts = app.clients.documents().count_policies(CountPoliciesRequest::default()).await?;
    let years = counts.into_inner().years;
    let maps: String = years
        .iter()
        .filter(|year| year.key.parse::<i32>().is_ok_and(|year| year > 0))
        .map(|year| app.address(&format!("/sitemaps/{}.xml", year.key)))
        .map(|address| format!("<sitemap><loc>{}</loc></sitemap>\n", xml(&address)))
        .collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{maps}</sitemapindex>\n"
    );
    Ok(http_cache::answer(&asked, XML, text, None))
}

/// The policies of one year.
async fn sitemap(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let year = name.strip_suffix(".xml").and_then(|year| year.parse::<i32>().ok());
    let year = year.filter(|year| *year > 0).ok_or(Error::NoSuchPath)?;
    let mut request = ListPoliciesRequest { year, page_size: PAGE, ..Default::default() };
    let mut urls = Vec::new();
    loop {
        let answer = app.clients.documents().list_policies(request.clone()).await?.into_inner();
        urls.extend(answer.policies.iter().map(|policy| url(&app, policy)));
        request.page_token = answer.next_page_token;
        if request.page_token.is_empty() || urls.len() >= SITEMAP {
            break;
        }
    }
    let urls = urls.concat();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    );
    Ok(http_cache::answer(&asked, XML, text, None))
}

fn url(app: &App, policy: &Policy) -> String {
    let address = xml(&app.address(&format!("/policies/{}", policy.id)));
    let changed = modified(policy).map(|at| format!("<lastmod>{}</lastmod>", instant(at)));
    format!("<url><loc>{address}</loc>{}</url>\n", changed.unwrap_or_default())
}

async fn robots(State(app): State<App>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /console\nDisallow: /api/\nDisallow: /subscriptions/\n\
         Disallow: /unsubscribe/\nSitemap: {}\n",
        app.address("/sitemap.xml")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Text for XML: markup escaped, and what XML cannot hold left out.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(letter),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_cannot_break_the_feed() {
        assert_eq!(xml("《办法》<b>&\u{0}\"试行\""), "《办法》&lt;b&gt;&amp;&quot;试行&quot;");
    }
}
