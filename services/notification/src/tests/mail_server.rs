//! A small mail server for tests, with moods.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How the server treats a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Accepts,
    /// Answers the recipient with this line.
    Says(&'static str),
    /// Never answers the recipient.
    Hangs,
    /// Takes the message and hangs up without a word.
    CutsOff,
    /// Takes the message and never acknowledges it.
    HangsAfterData,
    /// Refuses everybody at the door.
    Closed,
}

/// A mail server on a port of its own.
pub struct MailServer {
    pub port: u16,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    loop_: tokio::task::JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.loop_.abort();
    }
}

impl MailServer {
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mood = Arc::new(Mutex::new(mood));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (m, t, c) = (Arc::clone(&mood), Arc::clone(&taken), Arc::clone(&connections));
        let loop_ = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                c.fetch_add(1, Ordering::SeqCst);
                let (mood, taken) = (Arc::clone(&m), Arc::clone(&t));
                tokio::spawn(async move {
                    let _ = talk(stream, &mood, &taken).await;
                });
            }
        });
        Self { port, mood, taken, connections, loop_ }
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The messages that the server has taken.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn talk(
    stream: TcpStream,
    mood: &Mutex<Mood>,
    taken: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let now = || *mood.lock().unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if now() == Mood::Closed {
        return write.write_all(b"554 no service\r\n").await;
    }
    write.write_all(b"220 test ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), now()) {
            ("EHLO", _) => "250-test\r\n250 8BITMIME".to_owned(),
            ("RCPT", Mood::Says(answer)) => answer.to_owned(),
            ("RCPT", Mood::Hangs) => std::future::pending().await,
            ("DATA", _) => {
                write.write_all(b"354 go on\r\n").await?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    message.push_str(&line);
                    message.push_str("\r\n");
                }
                taken.lock().unwrap().push(message);
                match now() {
                    Mood::CutsOff => return Ok(()),
                    Mood::HangsAfterData => std::future::pending().await,
                    _ => "250 taken".to_owned(),
                }
            }
            ("QUIT", _) => return write.write_all(b"221 bye\r\n").await,
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
