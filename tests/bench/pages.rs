//! Reading a policy's page over HTTP, by connections that stay open.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use contracts::search::SearchRequest;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::{
    corpus::Document,
    figures::{Goal, Table, count_of, ms, percentile, rate, ratio},
    floor::{FILLING, Floor},
    machine::{cpu, quiet},
    product::Product,
};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(2);
/// Different pages, so that neither lives off one.
const PAGES: usize = 40;

#[derive(Default)]
struct Cost {
    took: Vec<Duration>,
    wall: Duration,
    cpu: Duration,
}

impl Cost {
    fn rate(&self) -> f64 {
        rate(self.took.len(), self.wall)
    }

    fn cpu_each(&self) -> f64 {
        ratio(self.cpu.as_secs_f64() * 1000.0, count_of(self.took.len()))
    }
}

/// Product and floor in turn, over pages of the same size.
pub async fn measure(
    name: &str,
    product: &Product,
    floor: &Floor,
    documents: &[Document],
    table: &mut Table,
) -> Result<()> {
    let mut paths = Vec::new();
    let mut bytes = 0;
    for document in documents.iter().take(PAGES) {
        let path = policy(product, document).await?;
        let mut there = Connection::open(&product.http).await?;
        let page = there.get(&path).await?;
        bytes += page;
        let bare = document.title.len() * 2 + document.text().len();
        let filling = "阳光 ".repeat(page.saturating_sub(bare) / "阳光 ".len());
        let text = format!("{}{FILLING}{filling}", document.text());
        let id = path.trim_start_matches("/policies/");
        floor.publish(id, &document.title, &text).await?;
        paths.push(path);
    }
    let (mut ours, mut theirs) = (Cost::default(), Cost::default());
    let (our, their) = (vec![product.pid()], floor.pids());
    quiet(&product.pids()).await;
    quiet(&their).await;
    for _ in 0..ROUNDS {
        run(&floor.http, &paths, &their, &mut theirs).await?;
        run(&product.http, &paths, &our, &mut ours).await?;
    }
    let size = bytes / PAGES / 1024;
    let figure = format!("{name}: policy page of {size} KiB, {CONNECTIONS} connections");
    let (our, their) = (ours.rate(), theirs.rate());
    let shown = |rate: f64| format!("{rate:.0}/s");
    table.add(&figure, &shown(our), &shown(their), ratio(our, their), Goal::AtLeast(0.5));
    let (our, their) = (ours.cpu_each(), theirs.cpu_each());
    let shown = |each: f64| format!("{each:.3} ms");
    let figure = format!("{name}: … CPU a page");
    table.add(&figure, &shown(our), &shown(their), ratio(our, their), Goal::None);
    let (our, their) = (percentile(&mut ours.took, 0.99), percentile(&mut theirs.took, 0.99));
    let compared = ratio(our.as_secs_f64(), their.as_secs_f64());
    table.add(&format!("{name}: … p99"), &ms(our), &ms(their), compared, Goal::None);
    Ok(())
}

/// The path of a document's page.
async fn policy(product: &Product, document: &Document) -> Result<String> {
    let serial = document.id.trim_start_matches("bench-");
    let query = serial.to_owned();
    let request = SearchRequest { query, page_size: 20, ..SearchRequest::default() };
    let found = product.search(request).await?.hits;
    let hit = found.into_iter().find(|hit| hit.source_id == document.id);
    Ok(format!("/policies/{}", hit.context(document.id.clone())?.policy_id))
}

async fn run(address: &str, paths: &[String], pids: &[u32], cost: &mut Cost) -> Result<()> {
    let before = cpu(pids);
    let started = Instant::now();
    let readers = (0..CONNECTIONS).map(|first| async move {
        let mut connection = Connection::open(address).await?;
        let mut took = Vec::new();
        for path in paths.iter().cycle().skip(first) {
            if started.elapsed() > ROUND {
                break;
            }
            let asked = Instant::now();
            connection.get(path).await?;
            took.push(asked.elapsed());
        }
        anyhow::Ok(took)
    });
    for took in futures::future::try_join_all(readers).await? {
        cost.took.extend(took);
    }
    cost.wall += started.elapsed();
    cost.cpu += cpu(pids).saturating_sub(before);
    Ok(())
}

/// A connection that asks for one page after the other; a library would cost more than the page.
pub struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), line: String::new(), body: Vec::new() })
    }

    /// Reads a page and answers with its size.
    pub async fn get(&mut self, path: &str) -> Result<usize> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await?;
        anyhow::ensure!(self.line().await?.contains(" 200 "), "{path}: {}", self.line);
        let mut length = None;
        while !self.line().await?.is_empty() {
            if let Some((name, value)) = self.line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        if let Some(length) = length {
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body).await?;
            return Ok(length);
        }
        self.chunks().await
    }

    async fn chunks(&mut self) -> Result<usize> {
        let mut size = 0;
        loop {
            let length = usize::from_str_radix(self.line().await?, 16)?;
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body).await?;
            self.line().await?;
            if length == 0 {
                return Ok(size);
            }
            size += length;
        }
    }

    async fn line(&mut self) -> Result<&str> {
        self.line.clear();
        self.stream.read_line(&mut self.line).await?;
        Ok(self.line.trim_end())
    }
}
