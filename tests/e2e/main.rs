//! Journeys through the whole platform, as its users make them.

#[path = "../harness/mod.rs"]
#[expect(dead_code, reason = "the harness serves the fault tests, too")]
mod harness;
#[path = "../../services/notification/src/tests/mail_server.rs"]
#[expect(dead_code, reason = "the tests of the mail itself know more moods")]
mod mail_server;

mod analyze;
mod bus;
mod configuration;
mod console;
mod desk;
mod disk;
mod import;
mod library;
mod mail;
mod publication;
mod refusals;
mod second_thoughts;
