//! The other forms of a policy, under its own address with an ending: `.pdf`, `.docx`, `.akn.xml`
//! and `.jsonld`.

use axum::response::Response;
use http::HeaderMap;

use crate::{
    akn,
    app::App,
    http_cache, legislation,
    problem::Problem,
    renditions::{self, format},
};

/// A form that an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Rendition(contracts::documents::RenditionFormat),
    Akn,
    JsonLd,
}

/// What an address names, and the form that it asks for; `None` for a page.
pub fn of(name: &str) -> Option<(&str, Form)> {
    let (name, ending) = name.split_once('.')?;
    let form = match ending {
        "akn.xml" => Form::Akn,
        "jsonld" => Form::JsonLd,
        other => Form::Rendition(format(other)?),
    };
    Some((name, form))
}

/// Answers with a revision in a form; with the public one where `revision` is 0.
pub async fn answer(
    app: &App,
    id: &str,
    revision: i64,
    form: Form,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    match form {
        Form::Rendition(format) => {
            renditions::answer(app, &app.clients, id, revision, format, asked).await
        }
        Form::Akn => {
            let xml = akn::xml(app, id, revision).await?;
            Ok(http_cache::answer(asked, akn::MEDIA_TYPE, xml, None))
        }
        Form::JsonLd => {
            let public = app.policies.get(id).await?;
            let files = super::policy::renditions(app, &public.policy).await;
            let json = legislation::json_ld(app, &public.policy, &files);
            Ok(http_cache::answer(asked, legislation::MEDIA_TYPE, json, None))
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::documents::RenditionFormat;

    use super::*;

    #[test]
    fn endings_name_forms() {
        assert_eq!(of("p1.pdf"), Some(("p1", Form::Rendition(RenditionFormat::Pdf))));
        assert_eq!(of("2.docx"), Some(("2", Form::Rendition(RenditionFormat::Docx))));
        assert_eq!(of("p1.akn.xml"), Some(("p1", Form::Akn)));
        assert_eq!(of("p1.jsonld"), Some(("p1", Form::JsonLd)));
        for page in ["p1", "p1.html", "p1.pdf.exe", ".."] {
            assert_eq!(of(page), None, "{page}");
        }
    }
}
