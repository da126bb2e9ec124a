//! The forms of a lifecycle: many alike, so they are data.

use std::collections::BTreeMap;

use contracts::documents::{Audience, DeliveryTerms, Payout, StageRecord};

use crate::pages::view::{
    lifecycle::{StageName, yuan_input},
    parts::{Choice, Faults, Field},
};

/// What was typed into one of the forms, by the names of its inputs.
pub type Typed = BTreeMap<String, String>;

/// What a form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Set,
    NotApplicable,
    AddMaterial,
    RemoveMaterial,
    Grant,
    UpdateGrant,
    RemoveGrant,
    Pay,
    Correct,
}

impl Act {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Set, "set"),
        (Self::NotApplicable, "not-applicable"),
        (Self::AddMaterial, "add-material"),
        (Self::RemoveMaterial, "remove-material"),
        (Self::Grant, "grant"),
        (Self::UpdateGrant, "update-grant"),
        (Self::RemoveGrant, "remove-grant"),
        (Self::Pay, "pay"),
        (Self::Correct, "correct"),
    ];

    /// The act of a word in an address.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(act, _)| *act)
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(act, _)| *act == self).map_or("", |(_, word)| word)
    }

    /// The field that tells one form of this act from another.
    fn key(self) -> &'static str {
        match self {
            Self::Set | Self::NotApplicable | Self::AddMaterial => "stage",
            Self::RemoveMaterial => "material",
            Self::Grant | Self::UpdateGrant | Self::RemoveGrant | Self::Pay => "delivery",
            Self::Correct => "payout",
        }
    }

    /// How the ids of a form's inputs begin.
    pub fn scope(self, form: &Typed) -> String {
        let which = form.get(self.key()).map(String::as_str).unwrap_or_default();
        self.scope_of(which)
    }

    fn scope_of(self, which: &str) -> String {
        format!("{}-{which}", self.word())
    }
}

/// The stage that a form belongs to.
pub fn stage_of(act: Act, form: &Typed) -> &str {
    match act {
        Act::Grant | Act::UpdateGrant | Act::RemoveGrant | Act::Pay | Act::Correct => "delivery",
        Act::Set | Act::NotApplicable | Act::AddMaterial | Act::RemoveMaterial => {
            let word = form.get("stage").map(String::as_str).unwrap_or_default();
            crate::pages::view::lifecycle::named(word).map_or("", |known| known.word)
        }
    }
}

/// One form.
#[derive(Debug, Clone, Default)]
pub struct FormView {
    pub action: String,
    pub summary: String,
    /// Shown without being opened.
    pub is_plain: bool,
    pub open: bool,
    pub hidden: Vec<(String, String)>,
    pub inputs: Vec<Input>,
    pub button: String,
    pub is_danger: bool,
}

/// One input.
#[derive(Debug, Clone, Default)]
pub struct Input {
    pub id: String,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// date, text, area, file, check or select.
    pub kind: &'static str,
    /// Id of the list that it offers; may be empty.
    pub list: String,
    pub choices: Vec<Choice>,
    pub field: Field,
}

/// Makes forms, with what was typed and what is wrong with it.
pub struct Maker<'a> {
    /// `/console/policies/{id}/lifecycle`
    pub base: &'a str,
    pub etag: &'a str,
    pub typed: Option<(&'a str, &'a Typed)>,
    pub faults: &'a Faults,
}

/// A form that is being made.
struct Making<'a> {
    maker: &'a Maker<'a>,
    scope: String,
    typed: Option<&'a Typed>,
    form: FormView,
}

