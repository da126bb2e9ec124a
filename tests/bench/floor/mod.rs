//! The floor: publish → database → relay → JetStream → consumer → index, and a page, of the same
//! parts as the product and nothing else. A process of its own, so that its cost can be told apart.

mod index;
mod page;
mod relay;
mod store;
pub mod wire;

use std::{process::Command, sync::Arc};

use anyhow::{Context as _, Result};
use contracts::{
    documents::{CreatePolicyRequest, CreatePolicyResponse, PolicyContent},
    search::{SearchRequest, SearchResponse},
};
use tokio::{net::TcpListener, sync::Notify};
use tonic::{Status, transport::Channel};

use crate::machine::{Nats, Place, Process, free_port, wait_for};
use index::Index;
pub use page::FILLING;
use store::Store;

/// The argument that makes this program the floor.
pub const MODE: &str = "floor";
const PUBLISH: &str = "/floor/Publish";
const SEARCH: &str = "/floor/Search";

/// The process that serves: database, bus, folder, and two ports.
pub async fn run(arguments: Vec<String>) -> Result<()> {
    let [database, bus, folder, grpc, http] = <[String; 5]>::try_from(arguments)
        .map_err(|given| anyhow::anyhow!("five arguments, not {given:?}"))?;
    let store = Arc::new(Store::open(&database).await?);
    let index = Arc::new(Index::open(folder.as_ref())?);
    let appended = Arc::new(Notify::new());
    let stream = relay::Stream::open(&bus).await?;
    tokio::spawn(ended("relay", stream.clone().relay(Arc::clone(&store), Arc::clone(&appended))));
    tokio::spawn(ended("consumer", stream.consume(Arc::clone(&index))));
    let page = TcpListener::bind(&http).await?;
    tokio::spawn(page::serve(page, Arc::clone(&store)));

    let publish = move |request: CreatePolicyRequest| {
        let (store, appended) = (Arc::clone(&store), Arc::clone(&appended));
        async move {
            store.publish(&request).await.map_err(failed)?;
            appended.notify_one();
            Ok(CreatePolicyResponse::default())
        }
    };
    let search = move |request: SearchRequest| {
        let index = Arc::clone(&index);
        async move {
            let total = index.count(&request.query).map_err(failed)?;
            Ok(SearchResponse { total, ..SearchResponse::default() })
        }
    };
    let router =
        axum::Router::new().route(PUBLISH, wire::unary(publish)).route(SEARCH, wire::unary(search));
    let server = tonic::transport::Server::builder().tcp_nodelay(true);
    server.serve_routes(&grpc, router).await
}

/// The last step of a server's set-up, to keep `run` short.
trait ServeRoutes {
    async fn serve_routes(self, address: &str, router: axum::Router) -> Result<()>;
}

impl ServeRoutes for tonic::transport::Server {
    async fn serve_routes(mut self, address: &str, router: axum::Router) -> Result<()> {
        let routes = tonic::service::Routes::from(router);
        Ok(self.add_routes(routes).serve(address.parse()?).await?)
    }
}

async fn ended(what: &str, work: impl Future<Output = Result<()>>) {
    if let Err(error) = work.await {
        eprintln!("floor: {what}: {error:#}");
        std::process::exit(1);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
fn failed(error: anyhow::Error) -> Status {
    Status::internal(format!("{error:#}"))
}

/// The floor, seen from outside.
pub struct Floor {
    process: Process,
    nats: u32,
    client: tonic::client::Grpc<Channel>,
    /// Where its pages are.
    pub http: String,
}

impl Floor {
    /// Starts it and waits until it answers.
    pub async fn start(place: &Place, nats: &Nats) -> Result<Self> {
        let (grpc, http) = (free_port()?, free_port()?);
        let (grpc, http) = (format!("127.0.0.1:{grpc}"), format!("127.0.0.1:{http}"));
        let folder = place.path("floor-index");
        std::fs::create_dir_all(&folder)?;
        let file = format!("sqlite://{}?mode=rwc", place.path("floor.db").display());
        let database = if place.url.is_empty() { &file } else { &place.url };
        let process = Process::start(
            Command::new(std::env::current_exe()?)
                .args([MODE, database, &nats.url])
                .arg(&folder)
                .args([&grpc, &http]),
        )?;
        wait_for(&grpc).await?;
        let channel = Channel::from_shared(format!("http://{grpc}"))?.tcp_nodelay(true);
        let client = tonic::client::Grpc::new(channel.connect().await.context("its port")?);
        Ok(Self { process, nats: nats.pid(), client, http })
    }

    /// What does its work.
    pub fn pids(&self) -> Vec<u32> {
        vec![self.process.pid(), self.nats]
    }

    /// Publishes a document.
    pub async fn publish(&self, id: &str, title: &str, text: &str) -> Result<()> {
        let (title, text) = (title.to_owned(), text.to_owned());
        let content = PolicyContent { title, text, ..PolicyContent::default() };
        let request = CreatePolicyRequest { content: Some(content), request_id: id.to_owned() };
        let _: CreatePolicyResponse = wire::call(&self.client, PUBLISH, request).await?;
        Ok(())
    }

    /// How many documents a word finds.
    pub async fn count(&self, word: &str) -> Result<u64> {
        let request = SearchRequest { query: word.to_owned(), ..SearchRequest::default() };
        let answer: SearchResponse = wire::call(&self.client, SEARCH, request).await?;
        Ok(answer.total)
    }

    /// Ends it.
    pub fn stop(self) {
        self.process.stop();
    }
}
