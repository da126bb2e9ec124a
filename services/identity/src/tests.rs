//! Commands and queries over real databases.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use base64::Engine as _;
use chrono::TimeDelta;
use contracts::identity::Account;
use contracts::role;
use kit::auth::{Caller, Claims};
use kit::clock::ManualClock;
use kit::db::{self, Db};
use kit::testing::TestDb;
use tempfile::TempDir;

use crate::commands::Identity;
use crate::commands::first_password::FirstPassword;
use crate::commands::first_start::{FirstStart, OPERATOR};
use crate::config::Config;
use crate::domain::organ::Organ;
use crate::error::Error;
use crate::queries::Queries;
use crate::store;

const SECRET: &str = "the platform's secret";
const PASSWORD: &str = "k7mPq2xW9d";

/// Identity over one database, with a clock to move and an administrator.
struct World {
    identity: Identity,
    queries: Queries,
    db: Db,
    clock: Arc<ManualClock>,
    admin: Caller,
    kind: &'static str,
    _folder: TempDir,
    _database: TestDb,
}

impl World {
    async fn each() -> Vec<Self> {
        let mut worlds = Vec::new();
        for database in TestDb::each(store::MIGRATIONS).await.unwrap() {
            worlds.push(Self::over(database).await);
        }
        worlds
    }

    async fn over(database: TestDb) -> Self {
        let clock = kit::testing::clock();
        let folder = tempfile::tempdir().unwrap();
        let file = FirstPassword::at(folder.path().join("first"));
        let config = config();
        let db = database.db.clone();
        let identity =
            Identity::new(db.clone(), clock.clone(), config, SECRET, file).await.unwrap();
        identity.ensure_key().await.unwrap();
        let shown = identity.ensure_administrator().await.unwrap();
        assert_eq!(shown, None, "a given password is not shown");
        let queries = Queries(db.clone());
        let signed_in = identity.sign_in("admin", PASSWORD).await.unwrap();
        let admin = caller(&signed_in.account.into());
        let kind = database.kind;
        Self { identity, queries, db, clock, admin, kind, _folder: folder, _database: database }
    }

    async fn import(&self, organs: &[(&str, &str)]) {
        let organs = organs.iter().map(|(code, parent)| organ(code, parent)).collect();
        let answer = self.identity.import_organs(organs, &self.admin).await.unwrap();
        assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    }

    async fn create(&self, account: &str, roles: &[&str], organ: &str) -> Account {
        let wanted = wanted(account, roles, organ);
        let made = self.identity.create_account(&wanted, PASSWORD, "", &self.admin).await;
        made.unwrap().account.unwrap()
    }

    async fn events(&self, ty: &str) -> i64 {
        let text = "SELECT count(*) AS value FROM events WHERE type = $1";
        let ty = format!("yangguang.identity.v1.{ty}");
        db::scalar(self.db.conn(), text, vec![ty.into()]).await.unwrap().unwrap()
    }
}

fn config() -> Config {
    Config {
        access_token_seconds: 60,
        refresh_token_hours: 12,
        key_days: 30,
        admin_password: PASSWORD.to_owned(),
        sample: false,
        operator_token: false,
    }
}

fn caller(account: &Account) -> Caller {
    Caller {
        account_id: account.id.clone(),
        name: account.name.clone(),
        organ_code: account.organ_code.clone(),
        roles: account.roles.clone(),
        ..Caller::anonymous()
    }
}

fn wanted(account: &str, roles: &[&str], organ: &str) -> Account {
    Account {
        account: account.to_owned(),
        name: "王敏".to_owned(),
        organ_code: organ.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..Account::default()
    }
}

fn organ(code: &str, parent: &str) -> Organ {
    Organ {
        code: code.to_owned(),
        name: format!("{code}局"),
        short_name: String::new(),
        parent_code: parent.to_owned(),
        kind: "department".to_owned(),
        credit_code: String::new(),
        number_heads: vec!["明发改".to_owned()],
        phone: String::new(),
    }
}

