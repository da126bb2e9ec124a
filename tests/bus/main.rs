//! Log, relay, stream, reader: what the kit promises of events, over a real nats-server.

mod jobs;
mod stage;
mod wake;

use std::{collections::BTreeMap, fs, path::Path};

use kit::Failed;
use stage::{Stage, Store, copy_folder};

/// Runs a test on every database that is here.
macro_rules! on_each_store {
    ($($name:ident),* $(,)?) => {
        mod sqlite { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(super::Store::Sqlite).await; }
        )* }
        mod postgres { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(super::Store::Postgres).await; }
        )* }
    };
}

on_each_store!(
    events_arrive_once_and_in_order,
    a_wiped_bus_is_refilled_and_nobody_notices,
    a_bus_rolled_back_is_brought_up_again,
    a_replay_changes_nothing,
    a_failing_event_holds_back_its_own_aggregate_only,
    a_restored_log_begins_a_new_epoch,
);

/// Revisions in the order of their arrival, by aggregate.
fn by_aggregate(seen: &[(String, i64)]) -> BTreeMap<&str, Vec<i64>> {
    let mut map: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (aggregate, revision) in seen {
        map.entry(aggregate).or_default().push(*revision);
    }
    map
}

async fn events_arrive_once_and_in_order(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    for round in 0..40 {
        for aggregate in 0..10 {
            stage.say(&format!("things/{aggregate}"), round + 1).await;
        }
    }
    stage.heard(400).await;
    let seen = stage.seen().await;
    for revisions in by_aggregate(&seen).values() {
        assert_eq!(*revisions, (1..=40).collect::<Vec<_>>());
    }
    assert_eq!(stage.applied_above_the_floor().await, 0, "the mark does not grow");
    running.stop().await;
}

async fn a_wiped_bus_is_refilled_and_nobody_notices(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    for revision in 1..=50 {
        stage.say("things/1", revision).await;
    }
    stage.heard(50).await;
    let before = stage.seen().await;
    running.stop().await;
    fs::remove_dir_all(stage.data().join("nats/store")).unwrap();

    let running = stage.start().await;
    stage.say("things/1", 51).await;
    stage.heard(51).await;
    let after = stage.seen().await;
    assert_eq!(after[..50], before[..]);
    assert_eq!(after[50], ("things/1".to_owned(), 51));
    running.stop().await;
}

async fn a_bus_rolled_back_is_brought_up_again(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    for revision in 1..=20 {
        stage.say("things/1", revision).await;
    }
    stage.heard(20).await;
    running.stop().await;
    let kept = stage.data().join("nats-before");
    copy_folder(&stage.data().join("nats/store"), &kept);

    let running = stage.start().await;
    for revision in 21..=60 {
        stage.say("things/1", revision).await;
    }
    stage.heard(60).await;
    running.stop().await;
    fs::remove_dir_all(stage.data().join("nats/store")).unwrap();
    copy_folder(&kept, &stage.data().join("nats/store"));

    let running = stage.start().await;
    stage.say("things/1", 61).await;
    stage.heard(61).await;
    assert_eq!(by_aggregate(&stage.seen().await)["things/1"], (1..=61).collect::<Vec<_>>());
    running.stop().await;
}

async fn a_replay_changes_nothing(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    for revision in 1..=30 {
        stage.say("things/1", revision).await;
    }
    stage.heard(30).await;
    stage.start_epoch().await;
    stage.say("things/1", 31).await;
    stage.heard(31).await;
    assert_eq!(stage.seen().await.len(), 31);
    running.stop().await;
}

async fn a_failing_event_holds_back_its_own_aggregate_only(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    stage.fail("things/bad", Some(Failed::Final("它没有编号".to_owned())));
    for revision in 1..=3 {
        stage.say("things/bad", revision).await;
        stage.say("things/good", revision).await;
    }
    stage.heard(3).await;
    stage.dead(3).await;
    stage.say("things/bad", 4).await;
    stage.dead(4).await;
    assert_eq!(by_aggregate(&stage.seen().await).len(), 1);

    let (handled, again) = stage.redrive(&running).await;
    assert_eq!((handled, again), (0, 1), "it still fails, and those behind it wait");
    stage.fail("things/bad", None);
    let (handled, again) = stage.redrive(&running).await;
    assert_eq!((handled, again), (4, 0));
    stage.say("things/bad", 5).await;
    stage.heard(8).await;
    assert_eq!(by_aggregate(&stage.seen().await)["things/bad"], [1, 2, 3, 4, 5]);
    running.stop().await;
}

async fn a_restored_log_begins_a_new_epoch(store: Store) {
    let Some(stage) = Stage::new(store).await else { return };
    let running = stage.start().await;
    for revision in 1..=5 {
        stage.say("things/1", revision).await;
    }
    stage.heard(5).await;
    running.stop().await;
    stage.forget_events_after(3).await;

    let running = stage.start().await;
    stage.say("things/2", 1).await;
    stage.heard(6).await;
    assert_eq!(by_aggregate(&stage.seen().await)["things/2"], [1]);
    running.stop().await;
}

/// The folder of a stage is the stage's own.
#[test]
fn folders_are_copied_whole() {
    let from = tempfile::tempdir().unwrap();
    fs::create_dir(from.path().join("inner")).unwrap();
    fs::write(from.path().join("inner/file"), "x").unwrap();
    let to = from.path().join("copy");
    copy_folder(&from.path().join("inner"), &to);
    assert_eq!(fs::read_to_string(Path::new(&to).join("file")).unwrap(), "x");
}
