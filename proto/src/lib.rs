//! What the services of Yangguang say to each other.
//!
//! One module a context: its gRPC service and messages, and the events it publishes. The sources
//! are the `.proto` files beside this crate; nothing generated is kept in the repository.

/// The `FileDescriptorSet` of all contracts, for reflection and for the tests of the contracts.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

pub mod role;

/// Generated code, in the nesting that its references to each other need.
#[expect(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    reason = "generated"
)]
mod yangguang {
    macro_rules! contexts {
        ($($context:ident: $package:literal),* $(,)?) => {
            $(pub mod $context {
                pub mod v1 {
                    tonic::include_proto!($package);
                }
            })*
        };
    }
    contexts! {
        platform: "yangguang.platform.v1",
        identity: "yangguang.identity.v1",
        documents: "yangguang.documents.v1",
        interpretations: "yangguang.interpretations.v1",
        search: "yangguang.search.v1",
        notification: "yangguang.notification.v1",
        gateway: "yangguang.gateway.v1",
    }
}

pub use yangguang::{
    documents::v1 as documents, gateway::v1 as gateway, identity::v1 as identity,
    interpretations::v1 as interpretations, notification::v1 as notification,
    platform::v1 as platform, search::v1 as search,
};
