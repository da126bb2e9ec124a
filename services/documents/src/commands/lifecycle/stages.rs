//! Stages: when they were, who answers for them, and their materials.

use bytes::Bytes;
use kit::auth::Caller;

use super::{Asked, Decided, answers};
use crate::{
    commands::Documents,
    domain::{
        AttachmentId, PolicyId,
        exposure::{self, Exposure},
        lifecycle::{
            Change, Stage,
            stage::{MOST_MATERIALS, Material, Record},
        },
    },
    error::{Error, Result},
    store::attachments::AttachmentRow,
};

/// A material that is to be added, and its file.
#[derive(Clone, Debug)]
pub struct NewMaterial {
    /// What is said of it; id and file are given here.
    pub material: Material,
    /// Name of the file; empty without one.
    pub file_name: String,
    /// Its bytes.
    pub content: Bytes,
}

impl Documents {
    /// Says when a stage was, who answers for it and what came of it.
    #[tracing::instrument(name = "command.documents.set_stage", skip_all, fields(policy.id = %id))]
    pub async fn set_stage(
        &self,
        caller: &Caller,
        id: PolicyId,
        stage: Stage,
        record: Record,
        asked: Asked<'_>,
    ) -> Result<()> {
        told_by_clerks(stage)?;
        let organ = self.responsible(&record.organ_code).await?;
        let mut record = record.tidied();
        record.is_major_decision &= stage == Stage::Demand;
        let wrong = record.violations();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        self.amend(caller, id, "SetStage", asked, Vec::new(), |row, lifecycle| {
            (record.organ_code, record.organ_name) = answers(organ, row);
            let before = lifecycle.filled(stage);
            if before.record == record {
                return Err(Error::invalid("summary", "与已登记的内容相同，没有要保存的改动"));
            }
            let said = vec![("summary", "情况说明", record.summary.clone())];
            let decided = Decided::new(stage, Change::StageSet { record }, said);
            let first = before.record.is_empty() && before.not_applicable.is_none();
            Ok(if first {
                decided
            } else {
                decided.needing("这一环节登记过，请写明改动的原因")
            })
        })
        .await
    }

    /// Says that a policy has no such stage.
    #[tracing::instrument(name = "command.documents.mark_stage_not_applicable", skip_all, fields(policy.id = %id))]
    pub async fn mark_stage_not_applicable(
        &self,
        caller: &Caller,
        id: PolicyId,
        stage: Stage,
        asked: Asked<'_>,
    ) -> Result<()> {
        told_by_clerks(stage)?;
        self.amend(caller, id, "MarkStageNotApplicable", asked, Vec::new(), |_, lifecycle| {
            let filled = lifecycle.filled(stage);
            if !filled.materials.is_empty() {
                return Err(Error::invalid("stage", "这一环节已有材料，请先移除材料再标为不适用"));
            }
            if stage == Stage::Delivery && !lifecycle.deliveries.is_empty() {
                return Err(Error::invalid("stage", "已登记兑现事项，请先移除再标为不适用"));
            }
            Ok(Decided::new(stage, Change::StageNotApplicable, Vec::new())
                .needing("请写明不适用的原因，例如：转发上级文件，未另行调研"))
        })
        .await
    }

    /// Adds a material to a stage.
    #[tracing::instrument(name = "command.documents.add_stage_material", skip_all, fields(policy.id = %id))]
    pub async fn add_stage_material(
        &self,
        caller: &Caller,
        id: PolicyId,
        stage: Stage,
        new: NewMaterial,
        asked: Asked<'_>,
    ) -> Result<()> {
        let NewMaterial { material, file_name, content } = new;
        let has_file = !content.is_empty() || !file_name.is_empty();
        let mut material = material.tidied();
        let wrong = material.violations(has_file);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        material.id = kit::id::new(&*self.clock).to_string();
        let (file, exposed) = if has_file {
            let (row, exposed) = self.stage_file(caller, id, &file_name, content).await?;
            material.attachment_id = row.id.to_string();
            (Some(row), exposed)
        } else {
            (None, Vec::new())
        };
        self.amend(caller, id, "AddStageMaterial", asked, exposed, |_, lifecycle| {
            if lifecycle.filled(stage).materials.len() >= MOST_MATERIALS {
                let text = format!("每个环节最多 {MOST_MATERIALS} 份材料");
                return Err(Error::invalid("title", text));
            }
            let said = vec![
                ("title", "材料名称", material.title.clone()),
                ("kind", "材料类型", material.kind.clone()),
                ("url", "材料链接", material.url.clone()),
                ("text", "材料内容", material.text.clone()),
            ];
            let decided = Decided::new(stage, Change::MaterialAdded { material }, said);
            Ok(Decided { file, ..decided })
        })
        .await
    }

    /// Takes a material from its stage; its entry and its file are kept.
    #[tracing::instrument(name = "command.documents.remove_stage_material", skip_all, fields(policy.id = %id))]
    pub async fn remove_stage_material(
        &self,
        caller: &Caller,
        id: PolicyId,
        material_id: &str,
        asked: Asked<'_>,
    ) -> Result<()> {
        self.amend(caller, id, "RemoveStageMaterial", asked, Vec::new(), |_, lifecycle| {
            let (stage, material) =
                lifecycle.material(material_id).ok_or(Error::Unknown("材料"))?;
            let (id, title) = (material.id.clone(), material.title.clone());
            let former_file = match material.attachment_id.as_str() {
                "" => None,
                file => Some(file.parse::<AttachmentId>()?),
            };
            let decided = Decided::new(stage, Change::MaterialRemoved { id, title }, Vec::new())
                .needing("请写明移除的原因，例如：上传有误，已另行补充");
            Ok(Decided { former_file, ..decided })
        })
        .await
    }

    /// Writes the file of a material, and looks into it.
    async fn stage_file(
        &self,
        caller: &Caller,
        id: PolicyId,
        file_name: &str,
        content: Bytes,
    ) -> Result<(AttachmentRow, Vec<Exposure>)> {
        let (file_name, media_type) = self.admitted(file_name, &content)?;
        // Whoever may not add it shall not fill the disk either.
        let tx = self.db.begin().await?;
        self.open(&tx, caller, id).await?;
        tx.rollback().await?;
        let (bytes, name) = (content.clone(), file_name.clone());
        let look = move || match paper::read(&bytes, Some(&name)) {
            Ok(paper) => {
                let mut found = exposure::of_file(&name, &paper);
                let unread = |part: &paper::Unread| {
                    exposure::unread(&name, &format!("{}：{}", part.place, part.why.label()))
                };
                found.extend(paper.unread.iter().map(unread));
                found
            }
            // A person has to look at what cannot be read, and say so.
            Err(error) => vec![exposure::unread(&name, &error.to_string())],
        };
        let exposed = tokio::task::spawn_blocking(look)
            .await
            .map_err(|error| kit::Error::Internal(error.to_string()))?;
        let stored = self.files.put(content).await?;
        let row = self.attachment_row(caller, id, file_name, media_type, stored);
        Ok((row, exposed))
    }
}

/// Refuses the stage that the platform itself records.
fn told_by_clerks(stage: Stage) -> Result<()> {
    if stage == Stage::Publication {
        return Err(Error::invalid("stage", "发布环节由平台自动记录，无须填写"));
    }
    Ok(())
}
