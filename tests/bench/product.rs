//! The product as its users run it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use contracts::{
    documents::{
        ApproveDraftRequest, CreatePolicyRequest, Policy, PolicyContent, PublishPolicyRequest,
        SubmitDraftRequest, TextFormat, policy_service_client::PolicyServiceClient,
    },
    identity::{
        Account, CreateAccountRequest, ImportOrgansRequest, Organ, SignInRequest,
        identity_service_client::IdentityServiceClient,
    },
    search::{
        RebuildIndexRequest, SearchRequest, SearchResponse,
        search_service_client::SearchServiceClient,
    },
};
use serde::Deserialize;
use tonic::{Request, metadata::MetadataValue, transport::Channel};

use crate::machine::{Place, Process};

/// The organ that publishes.
pub const ORGAN: &str = "bench-office";
const PASSWORD: &str = "a-bench-is-for-sitting";
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a process answers, as it notes it in its data folder.
#[derive(Deserialize)]
struct Addresses {
    http: SocketAddr,
    grpc: SocketAddr,
}

/// A running platform.
pub struct Product {
    process: Process,
    data: PathBuf,
    channel: Channel,
    /// Where its pages are.
    pub http: String,
    /// From the start of the process to the first page that was served.
    pub first_page: Duration,
}

/// Who drafts and who reviews.
pub struct Desk {
    editor: PolicyServiceClient<Channel>,
    reviewer: PolicyServiceClient<Channel>,
    editor_token: MetadataValue<tonic::metadata::Ascii>,
    reviewer_token: MetadataValue<tonic::metadata::Ascii>,
}

/// The program beside this one.
pub fn program() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("yangguang"))
}

