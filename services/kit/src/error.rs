//! What can go wrong, in few kinds.
//!
//! The kind alone decides the gRPC code, the HTTP status and whether the bus tries again. Who
//! asks is told the message; the sources beneath it are for the log.

use std::path::Path;

use http::StatusCode;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// What `fault!` needs wherever it is used.
#[doc(hidden)]
pub mod parts {
    pub use tonic::Status;
}

/// The domain of every `google.rpc.ErrorInfo` that the platform sends.
pub const DOMAIN: &str = "yangguang";

/// What a caller reads when the fault is ours.
const INTERNAL_MESSAGE: &str = "系统内部错误，请稍后重试；仍然出错时请联系运维人员";

/// Result of the kit's own functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kinds of failure that callers can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request itself is wrong; fields say where.
    Invalid,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// The thing has changed since the caller read it.
    Conflict,
    /// There is one already.
    Exists,
    /// The thing is not in a state that allows this.
    Precondition,
    /// The caller is known and may not.
    Denied,
    /// The caller is not known.
    Unauthenticated,
    /// Too much was asked in too short a time.
    Exhausted,
    /// What was sent is too large.
    TooLarge,
    /// Something needed is away for now.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// The canonical gRPC code.
    pub const fn code(self) -> Code {
        match self {
            Self::Invalid => Code::InvalidArgument,
            Self::NotFound => Code::NotFound,
            Self::Conflict => Code::Aborted,
            Self::Exists => Code::AlreadyExists,
            Self::Precondition => Code::FailedPrecondition,
            Self::Denied => Code::PermissionDenied,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Exhausted => Code::ResourceExhausted,
            Self::TooLarge => Code::OutOfRange,
            Self::Unavailable => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }

    /// The kind that a gRPC code stands for.
    pub const fn of(code: Code) -> Self {
        match code {
            Code::InvalidArgument => Self::Invalid,
            Code::NotFound => Self::NotFound,
            Code::Aborted => Self::Conflict,
            Code::AlreadyExists => Self::Exists,
            Code::FailedPrecondition => Self::Precondition,
            Code::PermissionDenied => Self::Denied,
            Code::Unauthenticated => Self::Unauthenticated,
            Code::ResourceExhausted => Self::Exhausted,
            Code::OutOfRange => Self::TooLarge,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => Self::Unavailable,
            Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
                Self::Internal
            }
        }
    }

    /// The HTTP status that says the same.
    pub const fn http_status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict | Self::Exists | Self::Precondition => StatusCode::CONFLICT,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Exhausted => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether the same thing may succeed later without anyone changing it.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Conflict | Self::Exhausted | Self::Unavailable | Self::Internal)
    }
}

/// The HTTP status for an answer in gRPC.
pub fn http_status(status: &Status) -> StatusCode {
    Kind::of(status.code()).http_status()
}

/// An error that knows its kind.
pub trait Fault: std::error::Error {
    /// Decides code, status and whether to try again.
    fn kind(&self) -> Kind;

    /// A stable name for programs, `SCREAMING_SNAKE_CASE`.
    fn reason(&self) -> &'static str;

    /// The fields of the request that are wrong.
    fn fields(&self) -> Vec<FieldFault> {
        Vec::new()
    }

    /// Further facts for programs.
    fn metadata(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Path of the field, `policy.title`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub description: String,
}

impl FieldFault {
    /// Names a field and what is wrong with it.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// What a fault looks like on the wire; faults of ours are logged and told without detail.
pub fn status<F: Fault + ?Sized>(fault: &F) -> Status {
    let kind = fault.kind();
    let message = match kind {
        Kind::Internal => {
            tracing::error!(error.reason = fault.reason(), error = chain(fault), "internal fault");
            INTERNAL_MESSAGE.to_owned()
        }
        Kind::Unavailable => {
            tracing::warn!(error.reason = fault.reason(), error = chain(fault), "unavailable");
            fault.to_string()
        }
        _ => fault.to_string(),
    };
    let mut details = ErrorDetails::new();
    details.set_error_info(
        fault.reason(),
        DOMAIN,
        fault.metadata().into_iter().collect::<std::collections::HashMap<_, _>>(),
    );
    for FieldFault { field, description } in fault.fields() {
        details.add_bad_request_violation(field, description);
    }
    if kind == Kind::Precondition {
        details.add_precondition_failure_violation(fault.reason(), "", message.clone());
    }
    Status::with_error_details(kind.code(), message, details)
}

/// An error and its sources in one line, for the log.
pub fn chain<E: std::error::Error + ?Sized>(error: &E) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = error.source();
    }
    line
}

/// Lets `?` turn a service's error into what the wire and the bus want.
///
/// `kit::fault!(Error);` beside an `impl kit::error::Fault for Error`.
#[macro_export]
macro_rules! fault {
    ($error:ty) => {
        impl From<$error> for $crate::error::parts::Status {
            fn from(error: $error) -> Self {
                $crate::error::status(&error)
            }
        }

        impl From<$error> for $crate::Failed {
            fn from(error: $error) -> Self {
                let line = $crate::error::chain(&error);
                if $crate::error::Fault::kind(&error).is_transient() {
                    Self::Transient(line)
                } else {
                    Self::Final(line)
                }
            }
        }
    };
}