impl<'a> Maker<'a> {
    fn begin(&'a self, act: Act, which: &str, summary: &str, button: &str) -> Making<'a> {
        let scope = act.scope_of(which);
        let typed = self.typed.filter(|(known, _)| *known == scope).map(|(_, typed)| typed);
        let mut hidden = vec![("etag".to_owned(), self.etag.to_owned())];
        if !which.is_empty() {
            hidden.push((act.key().to_owned(), which.to_owned()));
        }
        let form = FormView {
            action: format!("{}/{}", self.base, act.word()),
            summary: summary.to_owned(),
            open: typed.is_some(),
            hidden,
            button: button.to_owned(),
            ..FormView::default()
        };
        Making { maker: self, scope, typed, form }
    }

    /// When a stage was, who answers for it, what came of it.
    pub fn set(&self, known: &StageName, record: &StageRecord, organ: &str) -> FormView {
        let filled = !record.began_on.is_empty()
            || !record.ended_on.is_empty()
            || !record.summary.is_empty()
            || record.state() == contracts::documents::LifecycleStageState::NotApplicable;
        let button = if filled { "保存改动" } else { "登记" };
        let organ = if record.organ_name.is_empty() { organ } else { &record.organ_name };
        let mut making = self
            .begin(Act::Set, known.word, "", button)
            .date("began_on", "开始日期", "", &record.began_on)
            .date("ended_on", "结束日期", "还在进行的不填", &record.ended_on)
            .listed("organ", "责任单位", "organs", organ)
            .area(
                "summary",
                "情况说明",
                "对外公开，例如：收到意见 32 条，采纳 12 条",
                &record.summary,
            );
        if known.word == "demand" {
            let label = "属于重大行政决策（列入本机关的决策事项目录）";
            making = making.check("is_major_decision", label, record.is_major_decision);
        }
        if filled {
            making = making.text("reason", "改动原因", "会公开显示，例如：日期录入有误", "");
        }
        making.plain()
    }

    /// A material more.
    pub fn add_material(&self, known: &StageName) -> FormView {
        self.begin(Act::AddMaterial, known.word, "添加材料", "添加材料")
            .text("title", "材料名称", "", "")
            .listed("kind", "材料类型", &format!("kinds-{}", known.word), "")
            .date("dated_on", "材料日期", "", "")
            .text("url", "链接", "材料所在网页；链接、附件、内容至少填一项", "")
            .file("file", "附件")
            .area("text", "材料内容", "", "")
            .done()
    }

    /// The policy has no such stage.
    pub fn not_applicable(&self, known: &StageName) -> FormView {
        self.begin(Act::NotApplicable, known.word, "标为不适用", "标为不适用")
            .text("reason", "不适用的原因", "会公开显示，例如：转发上级文件，未另行调研", "")
            .done()
    }

    /// A material less.
    pub fn remove_material(&self, known: &StageName, id: &str, title: &str) -> FormView {
        let mut form = self
            .begin(Act::RemoveMaterial, id, &format!("移除“{title}”"), "移除")
            .text("reason", "移除的原因", "会公开显示，例如：上传有误，已另行补充", "")
            .dangerous();
        form.hidden.push(("stage".to_owned(), known.word.to_owned()));
        form
    }

    /// What is granted; `id` is empty for something new.
    pub fn grant(&self, id: &str, terms: &DeliveryTerms, organ: &str) -> FormView {
        let organ = if terms.organ_name.is_empty() { organ } else { &terms.organ_name };
        let making = if id.is_empty() {
            self.begin(Act::Grant, id, "登记兑现事项", "登记兑现事项")
        } else {
            self.begin(Act::UpdateGrant, id, "修改这一事项", "保存改动")
        };
        let making = making
            .text("benefit", "能得到什么", "例如：80周岁以上老年人高龄津贴", &terms.benefit)
            .audience(terms)
            .text(
                "audience_note",
                "具体对象",
                "例如：本市户籍 80 周岁以上老年人",
                &terms.audience_note,
            )
            .area("conditions", "条件", "一行写一条；没有条件的写“无”", &terms.conditions)
            .check("without_application", "免申即享（无须申请）", terms.without_application)
            .area("steps", "办理步骤", "一行写一步；免申即享的可以不填", &terms.steps)
            .text("url", "办理链接", "", &terms.url)
            .text("contact", "咨询方式", "公开的办公电话或窗口", &terms.contact)
            .listed("organ", "兑现机关", "organs", organ)
            .text("amount", "标准（元）", "没有固定标准的不填", &yuan_input(terms.amount_fen))
            .text("amount_unit", "标准的单位", "例如：每人每月", &terms.amount_unit)
            .date("available_from", "开始日期", "不限的不填", &terms.available_from)
            .date("available_until", "截止日期", "不限的不填", &terms.available_until);
        if id.is_empty() {
            return making.done();
        }
        making.text("reason", "改动原因", "会公开显示，例如：标准自今年起提高", "").done()
    }

    /// Something is not granted after all.
    pub fn remove_grant(&self, id: &str) -> FormView {
        self.begin(Act::RemoveGrant, id, "移除这一事项", "移除")
            .text("reason", "移除的原因", "会公开显示，例如：与另一项重复登记", "")
            .dangerous()
    }

    /// What was paid out.
    pub fn pay(&self, delivery: &str) -> FormView {
        let none = Payout { recipients: -1, ..Payout::default() };
        let making = self.begin(Act::Pay, delivery, "登记一次发放", "登记发放");
        making.figures(&none).done()
    }

    /// Right figures in place of wrong ones.
    pub fn correct(&self, delivery: &str, payout: &Payout, when: &str) -> FormView {
        let summary = format!("更正{when}的发放");
        let mut form = self
            .begin(Act::Correct, &payout.id, &summary, "更正")
            .figures(payout)
            .text(
                "reason",
                "更正的原因",
                "会公开显示，原数字保留可查；没有发放的，人数和金额填 0",
                "",
            )
            .done();
        form.hidden.push(("delivery".to_owned(), delivery.to_owned()));
        form
    }
}

impl Making<'_> {
    fn input(
        mut self,
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        stored: &str,
    ) -> Self {
        let id = format!("{}-{name}", self.scope);
        let value = match self.typed {
            Some(typed) => typed.get(name).map(String::as_str).unwrap_or_default(),
            None => stored,
        };
        let field = self.maker.faults.field(&id, value);
        let input = Input { id, name, label, hint, kind, field, ..Input::default() };
        self.form.inputs.push(input);
        self
    }

