//! Effects: a clerk's word on one, what is told on the day on which one changes, and the notice
//! before one ends.

use chrono::{Months, NaiveDate, TimeDelta};
use contracts::documents::{
    Announcement, EffectChange, PolicyAmended, PolicyCommenced, PolicyLapseAnnounced, PolicyLapsed,
    PolicyRepealed, PolicyRevived,
};
use kit::{
    auth::Caller,
    db::Tx,
    outbox::{self, NewEvent, Subject},
};

use super::{Documents, aggregate, facts, person};
use crate::{
    domain::{
        PolicyId,
        content::Content,
        day,
        effect::{self, Effect, Grounds, Overrule, Told, Verdict},
        policy::{Refusal, State},
        text,
    },
    error::{Error, Result},
    queries,
    store::{self, policies::PolicyRow},
};

/// How many months before its end the organ of a policy is told: 规范性文件 are renewed or let
/// lapse after a review that takes months.
const NOTICES: [u32; 3] = [1, 3, 6];
/// A change this old is history, and not news to anybody.
const OLD_NEWS: TimeDelta = TimeDelta::days(30);
/// Policies looked at in one go.
const MOST_AT_ONCE: i64 = 500;

impl Documents {
    /// Puts a clerk's word on the effect before what is computed, or takes it back.
    #[tracing::instrument(name = "command.documents.overrule_effect", skip_all, fields(policy.id = %id))]
    pub async fn overrule_effect(
        &self,
        caller: &Caller,
        id: PolicyId,
        effect: Option<Effect>,
        from: Option<NaiveDate>,
        reason: &str,
        etag: &str,
    ) -> Result<()> {
        let reason = text::line(reason);
        if reason.is_empty() || reason.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("reason", "请写明核定有效性的依据，最多 1000 个字"));
        }
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        if opened.policy.state != State::Published {
            return Err(Error::Refused(Refusal::NotPublished));
        }
        if effect.is_none() && opened.row.overrule.is_empty() {
            return Err(Error::invalid("effect", "这份文件的有效性没有经人核定，无须撤销"));
        }
        let today = self.clock.today();
        let word = effect.map(|effect| Overrule {
            effect,
            from: from.unwrap_or(today),
            reason: reason.clone(),
            by: person(caller),
            at: self.clock.now(),
        });
        opened.row.set_overrule(word.as_ref());
        opened.row.effect_due_on = day::write(Some(today));
        let action = if word.is_some() { "effect.overrule" } else { "effect.restore" };
        self.audit(&tx, caller, action, id, &reason).await?;
        self.keep(&tx, caller, opened, action, &["effect"]).await?;
        Ok(tx.commit().await?)
    }

    /// Tells of every effect that is another one by today.
    #[tracing::instrument(name = "job.documents.follow_effects", skip_all)]
    pub async fn follow_effects(&self) -> Result<()> {
        loop {
            let today = self.clock.today();
            let due = store::effects::due(self.db.conn(), today, MOST_AT_ONCE).await?;
            for id in &due {
                self.follow_effect(*id, today).await?;
            }
            if due.is_empty() {
                return Ok(());
            }
        }
    }

    async fn follow_effect(&self, id: PolicyId, today: NaiveDate) -> Result<()> {
        let tx = self.db.begin().await?;
        let Some(mut row) = store::policies::lock(&tx, id).await? else { return Ok(()) };
        row.effect_due_on.clear();
        let mut events = Vec::new();
        if row.state()? == State::Published && !row.expunged {
            let inbound = store::relations::inbound(&*tx, id).await?;
            let spans = effect::timeline(&queries::effect::grounds(&row, &inbound)?);
            let (past, future) = spans.split_at(spans.partition_point(|(from, _)| *from <= today));
            row.effect_due_on = day::write(future.first().map(|(from, _)| *from));
            if let Some((from, verdict)) = past.last() {
                events.extend(told_change(&mut row, *from, verdict, today)?);
            }
        }
        self.tell(tx, row, events).await
    }

    /// Writes what the clock made of a policy, and tells of it.
    async fn tell(&self, tx: Tx, row: PolicyRow, events: Vec<NewEvent>) -> Result<()> {
        store::policies::save(&tx, row).await?;
        let actor = Caller::service("documents").actor();
        outbox::append_many(&tx, &*self.clock, events, &actor).await?;
        Ok(tx.commit().await?)
    }

    /// Tells the organs of policies that end within months.
    #[tracing::instrument(name = "job.documents.announce_lapses", skip_all)]
    pub async fn announce_lapses(&self) -> Result<()> {
        let today = self.clock.today();
        for months in NOTICES {
            let Some(until) = today.checked_add_months(Months::new(months)) else { continue };
            for id in store::effects::ending(self.db.conn(), today, until, months).await? {
                self.announce_lapse(id, months).await?;
            }
        }
        Ok(())
    }

    async fn announce_lapse(&self, id: PolicyId, months: u32) -> Result<()> {
        let tx = self.db.begin().await?;
        let Some(mut row) = store::policies::lock(&tx, id).await? else { return Ok(()) };
        store::effects::note_notice(&tx, id, &row.last_day, months, self.clock.now()).await?;
        let content = row.content()?;
        row.revision += 1;
        let policy = Some(facts::facts(&row, &content, row.public_revision, Announcement::None));
        let name = aggregate(id);
        let about = Subject { aggregate: &name, revision: row.revision };
        let event = NewEvent::of(&PolicyLapseAnnounced { policy, months_before: months }, about);
        self.tell(tx, row, vec![event]).await
    }
}

