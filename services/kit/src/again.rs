//! What is begun again whenever it ends.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Error, Result};

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// What has worked for so long is begun again soon.
const WORKED: Duration = Duration::from_secs(5);

/// Begins work again until `stop`, with pauses that grow while it fails; `failed` tells of each
/// failure.
pub(crate) async fn until_stopped<W: Future<Output = Result<()>>>(
    stop: &CancellationToken,
    mut work: impl FnMut() -> W,
    failed: impl Fn(Error),
) {
    let mut pause = SHORTEST_PAUSE;
    while !stop.is_cancelled() {
        let began = Instant::now();
        if let Err(error) = work().await {
            failed(error);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        if began.elapsed() > WORKED {
            pause = SHORTEST_PAUSE;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}