    fn text(self, name: &'static str, label: &'static str, hint: &'static str, was: &str) -> Self {
        self.input("text", name, label, hint, was)
    }

    fn date(self, name: &'static str, label: &'static str, hint: &'static str, was: &str) -> Self {
        self.input("date", name, label, hint, was)
    }

    fn area(self, name: &'static str, label: &'static str, hint: &'static str, was: &str) -> Self {
        self.input("area", name, label, hint, was)
    }

    fn file(self, name: &'static str, label: &'static str) -> Self {
        self.input("file", name, label, "", "")
    }

    fn check(self, name: &'static str, label: &'static str, was: bool) -> Self {
        self.input("check", name, label, "", if was { "1" } else { "" })
    }

    fn listed(self, name: &'static str, label: &'static str, list: &str, was: &str) -> Self {
        let mut making = self.text(name, label, "", was);
        if let Some(input) = making.form.inputs.last_mut() {
            list.clone_into(&mut input.list);
        }
        making
    }

    fn audience(self, terms: &DeliveryTerms) -> Self {
        const WORDS: [(&str, &str); 3] =
            [("persons", "个人"), ("firms", "企业"), ("persons_and_firms", "个人和企业")];
        let was = match terms.audience() {
            Audience::Firms => "firms",
            Audience::PersonsAndFirms => "persons_and_firms",
            Audience::Persons | Audience::Unspecified => "persons",
        };
        let mut making = self.input("select", "audience", "面向", "", was);
        if let Some(input) = making.form.inputs.last_mut() {
            input.choices = Choice::all(WORDS, &input.field.value);
        }
        making
    }

    fn figures(self, payout: &Payout) -> Self {
        // A correction may stand at nought; nothing stands there yet where there is no payout.
        let (recipients, amount) = match payout.recipients {
            -1 => (String::new(), String::new()),
            count if payout.paid_fen == 0 => (count.to_string(), "0".to_owned()),
            count => (count.to_string(), yuan_input(payout.paid_fen)),
        };
        self.date("paid_from", "发放日期", "按月、按季登记的填第一天", &payout.paid_from)
            .date("paid_until", "截止日期", "只有一天的不填", &payout.paid_until)
            .text("recipients", "人（户）次", "", &recipients)
            .text("amount", "金额（元）", "例如：240000.00", &amount)
            .text("remark", "备注", "", &payout.remark)
    }

    fn plain(mut self) -> FormView {
        self.form.is_plain = true;
        self.done()
    }

    fn dangerous(mut self) -> FormView {
        self.form.is_danger = true;
        self.done()
    }

    /// The form; it asks for a ground only where something personal was found.
    fn done(self) -> FormView {
        let id = format!("{}-privacy_reason", self.scope);
        let typed = self.typed.and_then(|typed| typed.get("privacy_reason"));
        let asks = !self.maker.faults.at(&id).is_empty()
            || typed.is_some_and(|ground| !ground.trim().is_empty());
        if !asks {
            return self.form;
        }
        let hint = "例如：依法公示补贴发放名单；没有依据的请遮盖后再保存";
        self.text("privacy_reason", "个人信息可以公开的依据", hint, "").form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_what_was_typed_and_shows_what_is_wrong_with_it() {
        let typed: Typed = [("delivery", "d1"), ("recipients", "十人"), ("amount", "5")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let faults = Faults::one("pay-d1-recipients", "人数应为整数");
        let scope = Act::Pay.scope(&typed);
        let maker =
            Maker { base: "/b", etag: "s1", typed: Some((&scope, &typed)), faults: &faults };
        let form = maker.pay("d1");
        let input = form.inputs.iter().find(|input| input.name == "recipients").unwrap();
        assert_eq!((&*input.field.value, &*input.field.error), ("十人", "人数应为整数"));
        assert!(form.open);
        let other = maker.pay("d2");
        assert!(!other.open && other.inputs.iter().all(|input| input.field.value.is_empty()));
    }

    #[test]
    fn a_ground_is_asked_for_only_where_something_personal_was_found() {
        let known = crate::pages::view::lifecycle::named("study").unwrap();
        let asks = |faults: &Faults| {
            let maker = Maker { base: "/b", etag: "s1", typed: None, faults };
            maker.add_material(known).inputs.iter().any(|input| input.name == "privacy_reason")
        };
        assert!(!asks(&Faults::default()));
        assert!(asks(&Faults::one("add-material-study-privacy_reason", "请写明依据")));
    }

    #[test]
    fn every_act_has_a_word() {
        for (act, word) in Act::ALL {
            assert_eq!(Act::named(word), Some(act));
        }
        assert_eq!(Act::named("anything"), None);
    }
}
