//! The life of a policy: written by one, approved by another, public, revised, withdrawn.

use chrono::{DateTime, Timelike as _, Utc};

use super::{
    Person,
    content::Content,
    draft::{Draft, DraftState},
    receipt::Occasion,
};

/// Whether the public sees a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Never public so far.
    Unpublished,
    /// Public.
    Published,
    /// A tombstone.
    Withdrawn,
}

impl State {
    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unpublished => "unpublished",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word in the database.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Unpublished, Self::Published, Self::Withdrawn]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// Why a policy may not be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The reviewer wrote it.
    #[error("不能审核自己起草或修改过的草稿，请由另一位审核人办理")]
    SelfReview,
    /// There is nothing to act on.
    #[error("这份文件没有草稿，请先修改并说明修订原因")]
    NoDraft,
    /// The draft is in another state.
    #[error("草稿现为“{found}”，{wanted}")]
    DraftState {
        /// The state it is in.
        found: &'static str,
        /// What must come first.
        wanted: &'static str,
    },
    /// The policy is not public.
    #[error("这份文件目前没有公开，无须撤回")]
    NotPublished,
    /// A reason must be given in this field.
    #[error("{1}")]
    ReasonMissing(&'static str, &'static str),
    /// The set minute is wrong.
    #[error("定时发布的时间应为将来的整分钟")]
    BadMinute,
}

/// A public change: what happened, and the number it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub occasion: Occasion,
    /// The aggregate's revision that it made.
    pub revision: i64,
}

/// What the rules need to know of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether the public sees it.
    pub state: State,
    /// Grows by one with each public change.
    pub revision: i64,
    /// Number of the revision that the public sees; 0 before the first.
    pub public_revision: i64,
    /// The working copy of the next revision.
    pub draft: Option<Draft>,
}

impl Policy {
    /// A policy that starts as a draft.
    pub fn new(content: Content, author: Person, now: DateTime<Utc>) -> Self {
        Self {
            state: State::Unpublished,
            revision: 0,
            public_revision: 0,
            draft: Some(Draft::new(content, author, String::new(), now)),
        }
    }

    /// Changes the draft; on a policy that was public it starts the draft of a revision.
    pub fn edit(
        &mut self,
        content: Content,
        reason: &str,
        editor: Person,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let reason = reason.trim();
        let Some(draft) = &mut self.draft else {
            let reason = required(reason, "revision_reason", "请说明为什么要修订已公开的文件")?;
            self.draft = Some(Draft::new(content, editor, reason, now));
            return Ok(());
        };
        in_state(draft, WRITABLE, "请先由审核人退回再修改")?;
        draft.content = content;
        draft.editor = editor;
        if !reason.is_empty() {
            reason.clone_into(&mut draft.revision_reason);
        }
        draft.updated_at = now;
        Ok(())
    }

