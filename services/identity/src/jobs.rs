//! What happens in identity because time passed.

use std::time::Duration;

use kit::jobs::Job;

use crate::commands::Identity;

const HOURLY: Duration = Duration::from_secs(3_600);

/// A new signing key when the current one is old.
pub fn rotate_key(identity: Identity) -> Job {
    Job::every("rotate-signing-key", HOURLY, move |_due| {
        let identity = identity.clone();
        async move { Ok(identity.ensure_key().await?) }
    })
}

/// Sign-ins, failures and keys whose time has passed go.
pub fn sweep(identity: Identity) -> Job {
    Job::every("sweep", HOURLY, move |_due| {
        let identity = identity.clone();
        async move { Ok(identity.sweep().await?) }
    })
}
