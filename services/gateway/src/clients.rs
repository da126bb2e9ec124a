//! The services behind the gateway, called as whoever asks.

use contracts::{
    documents::{
        intake_service_client::IntakeServiceClient, library_service_client::LibraryServiceClient,
        lifecycle_service_client::LifecycleServiceClient,
        policy_service_client::PolicyServiceClient,
    },
    identity::identity_service_client::IdentityServiceClient,
    interpretations::interpretation_service_client::InterpretationServiceClient,
    notification::notification_service_client::NotificationServiceClient,
    platform::platform_service_client::PlatformServiceClient,
    search::search_service_client::SearchServiceClient,
};
use kit::{Kit, grpc::Peer};

/// Largest answer that is taken in: a document of 5 MiB in each of several fields.
const MAX_MESSAGE: usize = 64 << 20;

/// Clients of all services, for one caller.
///
/// Nothing here speaks with the gateway's own authority: without a token the services see nobody,
/// and answer with what is public.
#[derive(Debug, Clone)]
pub struct Clients {
    documents: Peer,
    interpretations: Peer,
    search: Peer,
    notification: Peer,
    identity: Peer,
    platform: Vec<(String, Peer)>,
}

impl Clients {
    /// Clients that call as nobody.
    pub fn new(kit: &Kit) -> Self {
        let to = |service: &str| kit.peer(service).anonymous();
        let names = kit.known_services();
        Self {
            documents: to("documents"),
            interpretations: to("interpretations"),
            search: to("search"),
            notification: to("notification"),
            identity: to("identity"),
            platform: names.into_iter().map(|name| (name.clone(), to(&name))).collect(),
        }
    }

    /// The same clients, calling as the holder of `token`.
    #[must_use]
    pub fn on_behalf(&self, token: &str) -> Self {
        let by = |peer: &Peer| peer.with_token(token);
        Self {
            documents: by(&self.documents),
            interpretations: by(&self.interpretations),
            search: by(&self.search),
            notification: by(&self.notification),
            identity: by(&self.identity),
            platform: self.platform.iter().map(|(name, peer)| (name.clone(), by(peer))).collect(),
        }
    }

    /// The policy library.
    pub fn documents(&self) -> PolicyServiceClient<Peer> {
        PolicyServiceClient::new(self.documents.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// What clerks bring to the policy library.
    pub fn intake(&self) -> IntakeServiceClient<Peer> {
        IntakeServiceClient::new(self.documents.clone())
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE)
    }

    /// The lifecycles of policies.
    pub fn lifecycles(&self) -> LifecycleServiceClient<Peer> {
        LifecycleServiceClient::new(self.documents.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// What the library makes of its policies.
    pub fn library(&self) -> LibraryServiceClient<Peer> {
        LibraryServiceClient::new(self.documents.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// Interpretations and the tasks to write them.
    pub fn interpretations(&self) -> InterpretationServiceClient<Peer> {
        InterpretationServiceClient::new(self.interpretations.clone())
            .max_decoding_message_size(MAX_MESSAGE)
    }

    /// The index.
    pub fn search(&self) -> SearchServiceClient<Peer> {
        SearchServiceClient::new(self.search.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// Subscriptions and deliveries.
    pub fn notification(&self) -> NotificationServiceClient<Peer> {
        NotificationServiceClient::new(self.notification.clone())
            .max_decoding_message_size(MAX_MESSAGE)
    }

    /// Organs, accounts and tokens.
    pub fn identity(&self) -> IdentityServiceClient<Peer> {
        IdentityServiceClient::new(self.identity.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// What every service offers its operators; `None` for a service that does not exist.
    pub fn platform(&self, service: &str) -> Option<PlatformServiceClient<Peer>> {
        let (_, peer) = self.platform.iter().find(|(name, _)| name == service)?;
        let client = PlatformServiceClient::new(peer.clone());
        Some(client.max_decoding_message_size(MAX_MESSAGE))
    }

    /// Names of all services.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.platform.iter().map(|(name, _)| name.as_str())
    }
}
