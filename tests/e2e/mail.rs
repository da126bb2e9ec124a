//! A mail server that refuses or hangs holds up the notification alone, and says why.

use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{
    desk::{LONG_TOKENS, completed_receipt, desk, publish, receipt, step, step_becomes, text},
    harness::{Platform, Store},
    mail_server::{MailServer, Mood},
};

async fn platform(server: &MailServer, timeout: &str) -> Option<Platform> {
    let port = server.port.to_string();
    let settings = [
        LONG_TOKENS,
        ("notification.transport", "smtp"),
        ("notification.smtp.host", "127.0.0.1"),
        ("notification.smtp.port", port.as_str()),
        ("notification.smtp.timeout_seconds", timeout),
        ("notification.first_retry_seconds", "1"),
        ("notification.longest_retry_seconds", "1"),
        ("notification.attempts", "1000"),
        ("documents.late_after_seconds.notification", "1"),
        ("documents.receipts_every_seconds", "1"),
    ];
    let platform = Platform::start(Store::Sqlite, &settings).await?;
    let admin = platform.admin().await;
    let subscriber = json!({ "email": "all@example.org", "kind": "all", "confirmed": true });
    platform.post("/api/v1/subscriptions", &admin, subscriber).await.ok();
    Some(platform)
}

/// Publishes while the server is in a bad mood, and again when it has recovered.
async fn held_up_and_delivered_once(mood: Mood, timeout: &str, says: &str) {
    let server = MailServer::start(mood).await;
    let Some(platform) = platform(&server, timeout).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");
    let explained = |step: &Value| step["state"] == "late" && text(step, "detail").contains(says);
    step_becomes(&platform, &desk.editor, id, "notification", explained).await;
    for name in ["interpretation", "index", "page"] {
        let done = |step: &Value| step["state"] == "done";
        step_becomes(&platform, &desk.editor, id, name, done).await;
    }
    let open = receipt(&platform, &desk.editor, id, 1).await;
    assert!(open["completed_at"].is_null(), "{open}");
    assert!(server.taken().is_empty(), "nothing has got through");

    server.becomes(Mood::Accepts);
    let done = completed_receipt(&platform, &desk.editor, id, 1).await;
    assert_eq!(text(step(&done, "notification"), "detail"), "已发送 1 件");
    let second = publish(&platform, &desk, "晴川市公园管理办法", "晴府办〔2026〕8号").await;
    completed_receipt(&platform, &desk.editor, text(&second, "id"), 1).await;
    let titles = ["停车", "公园"].map(|word| mails_about(&server, &platform, word));
    assert_eq!(titles, [1, 1], "each is delivered once");
}

/// Messages that the server has taken about one policy, by the policy's page that they link.
fn mails_about(server: &MailServer, platform: &Platform, word: &str) -> usize {
    let links = server.taken();
    assert!(!links.is_empty(), "{}", platform.log());
    let ids: std::collections::BTreeSet<&str> = links.iter().filter_map(|m| id_of(m)).collect();
    assert_eq!(ids.len(), links.len(), "no id twice");
    links.iter().filter(|mail| subject(mail).contains(word)).count()
}

fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    mail.lines().find_map(|line| line.strip_prefix(name))
}

fn id_of(mail: &str) -> Option<&str> {
    header(mail, "Message-ID: ")
}

/// The subject, which is written in encoded words over several lines.
fn subject(mail: &str) -> String {
    let mut lines = mail.lines().skip_while(|line| !line.starts_with("Subject: "));
    let mut words = lines.next().unwrap_or_default().replace("Subject: ", "");
    for line in lines.take_while(|line| line.starts_with(' ')) {
        words.push_str(line);
    }
    let mut bytes = Vec::new();
    for word in words.split("=?utf-8?b?").skip(1) {
        let word = word.split("?=").next().unwrap_or_default();
        bytes.extend(base64::Engine::decode(&base64::prelude::BASE64_STANDARD, word).unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_refuses_delays_the_mail_and_nothing_else() {
    let refusing = Mood::Says("451 4.3.2 come back later");
    held_up_and_delivered_once(refusing, "5", "邮件服务器答复 451").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_hangs_delays_the_mail_and_nothing_else() {
    held_up_and_delivered_once(Mood::Hangs, "1", "邮件服务器没有应答").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_for_good_is_told_as_failed() {
    let server = MailServer::start(Mood::Says("550 5.1.1 no such user")).await;
    let Some(platform) = platform(&server, "5").await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");
    let done = completed_receipt(&platform, &desk.editor, id, 1).await;
    assert_eq!(text(step(&done, "notification"), "detail"), "发送失败 1 件");
    let deliveries = platform.admin().await;
    let path = format!("/api/v1/deliveries?policy_id={id}");
    let deliveries = eventually("the delivery", async || {
        let answer = platform.get(&path, &deliveries).await;
        if answer.status == 200 { Ok(answer.body) } else { Err(answer.body.to_string()) }
    })
    .await;
    let delivery = &deliveries["items"][0];
    assert_eq!(delivery["state"], "failed", "{delivery}");
    assert!(text(delivery, "error").contains("550"), "{delivery}");
}
