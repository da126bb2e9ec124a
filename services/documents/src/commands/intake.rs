//! What clerks bring: read, proposed, and looked at for what speaks against it.

use bytes::Bytes;
use kit::auth::Caller;

use super::Documents;
use crate::{
    domain::{
        PolicyId, Violation,
        concern::{self, Concern},
        content::Content,
        exposure::{self, Exposure},
        media,
        policy::Refusal,
        reading::{self, Reading, Records},
        text,
    },
    error::{Error, Result},
    store::organs::OrganRow,
};

/// What a clerk brings.
pub enum Brought {
    /// A file under its name.
    File(String, Bytes),
    /// Pasted text.
    Text(String),
}

/// What was read of it.
pub struct Read {
    /// The text, and what it proposes.
    pub reading: Reading,
    /// What publication would expose.
    pub exposures: Vec<Exposure>,
    /// What speaks against it.
    pub concerns: Vec<Concern>,
    /// SHA-256 of the file, which waits a day to be attached; empty for pasted text.
    pub sha256: String,
}

impl Documents {
    /// Reads a file or text and proposes the content of a policy; keeps nothing but the file, for a
    /// day.
    #[tracing::instrument(name = "command.documents.propose", skip_all)]
    pub async fn propose(
        &self,
        caller: &Caller,
        brought: Brought,
        organ_code: &str,
    ) -> Result<Read> {
        let categories = self.config.categories.clone();
        let (mut reading, mut exposures, sha256) = match brought {
            Brought::Text(typed) => {
                if typed.len() > text::MAX_BODY_BYTES {
                    return Err(Error::BodyTooLarge { bytes: typed.len() });
                }
                let reading = blocking(move || Ok(reading::pasted(&typed, &categories))).await?;
                (reading, Vec::new(), String::new())
            }
            Brought::File(name, bytes) => {
                // What is wrong with the file is told by who reads it; what may be attached, later.
                self.checked_name(&name, &bytes)?;
                // Web pages are read and not attached.
                let sniffed = kit::files::sniff(&bytes, &name);
                let attachable = media::objection(&name, sniffed).is_none();
                let file = bytes.clone();
                let look = move || {
                    let (reading, paper) = reading::document(&bytes, &name, &categories)?;
                    Ok((reading, exposure::of_file(&name, &paper)))
                };
                let (reading, exposures) = blocking(look).await?;
                let sha256 = match attachable {
                    true => self.files.put(file).await?.sha256,
                    false => String::new(),
                };
                (reading, exposures, sha256)
            }
        };
        let content = &mut reading.proposed.content;
        *content = std::mem::take(content).tidied();
        if exposures.is_empty() {
            exposures = exposure::of_content(content);
        }
        let (organ, unknown) = self.issuer_of(caller, &reading.proposed.organs, organ_code).await?;
        let name = organ.as_ref().map(|organ| organ.name.clone()).unwrap_or_default();
        let content = &mut reading.proposed.content;
        content.organ_code = organ.map(|organ| organ.code).unwrap_or_default();
        let mut concerns: Vec<Concern> = unknown.into_iter().collect();
        concerns.extend(self.concerns(caller, None, content, &name).await?);
        Ok(Read { reading, exposures, concerns, sha256 })
    }

    /// Reads a document, a table or lines of JSON as records to import.
    pub async fn read_records(&self, name: String, bytes: Bytes) -> Result<Records> {
        self.checked_name(&name, &bytes)?;
        let categories = self.config.categories.clone();
        blocking(move || reading::records(&bytes, &name, &categories)).await
    }

    /// A file that was read within a day.
    pub async fn brought_file(&self, sha256: &str) -> Result<Bytes> {
        let shape = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = if shape { self.files.read(sha256).await? } else { None };
        found.ok_or_else(|| Error::invalid("sha256", "上传的原件已过保存期，请重新上传"))
    }

    /// What speaks against the draft of a policy.
    pub async fn concerns_of(&self, caller: &Caller, id: PolicyId) -> Result<Vec<Concern>> {
        let (content, organ_name) = self.drafted(caller, id).await?;
        self.concerns(caller, Some(id), &content, &organ_name).await
    }

    /// Refuses a draft against which something speaks that must be mended.
    pub(super) async fn must_be_sound(&self, caller: &Caller, id: PolicyId) -> Result<()> {
        let (content, organ_name) = self.drafted(caller, id).await?;
        let conn = self.db.conn();
        refuse(self.grave_concerns(conn, Some(id), &content, &organ_name).await?)
    }

    /// The content of a draft, and the name of its organ.
    async fn drafted(&self, caller: &Caller, id: PolicyId) -> Result<(Content, String)> {
        let tx = self.db.begin().await?;
        let opened = self.open(&tx, caller, id).await?;
        tx.rollback().await?;
        let draft = opened.policy.draft.ok_or(Error::Refused(Refusal::NoDraft))?;
        let organ = self.organ(&draft.content.organ_code).await?;
        Ok((draft.content, organ.map_or(opened.row.organ_name, |organ| organ.name)))
    }

    /// The organ that a document names, else the one that stands in; and what is to be told where
    /// the document names another one.
    async fn issuer_of(
        &self,
        caller: &Caller,
        names: &[String],
        organ_code: &str,
    ) -> Result<(Option<OrganRow>, Option<Concern>)> {
        for name in names {
            let found = self.directory.organ(name).await?.filter(|organ| organ.name == *name);
            if let Some(organ) = found.filter(|organ| caller.may_act_for(&organ.code)) {
                return Ok((Some(organ), None));
            }
        }
        let stand_in = if organ_code.is_empty() { &caller.organ_code } else { organ_code };
        let stand_in = self.organ(stand_in).await?;
        Ok((stand_in, names.first().map(|name| concern::organ_unknown(name))))
    }
}

/// Refuses what must be mended; warnings pass.
pub(super) fn refuse(concerns: Vec<Concern>) -> Result<()> {
    let broken: Vec<Violation> = concerns
        .into_iter()
        .filter(|concern| concern.kind.refuses())
        .map(|concern| Violation::new(concern.field(), concern.detail))
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(Error::Invalid(broken)) }
}

/// Files are read where waiting for it holds up nobody.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> std::result::Result<T, Violation> + Send + 'static,
) -> Result<T> {
    let read = tokio::task::spawn_blocking(read).await;
    let read = read.map_err(|error| kit::Error::Internal(error.to_string()))?;
    read.map_err(|broken| Error::Invalid(vec![broken]))
}
