//! The directory of organs, which identity keeps.

use async_trait::async_trait;
use contracts::identity::{
    GetOrganRequest, ImportOrgansRequest, Organ, identity_service_client::IdentityServiceClient,
};
use kit::grpc::Peer;
use tonic::Code;

use crate::{
    error::{Error, Result},
    store::organs::OrganRow,
};

/// Knows the organs of the city.
#[async_trait]
pub trait Directory: Send + Sync {
    /// An organ by its code or full name.
    async fn organ(&self, code_or_name: &str) -> Result<Option<OrganRow>>;

    /// Adds organs; answers with the names of those that were refused.
    async fn add(&self, organs: &[OrganRow]) -> Result<Vec<String>>;
}

/// The directory that identity answers for.
pub struct Identity(pub Peer);

#[async_trait]
impl Directory for Identity {
    async fn organ(&self, code_or_name: &str) -> Result<Option<OrganRow>> {
        let request = GetOrganRequest { organ: code_or_name.to_owned() };
        match IdentityServiceClient::new(self.0.clone()).get_organ(request).await {
            Ok(response) => Ok(response.into_inner().organ.map(row)),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(Error::Identity(Box::new(status))),
        }
    }

    async fn add(&self, organs: &[OrganRow]) -> Result<Vec<String>> {
        let wire = |organ: &OrganRow| Organ {
            code: organ.code.clone(),
            name: organ.name.clone(),
            parent_code: organ.parent_code.clone(),
            kind: "department".to_owned(),
            ..Organ::default()
        };
        let request = ImportOrgansRequest { organs: organs.iter().map(wire).collect() };
        let response = IdentityServiceClient::new(self.0.clone())
            .import_organs(request)
            .await
            .map_err(|status| Error::Identity(Box::new(status)))?
            .into_inner();
        let refused = |index: u32| organs.get(usize::try_from(index).ok()?);
        Ok(response
            .refused
            .iter()
            .filter_map(|refusal| refused(refusal.index))
            .map(|organ| organ.name.clone())
            .collect())
    }
}

fn row(organ: Organ) -> OrganRow {
    OrganRow {
        code: organ.code,
        name: organ.name,
        parent_code: organ.parent_code,
        credit_code: Some(organ.credit_code),
        revision: organ.revision,
    }
}
