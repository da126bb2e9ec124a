//! The worklist: a person notes that something was looked at.

use kit::auth::Caller;

use super::Documents;
use crate::{
    domain::{WorklistEntryId, text},
    error::{Error, Result},
    store,
};

impl Documents {
    /// Notes that a person has looked at an entry.
    #[tracing::instrument(name = "command.documents.resolve_worklist_entry", skip_all)]
    pub async fn resolve_worklist_entry(
        &self,
        caller: &Caller,
        id: WorklistEntryId,
        remark: &str,
    ) -> Result<()> {
        let remark = text::line(remark);
        if remark.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("remark", "备注最多 1000 个字"));
        }
        let tx = self.db.begin().await?;
        let entry = store::worklist::lock(&tx, id)
            .await?
            .filter(|entry| caller.may_act_for(&entry.organ_code))
            .ok_or(Error::Unknown("待办事项"))?;
        let now = self.clock.now();
        store::worklist::resolve(&tx, id, &caller.actor(), &remark, now).await?;
        self.audit(&tx, caller, "worklist.resolve", entry.policy_id, &entry.gate).await?;
        Ok(tx.commit().await?)
    }
}