/// The event that a change of effect is, if it is one that anybody needs to hear of.
fn told_change(
    row: &mut PolicyRow,
    from: NaiveDate,
    verdict: &Verdict,
    today: NaiveDate,
) -> Result<Option<NewEvent>> {
    let now = Told::of(verdict);
    let told = Told::read(&std::mem::replace(&mut row.told_effect, now.word()));
    if told == Some(now) {
        return Ok(None);
    }
    let on = if from == NaiveDate::MIN { today } else { from };
    let announcement = if today - on > OLD_NEWS { Announcement::None } else { Announcement::All };
    let content = row.content()?;
    row.revision += 1;
    let policy = Some(facts::facts(row, &content, row.public_revision, announcement));
    let change = Some(EffectChange {
        on: day::write(Some(on)),
        reason: verdict.reason.to_string(),
        by_policy_id: queries::effect::by_policy_id(verdict),
    });
    let name = aggregate(row.id);
    let about = Subject { aggregate: &name, revision: row.revision };
    let was = told.map(|told| told.effect);
    Ok(Some(match verdict.effect {
        effect if was == Some(effect) => NewEvent::of(&PolicyAmended { policy, change }, about),
        Effect::Repealed => NewEvent::of(&PolicyRepealed { policy, change }, about),
        Effect::Lapsed => NewEvent::of(&PolicyLapsed { policy, change }, about),
        Effect::InForce if was == Some(Effect::NotYetInForce) => {
            NewEvent::of(&PolicyCommenced { policy, change }, about)
        }
        Effect::InForce | Effect::NotYetInForce => {
            NewEvent::of(&PolicyRevived { policy, change }, about)
        }
    }))
}

/// Notes when the effect of a policy that becomes public must be looked at: on the next day on
/// which its own dates change it, or at once where an earlier revision was public.
pub(super) fn expect(
    row: &mut PolicyRow,
    content: &Content,
    today: NaiveDate,
    first: bool,
) -> Result<()> {
    if !first {
        row.effect_due_on = day::write(Some(today));
        return Ok(());
    }
    let grounds = Grounds {
        effective_on: content.effective_on,
        expires_on: content.expires_on,
        period: row.period()?,
        source: effect::at_source(&content.source_status),
        ..Grounds::default()
    };
    row.told_effect = Told::of(&effect::on(today, &grounds)).word();
    let next = ::effect::next_change(&grounds, today);
    row.effect_due_on = day::write(next.map(|(from, _)| from));
    Ok(())
}
