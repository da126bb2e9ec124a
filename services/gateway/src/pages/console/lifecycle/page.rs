//! The page of the forms.

use askama::Template;
use contracts::documents::{
    DeliveryTerms, GetLifecycleRequest, Lifecycle, LifecycleStage, LifecycleStageState, Policy,
    PolicyState, StageRecord,
};

use super::forms::{FormView, Maker, Typed};
use crate::{
    pages::{
        console::{Visit, policy, trail::Event, visit::sent},
        organs,
        view::{
            days,
            frame::{Desk, Display, Site},
            lifecycle::{self, DeliveryView, STAGES, StageView},
            parts::{Faults, FieldError, Link},
            policy::url,
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "console/lifecycle.html")]
pub struct LifecyclePage {
    site: Site,
    display: Display,
    desk: Desk,
    policy: Link,
    public_url: Option<String>,
    errors: Vec<FieldError>,
    /// Stage and what to look at.
    warnings: Vec<Link>,
    blocked: Option<String>,
    stages: Vec<StageFold>,
    organs: Vec<String>,
    entries: Vec<Event>,
}

/// A stage with its forms.
struct StageFold {
    view: StageView,
    open: bool,
    kinds: &'static [&'static str],
    forms: Vec<FormView>,
    grants: Vec<GrantFold>,
}

/// Something that is granted, with its forms.
struct GrantFold {
    view: DeliveryView,
    open: bool,
    forms: Vec<FormView>,
}

/// The page; `open` is the word of the stage that was worked on last.
pub async fn of(
    visit: Visit,
    id: &str,
    open: &str,
    typed: Option<(&str, &Typed)>,
    faults: &Faults,
) -> Result<LifecyclePage, Problem> {
    let found = policy::find(&visit, id).await?;
    let request = GetLifecycleRequest { policy_id: id.to_owned() };
    let lifecycle =
        sent(visit.clients.lifecycles().get_lifecycle(request).await?.into_inner().lifecycle)?;
    let blocked = blocked(&found, policy::acts(&visit, &found).await?);
    let base = format!("/console/policies/{id}/lifecycle");
    let maker = Maker { base: &base, etag: &lifecycle.etag, typed, faults };
    let stages = match blocked {
        None => folds(&lifecycle, &maker, &found.organ_name, open),
        Some(_) => bare(&lifecycle, open),
    };
    let title = found.draft.as_ref().and_then(|draft| draft.content.as_ref());
    let title = title.or(found.content.as_ref()).map(|content| content.title.clone());
    let title = title.unwrap_or_default();
    let all = organs::all(&visit.app.clients).await?;
    let policy_url = format!("/console/policies/{id}");
    let public = found.state() == PolicyState::Published && !found.expunged;
    Ok(LifecyclePage {
        site: visit.site(),
        desk: visit
            .desk("全生命周期", "/console/policies")
            .below("政策文件", "/console/policies")
            .below(&title, &policy_url),
        policy: Link::new(title, policy_url),
        public_url: public.then(|| format!("{}#lifecycle", url(id))),
        errors: faults.list(),
        warnings: warnings(&lifecycle),
        blocked,
        stages,
        organs: all.into_iter().map(|organ| organ.name).collect(),
        entries: lifecycle.entries.iter().map(event).collect(),
        display: visit.display,
    })
}

/// Why this account can fill nothing here.
fn blocked(policy: &Policy, acts: bool) -> Option<String> {
    if !acts {
        let organ = &policy.organ_name;
        return Some(format!("这份文件属于{organ}，由该机关的同事登记，您可以查看。"));
    }
    let gone = policy.state() == PolicyState::Withdrawn || policy.expunged;
    gone.then(|| "这份文件已撤下或清除，重新发布之后可以继续登记。".to_owned())
}

/// The stages without their forms, for who may only look.
fn bare(lifecycle: &Lifecycle, open: &str) -> Vec<StageFold> {
    let granted =
        |delivery| GrantFold { view: DeliveryView::of(delivery), open: true, forms: Vec::new() };
    let fold = |record: &StageRecord| {
        let view = StageView::of(record);
        let grants = match record.stage() {
            LifecycleStage::Delivery => lifecycle.deliveries.iter().map(granted).collect(),
            _ => Vec::new(),
        };
        StageFold { open: view.word == open, view, kinds: &[], forms: Vec::new(), grants }
    };
    lifecycle.stages.iter().map(fold).collect()
}