impl Product {
    /// Starts every service and waits for the first page.
    pub async fn start(place: &Place, settings: &[(&str, &str)]) -> Result<Self> {
        let data = place.path("data");
        let log = std::fs::File::create(place.path("serve.log"))?;
        let mut command = Command::new(program()?);
        command
            .args(["serve", "all", "--data"])
            .arg(&data)
            .args(["--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"])
            .env("YANGGUANG__IDENTITY__ADMIN_PASSWORD", PASSWORD)
            // One address asks for everything here, and for minutes with one sign-in.
            .env("YANGGUANG__IDENTITY__ACCESS_TOKEN_SECONDS", "300")
            .env("YANGGUANG__GATEWAY__LIMITS__REQUEST_BURST", "1000000")
            .envs(settings.iter().copied())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log));
        if !place.url.is_empty() {
            command.env("YANGGUANG__DATABASE__URL", &place.url);
        }
        let started = Instant::now();
        let process = Process::start(&mut command)?;
        Self::reached(process, data, started)
            .await
            .with_context(|| std::fs::read_to_string(place.path("serve.log")).unwrap_or_default())
    }

    async fn reached(mut process: Process, data: PathBuf, started: Instant) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        loop {
            anyhow::ensure!(started.elapsed() < PATIENCE, "the platform does not answer");
            if let Some(status) = process.child().try_wait()? {
                anyhow::bail!("the platform ended: {status}");
            }
            if let Some(at) = addresses(&data, process.pid()) {
                let page = http.get(format!("http://{}/", at.http)).send().await;
                if page.is_ok_and(|page| page.status().is_success()) {
                    let first_page = started.elapsed();
                    let channel = Channel::from_shared(format!("http://{}", at.grpc))?;
                    let channel = channel.tcp_nodelay(true).connect().await?;
                    let http = at.http.to_string();
                    return Ok(Self { process, data, channel, http, first_page });
                }
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What does its work: itself and its bus.
    pub fn pids(&self) -> Vec<u32> {
        let noted = std::fs::read_to_string(self.data.join("nats/nats-server.pid"));
        let bus = noted.ok().and_then(|pid| pid.trim().parse().ok());
        std::iter::once(self.pid()).chain(bus).collect()
    }

    /// Makes the organ and the two people that a publication needs.
    pub async fn desk(&self) -> Result<()> {
        let mut identity = self.identity();
        let admin = bearer(&self.sign_in("admin").await?)?;
        let organ = Organ {
            code: ORGAN.to_owned(),
            name: "晴川市人民政府办公室".to_owned(),
            short_name: "市政府办".to_owned(),
            kind: "office".to_owned(),
            ..Organ::default()
        };
        let request = ImportOrgansRequest { organs: vec![organ] };
        let refused = identity.import_organs(by(&admin, request)).await?.into_inner().refused;
        anyhow::ensure!(refused.is_empty(), "the organ: {refused:?}");
        for (account, role) in [("lin", "editor"), ("zhou", "reviewer")] {
            let account = Account {
                account: account.to_owned(),
                name: account.to_owned(),
                organ_code: ORGAN.to_owned(),
                roles: vec![role.to_owned()],
                ..Account::default()
            };
            let request = CreateAccountRequest {
                account: Some(account),
                password: PASSWORD.to_owned(),
                request_id: String::new(),
            };
            identity.create_account(by(&admin, request)).await?;
        }
        Ok(())
    }

    /// Signs both in anew, for five minutes.
    pub async fn signed_in(&self) -> Result<Desk> {
        let client = PolicyServiceClient::new(self.channel.clone());
        Ok(Desk {
            editor: client.clone(),
            reviewer: client,
            editor_token: bearer(&self.sign_in("lin").await?)?,
            reviewer_token: bearer(&self.sign_in("zhou").await?)?,
        })
    }

    fn identity(&self) -> IdentityServiceClient<Channel> {
        IdentityServiceClient::new(self.channel.clone())
    }

    async fn sign_in(&self, account: &str) -> Result<String> {
        let (account, password) = (account.to_owned(), PASSWORD.to_owned());
        let answer = self.identity().sign_in(SignInRequest { account, password }).await?;
        Ok(answer.into_inner().access_token)
    }

    /// What a search finds.
    pub async fn search(&self, request: SearchRequest) -> Result<SearchResponse> {
        let mut search = SearchServiceClient::new(self.channel.clone());
        Ok(search.search(request).await?.into_inner())
    }

    /// Builds the index anew beside the one that answers; answers with how many policies it holds.
    pub async fn rebuild_index(&self) -> Result<u64> {
        let admin = bearer(&self.sign_in("admin").await?)?;
        let mut search = SearchServiceClient::new(self.channel.clone());
        let built = search.rebuild_index(by(&admin, RebuildIndexRequest {})).await?;
        Ok(built.into_inner().policies)
    }

    /// How many policies a word finds.
    pub async fn count(&self, word: &str) -> Result<u64> {
        let query = word.to_owned();
        let request = SearchRequest { query, page_size: 1, ..SearchRequest::default() };
        Ok(self.search(request).await?.total)
    }

    /// Ends it.
    pub async fn stop(self) {
        let process = self.process;
        let _ = tokio::task::spawn_blocking(move || process.stop()).await;
    }
}

impl Desk {
    /// A draft that a second person has approved: its id and etag.
    pub async fn approved(&self, title: &str, text: &str) -> Result<(String, String)> {
        let content = PolicyContent {
            title: title.to_owned(),
            text: text.to_owned(),
            text_format: TextFormat::Plain.into(),
            organ_code: ORGAN.to_owned(),
            category: "市政府其他文件".to_owned(),
            issued_on: "2026-01-15".to_owned(),
            ..PolicyContent::default()
        };
        let request = CreatePolicyRequest { content: Some(content), request_id: String::new() };
        let made = self.editor.clone().create_policy(by(&self.editor_token, request)).await?;
        let Policy { id, etag, .. } = made.into_inner().policy.context("a policy")?;
        let request = SubmitDraftRequest { policy_id: id.clone(), etag };
        let made = self.editor.clone().submit_draft(by(&self.editor_token, request)).await?;
        let etag = made.into_inner().policy.context("a policy")?.etag;
        let request = ApproveDraftRequest { policy_id: id.clone(), etag };
        let made = self.reviewer.clone().approve_draft(by(&self.reviewer_token, request)).await?;
        Ok((id, made.into_inner().policy.context("a policy")?.etag))
    }

    /// Publishes it.
    pub async fn publish(&self, policy_id: &str, etag: &str) -> Result<()> {
        let request = PublishPolicyRequest {
            policy_id: policy_id.to_owned(),
            etag: etag.to_owned(),
            ..PublishPolicyRequest::default()
        };
        self.reviewer.clone().publish_policy(by(&self.reviewer_token, request)).await?;
        Ok(())
    }
}

fn by<T>(token: &MetadataValue<tonic::metadata::Ascii>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", token.clone());
    request
}

fn bearer(token: &str) -> Result<MetadataValue<tonic::metadata::Ascii>> {
    Ok(format!("Bearer {token}").parse()?)
}

fn addresses(data: &Path, pid: u32) -> Option<Addresses> {
    let text = std::fs::read_to_string(data.join("run.json")).ok()?;
    // An earlier run over the same folder may have left its own.
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    let own = value.get("pid").and_then(serde_json::Value::as_u64) == Some(u64::from(pid));
    own.then(|| serde_json::from_value(value).ok()).flatten()
}
