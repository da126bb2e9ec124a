//! Messages to a mail server, step by step: only who knows which step failed can say whether a
//! message may have got through.

use std::{future::Future, time::Duration};

use lettre::transport::smtp::{
    Error as SmtpError,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::ClientId,
    response::Response,
};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    config::{SmtpConfig, Tls},
    domain::delivery::Outcome,
    letters::Letter,
};

/// A mail server, with the connections to it that are idle.
pub struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    parameters: TlsParameters,
    credentials: Option<Credentials>,
    patience: Duration,
    hello: ClientId,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

/// Why a step did not end well.
enum Halt {
    Said(SmtpError),
    Silent,
}

/// How far a conversation had come when it halted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not yet about this message.
    Greeting,
    /// Sender and recipient are being agreed on: nothing has left.
    Envelope,
    /// The message is on its way, and nobody has acknowledged it.
    Content,
}

impl Smtp {
    /// Reads the configuration; nothing is connected yet.
    pub fn new(config: &SmtpConfig, name: &str) -> anyhow::Result<Self> {
        let credentials = (!config.user.is_empty())
            .then(|| Credentials::new(config.user.clone(), config.password.clone()));
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            tls: config.tls,
            parameters: TlsParameters::new(config.host.clone())?,
            credentials,
            patience: Duration::from_secs(config.timeout_seconds),
            hello: ClientId::Domain(name.to_owned()),
            idle: Mutex::default(),
        })
    }

    /// Sends one message.
    pub async fn send(&self, letter: &Letter) -> Outcome {
        if let Some(mut connection) = self.take_idle().await {
            match self.converse(&mut connection, letter).await {
                // The server may have closed an idle connection: that says nothing of the message.
                Err((Stage::Greeting | Stage::Envelope, halt)) if !halt.is_answer() => {}
                outcome => return self.conclude(connection, outcome).await,
            }
        }
        match self.connect().await {
            Ok(mut connection) => {
                let outcome = self.converse(&mut connection, letter).await;
                self.conclude(connection, outcome).await
            }
            Err(halt) => outcome_of(Stage::Greeting, &halt),
        }
    }

    async fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        self.idle.lock().await.pop()
    }

    /// Keeps a connection that went well for the next message.
    async fn conclude(
        &self,
        connection: AsyncSmtpConnection,
        outcome: Result<(), (Stage, Halt)>,
    ) -> Outcome {
        match outcome {
            Ok(()) => {
                self.idle.lock().await.push(connection);
                Outcome::Sent
            }
            Err((stage, halt)) => outcome_of(stage, &halt),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Halt> {
        let implicit = (self.tls == Tls::Implicit).then(|| self.parameters.clone());
        let address = (self.host.as_str(), self.port);
        let opening = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(self.patience),
            &self.hello,
            implicit,
            None,
        );
        let mut connection = self.within(opening).await?;
        if self.tls == Tls::Starttls {
            self.within(connection.starttls(self.parameters.clone(), &self.hello)).await?;
        }
        if let Some(credentials) = &self.credentials {
            self.within(connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }

    async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        letter: &Letter,
    ) -> Result<(), (Stage, Halt)> {
        let in_envelope = |halt| (Stage::Envelope, halt);
        let sender = letter.envelope.from().cloned();
        self.step(connection.command(Mail::new(sender, vec![]))).await.map_err(in_envelope)?;
        for recipient in letter.envelope.to() {
            let rcpt = Rcpt::new(recipient.clone(), vec![]);
            self.step(connection.command(rcpt)).await.map_err(in_envelope)?;
        }
        self.step(connection.command(Data)).await.map_err(in_envelope)?;
        self.step(connection.message(&letter.bytes)).await.map_err(|halt| (Stage::Content, halt))
    }

    async fn step(
        &self,
        answer: impl Future<Output = Result<Response, SmtpError>>,
    ) -> Result<(), Halt> {
        self.within(answer).await.map(drop)
    }

    async fn within<T>(&self, step: impl Future<Output = Result<T, SmtpError>>) -> Result<T, Halt> {
        match timeout(self.patience, step).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Halt::Said(error)),
            Err(_) => Err(Halt::Silent),
        }
    }
}

impl Halt {
    /// Whether the server answered with a code.
    fn is_answer(&self) -> bool {
        matches!(self, Self::Said(error) if error.status().is_some())
    }

    /// What happened, in words that hold nothing of the server's: those may name the address.
    fn in_words(&self) -> String {
        match self {
            Self::Silent => "邮件服务器没有应答".to_owned(),
            Self::Said(error) => match error.status() {
                Some(code) => format!("邮件服务器答复 {code}"),
                None if error.is_timeout() => "邮件服务器没有应答".to_owned(),
                None if error.is_tls() => "与邮件服务器的加密连接失败".to_owned(),
                None => "与邮件服务器的连接中断".to_owned(),
            },
        }
    }
}

/// What a halt at some stage tells of the message.
fn outcome_of(stage: Stage, halt: &Halt) -> Outcome {
    let words = halt.in_words();
    match (stage, halt) {
        // A server that refuses us is no verdict on the recipient.
        (Stage::Greeting, _) => Outcome::Later(words),
        (_, Halt::Said(error)) if error.is_permanent() => Outcome::Refused(words),
        (_, halt) if halt.is_answer() => Outcome::Later(words),
        (Stage::Envelope, _) => Outcome::Later(words),
        (Stage::Content, _) => Outcome::InDoubt(words),
    }
}
