//! What each service may do on the bus, as configuration of the nats-server.
//!
//! Only its owner publishes under a context and keeps its stream, and whoever reads can do no more
//! than that. The names of streams, subjects and consumers are those of this module's neighbours,
//! so that what a service does and what it may do are told in one place.

use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
};

use super::{inbox, stream_name};

/// A service as the bus sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whom it hears, for all replicas together.
    pub hears: &'a [&'a str],
    /// Of whom each of its replicas holds a copy.
    pub copies: &'a [&'a str],
}

/// One process that logs in at the server: a user with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User<'a> {
    name: String,
    members: Vec<Member<'a>>,
}

impl<'a> User<'a> {
    /// The user of a process that runs these services.
    pub fn of(members: Vec<Member<'a>>) -> Self {
        let names: Vec<&str> = members.iter().map(|member| member.name).collect();
        Self { name: names.join("_"), members }
    }

    /// The same under another name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// The variable of the server's environment that holds the password.
    pub fn password_variable(&self) -> String {
        format!("YANGGUANG_NATS_{}", self.name.to_uppercase())
    }

    fn runs(&self, service: &str) -> bool {
        self.members.iter().any(|member| member.name == service)
    }

    /// Subjects that it may publish to.
    fn allowed(&self) -> BTreeSet<String> {
        let mut allowed = BTreeSet::new();
        for Member { name, hears, copies } in &self.members {
            let stream = stream_name(name);
            allowed.extend([
                format!("yangguang.{name}.>"),
                format!("yangguang.platform.*.*.{name}"),
                format!("$JS.API.STREAM.CREATE.{stream}"),
                format!("$JS.API.STREAM.UPDATE.{stream}"),
                format!("$JS.API.STREAM.DELETE.{stream}"),
                format!("$JS.API.STREAM.INFO.{stream}"),
                format!("$JS.API.STREAM.MSG.GET.{stream}"),
            ]);
            for producer in *hears {
                allowed.extend(reads(producer, name));
            }
            // A replica's consumer is named after it, which no pattern of NATS can tell from others.
            for producer in *copies {
                allowed.extend(reads(producer, "*"));
            }
        }
        allowed
    }

    /// What the patterns for copies must not cover: the shared consumers of others.
    fn denied(&self, all: &[Member<'_>]) -> BTreeSet<String> {
        let copied = self.members.iter().flat_map(|member| member.copies);
        let mut denied = BTreeSet::new();
        for producer in copied {
            let others = all.iter().filter(|other| !self.runs(other.name));
            for Member { name, .. } in others.filter(|other| other.hears.contains(producer)) {
                denied.extend(handles(producer, name));
            }
        }
        denied
    }
}

/// Subjects by which a consumer is read.
fn reads(producer: &str, consumer: &str) -> Vec<String> {
    let mut subjects = handles(producer, consumer);
    subjects.push(format!("$JS.API.STREAM.INFO.{}", stream_name(producer)));
    subjects
}

/// Subjects by which a consumer is made, read and removed.
fn handles(producer: &str, consumer: &str) -> Vec<String> {
    let stream = stream_name(producer);
    vec![
        format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>"),
        format!("$JS.API.CONSUMER.DELETE.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.INFO.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"),
        format!("$JS.ACK.{stream}.{consumer}.>"),
    ]
}

/// The block `authorization` of a nats-server: `users` may do what theirs is, nobody else anything.
///
/// `all` are the services of the platform, whichever process they run in.
pub fn authorization(users: &[User<'_>], all: &[Member<'_>]) -> String {
    let mut text = String::from(
        "# What each process of the platform may do, made by `yangguang config nats`.\n\
         # Passwords are taken from the server's environment; let each begin with a letter.\n\
         authorization {\n  users = [\n",
    );
    for user in users {
        // Writing to a text does not fail.
        let _ = block(&mut text, user, all);
    }
    text.push_str("  ]\n}\n");
    text
}

fn block(text: &mut String, user: &User<'_>, all: &[Member<'_>]) -> fmt::Result {
    writeln!(text, "    {{")?;
    writeln!(text, "      user: {:?}", user.name)?;
    writeln!(text, "      password: ${}", user.password_variable())?;
    writeln!(text, "      permissions: {{")?;
    writeln!(text, "        publish: {{")?;
    list(text, "allow", &user.allowed())?;
    list(text, "deny", &user.denied(all))?;
    writeln!(text, "        }}")?;
    writeln!(text, "        subscribe: {{")?;
    list(text, "allow", &BTreeSet::from([format!("{}.>", inbox(&user.name))]))?;
    writeln!(text, "        }}")?;
    writeln!(text, "      }}")?;
    writeln!(text, "    }}")
}

fn list(text: &mut String, name: &str, subjects: &BTreeSet<String>) -> fmt::Result {
    if subjects.is_empty() {
        return Ok(());
    }
    writeln!(text, "          {name}: [")?;
    for subject in subjects {
        writeln!(text, "            {subject:?}")?;
    }
    writeln!(text, "          ]")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Member<'static>; 3] = [
        Member { name: "documents", hears: &["search"], copies: &[] },
        Member { name: "search", hears: &[], copies: &["documents"] },
        Member { name: "notification", hears: &["documents"], copies: &[] },
    ];

    #[test]
    fn only_the_owner_may_publish_under_its_context() {
        for member in ALL {
            let user = User::of(vec![member]);
            let own = format!("yangguang.{}.>", member.name);
            let said: Vec<_> =
                user.allowed().into_iter().filter(|s| s.starts_with("yangguang.")).collect();
            assert!(said.contains(&own));
            assert!(said.iter().all(|s| s.contains(member.name)), "{said:?}");
        }
    }

    #[test]
    fn who_holds_copies_cannot_touch_the_readers_of_others() {
        let [_, search, _] = ALL;
        let user = User::of(vec![search]);
        let touched = "$JS.API.CONSUMER.DELETE.yangguang-documents.notification".to_owned();
        assert!(user.denied(&ALL).contains(&touched));
        let together = User::of(ALL.to_vec()).named("yangguang");
        assert!(together.denied(&ALL).is_empty());
        assert_eq!(together.password_variable(), "YANGGUANG_NATS_YANGGUANG");
    }
}
