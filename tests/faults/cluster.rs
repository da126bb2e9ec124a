//! Every service in a process of its own, over a PostgreSQL and a nats-server of the test's own.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;

use crate::{
    corpora::NO_LIMITS,
    harness::{PASSWORD, program},
    portal::Portal,
};

/// The services, in the order of their start.
pub const SERVICES: [&str; 6] =
    ["identity", "documents", "interpretations", "search", "notification", "gateway"];
/// What they stand on.
pub const GROUND: [&str; 2] = ["postgres", "nats"];
/// Below the ports from which the system takes those of outgoing connections: who calls a service
/// that is dead must not happen to listen to itself.
const PORTS: std::ops::Range<u16> = 14_000..31_000;
const TOKEN: &str = "a-token-of-the-test-that-is-long-enough";

/// A platform in pieces, each of which can die alone.
pub struct Cluster {
    folder: TempDir,
    ports: BTreeMap<&'static str, u16>,
    http: u16,
    programs: Programs,
    running: BTreeMap<&'static str, Child>,
    /// How often a process ended by itself, because something that it needs was away.
    pub gave_up: usize,
}

/// Programs that are not ours.
struct Programs {
    postgres: PathBuf,
    nats: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let Some(postgres) = postgres() else {
            println!("skipped: no PostgreSQL server is installed");
            return None;
        };
        let Some(nats) = nats() else {
            println!("skipped: there is no nats-server");
            return None;
        };
        Some(Self { postgres, nats })
    }
}

/// The folder of PostgreSQL's programs.
fn postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|version| version.path().join("bin"));
    folders.filter(|folder| folder.join("initdb").is_file()).max()
}

fn nats() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join("nats-server")).find(|file| file.is_file())
}

/// A free port that no other process was given.
fn free_port() -> u16 {
    let mut chance = StdRng::from_os_rng();
    loop {
        let port = chance.random_range(PORTS);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

impl Cluster {
    /// Starts everything; `None`, with a line that says so, where a program is missing.
    pub fn start() -> Option<Self> {
        let programs = Programs::find()?;
        let ports = GROUND.iter().chain(&SERVICES).map(|name| (*name, free_port())).collect();
        let mut cluster = Self {
            folder: tempfile::tempdir().unwrap(),
            ports,
            http: free_port(),
            programs,
            running: BTreeMap::new(),
            gave_up: 0,
        };
        cluster.make_database();
        cluster.write_bus_config();
        for name in GROUND.iter().chain(&SERVICES) {
            cluster.launch(name);
        }
        Some(cluster)
    }

    /// The public interface.
    pub fn portal(&self) -> Portal {
        Portal::at(&self.server())
    }

    /// Address of the portal.
    pub fn server(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Folder of the messages that were sent.
    pub fn outbox(&self) -> PathBuf {
        self.folder.path().join("notification/notification/outbox")
    }

    /// Kills as `kill -9` does.
    pub fn kill(&mut self, name: &str) {
        if let Some(mut child) = self.running.remove(name) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts what is not running, as a supervisor would.
    pub fn tend(&mut self, except: &[&str]) {
        for name in GROUND.iter().chain(&SERVICES).filter(|name| !except.contains(name)) {
            match self.running.get_mut(name).map(Child::try_wait) {
                Some(Ok(None)) => {}
                Some(_) => {
                    self.gave_up += 1;
                    self.launch(name);
                }
                None => self.launch(name),
            }
        }
    }

    fn launch(&mut self, name: &'static str) {
        let mut command = match name {
            "postgres" => self.postgres(),
            "nats" => {
                let mut command = Command::new(&self.programs.nats);
                command.arg("-c").arg(self.bus_config());
                command
            }
            service => self.service(service),
        };
        let log = File::options().create(true).append(true).open(self.log(name)).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.running.insert(name, command.spawn().unwrap_or_else(|e| panic!("{name}: {e}")));
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    fn bus_config(&self) -> PathBuf {
        self.folder.path().join("nats.conf")
    }

    fn write_bus_config(&self) {
        let text = format!(
            "listen: \"127.0.0.1:{}\"\nauthorization {{ token: \"{TOKEN}\" }}\n\
             jetstream {{ store_dir: {:?} }}\n",
            self.ports["nats"],
            self.folder.path().join("nats")
        );
        fs::write(self.bus_config(), text).unwrap();
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("postgres")
    }

    fn make_database(&self) {
        fs::create_dir(self.database()).unwrap();
        if is_root() {
            // PostgreSQL does not run as root: its folder becomes its own, and the way there open.
            let done = Command::new("chown").arg("postgres:").arg(self.database()).status();
            assert!(done.unwrap().success());
            let done = Command::new("chmod").arg("711").arg(self.folder.path()).status();
            assert!(done.unwrap().success());
        }
        let made = as_postgres(&self.programs.postgres.join("initdb"))
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D"])
            .arg(self.database())
            .current_dir(self.database())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn postgres(&self) -> Command {
        let mut command = as_postgres(&self.programs.postgres.join("postgres"));
        command.arg("-D").arg(self.database()).arg("-k").arg(self.database());
        command.args(["-p", &self.ports["postgres"].to_string(), "-c", "fsync=on"]);
        command.current_dir(self.database());
        command
    }

    fn service(&self, name: &str) -> Command {
        let mut command = Command::new(program());
        let address = |port: u16| format!("127.0.0.1:{port}");
        command
            .args(["serve", name, "--data"])
            .arg(self.folder.path().join(name))
            .args(["--grpc", &address(self.ports[name]), "--http", &address(self.http)])
            .args(["--ops", "127.0.0.1:0"]);
        let secret = "5e".repeat(32);
        let mut settings = vec![
            (
                "database.url".to_owned(),
                format!("postgres://postgres@127.0.0.1:{}/postgres", self.ports["postgres"]),
            ),
            ("database.connections".to_owned(), "6".to_owned()),
            ("bus.url".to_owned(), format!("nats://127.0.0.1:{}", self.ports["nats"])),
            ("bus.token".to_owned(), TOKEN.to_owned()),
            ("auth.service_secret".to_owned(), secret.clone()),
            ("notification.secret".to_owned(), secret),
            ("identity.admin_password".to_owned(), PASSWORD.to_owned()),
        ];
        settings.extend(NO_LIMITS.map(|(key, value)| (key.to_owned(), value.to_owned())));
        settings.extend(SERVICES.map(|peer| {
            (format!("peers.{peer}"), format!("http://{}", address(self.ports[peer])))
        }));
        for (key, value) in settings {
            command.env(format!("YANGGUANG__{}", key.to_uppercase().replace('.', "__")), value);
        }
        command
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for name in SERVICES.iter().chain(&GROUND) {
            self.kill(name);
            if std::thread::panicking() {
                let log = fs::read_to_string(self.log(name)).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(12).collect();
                eprintln!("--- the end of {name}'s log ---");
                tail.iter().rev().for_each(|line| eprintln!("{line}"));
            }
        }
    }
}
