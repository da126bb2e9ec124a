//! Every metric of the platform, in one list: `docs/metrics.md` is made from it.

use std::{sync::LazyLock, time::Duration};

use opentelemetry::{
    KeyValue,
    metrics::{Gauge, Histogram, UpDownCounter},
};

use super::meter;

/// How a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Seconds, in buckets.
    Duration,
    /// How many there are now; it rises and falls with each.
    InFlight,
    /// How many there are, looked at every few seconds.
    Gauge,
    /// Seconds, looked at every few seconds.
    Seconds,
}

/// One metric as it is documented.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name in OTLP.
    pub name: &'static str,
    /// How it counts.
    pub sort: Sort,
    /// The attributes that it is told apart by.
    pub labels: &'static [&'static str],
    /// What it says.
    pub about: &'static str,
}

const SERVICE: &str = "service";
const PRODUCER: &str = "producer";
const JOB: &str = "job";
const OUTCOME: &str = "outcome";
pub(super) const RPC_SERVICE: &str = "rpc.service";
pub(super) const RPC_METHOD: &str = "rpc.method";
pub(super) const RPC_CODE: &str = "rpc.grpc.status_code";
pub(super) const HTTP_METHOD: &str = "http.request.method";
pub(super) const HTTP_ROUTE: &str = "http.route";
pub(super) const HTTP_STATUS: &str = "http.response.status_code";

/// Edges of the buckets of durations, in seconds.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

const RPC_DURATION: Metric = Metric {
    name: "rpc.server.duration",
    sort: Sort::Duration,
    labels: &[RPC_SERVICE, RPC_METHOD, RPC_CODE],
    about: "How long a gRPC call took, until its answer was sent or given up; health, reflection and methods that do not exist count as `other`.",
};
const RPC_ACTIVE: Metric = Metric {
    name: "rpc.server.active_requests",
    sort: Sort::InFlight,
    labels: &[RPC_SERVICE, RPC_METHOD],
    about: "gRPC calls that are being answered.",
};
const HTTP_DURATION: Metric = Metric {
    name: "http.server.request.duration",
    sort: Sort::Duration,
    labels: &[HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS],
    about: "How long an HTTP request took, until its answer was sent; 499 where the client left before; the route is a template, never an address.",
};
const HTTP_ACTIVE: Metric = Metric {
    name: "http.server.active_requests",
    sort: Sort::InFlight,
    labels: &[HTTP_METHOD, HTTP_ROUTE],
    about: "HTTP requests that are being answered.",
};
const JOB_DURATION: Metric = Metric {
    name: "yangguang.job.duration",
    sort: Sort::Duration,
    labels: &[SERVICE, JOB, OUTCOME],
    about: "How long a job took that this replica did; `outcome` is `done`, `failed` or `lost` (the lease ran out).",
};
const JOB_FAILURES: Metric = Metric {
    name: "yangguang.job.failures",
    sort: Sort::Gauge,
    labels: &[SERVICE, JOB],
    about: "How often a job has failed since it was last done; it is tried again with growing pauses.",
};
const LOG_POSITION: Metric = Metric {
    name: "yangguang.log.position",
    sort: Sort::Gauge,
    labels: &[SERVICE],
    about: "Position of the last placed event of a service's log; its rate is that of events.",
};
const RELAY_LAG: Metric = Metric {
    name: "yangguang.relay.lag",
    sort: Sort::Gauge,
    labels: &[SERVICE],
    about: "Events of the log that the stream does not hold yet.",
};
const RELAY_DELAY: Metric = Metric {
    name: "yangguang.relay.delay",
    sort: Sort::Seconds,
    labels: &[SERVICE],
    about: "Age of the oldest event that the stream does not hold yet.",
};
const READER_LAG: Metric = Metric {
    name: "yangguang.reader.lag",
    sort: Sort::Gauge,
    labels: &[SERVICE, PRODUCER],
    about: "Events of a producer's stream that a shared reader has not applied yet.",
};
const READER_WAITING: Metric = Metric {
    name: "yangguang.reader.waiting",
    sort: Sort::Gauge,
    labels: &[SERVICE, PRODUCER],
    about: "Events that failed, or wait behind one that failed, and are tried again by this replica.",
};
const COPY_LAG: Metric = Metric {
    name: "yangguang.copy.lag",
    sort: Sort::Gauge,
    labels: &[SERVICE, PRODUCER],
    about: "Events of a producer's stream that this replica's copy (index, page cache) has not applied yet.",
};
const DEAD_LETTERS: Metric = Metric {
    name: "yangguang.dead_letters",
    sort: Sort::Gauge,
    labels: &[SERVICE],
    about: "Events that a service gave up on, or that wait behind one; `yangguang events dead` shows them.",
};

/// All of them, in the order of the reference.
pub const METRICS: [Metric; 13] = [
    HTTP_DURATION,
    HTTP_ACTIVE,
    RPC_DURATION,
    RPC_ACTIVE,
    LOG_POSITION,
    RELAY_LAG,
    RELAY_DELAY,
    READER_LAG,
    READER_WAITING,
    COPY_LAG,
    DEAD_LETTERS,
    JOB_DURATION,
    JOB_FAILURES,
];