/// What goes wrong in the kit itself.
///
/// Messages of the kinds that a caller gets to read are written for a clerk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database cannot be reached or asks to try again.
    #[error("数据库暂时无法使用，请稍后重试")]
    DatabaseAway(#[source] DbErr),
    /// A statement failed.
    #[error("a statement failed")]
    Database(#[source] DbErr),
    /// What shared a commit with others did not reach the disk, for the reason that is named.
    #[error("数据库未能保存本次操作，请稍后重试（{0}）")]
    NotCommitted(String),
    /// A file or folder could not be read or written.
    #[error("{path}")]
    Io {
        /// Which one.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A migration that was applied reads differently now.
    #[error("migration {0} was changed after it had been applied")]
    MigrationChanged(String),
    /// A field of the request is wrong.
    #[error("{}：{}", .0.field, .0.description)]
    Field(FieldFault),
    /// The bus cannot be reached or refuses.
    #[error("消息总线暂时无法使用，请稍后重试")]
    Bus(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A message does not decode as what it says it is.
    #[error("a message does not decode")]
    Decode(#[from] prost::DecodeError),
    /// Another service answered with an error.
    #[error("{}", .0.message())]
    Peer(Box<Status>),
    /// A service's address cannot be read.
    #[error("the address {0:?} of a service cannot be read")]
    Address(String),
    /// The same request is being answered at this moment.
    #[error("同一请求正在处理中，请稍后重试")]
    RequestInFlight,
    /// What this process held alone, another holds now.
    #[error("the lease {0} was lost")]
    LeaseLost(String),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] crate::config::Problems),
    /// Something else of ours.
    #[error("{0}")]
    Internal(String),
    /// Something that our own code rules out.
    #[error("impossible: {0}")]
    Impossible(&'static str),
    /// An event of another type was expected.
    #[error("expected {expected}, heard {found}")]
    WrongEvent {
        /// Full name of the type that was expected.
        expected: String,
        /// Full name of the type that came.
        found: String,
    },
    /// An event does not decode as what it says it is.
    #[error("a {kind} does not decode: {reason}")]
    Undecodable {
        /// Full name of its type.
        kind: String,
        /// Why.
        reason: String,
    },
    /// A message of the bus lacks a header, or has one that cannot be read.
    #[error("header {header} is missing or unreadable")]
    BadEnvelope {
        /// Which one.
        header: String,
    },
    /// An event is too large for the bus.
    #[error("a {kind} of {bytes} bytes is too large for an event")]
    EventTooLarge {
        /// Full name of its type.
        kind: String,
        /// Size of its payload.
        bytes: usize,
    },
    /// The stream gave a message another sequence than its position in the log.
    #[error("position {position} of the log became sequence {sequence} of the stream")]
    StreamOutOfStep {
        /// Where the log has it.
        position: u64,
        /// Where the stream has it.
        sequence: u64,
    },
    /// A reader's mark was moved by somebody else.
    #[error("the mark of what is heard from {0} was moved by another process")]
    MarkMoved(String),
    /// A copy could not apply what it heard.
    #[error("a copy failed: {0}")]
    CopyFailed(String),
    /// The nats-server is older than what the platform needs.
    #[error("nats-server {found} is too old; 2.12 or newer is needed")]
    ServerTooOld {
        /// Its version.
        found: String,
    },
    /// The nats-server that was started ended at once.
    #[error("nats-server ended at once ({status}): {log}")]
    ServerDied {
        /// How it ended.
        status: String,
        /// The end of what it wrote.
        log: String,
    },
    /// The nats-server that was started does not say where it listens.
    #[error("nats-server was started and does not say where it listens")]
    ServerSilent,
    /// There is no nats-server to start.
    #[error("no nats-server was found; install one or name it in the configuration")]
    NoServer,
}

impl Error {
    /// A file or folder that could not be read or written.
    pub fn io(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Io { path: path.as_ref().display().to_string(), source }
    }

    /// A field of the request that is wrong.
    pub fn field(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::Field(FieldFault::new(field, description))
    }

    /// A failure of the bus.
    pub fn bus(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Bus(source.into())
    }

    /// The error and its sources in one line, for the log.
    pub fn chain(&self) -> String {
        chain(self)
    }

    /// Whether a unique key was violated: there is one already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error)
            if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_away(&error) { Self::DatabaseAway(error) } else { Self::Database(error) }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Peer(Box::new(status))
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::DatabaseAway(_)
            | Self::NotCommitted(_)
            | Self::Bus(_)
            | Self::RequestInFlight => Kind::Unavailable,
            Self::Field(_) => Kind::Invalid,
            Self::Peer(status) => Kind::of(status.code()),
            _ => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::DatabaseAway(_) | Self::NotCommitted(_) => "DATABASE_UNAVAILABLE",
            Self::Field(_) => "FIELD_INVALID",
            Self::Bus(_) => "BUS_UNAVAILABLE",
            Self::Peer(_) => "PEER_FAILED",
            Self::RequestInFlight => "REQUEST_IN_FLIGHT",
            Self::LeaseLost(_) => "LEASE_LOST",
            _ => "INTERNAL",
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Field(fault) => vec![fault.clone()],
            Self::Peer(status) => fields_of(status),
            _ => Vec::new(),
        }
    }
}

/// The fields that an answer in gRPC names as wrong.
pub fn fields_of(status: &Status) -> Vec<FieldFault> {
    let violations = status.get_details_bad_request().map(|b| b.field_violations);
    violations
        .unwrap_or_default()
        .into_iter()
        .map(|v| FieldFault::new(v.field, v.description))
        .collect()
}

/// The stable reason that an answer in gRPC carries; empty when it has none.
pub fn reason_of(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fault!(Error);

/// Tells a database that is away or busy from a statement that is wrong.
fn is_away(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match &**error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// SQLSTATEs of PostgreSQL (connection, rollback, resources, shutdown), which have five letters,
/// and SQLite's "busy" and "locked", whose numbers are shorter.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

#[cfg(test)]
mod tests;
