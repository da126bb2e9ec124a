//! The portal: pages that everybody reads, and that are the same for everybody.

mod accessibility;
mod attachment;
mod changes;
mod compare;
mod forms;
mod home;
mod interpretation;
mod interpretations;
mod library;
mod organ;
mod policy;
mod revision;
mod search;
mod subscribe;
mod subscription;
mod tombstone;
mod within;

use axum::{Router, routing::get};

use crate::app::App;

/// All public pages.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/policies", get(library::library))
        .route("/policies/{id}", get(policy::policy))
        .route("/policies/{id}/revisions/{number}", get(revision::revision))
        .route("/policies/{id}/compare", get(compare::compare))
        .route("/organs/{code}", get(organ::organ))
        .route("/changes", get(changes::changes))
        .route("/policies/{id}/search", get(within::within))
        .route("/interpretations", get(interpretations::interpretations))
        .route("/interpretations/{id}", get(interpretation::interpretation))
        .route("/search", get(search::search))
        .route("/subscribe", get(subscribe::form).post(subscribe::subscribe))
        .route("/subscribe/confirm", get(subscription::ask_confirm).post(subscription::confirm))
        .route("/subscribe/confirm/{token}", get(subscription::ask_confirm_by_path))
        .route("/unsubscribe", get(subscription::ask_leave).post(subscription::leave))
        .route("/unsubscribe/{token}", get(subscription::ask_leave_by_path))
        .route("/attachments/{id}/{name}", get(attachment::attachment))
        .route("/accessibility", get(accessibility::accessibility))
}