fn claims(token: &str) -> Claims {
    let payload = token.split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn key_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[tokio::test]
async fn one_signs_in_stays_and_signs_out() {
    for world in World::each().await {
        world.import(&[("city", ""), ("dept", "city"), ("bureau", "dept")]).await;
        world.create("wang", &[role::EDITOR], "dept").await;
        let signed_in = world.identity.sign_in(" Wang ", PASSWORD).await.unwrap();
        let token = claims(&signed_in.access.text);
        assert_eq!(token.iss, Claims::ISSUER);
        assert_eq!((token.organ.as_str(), token.exp - token.iat), ("dept", 60), "{}", world.kind);
        assert_eq!(token.scope, ["dept", "bureau"]);
        assert_eq!(signed_in.account.organ_name.as_deref(), Some("dept局"));

        let refresh = &signed_in.refresh_token;
        world.clock.advance(TimeDelta::hours(11));
        assert_eq!(world.identity.refresh(refresh).await.unwrap().1.account, "wang");
        world.identity.sign_out(refresh).await.unwrap();
        assert!(matches!(world.identity.refresh(refresh).await, Err(Error::SignInEnded)));
        world.identity.sign_out(refresh).await.unwrap();
    }
}

#[tokio::test]
async fn a_sign_in_runs_out() {
    for world in World::each().await {
        let signed_in = world.identity.sign_in("admin", PASSWORD).await.unwrap();
        world.clock.advance(TimeDelta::hours(12));
        let after = world.identity.refresh(&signed_in.refresh_token).await;
        assert!(matches!(after, Err(Error::SignInEnded)));
        world.identity.sweep().await.unwrap();
    }
}

#[tokio::test]
async fn failures_lock_a_name_whether_it_exists_or_not() {
    for world in World::each().await {
        for name in ["admin", "nobody"] {
            for _ in 0..5 {
                let failed = world.identity.sign_in(name, "wrong password 1").await;
                assert!(matches!(failed, Err(Error::WrongCredentials)), "{name}");
            }
            let locked = world.identity.sign_in(name, PASSWORD).await;
            assert!(matches!(locked, Err(Error::LockedOut(_))), "{name}");
        }
        world.clock.advance(TimeDelta::seconds(29));
        let early = world.identity.sign_in("admin", PASSWORD).await;
        assert!(matches!(early, Err(Error::LockedOut(_))));
        world.clock.advance(TimeDelta::seconds(1));
        world.identity.sign_in("admin", PASSWORD).await.unwrap();
        let forgiven = world.identity.sign_in("admin", "wrong password 1").await;
        assert!(matches!(forgiven, Err(Error::WrongCredentials)));
    }
}

#[tokio::test]
async fn a_disabled_account_gets_no_more_tokens() {
    for world in World::each().await {
        let mut account = world.create("ops2", &[role::OPS], "").await;
        let signed_in = world.identity.sign_in("ops2", PASSWORD).await.unwrap();
        account.disabled = true;
        let disabled = world.identity.update_account(&account, &world.admin).await.unwrap();
        assert!(disabled.disabled);
        let refreshed = world.identity.refresh(&signed_in.refresh_token).await;
        assert!(matches!(refreshed, Err(Error::SignInEnded)));
        let again = world.identity.sign_in("ops2", PASSWORD).await;
        assert!(matches!(again, Err(Error::WrongCredentials)));
        let stale = world.identity.update_account(&account, &world.admin).await;
        assert!(matches!(stale, Err(Error::StaleAccount)));
        assert_eq!(world.events("AccountChanged").await, 3, "{}", world.kind);
    }
}

#[tokio::test]
async fn the_last_administrator_stays_and_nobody_disables_oneself() {
    for world in World::each().await {
        let id = world.admin.account_id.parse().unwrap();
        let mut own = world.queries.get_account(id, &world.admin).await.unwrap();
        own.disabled = true;
        let suicide = world.identity.update_account(&own, &world.admin).await;
        assert!(matches!(suicide, Err(Error::OwnAccount)));
        let deputy = caller(&world.create("deputy", &[role::OFFICE], "").await);
        own.disabled = false;
        own.roles = vec![role::OFFICE.to_owned()];
        let grab = world.identity.update_account(&own, &deputy).await;
        assert!(matches!(grab, Err(Error::MayNotGrant)));
        own.disabled = true;
        own.roles = vec![role::OFFICE.to_owned(), role::OPS.to_owned()];
        let last = world.identity.update_account(&own, &deputy).await;
        assert!(matches!(last, Err(Error::LastAdministrator)));
    }
}

#[tokio::test]
async fn a_new_password_ends_all_sign_ins() {
    for world in World::each().await {
        world.import(&[("city", "")]).await;
        let account = world.create("wang", &[role::EDITOR], "city").await;
        let id = account.id.parse().unwrap();
        let own = caller(&account);
        let signed_in = world.identity.sign_in("wang", PASSWORD).await.unwrap();
        let change = async |old: &str, new: &str, who: &Caller| {
            world.identity.change_password(id, old, new, who).await
        };
        let wrong = change("wrong password 1", "another pass 7", &own).await;
        assert!(matches!(wrong, Err(Error::WrongOldPassword)));
        assert!(matches!(change(PASSWORD, "short", &own).await, Err(Error::Password(_))));
        let stranger = Caller { account_id: "other".to_owned(), ..Caller::anonymous() };
        let pried = change("", "another pass 7", &stranger).await;
        assert!(matches!(pried, Err(Error::UnknownAccount)));

        change(PASSWORD, "another pass 7", &own).await.unwrap();
        let refreshed = world.identity.refresh(&signed_in.refresh_token).await;
        assert!(matches!(refreshed, Err(Error::SignInEnded)));
        world.identity.sign_in("wang", "another pass 7").await.unwrap();
        change("", "a third pass 9", &world.admin).await.unwrap();
        world.identity.sign_in("wang", "a third pass 9").await.unwrap();
    }
}

#[tokio::test]
async fn a_repeated_request_makes_one_account() {
    for world in World::each().await {
        let wanted = wanted("wang", &[role::OFFICE], "");
        let create = || world.identity.create_account(&wanted, PASSWORD, "r1", &world.admin);
        let first = create().await.unwrap();
        assert_eq!(create().await.unwrap(), first);
        let twice = world.identity.create_account(&wanted, PASSWORD, "r2", &world.admin).await;
        assert!(matches!(twice, Err(Error::AccountExists(_))));
        let listed = world.queries.list_accounts(1, "").await.unwrap();
        assert_eq!(listed.accounts.len(), 1);
        let rest = world.queries.list_accounts(5, &listed.next_page_token).await.unwrap();
        assert_eq!(rest.accounts.first().unwrap().account, "wang", "{}", world.kind);
        assert!(rest.next_page_token.is_empty());
    }
}

#[tokio::test]
async fn an_import_says_what_changed_and_only_that() {
    for world in World::each().await {
        world.import(&[("dept", "city"), ("city", "")]).await;
        let mut moved = organ("dept", "");
        moved.name = "发展和改革局".to_owned();
        let import = vec![moved, organ("city", ""), organ("odd", "nowhere")];
        let answer = world.identity.import_organs(import, &world.admin).await.unwrap();
        assert_eq!((answer.added, answer.changed, answer.unchanged), (0, 1, 1));
        assert_eq!(answer.refused.first().map(|refused| refused.index), Some(2));
        assert_eq!(world.events("OrganChanged").await, 3, "{}", world.kind);
        let organ = world.queries.get_organ("发展和改革局").await.unwrap();
        assert_eq!((organ.code.as_str(), organ.revision), ("dept", 2));
        assert_eq!(organ.number_heads, ["明发改"]);
        assert!(world.queries.get_organ("dept局").await.is_err());
        assert_eq!(world.queries.list_organs(0, "").await.unwrap().organs.len(), 2);
    }
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs_and_the_old_one_until_its_tokens_ran_out() {
    for world in World::each().await {
        let old = world.identity.sign_in("admin", PASSWORD).await.unwrap();
        world.clock.advance(TimeDelta::days(31));
        world.identity.ensure_key().await.unwrap();
        let jwks = world.identity.jwks().await.unwrap();
        let set: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&jwks).unwrap();
        assert_eq!(set.keys.len(), 2);
        let during = world.identity.issue_service_token("search", SECRET).await.unwrap();
        assert_eq!(key_of(&during.text), key_of(&old.access.text));
        world.clock.advance(TimeDelta::seconds(30));
        let after = world.identity.issue_service_token("search", SECRET).await.unwrap();
        assert_ne!(key_of(&after.text), key_of(&old.access.text));

        world.clock.advance(TimeDelta::minutes(12));
        world.identity.sweep().await.unwrap();
        let jwks = world.identity.jwks().await.unwrap();
        assert!(!jwks.contains(&key_of(&old.access.text)), "{}", world.kind);
        assert!(jwks.contains(&key_of(&after.text)));
    }
}

#[tokio::test]
async fn only_the_platforms_secret_gives_a_service_token() {
    for world in World::each().await {
        let token = world.identity.issue_service_token("search", SECRET).await.unwrap();
        let token = claims(&token.text);
        assert_eq!(token.service.as_deref(), Some("search"));
        assert!(token.sub.is_empty());
        let wrong = world.identity.issue_service_token("search", "guess").await;
        assert!(matches!(wrong, Err(Error::WrongServiceSecret)));
        let odd = world.identity.issue_service_token("Search!", SECRET).await;
        assert!(matches!(odd, Err(Error::BadServiceName(_))));
    }
}

#[tokio::test]
async fn a_second_start_finds_what_the_first_one_made() {
    for world in World::each().await {
        let identity = &world.identity;
        assert_eq!(identity.ensure_administrator().await.unwrap(), None, "there is one already");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity").join("sample-accounts.txt");
        let people: Vec<FirstStart> = identity.ensure_sample(&file).await.unwrap();
        assert_eq!(identity.ensure_sample(&file).await.unwrap(), people);
        for person in &people {
            identity.sign_in(&person.account, &person.password).await.unwrap();
        }

        let file = folder.path().join("operator.token");
        identity.write_operator_token(&file).await.unwrap();
        let first = std::fs::read_to_string(&file).unwrap();
        identity.write_operator_token(&file).await.unwrap();
        let second = std::fs::read_to_string(&file).unwrap();
        assert!(matches!(identity.refresh(&first).await, Err(Error::SignInEnded)));
        let (_, operator) = identity.refresh(&second).await.unwrap();
        assert_eq!(operator.account, OPERATOR, "{}", world.kind);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let typed = identity.sign_in(OPERATOR, "").await;
        assert!(matches!(typed, Err(Error::WrongCredentials)));
    }
}

#[tokio::test]
async fn a_password_that_was_made_up_is_told_until_it_was_used() {
    for database in TestDb::each(store::MIGRATIONS).await.unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity").join("first-administrator.password");
        let start = async || {
            let config = Config { admin_password: String::new(), ..config() };
            let (db, clock) = (database.db.clone(), kit::testing::clock());
            let file = FirstPassword::at(path.clone());
            let identity = Identity::new(db, clock, config, SECRET, file).await.unwrap();
            identity.ensure_key().await.unwrap();
            let told = identity.ensure_administrator().await.unwrap();
            (identity, told)
        };
        // A start that was cut off before the account was made.
        let kept = FirstPassword::at(path.clone()).keep(|| "sunny-day-7".to_owned()).unwrap();
        let (_, first) = start().await;
        let first = first.expect("a password that was made up");
        assert_eq!(first.password, kept);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (identity, again) = start().await;
        assert_eq!(again.as_ref(), Some(&first), "{}", database.kind);
        assert!(identity.sign_in(&first.account, "wrong").await.is_err());
        assert!(path.exists(), "nobody has used it so far");

        identity.sign_in(&first.account, &first.password).await.unwrap();
        assert!(!path.exists());
        assert_eq!(start().await.1, None, "it has been used");

        // A file that came back, from a copy of the folder say, is believed only if it is true.
        FirstPassword::at(path.clone()).keep(|| "not-the-one-9".to_owned()).unwrap();
        assert_eq!(start().await.1, None);
        assert!(!path.exists());
    }
}
