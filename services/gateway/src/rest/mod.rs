//! `/api/v1`: the contracts of the services as JSON.
//!
//! Each method parses, calls and answers; what it takes and gives is in [`view`], and
//! [`crate::openapi`] describes it from the same code.

pub(crate) mod attachments;
pub(crate) mod exposures;
pub(crate) mod expunges;
mod extract;
pub(crate) mod identity;
pub(crate) mod intake;
pub(crate) mod interpretations;
pub(crate) mod library;
pub(crate) mod lifecycle;
pub(crate) mod operations;
pub(crate) mod policies;
pub(crate) mod publishing;
pub(crate) mod receipts;
pub(crate) mod search;
pub(crate) mod subscriptions;
pub mod view;

use axum::{
    Router,
    handler::Handler,
    routing::{self, MethodRouter},
};
use http::Method;

use crate::app::App;

/// Where all methods lie, save the one that mails name.
pub const BASE: &str = "/api/v1";

/// One method: what the router answers and the description must name.
pub struct Route {
    /// HTTP method.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of the description compares it"))]
    pub method: Method,
    /// Path below [`BASE`], or of the root.
    pub path: &'static str,
    handler: MethodRouter<App>,
}

fn get<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::GET, path, handler: routing::get(handler) }
}

fn post<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::POST, path, handler: routing::post(handler) }
}

fn put<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::PUT, path, handler: routing::put(handler) }
}

fn delete<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::DELETE, path, handler: routing::delete(handler) }
}

/// All methods below [`BASE`].
pub fn routes() -> Vec<Route> {
    let rooms = [
        policies::routes(),
        library::routes(),
        publishing::routes(),
        exposures::routes(),
        expunges::routes(),
        attachments::routes(),
        intake::routes(),
        receipts::routes(),
        interpretations::routes(),
        lifecycle::routes(),
        search::routes(),
        identity::routes(),
        subscriptions::routes(),
        operations::routes(),
    ];
    rooms.into_iter().flatten().collect()
}

/// The REST interface with its description.
pub fn router() -> Router<App> {
    let methods = routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler));
    let methods = methods.route("/openapi.json", routing::get(crate::openapi::document));
    Router::new()
        .nest(BASE, methods)
        .route("/unsubscribe/{token}", routing::post(subscriptions::one_click))
}
