//! gRPC without generated services: a unary call at a path.

use std::pin::Pin;

use anyhow::Result;
use axum::http::uri::PathAndQuery;
use axum::{
    extract::Request as HttpRequest,
    routing::{MethodRouter, post},
};
use prost::Message;
use tonic::{Request, Response, Status, server::UnaryService, transport::Channel};
use tonic_prost::ProstCodec;

/// Answers calls with a function.
struct Call<F>(F);

impl<F, W, Q, A> UnaryService<Q> for Call<F>
where
    F: Fn(Q) -> W,
    W: Future<Output = Result<A, Status>> + Send + 'static,
    Q: Message,
    A: Message,
{
    type Response = A;
    type Future = Pin<Box<dyn Future<Output = Result<Response<A>, Status>> + Send>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let work = (self.0)(request.into_inner());
        Box::pin(async move { work.await.map(Response::new) })
    }
}

/// The route of a unary call.
pub fn unary<F, W, Q, A>(answer: F) -> MethodRouter
where
    F: Fn(Q) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<A, Status>> + Send + 'static,
    Q: Message + Default + 'static,
    A: Message + Default + 'static,
{
    post(move |request: HttpRequest| {
        let answer = answer.clone();
        async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<A, Q>::default());
            grpc.unary(Call(answer), request).await
        }
    })
}

/// Calls it.
pub async fn call<Q, A>(
    client: &tonic::client::Grpc<Channel>,
    path: &'static str,
    request: Q,
) -> Result<A>
where
    Q: Message + Default + 'static,
    A: Message + Default + 'static,
{
    let mut client = client.clone();
    client.ready().await?;
    let path = PathAndQuery::from_static(path);
    let codec = ProstCodec::<Q, A>::default();
    Ok(client.unary(Request::new(request), path, codec).await?.into_inner())
}
