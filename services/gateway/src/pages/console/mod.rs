//! The console: where clerks work all day.

mod accounts;
mod concerns;
mod dead_letters;
pub mod desk;
mod draft;
mod edit;
mod expunge;
mod intake;
mod intake_view;
mod interpretation;
mod interpretation_tasks;
mod lifecycle;
mod mail;
mod message;
mod organs;
mod policies;
mod policy;
mod preview;
mod privacy;
mod quality;
mod receipt;
mod relations;
mod sign_in;
mod steps;
mod tasks;
mod trail;
mod visit;
mod worklist;

use axum::{
    Router,
    routing::{get, post},
};

pub use visit::Visit;

use crate::app::App;

/// All pages of the console.
pub fn router() -> Router<App> {
    Router::new()
        .route("/console/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console", get(tasks::tasks))
        .route("/console/interpretation-tasks", get(interpretation_tasks::tasks))
        .route("/console/intake", get(intake::intake).post(intake::read))
        .route("/console/intake/batch", post(intake::batch))
        .route("/console/worklist", get(worklist::worklist))
        .route("/console/worklist/{id}/resolve", post(worklist::resolve))
        .route("/console/quality", get(quality::quality))
        .route("/console/quality.csv", get(quality::table))
        .route("/console/dead-letters", get(dead_letters::dead_letters))
        .route("/console/dead-letters/redrive", post(dead_letters::redrive))
        .route("/console/mail", get(mail::mail))
        .route("/console/organs", get(organs::organs))
        .route("/console/accounts", get(accounts::accounts).post(accounts::create))
        .route("/console/accounts/{id}/disable", post(accounts::disable))
        .route("/console/accounts/{id}/enable", post(accounts::enable))
        .route("/console/expunges", get(expunge::waiting))
        .route("/console/expunges/{id}", get(expunge::ask_approval).post(expunge::approve))
        .merge(of_policies())
        .merge(of_interpretations())
}

fn of_policies() -> Router<App> {
    Router::new()
        .route("/console/policies", get(policies::policies))
        .route("/console/policies/new", get(edit::new).post(edit::create))
        .route("/console/policies/{id}", get(policy::policy))
        .route("/console/policies/{id}/edit", get(edit::edit).post(edit::update))
        .route("/console/policies/{id}/preview", get(preview::preview))
        .route("/console/policies/{id}/submit", post(steps::submit))
        .route("/console/policies/{id}/mask", post(steps::mask))
        .route("/console/policies/{id}/justify", post(steps::justify))
        .route("/console/policies/{id}/approve", post(steps::approve))
        .route("/console/policies/{id}/return", post(steps::send_back))
        .route("/console/policies/{id}/discard", post(steps::discard))
        .route("/console/policies/{id}/publish", post(steps::publish))
        .route("/console/policies/{id}/unschedule", post(steps::unschedule))
        .route("/console/policies/{id}/withdraw", post(steps::withdraw))
        .route("/console/policies/{id}/effect", post(steps::overrule))
        .route("/console/policies/{id}/lifecycle", get(lifecycle::show))
        .route("/console/policies/{id}/lifecycle/{act}", post(lifecycle::act))
        .route("/console/policies/{id}/receipt", get(receipt::receipt))
        .route("/console/policies/{id}/receipt/live", get(receipt::live))
        .route(
            "/console/policies/{id}/revisions/{number}/expunge",
            get(expunge::form).post(expunge::request),
        )
}

fn of_interpretations() -> Router<App> {
    Router::new()
        .route(
            "/console/policies/{id}/interpretations/new",
            get(interpretation::new).post(interpretation::create),
        )
        .route("/console/interpretations/{id}", get(interpretation::show))
        .route(
            "/console/interpretations/{id}/edit",
            get(interpretation::edit).post(interpretation::update),
        )
        .route("/console/interpretations/{id}/publish", post(interpretation::publish))
        .route("/console/interpretations/{id}/withdraw", post(interpretation::withdraw))
}
