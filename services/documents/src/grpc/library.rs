//! `LibraryService` on the wire: parse, call, answer.

use contracts::{
    documents::{
        GetRenditionRequest, ListChangesRequest, ListChangesResponse, ListExpiringPoliciesRequest,
        ListExpiringPoliciesResponse, ListQualityFindingsRequest, ListQualityFindingsResponse,
        ListRenditionsRequest, ListRenditionsResponse, RenditionChunk, RenditionFormat,
        library_service_server::LibraryService,
    },
    role::{EDITOR, OFFICE, REVIEWER},
};
use futures::StreamExt as _;
use kit::auth::{Access, caller};
use tonic::{Request, Response, Status};

use super::{Answer, Streamed, parse};
use crate::{commands::Documents, domain::rendition::Format, error::Error};

const CLERKS: &[&str] = &[EDITOR, REVIEWER, OFFICE];

/// To whom each method is open.
pub const ACCESS: &[Access] = &[
    Access::anyone("ListRenditions"),
    Access::anyone("GetRendition"),
    Access::anyone("ListChanges"),
    Access::anyone("ListExpiringPolicies"),
    Access::roles("ListQualityFindings", CLERKS),
];

/// Answers for what the library makes of its policies.
pub struct Grpc(pub Documents);

fn revision(number: i64) -> Result<i64, Error> {
    let wrong = || Error::invalid("revision", "版本号应为 1 或更大的整数；当前版本写 0");
    if number < 0 { Err(wrong()) } else { Ok(number) }
}

fn format(format: RenditionFormat) -> Result<Format, Error> {
    match format {
        RenditionFormat::Pdf => Ok(Format::Pdf),
        RenditionFormat::Docx => Ok(Format::Docx),
        RenditionFormat::Unspecified => Err(Error::invalid("format", "格式应为 pdf 或 docx")),
    }
}

#[tonic::async_trait]
impl LibraryService for Grpc {
    async fn list_renditions(
        &self,
        request: Request<ListRenditionsRequest>,
    ) -> Answer<ListRenditionsResponse> {
        let ListRenditionsRequest { policy_id, revision: number } = request.into_inner();
        let (id, number) = (parse::id(&policy_id)?, revision(number)?);
        let renditions = self.0.renditions(id, number).await?;
        Ok(Response::new(ListRenditionsResponse { renditions }))
    }

    type GetRenditionStream = Streamed<RenditionChunk>;

    async fn get_rendition(
        &self,
        request: Request<GetRenditionRequest>,
    ) -> Answer<Self::GetRenditionStream> {
        let caller = caller(&request);
        let format = format(request.get_ref().format())?;
        let GetRenditionRequest { policy_id, revision: number, .. } = request.into_inner();
        let (id, number) = (parse::id(&policy_id)?, revision(number)?);
        let chunks = self.0.read_rendition(&caller, id, number, format).await?;
        Ok(Response::new(Box::pin(chunks.map(|chunk| chunk.map_err(Status::from)))))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Answer<ListChangesResponse> {
        Ok(Response::new(self.0.changes(request.get_ref()).await?))
    }

    async fn list_expiring_policies(
        &self,
        request: Request<ListExpiringPoliciesRequest>,
    ) -> Answer<ListExpiringPoliciesResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.expiring(&caller, request.get_ref()).await?))
    }

    async fn list_quality_findings(
        &self,
        request: Request<ListQualityFindingsRequest>,
    ) -> Answer<ListQualityFindingsResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.quality_findings(&caller, request.get_ref()).await?))
    }
}
