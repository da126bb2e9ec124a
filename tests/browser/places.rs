//! The pages of the platform, each with something on it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kit::testing::eventually;
use serde_json::{Value, json};

use crate::city::{ADMIN, City, EDITOR, REVIEWER, id};

/// A page, and what its picture is called.
pub struct Place {
    pub name: &'static str,
    pub path: String,
}

fn place(name: &'static str, path: impl Into<String>) -> Place {
    Place { name, path: path.into() }
}

/// A record of an old library, whose text is HTML and whose facts leave something to ask.
pub fn old_record(html: &str) -> Value {
    json!({
        "id": "old-1", "title": "明川市人民政府办公室关于公布二〇一二年停车收费标准的通知",
        "text": html, "format": "html", "doc_number": "明府办〔2012〕44号",
        "issuing_body": "明川市人民政府办公室", "category": "历史文件", "issued_on": "2012-05-08",
        "status": "有效",
    })
}

const TABLE: &str = "<p>停车收费标准如下：</p><table><thead><tr><th>区域</th><th>小型车</th>\
    <th>大型车</th></tr></thead><tbody><tr><td>一类区域</td><td>3元／小时</td><td>6元／小时</td></tr>\
    <tr><td>二类区域</td><td>2元／小时</td><td>4元／小时</td></tr></tbody></table>";

/// Puts work on everybody's desk and answers with the policies that it is about.
pub async fn furnish(city: &City) -> Furnished {
    city.import(&[old_record(TABLE)]);
    let mut revised = city.policy("sample-0010").await;
    let words = revised["content"]["text"]
        .as_str()
        .expect("a text")
        .replace("每亩补助二十元", "每亩补助三十元");
    revised["content"]["text"] =
        json!(format!("{words}\n第十二条　以前的规定与本办法不一致的，以本办法为准。"));
    revised["content"]["summary"] = json!("秸秆怎样利用，哪里不能焚烧，补助多少");
    let revised = city.revise(&revised, "更正第三条的办理时限").await;
    let withdrawn = city.policy("sample-0020").await;
    let withdrawn = city.step(REVIEWER, &withdrawn, "withdraw", "文本有误，更正后重新发布").await;
    let editing = city.draft("明川市夜间停车管理办法（草稿）", "").await;
    let review = city.draft("明川市夜间停车管理办法", "明府办〔2026〕77号").await;
    let review = city.step(EDITOR, &review, "submit", "").await;
    let returned = city.draft("明川市共享单车停放规定", "明府办〔2026〕78号").await;
    let returned = city.step(EDITOR, &returned, "submit", "").await;
    city.step(REVIEWER, &returned, "return", "第二条的日期与附件不一致").await;
    for policy in [&revised, &withdrawn] {
        city.settled(policy).await;
    }
    Furnished { revised, withdrawn, editing, review }
}

/// Policies in every state that a page shows.
pub struct Furnished {
    pub revised: Value,
    pub withdrawn: Value,
    pub editing: Value,
    pub review: Value,
}

/// Every public page, save those of a subscription.
pub async fn public(city: &City, made: &Furnished) -> Vec<Place> {
    let explained = city.policy("sample-0008").await;
    let amended = city.policy("sample-0003").await;
    let coming = city.policy("sample-0013").await;
    let repealed = city.policy("sample-0006").await;
    let old = city.policy("old-1").await;
    let texts = city.get("/interpretations?page_size=1").await;
    let interpretation = id(&texts["items"][0]).to_owned();
    vec![
        place("home", "/"),
        place("library", "/policies"),
        place("library-filtered", "/policies?effect=in_force&year=2026"),
        place("library-empty", "/policies?year=1999&effect=repealed"),
        place("policy", format!("/policies/{}", id(&made.revised))),
        place("policy-explained", format!("/policies/{}", id(&explained))),
        place("policy-amended", format!("/policies/{}", id(&amended))),
        place("policy-coming", format!("/policies/{}", id(&coming))),
        place("policy-repealed", format!("/policies/{}", id(&repealed))),
        place("policy-table", format!("/policies/{}", id(&old))),
        place("revision", format!("/policies/{}/revisions/1", id(&made.revised))),
        place("compare", format!("/policies/{}/compare?from=1&to=2", id(&made.revised))),
        place("compare-refused", format!("/policies/{}/compare?from=1&to=9", id(&made.revised))),
        place("organ", "/organs/mingchuan-gov-office"),
        place("changes", "/changes"),
        place("changes-none", "/changes?week=1999-W05"),
        place("tombstone", format!("/policies/{}", id(&made.withdrawn))),
        place("interpretations", "/interpretations"),
        place("interpretation", format!("/interpretations/{interpretation}")),
        place("search", "/search"),
        place("search-results", "/search?q=%E5%81%9C%E8%BD%A6"),
        place("search-number", "/search?q=%E6%98%8E%E5%BA%9C%5B2026%5D11"),
        place("search-nothing", "/search?q=%E7%81%AB%E6%98%9F%E7%A7%BB%E6%B0%91zzqx"),
        place("subscribe", "/subscribe"),
        place("subscribe-policy", format!("/subscribe?policy={}", id(&made.revised))),
        place("accessibility", "/accessibility"),
        place("not-found", "/policies/nothing"),
        place("sign-in", "/console/sign-in"),
    ]
}

