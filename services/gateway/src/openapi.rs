//! The description of the REST interface, made from the code that answers it.

use std::sync::LazyLock;

use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, ContentBuilder, RefOr, Response as Described, ResponseBuilder,
        schema::Schema,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    http_cache,
    problem::{FieldProblem, PROBLEM_JSON, ProblemDocument},
    rest,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yangguang",
        description = "政策公开平台的开放接口：公开信息无需登录；写操作需要 Bearer 令牌。"
    ),
    servers((url = "/api/v1")),
    modifiers(&Everywhere),
    components(schemas(ProblemDocument, FieldProblem)),
    paths(
        rest::policies::list,
        rest::policies::counts,
        rest::policies::get_one,
        rest::policies::get_by_source,
        rest::policies::revisions,
        rest::policies::revision,
        rest::library::expiring,
        rest::library::list,
        rest::library::rendition,
        rest::library::akoma_ntoso,
        rest::library::metadata,
        rest::library::changes,
        rest::library::findings,
        rest::publishing::create,
        rest::publishing::update,
        rest::publishing::submit,
        rest::publishing::send_back,
        rest::publishing::approve,
        rest::publishing::discard,
        rest::publishing::publish,
        rest::publishing::unschedule,
        rest::publishing::withdraw,
        rest::publishing::overrule,
        rest::exposures::list,
        rest::exposures::mask,
        rest::exposures::justify,
        rest::expunges::request,
        rest::expunges::list,
        rest::expunges::approve,
        rest::attachments::read,
        rest::attachments::add,
        rest::attachments::remove,
        rest::intake::propose,
        rest::intake::read_records,
        rest::intake::concerns,
        rest::intake::import,
        rest::intake::worklist,
        rest::intake::resolve,
        rest::receipts::list,
        rest::receipts::get_one,
        rest::receipts::live,
        rest::interpretations::list,
        rest::interpretations::of_policy,
        rest::interpretations::get_one,
        rest::interpretations::create,
        rest::interpretations::update,
        rest::interpretations::publish,
        rest::interpretations::withdraw,
        rest::interpretations::tasks,
        rest::interpretations::task_of_policy,
        rest::lifecycle::show,
        rest::lifecycle::set,
        rest::lifecycle::not_applicable,
        rest::lifecycle::add_material,
        rest::lifecycle::add_file,
        rest::lifecycle::remove_material,
        rest::lifecycle::add_delivery,
        rest::lifecycle::update_delivery,
        rest::lifecycle::remove_delivery,
        rest::lifecycle::add_payout,
        rest::lifecycle::correct,
        rest::search::search,
        rest::search::within,
        rest::search::related,
        rest::search::suggest,
        rest::search::suggestions,
        rest::search::state,
        rest::search::rebuild,
        rest::identity::sign_in,
        rest::identity::refresh,
        rest::identity::revoke,
        rest::identity::accounts,
        rest::identity::create_account,
        rest::identity::update_account,
        rest::identity::change_password,
        rest::identity::organs,
        rest::identity::import_organs,
        rest::subscriptions::create,
        rest::subscriptions::show,
        rest::subscriptions::confirm,
        rest::subscriptions::end,
        rest::subscriptions::list,
        rest::subscriptions::deliveries,
        rest::subscriptions::message,
        rest::operations::services,
        rest::operations::tail,
        rest::operations::dead_letters,
        rest::operations::redrive,
        rest::operations::replay,
        rest::operations::audit,
    )
)]
struct Description;

/// What every method has: the same problems, and the way to prove who calls.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, description: &mut openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
        for item in description.paths.paths.values_mut() {
            let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
            for operation in methods.into_iter().flatten() {
                operation.responses.responses.insert("default".to_owned(), RefOr::T(problem()));
            }
        }
    }
}

fn problem() -> Described {
    let reference = openapi::Ref::from_schema_name("ProblemDocument");
    let content = ContentBuilder::new().schema(Some(RefOr::<Schema>::Ref(reference))).build();
    ResponseBuilder::new()
        .description("What went wrong (RFC 9457)")
        .content(PROBLEM_JSON, content)
        .build()
}

static JSON: LazyLock<Bytes> =
    LazyLock::new(|| Bytes::from(Description::openapi().to_json().unwrap_or_default()));

/// `/api/v1/openapi.json`.
pub async fn document(asked: HeaderMap) -> Response {
    http_cache::answer(&asked, "application/json", JSON.clone(), None)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn described() -> BTreeSet<(String, String)> {
        let json: serde_json::Value = serde_json::from_slice(&JSON).unwrap();
        let mut all = BTreeSet::new();
        for (path, item) in json["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                all.insert((method.to_uppercase(), path.clone()));
            }
        }
        all
    }

    #[test]
    fn every_route_is_described_and_nothing_else_is() {
        let routed: BTreeSet<_> = rest::routes()
            .into_iter()
            .map(|route| (route.method.to_string(), route.path.to_owned()))
            .collect();
        assert_eq!(routed, described());
    }

    #[test]
    fn it_is_openapi_3_1_and_names_its_problems() {
        let json: serde_json::Value = serde_json::from_slice(&JSON).unwrap();
        assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
        let problem = &json["paths"]["/policies"]["get"]["responses"]["default"]["content"];
        assert!(problem[PROBLEM_JSON].is_object());
        assert!(json["components"]["schemas"]["ProblemDocument"].is_object());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = std::str::from_utf8(&JSON).unwrap();
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(json["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn what_changes_something_for_staff_asks_for_a_token() {
        let json: serde_json::Value = serde_json::from_slice(&JSON).unwrap();
        let publish = &json["paths"]["/policies/{id}/publish"]["post"];
        assert!(publish["security"][0]["bearer"].is_array());
    }
}
