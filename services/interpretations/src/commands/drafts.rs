//! Writing interpretations.

use contracts::interpretations::{CreateInterpretationResponse, Interpretation as Wire};
use kit::auth::Caller;
use prost::Message as _;

use super::Interpretations;
use crate::domain::interpretation::Content;
use crate::domain::{InterpretationId, PolicyId};
use crate::error::Error;
use crate::store::interpretations::{self, InterpretationRow};

const CREATE: &str = "CreateInterpretation";

impl Interpretations {
    /// Starts a draft. The same `request_id` gets the same answer, the same source id the same
    /// interpretation.
    #[tracing::instrument(name = "command.interpretations.create", skip_all)]
    pub async fn create(
        &self,
        policy: PolicyId,
        content: Content,
        source_id: &str,
        request_id: &str,
        caller: &Caller,
    ) -> Result<Wire, Error> {
        self.check(&content)?;
        let tx = self.db.begin().await?;
        if let Some(answer) = kit::idempotency::find(&tx, request_id, CREATE).await? {
            let answer = CreateInterpretationResponse::decode(answer.as_slice())
                .map_err(kit::Error::from)?;
            return Ok(answer.interpretation.unwrap_or_default());
        }
        self.lock_policy(&tx, policy, caller).await?;
        if let Some(known) = loaded_before(&tx, policy, source_id).await? {
            return Ok(known.into());
        }
        let id = InterpretationId::new(&*self.clock);
        interpretations::insert(&tx, id, policy, &content, source_id).await?;
        let resource = format!("interpretations/{id}");
        let action = "interpretation.create";
        kit::audit::record(&tx, &*self.clock, caller, action, &resource, &content.title).await?;
        let row = interpretations::find(&*tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        let answer = CreateInterpretationResponse { interpretation: Some(row.into()) };
        let bytes = answer.encode_to_vec();
        kit::idempotency::remember(&tx, &*self.clock, request_id, CREATE, &bytes).await?;
        tx.commit().await?;
        Ok(answer.interpretation.unwrap_or_default())
    }

    /// Changes a draft.
    #[tracing::instrument(name = "command.interpretations.update", skip_all)]
    pub async fn update(
        &self,
        id: InterpretationId,
        content: Content,
        etag: &str,
        caller: &Caller,
    ) -> Result<InterpretationRow, Error> {
        self.check(&content)?;
        let tx = self.db.begin().await?;
        let (_, before) = self.lock_interpretation(&tx, id, etag, caller).await?;
        if before.state != interpretations::DRAFT {
            return Err(Error::NotADraft);
        }
        interpretations::update(&tx, id, &content).await?;
        let resource = format!("interpretations/{id}");
        let action = "interpretation.update";
        kit::audit::record(&tx, &*self.clock, caller, action, &resource, &content.title).await?;
        let row = interpretations::find(&*tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        tx.commit().await?;
        Ok(row)
    }

    fn check(&self, content: &Content) -> Result<(), Error> {
        if content.text.len() > self.text_limit {
            return Err(Error::TextTooLarge(self.text_limit));
        }
        Ok(content.check_draft()?)
    }
}

async fn loaded_before(
    tx: &kit::db::Tx,
    policy: PolicyId,
    source_id: &str,
) -> Result<Option<InterpretationRow>, Error> {
    if source_id.is_empty() {
        return Ok(None);
    }
    match interpretations::by_source(&**tx, source_id).await? {
        Some(known) if known.policy_id != policy => Err(Error::SourceIdTaken(source_id.to_owned())),
        known => Ok(known),
    }
}