/// The pages of the console, by who looks at them.
pub async fn console(city: &City, made: &Furnished) -> Vec<(&'static str, Vec<Place>)> {
    let of = |policy: &Value, rest: &str| format!("/console/policies/{}{rest}", id(policy));
    let granting = city.policy("sample-0014").await;
    let explained = city.policy("sample-0008").await;
    let texts = city.get("/interpretations?page_size=1").await;
    let interpretation = id(&texts["items"][0]).to_owned();
    let editor = vec![
        place("tasks-editor", "/console"),
        place("policies", "/console/policies"),
        place("policies-none", "/console/policies?q=zzqx"),
        place("new", "/console/policies/new"),
        place("edit", of(&made.editing, "/edit")),
        place("show-draft", of(&made.editing, "")),
        place("preview", of(&made.editing, "/preview")),
        place("lifecycle-draft", of(&made.editing, "/lifecycle")),
        place("show-blocked", of(&made.review, "")),
        place("revise", of(&made.revised, "/edit")),
        place("interpretation-tasks", "/console/interpretation-tasks"),
        place("interpretation-new", of(&made.revised, "/interpretations/new")),
        place("interpretation-show", format!("/console/interpretations/{interpretation}")),
        place("intake", "/console/intake"),
        place("worklist", "/console/worklist"),
        place("quality", "/console/quality"),
        place("quality-overdue", "/console/quality?kind=review_overdue"),
        place("mail", "/console/mail"),
        place("refused", "/console/accounts"),
    ];
    let reviewer = vec![
        place("tasks-reviewer", "/console"),
        place("show-review", of(&made.review, "")),
        place("show-published", of(&made.revised, "")),
        place("show-withdrawn", of(&made.withdrawn, "")),
        place("receipt", of(&made.revised, "/receipt")),
        place("lifecycle", of(&granting, "/lifecycle?open=delivery")),
        place("lifecycle-blocked", of(&explained, "/lifecycle?open=delivery")),
        place("lifecycle-withdrawn", of(&made.withdrawn, "/lifecycle")),
        place("expunge", of(&made.revised, "/revisions/1/expunge")),
    ];
    let admin = vec![
        place("tasks-admin", "/console"),
        place("dead-letters", "/console/dead-letters"),
        place("organs", "/console/organs"),
        place("accounts", "/console/accounts"),
        place("console-not-found", "/console/policies/nothing"),
    ];
    vec![(EDITOR, editor), (REVIEWER, reviewer), (ADMIN, admin)]
}

/// A link of a letter, as its recipient finds it.
pub async fn letter_link(city: &City, to: &str) -> String {
    eventually("a letter with the link", async || {
        let folder = std::fs::read_dir(city.platform.outbox()).map_err(|e| e.to_string())?;
        let mut letters: Vec<String> = Vec::new();
        for entry in folder.flatten() {
            let letter = std::fs::read_to_string(entry.path()).unwrap_or_default();
            letters.push(letter.replace("\r\n", "\n"));
        }
        let texts = letters.iter().flat_map(|letter| letter.split("\n\n").map(decoded));
        let words: Vec<String> = texts
            .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let link = words.iter().find_map(|word| word.find(to).map(|at| word[at..].to_owned()));
        link.ok_or_else(|| letters.join("\n---\n"))
    })
    .await
}

/// A part of a letter in plain words; what is no text stays empty.
fn decoded(part: &str) -> String {
    let body = part.split("\n--").next().unwrap_or_default();
    let packed: String = body.split_whitespace().collect();
    STANDARD.decode(packed).ok().and_then(|b| String::from_utf8(b).ok()).unwrap_or_default()
}
