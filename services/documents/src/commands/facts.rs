//! What events tell of a policy, and what of it is left after an expunge.

use contracts::documents::{
    Announcement, PolicyAmended, PolicyCommenced, PolicyCorrected, PolicyFacts,
    PolicyLapseAnnounced, PolicyLapsed, PolicyPublished, PolicyRepealed, PolicyRevived,
    PolicyWithdrawn,
};
use kit::outbox::{Event, NewEvent, Subject};
use prost::Name as _;

use crate::{
    domain::{
        content::{Content, EXPUNGED_TITLE},
        day,
        policy::Change,
        receipt::Occasion,
    },
    store::policies::PolicyRow,
};

/// What readers need to know of a policy without asking.
pub(super) fn facts(
    row: &PolicyRow,
    content: &Content,
    revision: i64,
    announcement: Announcement,
) -> PolicyFacts {
    PolicyFacts {
        policy_id: row.id.to_string(),
        revision,
        title: content.title.clone(),
        document_number: content.document_number.clone(),
        organ_code: content.organ_code.clone(),
        organ_name: row.organ_name.clone(),
        organ_unassigned: row.organ_unassigned,
        category: content.category.clone(),
        issued_on: day::write(content.issued_on),
        effective_on: day::write(content.effective_on),
        expires_on: day::write(content.expires_on),
        published_at: row.published_at.map(kit::clock::to_wire),
        summary: content.summary.clone(),
        keywords: content.keywords.clone(),
        source_id: row.source_id.clone().unwrap_or_default(),
        backfill: row.backfill,
        announcement: announcement.into(),
    }
}

/// The event that a public change is.
pub(super) fn event(
    row: &PolicyRow,
    content: &Content,
    change: Change,
    reason: &str,
    announcement: Announcement,
) -> NewEvent {
    let policy = Some(facts(row, content, change.revision, announcement));
    let reason = reason.to_owned();
    let aggregate = super::aggregate(row.id);
    let about = Subject { aggregate: &aggregate, revision: change.revision };
    match change.occasion {
        Occasion::Published => NewEvent::of(&PolicyPublished { policy }, about),
        Occasion::Corrected => NewEvent::of(&PolicyCorrected { policy, reason }, about),
        Occasion::Withdrawn => {
            let withdrawn_at = row.withdrawn_at.map(kit::clock::to_wire);
            NewEvent::of(&PolicyWithdrawn { policy, reason, withdrawn_at }, about)
        }
    }
}

/// The payload of a logged event without what an expunge must remove; ids, days and class stay.
pub(super) fn redacted(kind: &str, payload: &[u8]) -> kit::Result<Vec<u8>> {
    fn blank(facts: &mut Option<PolicyFacts>) {
        if let Some(facts) = facts {
            EXPUNGED_TITLE.clone_into(&mut facts.title);
            facts.document_number.clear();
            facts.summary.clear();
            facts.keywords.clear();
        }
    }
    fn with<E: Event>(payload: &[u8], change: impl FnOnce(&mut E)) -> kit::Result<Vec<u8>> {
        let mut event = E::decode(payload)?;
        change(&mut event);
        Ok(event.encode_to_vec())
    }
    /// Events that tell of a policy and of a change of its effect are blanked alike.
    macro_rules! changed {
        ($($event:ident),*) => {
            $(if kind == $event::full_name() {
                return with(payload, |event: &mut $event| {
                    blank(&mut event.policy);
                    if let Some(change) = &mut event.change {
                        change.reason.clear();
                    }
                });
            })*
        };
    }
    if kind == PolicyPublished::full_name() {
        return with(payload, |event: &mut PolicyPublished| blank(&mut event.policy));
    }
    if kind == PolicyCorrected::full_name() {
        return with(payload, |event: &mut PolicyCorrected| {
            blank(&mut event.policy);
            event.reason.clear();
        });
    }
    if kind == PolicyWithdrawn::full_name() {
        return with(payload, |event: &mut PolicyWithdrawn| {
            blank(&mut event.policy);
            event.reason.clear();
        });
    }
    if kind == PolicyLapseAnnounced::full_name() {
        return with(payload, |event: &mut PolicyLapseAnnounced| blank(&mut event.policy));
    }
    changed!(PolicyCommenced, PolicyAmended, PolicyRepealed, PolicyLapsed, PolicyRevived);
    Ok(payload.to_vec())
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;

    #[test]
    fn redaction_keeps_ids_and_blanks_words() {
        let facts = PolicyFacts {
            policy_id: "p".to_owned(),
            revision: 3,
            title: "秘密".to_owned(),
            summary: "秘密".to_owned(),
            keywords: vec!["秘密".to_owned()],
            document_number: "密〔2023〕1号".to_owned(),
            ..PolicyFacts::default()
        };
        let event = PolicyCorrected { policy: Some(facts), reason: "秘密".to_owned() };
        let kept = redacted(&PolicyCorrected::full_name(), &event.encode_to_vec()).unwrap();
        assert!(!String::from_utf8_lossy(&kept).contains('密'));
        let kept = PolicyCorrected::decode(kept.as_slice()).unwrap().policy.unwrap();
        assert_eq!((kept.policy_id.as_str(), kept.revision), ("p", 3));
    }

    #[test]
    fn other_events_stay_as_they_are() {
        assert_eq!(redacted("yangguang.documents.v1.ReceiptCompleted", b"x").unwrap(), b"x");
    }
}
