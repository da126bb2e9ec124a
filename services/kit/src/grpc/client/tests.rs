use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
};

use contracts::identity::{
    GetOrganRequest, SignOutRequest, identity_service_client::IdentityServiceClient,
};
use tonic::server::NamedService;

use super::*;

/// Answers every call with UNAVAILABLE and counts them.
#[derive(Clone, Default)]
struct Away(Arc<AtomicUsize>);

impl NamedService for Away {
    const NAME: &'static str = "yangguang.identity.v1.IdentityService";
}

impl Service<Request<Body>> for Away {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.fetch_add(1, Ordering::SeqCst);
        let bearer = request.headers().get(AUTHORIZATION).is_some_and(|v| v == "Bearer t");
        let status = if bearer { Status::unavailable("away") } else { Status::internal("who?") };
        std::future::ready(Ok(status.into_http()))
    }
}

#[tokio::test]
async fn safe_calls_are_repeated_and_others_are_not() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let away = Away::default();
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    let server = tonic::transport::Server::builder().add_service(away.clone());
    tokio::spawn(server.serve_with_incoming(incoming));
    let peer = Peer::new("identity", Some(channel(&format!("http://{address}")).unwrap()));
    let mut client = IdentityServiceClient::new(peer.with_token("t"));

    let status = client.get_organ(GetOrganRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(away.0.swap(0, Ordering::SeqCst), 4);
    client.sign_out(SignOutRequest::default()).await.unwrap_err();
    assert_eq!(away.0.swap(0, Ordering::SeqCst), 1);

    let mut nobody = IdentityServiceClient::new(peer.on_behalf(&Caller::anonymous()));
    let status = nobody.get_organ(GetOrganRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
}

#[tokio::test]
async fn a_service_that_is_nowhere_is_unavailable() {
    for channel in [None, Some(channel("http://127.0.0.1:1").unwrap())] {
        let mut client = IdentityServiceClient::new(Peer::new("identity", channel));
        let status = client.sign_out(SignOutRequest::default()).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.message().contains("identity"));
    }
    assert!(matches!(channel("not an address"), Err(Error::Address(_))));
}

#[test]
fn methods_that_read_are_safe() {
    assert!(is_safe("/yangguang.documents.v1.PolicyService/ListPolicies"));
    assert!(!is_safe("/yangguang.documents.v1.PolicyService/PublishPolicy"));
}