    /// Notes a change of the draft's attachments.
    pub fn touch(&mut self, editor: Person, now: DateTime<Utc>) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        in_state(draft, WRITABLE, "请先由审核人退回再修改")?;
        draft.editor = editor;
        draft.updated_at = now;
        Ok(())
    }

    /// Puts the draft before a second person.
    pub fn submit(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        in_state(draft, WRITABLE, "无须再次提交审核")?;
        draft.state = DraftState::InReview;
        draft.updated_at = now;
        Ok(())
    }

    /// A second person sends the draft back with a reason.
    pub fn send_back(
        &mut self,
        reviewer: Person,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        let returnable = &[DraftState::InReview, DraftState::Approved, DraftState::Scheduled];
        in_state(draft, returnable, "还没有提交审核")?;
        not_own(draft, &reviewer)?;
        draft.return_reason = required(reason, "reason", "请说明退回的原因")?;
        draft.state = DraftState::Returned;
        draft.reviewer = reviewer;
        draft.publisher = Person::default();
        draft.publish_at = None;
        draft.updated_at = now;
        Ok(())
    }

    /// A second person approves the draft.
    pub fn approve(&mut self, reviewer: Person, now: DateTime<Utc>) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        in_state(draft, &[DraftState::InReview], "只有待审核的草稿可以审核通过")?;
        not_own(draft, &reviewer)?;
        draft.state = DraftState::Approved;
        draft.reviewer = reviewer;
        draft.return_reason.clear();
        draft.updated_at = now;
        Ok(())
    }

    /// Throws the draft away.
    pub fn discard(&mut self) -> Result<Draft, Refusal> {
        self.draft.take().ok_or(Refusal::NoDraft)
    }

    /// Sets the minute at which the approved draft becomes public.
    pub fn schedule(
        &mut self,
        at: DateTime<Utc>,
        publisher: Person,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        in_state(draft, PUBLISHABLE, "请先由另一人审核通过")?;
        if at <= now || at.second() != 0 || at.nanosecond() != 0 {
            return Err(Refusal::BadMinute);
        }
        draft.state = DraftState::Scheduled;
        draft.publish_at = Some(at);
        draft.publisher = publisher;
        draft.updated_at = now;
        Ok(())
    }

    /// Takes back the set minute: the draft stays approved.
    pub fn unschedule(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let draft = self.draft.as_mut().ok_or(Refusal::NoDraft)?;
        in_state(draft, &[DraftState::Scheduled], "没有定时发布可以取消")?;
        draft.state = DraftState::Approved;
        draft.publish_at = None;
        draft.publisher = Person::default();
        draft.updated_at = now;
        Ok(())
    }

    /// Makes the approved draft public and hands it over.
    pub fn publish(&mut self) -> Result<(Draft, Change), Refusal> {
        let draft = self.draft.take().ok_or(Refusal::NoDraft)?;
        if let Err(refusal) = in_state(&draft, PUBLISHABLE, "请先由另一人审核通过") {
            self.draft = Some(draft);
            return Err(refusal);
        }
        Ok((draft, self.go_public()))
    }

    /// Makes a draft public on one operator's recorded responsibility, as imports do.
    pub fn publish_alone(&mut self, reason: &str) -> Result<(Draft, Change), Refusal> {
        let reason = required(reason, "reason", "由一人直接发布须说明理由")?;
        let mut draft = self.draft.take().ok_or(Refusal::NoDraft)?;
        draft.revision_reason = reason;
        Ok((draft, self.go_public()))
    }

    fn go_public(&mut self) -> Change {
        let occasion = match self.public_revision {
            0 => Occasion::Published,
            _ => Occasion::Corrected,
        };
        self.state = State::Published;
        self.next(occasion)
    }

    /// Takes the policy from the public; a draft of its next revision stays.
    pub fn withdraw(&mut self, reason: &str) -> Result<(String, Change), Refusal> {
        if self.state != State::Published {
            return Err(Refusal::NotPublished);
        }
        let reason = required(reason, "reason", "请说明撤回的原因")?;
        self.state = State::Withdrawn;
        Ok((reason, self.next(Occasion::Withdrawn)))
    }

    /// Counts the expunging of a revision, which the public sees as a change of its history.
    pub fn expunge(&mut self) -> i64 {
        self.revision += 1;
        self.revision
    }

    fn next(&mut self, occasion: Occasion) -> Change {
        self.revision += 1;
        self.public_revision = self.revision;
        Change { occasion, revision: self.revision }
    }
}

const WRITABLE: &[DraftState] = &[DraftState::Editing, DraftState::Returned];
const PUBLISHABLE: &[DraftState] = &[DraftState::Approved, DraftState::Scheduled];

fn in_state(draft: &Draft, wanted: &[DraftState], first: &'static str) -> Result<(), Refusal> {
    if wanted.contains(&draft.state) {
        return Ok(());
    }
    Err(Refusal::DraftState { found: draft.state.chinese(), wanted: first })
}

fn not_own(draft: &Draft, reviewer: &Person) -> Result<(), Refusal> {
    if draft.is_by(reviewer) { Err(Refusal::SelfReview) } else { Ok(()) }
}

fn required(reason: &str, field: &'static str, why: &'static str) -> Result<String, Refusal> {
    let reason = super::text::plain(reason.trim());
    if reason.is_empty() { Err(Refusal::ReasonMissing(field, why)) } else { Ok(reason) }
}

#[cfg(test)]
mod tests;
