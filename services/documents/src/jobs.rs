//! What happens because time passed.

use std::time::Duration;

use kit::jobs::Job;

use crate::commands::Documents;

/// Everything that the library does by the clock.
pub fn all(documents: &Documents) -> [Job; 6] {
    let seconds = Duration::from_secs;
    let config = &documents.config;
    let (publisher, clerk, sweeper) = (documents.clone(), documents.clone(), documents.clone());
    let (follower, herald, printer) = (documents.clone(), documents.clone(), documents.clone());
    [
        Job::every("publish_due", seconds(config.schedule_every_seconds), move |_| {
            let documents = publisher.clone();
            async move { Ok(documents.publish_due().await?) }
        }),
        Job::every("tend_receipts", seconds(config.receipts_every_seconds), move |_| {
            let documents = clerk.clone();
            async move { Ok(documents.tend_receipts().await?) }
        }),
        Job::every("follow_effects", seconds(config.effects_every_seconds), move |_| {
            let documents = follower.clone();
            async move { Ok(documents.follow_effects().await?) }
        }),
        Job::every("announce_lapses", seconds(config.lapses_every_seconds), move |_| {
            let documents = herald.clone();
            async move { Ok(documents.announce_lapses().await?) }
        }),
        Job::every("tend_renditions", seconds(config.renditions_every_seconds), move |_| {
            let documents = printer.clone();
            async move { Ok(documents.tend_renditions().await?) }
        }),
        Job::every("sweep_files", seconds(config.sweep_every_seconds), move |_| {
            let documents = sweeper.clone();
            async move { Ok(documents.sweep_files().await?) }
        }),
    ]
}
