//! A receipt alone, to print, and while it fills.

use std::convert::Infallible;

use askama::Template;
use axum::{
    extract::Path,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contracts::documents::{GetReceiptRequest, WatchReceiptRequest, WatchReceiptResponse};
use futures::{Stream, stream};
use tonic::Streaming;

use super::{Visit, visit::sent};
use crate::{
    pages::{
        answer,
        view::{
            frame::{Desk, Display, Site},
            parts::Link,
            receipt::{Receipt, ReceiptPanel},
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "console/receipt.html")]
struct ReceiptPage {
    site: Site,
    display: Display,
    desk: Desk,
    receipt: Receipt,
    policy: Link,
}

/// `GET /console/policies/{id}/receipt?revision=…`; without a revision the newest.
pub async fn receipt(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let revision = visit.parameters.number("revision");
    let request = GetReceiptRequest { policy_id: id.clone(), revision };
    let answered = visit.clients.documents().get_receipt(request).await?.into_inner();
    let receipt = sent(answered.receipt)?;
    let own = format!("/console/policies/{id}");
    let page = ReceiptPage {
        site: visit.site(),
        desk: visit
            .desk("回执", "/console/policies")
            .below("政策文件", "/console/policies")
            .below(&receipt.policy_title, &own),
        receipt: Receipt::of(&receipt),
        policy: Link::new(&receipt.policy_title, own),
        display: visit.display,
    };
    answer::private(&page)
}

/// `GET /console/policies/{id}/receipt/live`: the panel after each change, until nothing changes.
pub async fn live(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let request = WatchReceiptRequest { policy_id: id };
    let changes = visit.clients.documents().watch_receipt(request).await?.into_inner();
    Ok(Sse::new(events(changes)).keep_alive(KeepAlive::default()).into_response())
}

fn events(
    changes: Streaming<WatchReceiptResponse>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Some(changes), |changes| async move {
        let mut changes = changes?;
        match changes.message().await {
            Ok(Some(change)) => Some((Ok(panel(change)), Some(changes))),
            Ok(None) => Some((Ok(Event::default().event("end").data("")), None)),
            // Broken off: without `end` the browser comes back by itself.
            Err(_) => None,
        }
    })
}

fn panel(change: WatchReceiptResponse) -> Event {
    let receipt = Receipt::of(&change.receipt.unwrap_or_default());
    match answer::render(&ReceiptPanel { receipt }) {
        // An event's lines end with \n; a carriage return would end them too early.
        Ok(html) => Event::default().event("receipt").data(html.replace('\r', "")),
        Err(_) => Event::default().comment("not rendered"),
    }
}
