use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use contracts::identity::{
    CreateAccountRequest, GetOrganRequest, SignOutRequest,
    identity_service_client::IdentityServiceClient,
};
use tonic::server::NamedService;

use super::*;
use crate::Error;

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

impl Away {
    /// Answers at an address of its own.
    async fn serve() -> (Self, SocketAddr) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let away = Self::default();
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let server = tonic::transport::Server::builder().add_service(away.clone());
        tokio::spawn(server.serve_with_incoming(incoming));
        (away, address)
    }

    fn calls(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn safe_calls_are_repeated_and_others_are_not() {
    let (away, address) = Away::serve().await;
    let peer = Peer::new("identity", Some(Replicas::of(&format!("http://{address}")).unwrap()));
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
    for replicas in [None, Some(Replicas::of("http://127.0.0.1:1").unwrap())] {
        let mut client = IdentityServiceClient::new(Peer::new("identity", replicas));
        let status = client.sign_out(SignOutRequest::default()).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.message().contains("identity"));
    }
    assert!(matches!(Replicas::of("not an address"), Err(Error::Address(_))));
}

#[tokio::test]
async fn replicas_are_used_in_turn_and_one_that_is_dead_is_passed_over() {
    let ((one, first), (other, second)) = (Away::serve().await, Away::serve().await);
    let places = format!("http://{first},http://{second},http://127.0.0.1:1");
    let peer = Peer::new("identity", Some(Replicas::of(&places).unwrap()));
    let mut client = IdentityServiceClient::new(peer.with_token("t"));
    for _ in 0..12 {
        // A call that changes something reaches a living replica, too, and only one.
        let status = client.sign_out(SignOutRequest::default()).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Unavailable, "away"));
    }
    assert_eq!(one.calls() + other.calls(), 12);
    assert!(one.calls() >= 3 && other.calls() >= 3, "{} and {}", one.calls(), other.calls());
}

#[tokio::test]
async fn a_call_that_names_itself_is_repeated() {
    let (away, address) = Away::serve().await;
    let peer = Peer::new("identity", Some(Replicas::of(&format!("http://{address}")).unwrap()));
    let mut client = IdentityServiceClient::new(peer.with_token("t"));
    client.create_account(CreateAccountRequest::default()).await.unwrap_err();
    assert_eq!(away.calls(), 1);
    let request = CreateAccountRequest { request_id: "7".to_owned(), ..Default::default() };
    client.create_account(request).await.unwrap_err();
    assert_eq!(away.calls(), 5);
}

#[tokio::test]
async fn a_name_is_looked_up() {
    let (away, address) = Away::serve().await;
    let place = format!("http://localhost:{}", address.port());
    let peer = Peer::new("identity", Some(Replicas::of(&place).unwrap()));
    let mut client = IdentityServiceClient::new(peer.with_token("t"));
    client.sign_out(SignOutRequest::default()).await.unwrap_err();
    assert_eq!(away.calls(), 1);
}