fn folds(lifecycle: &Lifecycle, maker: &Maker<'_>, organ: &str, open: &str) -> Vec<StageFold> {
    let fold = |known: &'static lifecycle::StageName| {
        let record = lifecycle.stages.iter().find(|record| record.stage() == known.stage)?;
        let mut forms = Vec::new();
        let records_itself = known.stage == LifecycleStage::Publication;
        if !records_itself {
            forms.push(maker.set(known, record, organ));
        }
        forms.push(maker.add_material(known));
        for material in &record.materials {
            forms.push(maker.remove_material(known, &material.id, &material.title));
        }
        let grants = match known.stage {
            LifecycleStage::Delivery => grants(lifecycle, maker, organ),
            _ => Vec::new(),
        };
        let nothing = record.materials.is_empty() && grants.is_empty();
        let applies = record.state() != LifecycleStageState::NotApplicable;
        if !records_itself && nothing && applies {
            forms.push(maker.not_applicable(known));
        }
        if known.stage == LifecycleStage::Delivery {
            forms.insert(0, maker.grant("", &DeliveryTerms::default(), organ));
        }
        Some(StageFold {
            view: StageView::of(record),
            open: known.word == open,
            kinds: known.kinds,
            forms,
            grants,
        })
    };
    STAGES.iter().filter_map(fold).collect()
}

fn grants(lifecycle: &Lifecycle, maker: &Maker<'_>, organ: &str) -> Vec<GrantFold> {
    let fold = |delivery| {
        let view = DeliveryView::of(delivery);
        let mut forms = vec![maker.pay(&view.id), maker.grant(&view.id, &view.terms, organ)];
        for payout in &view.payouts {
            forms.push(maker.correct(&view.id, &payout.figures, &payout.when));
        }
        forms.push(maker.remove_grant(&view.id));
        let open = forms.iter().any(|form| form.open);
        GrantFold { view, open, forms }
    };
    lifecycle.deliveries.iter().map(fold).collect()
}

/// What to look at, each a link to its stage.
fn warnings(lifecycle: &Lifecycle) -> Vec<Link> {
    let link = |warning: &contracts::documents::LifecycleWarning| {
        let known = STAGES.iter().find(|known| known.stage == warning.stage());
        let word = known.map_or("", |known| known.word);
        Link::new(&warning.text, format!("#stage-{word}"))
    };
    lifecycle.warnings.iter().map(link).collect()
}

fn event(entry: &contracts::documents::LifecycleEntry) -> Event {
    Event {
        when: days::minute(entry.at),
        who: entry.by.as_ref().map(|by| by.name.clone()).unwrap_or_default(),
        what: lifecycle::done(entry),
        why: entry.reason.clone(),
    }
}

impl StageFold {
    /// Whether the fold shows forms at all.
    fn is_filled_here(&self) -> bool {
        !self.forms.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use contracts::documents::Person;

    use super::*;

    #[test]
    fn other_organs_and_tombstones_are_told_why_they_cannot_write() {
        let policy = |state: PolicyState| Policy {
            state: state.into(),
            organ_name: "市民政局".to_owned(),
            ..Policy::default()
        };
        let published = policy(PolicyState::Published);
        assert_eq!(blocked(&published, true), None);
        assert!(blocked(&published, false).unwrap().contains("市民政局"));
        assert!(blocked(&policy(PolicyState::Withdrawn), true).unwrap().contains("撤下"));
    }

    #[test]
    fn the_history_says_who_did_what_and_why() {
        let mut entry = contracts::documents::LifecycleEntry {
            what: "payout_corrected".to_owned(),
            detail: "2026年3月1日，9人（户）次，1800.00元".to_owned(),
            reason: "漏计一人".to_owned(),
            by: Some(Person { account_id: "1".to_owned(), name: "王芳".to_owned() }),
            ..Default::default()
        };
        entry.set_stage(LifecycleStage::Delivery);
        let event = event(&entry);
        assert!(event.what.starts_with("兑现：更正发放，2026年3月1日"), "{}", event.what);
        assert_eq!((event.who.as_str(), event.why.as_str()), ("王芳", "漏计一人"));
    }
}
