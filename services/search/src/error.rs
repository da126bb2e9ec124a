//! What can go wrong in search.

use kit::error::{Fault, FieldFault, Kind};

use crate::engine;

/// Why search could not answer or index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query has more characters than anyone needs.
    #[error("检索词过长：最多 {most} 个字，现有 {found} 个字")]
    QueryTooLong {
        /// How many are allowed.
        most: usize,
        /// How many there were.
        found: usize,
    },
    /// The year is none.
    #[error("年份“{0}”无效，应为四位数的公历年份")]
    Year(i32),
    /// The day is none.
    #[error("日期“{0}”无效，应写成 2024-06-30 的样子")]
    Day(String),
    /// The policy is not public, or was never there.
    #[error("没有找到这份政策文件")]
    UnknownPolicy,
    /// The disk of the index is full.
    #[error("检索索引所在磁盘已满，请清理磁盘；空间恢复后索引会自动补齐")]
    DiskFull(#[source] engine::Error),
    /// The index could not be read or written.
    #[error("检索索引暂时无法读写，请稍后重试")]
    Index(#[source] engine::Error),
    /// An index is being built already.
    #[error("正在重建检索索引，请等待完成后再试")]
    Rebuilding,
    /// A search ended before it had an answer.
    #[error("search was cut off")]
    CutOff(#[from] tokio::task::JoinError),
    /// The kit's own.
    #[error(transparent)]
    Kit(#[from] kit::Error),
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        if error.is_full() { Self::DiskFull(error) } else { Self::Index(error) }
    }
}

impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        Self::Kit(status.into())
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::QueryTooLong { .. } | Self::Year(_) | Self::Day(_) => Kind::Invalid,
            Self::UnknownPolicy => Kind::NotFound,
            Self::DiskFull(_) | Self::Index(_) => Kind::Unavailable,
            Self::Rebuilding => Kind::Precondition,
            Self::CutOff(_) => Kind::Internal,
            Self::Kit(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::QueryTooLong { .. } => "QUERY_TOO_LONG",
            Self::Year(_) => "YEAR_INVALID",
            Self::Day(_) => "DAY_INVALID",
            Self::UnknownPolicy => "POLICY_NOT_FOUND",
            Self::DiskFull(_) => "INDEX_DISK_FULL",
            Self::Index(_) => "INDEX_UNAVAILABLE",
            Self::Rebuilding => "INDEX_REBUILDING",
            Self::CutOff(_) => "INTERNAL",
            Self::Kit(error) => error.reason(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::QueryTooLong { .. } => vec![FieldFault::new("query", self.to_string())],
            Self::Year(_) => vec![FieldFault::new("year", self.to_string())],
            Self::Day(_) => vec![FieldFault::new("as_of", self.to_string())],
            Self::Kit(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}

kit::fault!(Error);
