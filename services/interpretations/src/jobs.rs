//! What happens in interpretations because time passed.

use std::time::Duration;

use kit::jobs::Job;

use crate::commands::Interpretations;

/// A deadline passes at midnight; ten minutes later everyone who must know does.
const OFTEN: Duration = Duration::from_secs(600);

/// Tells of tasks that have become overdue.
pub fn tell_overdue(commands: Interpretations) -> Job {
    Job::every("tell-overdue-tasks", OFTEN, move |_due| {
        let commands = commands.clone();
        async move {
            commands.tell_overdue().await?;
            Ok(())
        }
    })
}
