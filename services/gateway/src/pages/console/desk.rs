//! The frame of the console: where one can go, and what was just done.

use contracts::role;

use crate::{
    pages::view::{
        facets::Parameters,
        frame::{Desk, Flash, NavItem},
        parts::Link,
        standing::{OPERATORS, REVIEWERS, WRITERS},
    },
    session::Staff,
};

/// Who follows policies from draft to receipt.
pub const CLERKS: [&str; 3] = [role::EDITOR, role::REVIEWER, role::OFFICE];
/// Who sees what was sent to subscribers.
pub const MAIL_READERS: [&str; 4] = [role::EDITOR, role::REVIEWER, role::OFFICE, role::OPS];

/// A place of the console, and to whom it is open; to everybody where no role is named.
struct Place {
    label: &'static str,
    path: &'static str,
    icon: &'static str,
    roles: &'static [&'static str],
}

const PLACES: [Place; 11] = [
    Place { label: "我的任务", path: "/console", icon: "task", roles: &[] },
    Place { label: "政策文件", path: "/console/policies", icon: "file", roles: &CLERKS },
    Place {
        label: "解读任务",
        path: "/console/interpretation-tasks",
        icon: "talk",
        roles: &CLERKS,
    },
    Place { label: "录入文件", path: "/console/intake", icon: "down", roles: &WRITERS },
    Place { label: "导入待补", path: "/console/worklist", icon: "edit", roles: &CLERKS },
    Place { label: "质量报告", path: "/console/quality", icon: "check", roles: &CLERKS },
    Place { label: "清除申请", path: "/console/expunges", icon: "lapse", roles: &REVIEWERS },
    Place { label: "已发邮件", path: "/console/mail", icon: "mail", roles: &MAIL_READERS },
    Place {
        label: "未处理事件", path: "/console/dead-letters", icon: "warn", roles: &OPERATORS
    },
    Place { label: "机关", path: "/console/organs", icon: "tree", roles: &[] },
    Place { label: "账号", path: "/console/accounts", icon: "user", roles: &OPERATORS },
];

/// The frame of a page; `section` is the path of the place it belongs to.
pub fn of(staff: &Staff, title: &str, section: &str) -> Desk {
    let roles: Vec<&str> = staff.account.roles.iter().map(|role| role_name(role)).collect();
    let open = PLACES
        .iter()
        .filter(|place| place.roles.is_empty() || place.roles.iter().any(|role| staff.has(role)));
    let item = |place: &Place| NavItem {
        label: place.label.to_owned(),
        url: place.path.to_owned(),
        icon: place.icon.to_owned(),
        count: String::new(),
        current: place.path == section,
    };
    Desk {
        title: title.to_owned(),
        csrf: staff.csrf.clone(),
        who: staff.account.name.clone(),
        organ: staff.account.organ_name.clone(),
        role: roles.join("、"),
        nav: open.map(item).collect(),
        crumbs: Vec::new(),
        flash: None,
    }
}

impl Desk {
    /// Names the page above this one.
    #[must_use]
    pub fn below(mut self, label: &str, url: &str) -> Self {
        self.crumbs.push(Link::new(label, url));
        self
    }
}

/// How a role is called.
pub fn role_name(role: &str) -> &'static str {
    match role {
        role::OFFICE => "政务公开办",
        role::EDITOR => "起草员",
        role::REVIEWER => "审核员",
        role::HANDLER => "依申请公开办理员",
        role::HOTLINE => "热线话务员",
        role::EVALUATOR => "考评员",
        role::OPS => "运维人员",
        _ => "其他角色",
    }
}

/// What the last command did. The address names it by a word, so that nobody can put other words
/// on our page.
pub fn flash(parameters: &Parameters) -> Option<Flash> {
    let number = |name: &str| parameters.number::<u32>(name);
    let text = match parameters.get("done") {
        "created" => "草稿已保存。",
        "saved" => "改动已保存。",
        "submitted" => "已提交审核，等待另一位同事办理。",
        "approved" => "已审核通过，可以发布。",
        "returned" => "已退回修改，起草人会在任务里看到原因。",
        "discarded" => "草稿已放弃。",
        "published" => "已发布，后续步骤见回执。",
        "scheduled" => "已定时，到时自动发布。",
        "masked" => "已遮盖所选的个人信息。",
        "justified" => "已记录可以公开的依据。",
        "overruled" => "已记录核定的有效性，公开页面随即更新。",
        "unscheduled" => "已取消定时，文件回到待发布。",
        "withdrawn" => "已撤下，各处移除的进度见回执。",
        "interpretation_saved" => "解读草稿已保存。",
        "interpretation_published" => "解读已公开。",
        "interpretation_withdrawn" => "解读已撤下。",
        "lifecycle_saved" => "已保存；文件公开的，公开页面随即更新。",
        "resolved" => "已标记为处理完毕。",
        "account_created" => "账号已建立，请把初始密码当面告诉本人。",
        "account_disabled" => "账号已停用，一分钟内不能再使用。",
        "account_enabled" => "账号已启用。",
        "expunge_requested" => "已登记，等待另一位审核员确认；对方会在任务里看到。",
        "expunged" => "该版正文已在各处清除。",
        "redriven" => return Some(redriven(number("count"), number("failed"))),
        _ => return None,
    };
    Some(Flash { tone: "ok".to_owned(), text: text.to_owned() })
}

fn redriven(count: u32, failed: u32) -> Flash {
    if failed == 0 {
        let text = format!("已重新投递 {count} 条事件，全部处理成功。");
        return Flash { tone: "ok".to_owned(), text };
    }
    let text = format!("已重新投递 {count} 条事件，其中 {failed} 条再次失败，原因见下。");
    Flash { tone: "bad".to_owned(), text }
}
