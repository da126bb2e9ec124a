//! Where the platform answers.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use kit::process::Addresses;

use super::Failure;
use crate::cli::{PlatformArgs, WrongUsage};

/// Data folder that is meant where neither folder nor address is named.
const DATA: &str = "data";

/// A platform's address, or the folder where the platform notes it.
pub enum Place {
    /// As given, without a slash at the end.
    Url(String),
    /// Read before each request: after a restart it may be another one.
    Data(PathBuf),
}

impl Place {
    /// What the command line names.
    pub fn of(args: &PlatformArgs) -> anyhow::Result<Self> {
        let Some(url) = &args.server else {
            return Ok(Self::Data(args.data.clone().unwrap_or_else(|| PathBuf::from(DATA))));
        };
        let url = url.trim_end_matches('/');
        if url.starts_with("http://") || url.starts_with("https://") {
            return Ok(Self::Url(url.to_owned()));
        }
        let hint = format!("--server {url}: must begin with http:// or https://");
        Err(WrongUsage(hint).into())
    }

    /// The data folder, where the platform is known by it.
    pub fn data(&self) -> Option<&Path> {
        match self {
            Self::Url(_) => None,
            Self::Data(folder) => Some(folder),
        }
    }

    /// Whether the platform is on this machine, where no proxy leads.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Data(_) => true,
            Self::Url(url) => {
                let host = url.split("://").nth(1).unwrap_or_default();
                ["127.", "localhost", "[::1]"].iter().any(|local| host.starts_with(local))
            }
        }
    }

    /// The address that paths are added to.
    pub fn base(&self) -> Result<String, Failure> {
        let folder = match self {
            Self::Url(url) => return Ok(url.clone()),
            Self::Data(folder) => folder,
        };
        let addresses = Addresses::read(folder).map_err(|e| {
            Failure::Unreachable(format!("{e}; start it by `yangguang serve` or name --server"))
        })?;
        let http = addresses.http.ok_or_else(|| {
            let text = "the process over this data folder does not run the gateway; name --server";
            Failure::Unreachable(text.to_owned())
        })?;
        Ok(format!("http://{}", reachable(http)))
    }
}

/// An address to call: one listens on `0.0.0.0`, but does not call it.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        SocketAddr::V4(_) | SocketAddr::V6(_) => address.ip(),
    };
    SocketAddr::new(ip, address.port())
}
