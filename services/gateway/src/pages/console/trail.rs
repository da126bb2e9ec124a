//! Who did what to a policy, newest first.

use contracts::platform::{AuditEntry, ListAuditEntriesRequest};

use super::{Visit, visit::if_allowed};
use crate::{pages::view::days, problem::Problem};

const ENTRIES: u32 = 50;

/// One thing that was done.
#[derive(Debug, Clone, Default)]
pub struct Event {
    pub when: String,
    pub who: String,
    pub what: String,
    pub why: String,
}

/// What was done to a policy.
pub async fn of(visit: &Visit, policy_id: &str) -> Result<Vec<Event>, Problem> {
    let Some(mut documents) = visit.clients.platform("documents") else { return Ok(Vec::new()) };
    let request = ListAuditEntriesRequest {
        service: "documents".to_owned(),
        resource: format!("policies/{policy_id}"),
        page_size: ENTRIES,
        page_token: String::new(),
    };
    let answered = if_allowed(documents.list_audit_entries(request).await)?;
    Ok(answered.entries.into_iter().map(event).collect())
}

fn event(entry: AuditEntry) -> Event {
    let AuditEntry { at, actor_name, action, detail, .. } = entry;
    let what = what(&action).to_owned();
    // Some actions name the fields that they changed, others give a reason.
    let why = if action.starts_with("draft.update") || action == "policy.create" {
        fields(&detail)
    } else if detail.is_ascii() {
        String::new()
    } else {
        detail
    };
    Event { when: days::minute(at), who: actor_name, what, why }
}

fn what(action: &str) -> &str {
    match action {
        "policy.create" => "起草",
        "draft.update" => "修改草稿",
        "draft.submit" => "提交审核",
        "draft.return" => "退回修改",
        "draft.approve" => "审核通过",
        "draft.discard" => "放弃草稿",
        "policy.schedule" => "定时发布",
        "policy.unschedule" => "取消定时发布",
        "policy.publish" => "发布",
        "privacy.mask" => "遮盖个人信息",
        "privacy.justify" => "说明个人信息可以公开",
        "effect.overrule" => "核定有效性",
        "effect.restore" => "撤销有效性核定",
        "policy.withdraw" => "撤下",
        "policy.import" => "从别处导入",
        "policy.import_published" => "导入并发布",
        "attachment.add" => "添加附件",
        "attachment.remove" => "删除附件",
        "expunge.request" => "申请清除正文",
        "expunge.approve" => "批准清除正文",
        "worklist.resolve" => "处理待补事项",
        action if action.starts_with("lifecycle.") => "登记全生命周期",
        _ => "其他操作",
    }
}

/// The names of fields, as clerks call them.
pub fn fields(names: &str) -> String {
    let known: Vec<&str> = names.split(',').filter_map(|name| field(name.trim())).collect();
    known.join("、")
}

/// How a field of a policy is called.
pub fn field(name: &str) -> Option<&'static str> {
    Some(match name {
        "title" => "标题",
        "document_number" => "发文字号",
        "organ_code" => "发布机关",
        "category" => "文件类别",
        "summary" => "内容概述",
        "text" => "正文",
        "issued_on" => "成文日期",
        "effective_on" => "实施日期",
        "expires_on" => "失效日期",
        "keywords" => "关键词",
        "relations" => "相关文件",
        "source" => "信息来源",
        "attachments" => "附件",
        "privacy" => "个人信息说明",
        "effect" => "有效性",
        "draft.state" => "办理状态",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_in_words() {
        let entry = |action: &str, detail: &str| {
            let (action, detail) = (action.to_owned(), detail.to_owned());
            event(AuditEntry { action, detail, ..AuditEntry::default() })
        };
        let update = entry("draft.update", "title,text,unheard_of");
        assert_eq!((update.what.as_str(), update.why.as_str()), ("修改草稿", "标题、正文"));
        assert_eq!(entry("draft.submit", "draft.state").why, "");
        assert_eq!(entry("policy.withdraw", "内容有误").why, "内容有误");
    }
}
