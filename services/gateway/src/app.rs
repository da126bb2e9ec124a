//! What every handler of the gateway has at hand.

use std::{ops::Deref, sync::Arc};

use kit::{Kit, clock::Clock, db::Db};
use tokio_util::sync::CancellationToken;

use crate::{
    assets,
    cache::Policies,
    clients::Clients,
    config::{Config, PublicConfig, SiteConfig},
    security::Limits,
    session::{FormKey, Sessions},
};

/// State of the router; cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// What is shared by all requests.
#[derive(Debug)]
pub struct Shared {
    /// The configuration in force.
    pub config: Config,
    /// What every page says of the site.
    pub site: Site,
    /// Address of the portal, without a slash at the end.
    pub public_url: String,
    /// The services, called as nobody; see [`crate::session::Staff::clients`] for people.
    pub clients: Clients,
    /// Who is signed in to the console.
    pub sessions: Sessions,
    /// What proves that an anonymous form is ours.
    pub forms: FormKey,
    /// Public policies, kept at hand.
    pub policies: Arc<Policies>,
    /// How often one address may ask.
    pub limits: Limits,
    /// The injected clock.
    pub clock: Arc<dyn Clock>,
    /// Fires when the process is asked to end; answers that go on end with it.
    pub stop: CancellationToken,
}

/// What every page says of the site; the templates read it.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name of the portal.
    pub name: String,
    /// Changes with the static files, which are cached for ever under it.
    pub version: String,
    /// Who runs it.
    pub operator: String,
    /// Telephone for questions.
    pub phone: String,
    /// Mail address for questions.
    pub email: String,
    /// 网站标识码, or empty.
    pub site_code: String,
    /// ICP 备案号, or empty.
    pub icp: String,
    /// 公安备案号, or empty.
    pub police: String,
}

impl App {
    /// Puts together what the handlers need.
    pub fn new(kit: &Kit, config: Config, db: &Db) -> anyhow::Result<Self> {
        let PublicConfig { public_url } = kit.platform_config("platform")?;
        let public_url = public_url.trim_end_matches('/').to_owned();
        let clients = Clients::new(kit);
        let secure = public_url.starts_with("https://");
        let sessions =
            Sessions::new(db.clone(), kit.clock(), clients.clone(), config.session_hours, secure);
        Ok(Self(Arc::new(Shared {
            site: site(&config.site),
            sessions,
            forms: FormKey::new(&kit.service_secret()),
            policies: Arc::new(Policies::new(config.cache, kit.clock(), clients.clone())),
            limits: Limits::new(&config.limits, config.behind_proxy),
            clock: kit.clock(),
            stop: kit.shutdown(),
            public_url,
            clients,
            config,
        })))
    }

    /// Whether the portal is reached over TLS, so that cookies may be bound to it.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The permanent address of a path, `/policies/0198…`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

fn site(config: &SiteConfig) -> Site {
    let SiteConfig { name, operator, phone, email, site_code, icp, police } = config.clone();
    Site { name, version: assets::version(), operator, phone, email, site_code, icp, police }
}