impl Metric {
    /// Its name for Prometheus.
    pub fn prometheus(&self) -> String {
        let unit = match self.sort {
            Sort::Duration | Sort::Seconds => "_seconds",
            Sort::InFlight | Sort::Gauge => "",
        };
        format!("{}{unit}", self.name.replace('.', "_"))
    }

    pub(super) fn duration(&self) -> Histogram<f64> {
        meter()
            .f64_histogram(self.name)
            .with_unit("s")
            .with_boundaries(BUCKETS.to_vec())
            .with_description(self.about)
            .build()
    }

    pub(super) fn in_flight(&self) -> UpDownCounter<i64> {
        meter().i64_up_down_counter(self.name).with_description(self.about).build()
    }

    fn gauge(&self) -> Gauge<u64> {
        meter().u64_gauge(self.name).with_description(self.about).build()
    }

    fn seconds(&self) -> Gauge<f64> {
        meter().f64_gauge(self.name).with_unit("s").with_description(self.about).build()
    }
}

/// What is counted as requests come in and are answered.
pub(super) struct Traffic {
    pub duration: Histogram<f64>,
    pub active: UpDownCounter<i64>,
}

/// gRPC calls.
pub(super) static CALLS: LazyLock<Traffic> =
    LazyLock::new(|| Traffic { duration: RPC_DURATION.duration(), active: RPC_ACTIVE.in_flight() });
/// HTTP requests.
pub(super) static REQUESTS: LazyLock<Traffic> = LazyLock::new(|| Traffic {
    duration: HTTP_DURATION.duration(),
    active: HTTP_ACTIVE.in_flight(),
});

static JOBS: LazyLock<Histogram<f64>> = LazyLock::new(|| JOB_DURATION.duration());

/// Notes how a job went.
pub(crate) fn job_ended(
    service: &'static str,
    job: &'static str,
    outcome: &'static str,
    took: Duration,
) {
    let labels =
        [KeyValue::new(SERVICE, service), KeyValue::new(JOB, job), KeyValue::new(OUTCOME, outcome)];
    JOBS.record(took.as_secs_f64(), &labels);
}

/// Where log, relay, readers, copies and jobs stand, as it was looked at.
pub(crate) mod standing {
    use super::{
        COPY_LAG, DEAD_LETTERS, Duration, Gauge, JOB, JOB_FAILURES, KeyValue, LOG_POSITION,
        LazyLock, PRODUCER, READER_LAG, READER_WAITING, RELAY_DELAY, RELAY_LAG, SERVICE,
    };

    struct Gauges {
        log_position: Gauge<u64>,
        relay_lag: Gauge<u64>,
        relay_delay: Gauge<f64>,
        reader_lag: Gauge<u64>,
        reader_waiting: Gauge<u64>,
        copy_lag: Gauge<u64>,
        dead_letters: Gauge<u64>,
        job_failures: Gauge<u64>,
    }

    static GAUGES: LazyLock<Gauges> = LazyLock::new(|| Gauges {
        log_position: LOG_POSITION.gauge(),
        relay_lag: RELAY_LAG.gauge(),
        relay_delay: RELAY_DELAY.seconds(),
        reader_lag: READER_LAG.gauge(),
        reader_waiting: READER_WAITING.gauge(),
        copy_lag: COPY_LAG.gauge(),
        dead_letters: DEAD_LETTERS.gauge(),
        job_failures: JOB_FAILURES.gauge(),
    });

    pub fn log(service: &'static str, position: u64) {
        GAUGES.log_position.record(position, &[KeyValue::new(SERVICE, service)]);
    }

    pub fn relay(service: &'static str, lag: u64, delay: Duration) {
        let labels = [KeyValue::new(SERVICE, service)];
        GAUGES.relay_lag.record(lag, &labels);
        GAUGES.relay_delay.record(delay.as_secs_f64(), &labels);
    }

    pub fn reader(service: &'static str, producer: &'static str, lag: u64) {
        GAUGES.reader_lag.record(lag, &both(service, producer));
    }

    pub fn waiting(service: &'static str, producer: &'static str, waiting: u64) {
        GAUGES.reader_waiting.record(waiting, &both(service, producer));
    }

    pub fn copy(service: &'static str, producer: &'static str, lag: u64) {
        GAUGES.copy_lag.record(lag, &both(service, producer));
    }

    pub fn dead_letters(service: &'static str, count: u64) {
        GAUGES.dead_letters.record(count, &[KeyValue::new(SERVICE, service)]);
    }

    pub fn job(service: &'static str, job: &'static str, failures: u64) {
        let labels = [KeyValue::new(SERVICE, service), KeyValue::new(JOB, job)];
        GAUGES.job_failures.record(failures, &labels);
    }

    fn both(service: &'static str, producer: &'static str) -> [KeyValue; 2] {
        [KeyValue::new(SERVICE, service), KeyValue::new(PRODUCER, producer)]
    }
}
