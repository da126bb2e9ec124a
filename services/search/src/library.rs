//! The policy library, asked for what is public now.

use chrono::{DateTime, Datelike as _, NaiveDate};
use contracts::documents::policy_service_client::PolicyServiceClient;
use contracts::documents::{
    self as wire, BatchGetPoliciesRequest, Effect, ListPoliciesRequest, Policy, PolicyContent,
    PolicyOrder, PolicyState, TextFormat,
};
use kit::clock;
use kit::grpc::Peer;

use crate::engine::effect::{NEVER, Validity, day, read_day, span};
use crate::engine::{Change, Day, Entry, Record, opening, plain};
use crate::error::Error;

/// Characters of a policy that lists can show without its text.
const EXCERPT: usize = 300;
/// Policies listed in one call.
const LISTED: u32 = 100;
const SECONDS_OF_A_DAY: i64 = 86_400;
/// Relations that change the effect of their target.
const AFFECTING: [&str; 2] = ["repeals", "amends"];

/// What is asked of the service documents.
#[derive(Clone)]
pub struct Library {
    client: PolicyServiceClient<Peer>,
    at_once: usize,
}

impl Library {
    /// Asks through `peer`, for `at_once` policies a call.
    pub fn new(peer: Peer, at_once: usize) -> Self {
        // A policy's text may be megabytes long, and several come in one answer.
        let client = PolicyServiceClient::new(peer).max_decoding_message_size(usize::MAX);
        Self { client, at_once }
    }

    /// How many policies it is asked for at once.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// What is to become of these policies, [`Self::at_once`] at most, in the index; those that it
    /// does not know are left out.
    pub async fn changes(&self, ids: &[String], today: Day) -> Result<Vec<Change>, Error> {
        let request = BatchGetPoliciesRequest { policy_ids: ids.to_vec() };
        let answer = self.client.clone().batch_get_policies(request).await?.into_inner();
        Ok(answer.policies.into_iter().map(|policy| change(policy, today)).collect())
    }

    /// One page of the ids of all public policies, and the token of the next.
    pub async fn page(&self, token: String) -> Result<(Vec<String>, String), Error> {
        let request = ListPoliciesRequest {
            state: PolicyState::Published.into(),
            order: PolicyOrder::Published.into(),
            page_size: LISTED,
            page_token: token,
            uncounted: true,
            ..ListPoliciesRequest::default()
        };
        let answer = self.client.clone().list_policies(request).await?.into_inner();
        let ids = answer.policies.into_iter().map(|policy| policy.id).collect();
        Ok((ids, answer.next_page_token))
    }
}

/// A policy as the index is to hold it: what is public, or its memory.
fn change(policy: Policy, today: Day) -> Change {
    let public = policy.state() == PolicyState::Published && !policy.expunged;
    match (public, &policy.content) {
        (true, Some(content)) => Change::Put(Box::new(entry(&policy, content, today))),
        _ => Change::Forget { id: policy.id, revision: policy.revision },
    }
}

fn entry(policy: &Policy, content: &PolicyContent, today: Day) -> Entry {
    let text = match content.text_format() {
        TextFormat::Html => plain(&content.text),
        TextFormat::Plain | TextFormat::Unspecified => content.text.clone(),
    };
    let published = policy.published_at.and_then(clock::from_wire).unwrap_or_default();
    let issued = content.issued_on.parse::<NaiveDate>().ok();
    let affects = content
        .relations
        .iter()
        .filter(|it| AFFECTING.contains(&it.r#type.as_str()) && !it.target_policy_id.is_empty());
    let excerpt = if content.summary.trim().is_empty() { &text } else { &content.summary };
    let record = Record {
        id: policy.id.clone(),
        revision: policy.revision,
        gone: false,
        title: content.title.clone(),
        number: content.document_number.clone(),
        organ_code: content.organ_code.clone(),
        organ_name: policy.organ_name.clone(),
        category: content.category.clone(),
        issued_on: content.issued_on.clone(),
        published_on: clock::day_of(published).to_string(),
        source_id: policy.source_id.clone(),
        excerpt: opening(excerpt, EXCERPT),
        effective: read_day(&content.effective_on).unwrap_or(0),
        spans: spans(policy, content, today),
        text_at: 0,
        text_length: 0,
        affects: affects.map(|it| it.target_policy_id.clone()).collect(),
    };
    let year = issued.unwrap_or_else(|| clock::day_of(published)).year();
    Entry {
        record,
        keywords: content.keywords.clone(),
        summary: content.summary.clone(),
        text,
        newest: newest(published, issued),
        year: u64::try_from(year).unwrap_or(0),
    }
}

/// The effect on every day as the library tells it; where it does not, by the policy's own dates.
fn spans(policy: &Policy, content: &PolicyContent, today: Day) -> Vec<u64> {
    let told = policy.effect_spans.iter().filter_map(|it| {
        let effect = effect_from_wire(it.effect())?;
        Some(span(read_day(&it.from).unwrap_or(0), effect))
    });
    let spans: Vec<u64> = told.collect();
    if !spans.is_empty() {
        return spans;
    }
    let (expires, repealed) = ended(policy.effect(), read_day(&content.expires_on), today);
    let effective = read_day(&content.effective_on).unwrap_or(0);
    Validity { effective, expires, repealed }.spans()
}

/// Last day and repeal, so that the effect comes out as the library has it. The library also
/// knows of ends that have no date.
fn ended(effect: Effect, expires: Option<Day>, today: Day) -> (Day, bool) {
    let lasting = expires.is_none_or(|last| last >= today);
    match effect {
        Effect::Repealed => (expires.unwrap_or(NEVER), true),
        Effect::Lapsed if lasting => (0, false),
        _ => (expires.unwrap_or(NEVER), false),
    }
}

/// Orders by day of issue, within a day by the moment of publication.
fn newest(published: DateTime<chrono::Utc>, issued: Option<NaiveDate>) -> u64 {
    let published_on = clock::day_of(published);
    let seconds = match issued {
        Some(issued) if day(issued) != day(published_on) => {
            clock::start_of(issued).timestamp() + SECONDS_OF_A_DAY - 1
        }
        _ => published.timestamp(),
    };
    u64::try_from(seconds).unwrap_or(0)
}

/// The effect as messages carry it.
pub fn effect_to_wire(effect: crate::engine::Effect) -> wire::Effect {
    match effect {
        crate::engine::Effect::NotYetInForce => Effect::NotYetInForce,
        crate::engine::Effect::InForce => Effect::InForce,
        crate::engine::Effect::Lapsed => Effect::Lapsed,
        crate::engine::Effect::Repealed => Effect::Repealed,
    }
}

/// The effect that a message asks for.
pub fn effect_from_wire(effect: wire::Effect) -> Option<crate::engine::Effect> {
    match effect {
        Effect::Unspecified => None,
        Effect::NotYetInForce => Some(crate::engine::Effect::NotYetInForce),
        Effect::InForce => Some(crate::engine::Effect::InForce),
        Effect::Lapsed => Some(crate::engine::Effect::Lapsed),
        Effect::Repealed => Some(crate::engine::Effect::Repealed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy {
            id: "a".to_owned(),
            state: PolicyState::Published.into(),
            revision: 2,
            published_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            content: Some(PolicyContent {
                title: "办法".to_owned(),
                text: "<p>第一条</p>".to_owned(),
                text_format: TextFormat::Html.into(),
                issued_on: "2023-11-14".to_owned(),
                ..PolicyContent::default()
            }),
            ..Policy::default()
        }
    }

    #[test]
    fn what_is_public_is_put() {
        let Change::Put(entry) = change(policy(), 1) else { panic!("not public") };
        assert_eq!((entry.text.trim(), entry.year), ("第一条", 2023));
        assert_eq!(entry.record.published_on, "2023-11-15");
    }

    #[test]
    fn what_is_withdrawn_or_blanked_is_forgotten() {
        let withdrawn = Policy { state: PolicyState::Withdrawn.into(), ..policy() };
        let blanked = Policy { expunged: true, ..policy() };
        for policy in [withdrawn, blanked] {
            assert!(matches!(change(policy, 1), Change::Forget { revision: 2, .. }));
        }
    }

    #[test]
    fn the_effect_on_every_day_is_kept() {
        let told = |from: &str, effect: Effect| wire::EffectSpan {
            from: from.to_owned(),
            effect: effect.into(),
            ..wire::EffectSpan::default()
        };
        let policy = Policy {
            effect_spans: vec![
                told("", Effect::NotYetInForce),
                told("2024-01-01", Effect::InForce),
                told("2025-07-01", Effect::Repealed),
            ],
            ..policy()
        };
        let Change::Put(entry) = change(policy, 1) else { panic!("not public") };
        for (on, expected) in [
            ("2023-12-31", crate::engine::Effect::NotYetInForce),
            ("2025-06-30", crate::engine::Effect::InForce),
            ("2025-07-01", crate::engine::Effect::Repealed),
        ] {
            assert_eq!(entry.record.effect_on(read_day(on).unwrap()), expected, "{on}");
        }
    }

    #[test]
    fn the_effect_comes_out_as_the_library_has_it() {
        assert_eq!(ended(Effect::InForce, None, 9), (NEVER, false));
        assert_eq!(ended(Effect::Lapsed, None, 9), (0, false));
        assert_eq!(ended(Effect::Lapsed, Some(8), 9), (8, false));
        assert_eq!(ended(Effect::Repealed, Some(8), 9), (8, true));
    }
}
