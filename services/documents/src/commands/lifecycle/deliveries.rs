//! Deliveries, 兑现: what a policy grants, and what was paid out.

use chrono::NaiveDate;
use kit::auth::Caller;

use super::{Asked, Decided, answers};
use crate::{
    commands::Documents,
    domain::{
        PolicyId,
        lifecycle::{
            Change, Lifecycle, Stage,
            delivery::{Delivery, MOST_DELIVERIES, MOST_PAYOUTS, Payout, Terms},
        },
        text,
    },
    error::{Error, Result},
};

/// What was paid out, as a clerk tells it.
#[derive(Clone, Debug)]
pub struct Figures {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day; unset: the same.
    pub until: Option<NaiveDate>,
    /// How many people or firms.
    pub recipients: i64,
    /// How much, in fen.
    pub fen: i64,
    /// What is to be said of it.
    pub remark: String,
}

impl Figures {
    fn payout(self, today: NaiveDate, corrects: bool) -> Result<Payout> {
        let Self { from, until, recipients, fen, remark } = self;
        let missing = || Error::invalid("paid_from", "请填写发放日期，例如 2026-03-31");
        let from = from.ok_or_else(missing)?;
        let remark = text::line(&remark);
        let payout = Payout { from, until: until.unwrap_or(from), recipients, fen, remark };
        let wrong = payout.violations(today, corrects);
        if wrong.is_empty() { Ok(payout) } else { Err(Error::Invalid(wrong)) }
    }
}

impl Documents {
    /// Says what a policy grants.
    #[tracing::instrument(name = "command.documents.add_delivery", skip_all, fields(policy.id = %id))]
    pub async fn add_delivery(
        &self,
        caller: &Caller,
        id: PolicyId,
        terms: Terms,
        asked: Asked<'_>,
    ) -> Result<()> {
        let organ = self.responsible(&terms.organ_code).await?;
        let mut terms = sound(terms)?;
        let delivery = kit::id::new(&*self.clock).to_string();
        self.amend(caller, id, "AddDelivery", asked, Vec::new(), |row, lifecycle| {
            if lifecycle.deliveries.len() >= MOST_DELIVERIES {
                let text = format!("每份文件最多 {MOST_DELIVERIES} 项兑现事项");
                return Err(Error::invalid("benefit", text));
            }
            (terms.organ_code, terms.organ_name) = answers(organ, row);
            let said = said(&terms);
            Ok(decided(Change::DeliveryAdded { id: delivery, terms }, said))
        })
        .await
    }

    /// Says anew what a policy grants.
    #[tracing::instrument(name = "command.documents.update_delivery", skip_all, fields(policy.id = %id))]
    pub async fn update_delivery(
        &self,
        caller: &Caller,
        id: PolicyId,
        delivery: &str,
        terms: Terms,
        asked: Asked<'_>,
    ) -> Result<()> {
        let organ = self.responsible(&terms.organ_code).await?;
        let mut terms = sound(terms)?;
        self.amend(caller, id, "UpdateDelivery", asked, Vec::new(), |row, lifecycle| {
            let before = known(lifecycle, delivery)?;
            (terms.organ_code, terms.organ_name) = answers(organ, row);
            if before.terms == terms {
                return Err(Error::invalid("benefit", "与已登记的内容相同，没有要保存的改动"));
            }
            let said = said(&terms);
            let change = Change::DeliveryUpdated { id: before.id.clone(), terms };
            Ok(decided(change, said).needing("请写明改动的原因，例如：标准自今年起提高"))
        })
        .await
    }

    /// Takes back that a policy grants something.
    #[tracing::instrument(name = "command.documents.remove_delivery", skip_all, fields(policy.id = %id))]
    pub async fn remove_delivery(
        &self,
        caller: &Caller,
        id: PolicyId,
        delivery: &str,
        asked: Asked<'_>,
    ) -> Result<()> {
        self.amend(caller, id, "RemoveDelivery", asked, Vec::new(), |_, lifecycle| {
            let before = known(lifecycle, delivery)?;
            let (id, benefit) = (before.id.clone(), before.terms.benefit.clone());
            let change = Change::DeliveryRemoved { id, benefit };
            Ok(decided(change, Vec::new()).needing("请写明移除的原因，例如：与另一项重复登记"))
        })
        .await
    }

    /// Adds what was paid out.
    #[tracing::instrument(name = "command.documents.add_payout", skip_all, fields(policy.id = %id))]
    pub async fn add_payout(
        &self,
        caller: &Caller,
        id: PolicyId,
        delivery: &str,
        figures: Figures,
        asked: Asked<'_>,
    ) -> Result<()> {
        let payout = figures.payout(self.clock.today(), false)?;
        let new = kit::id::new(&*self.clock).to_string();
        self.amend(caller, id, "AddPayout", asked, Vec::new(), |_, lifecycle| {
            let delivery = known(lifecycle, delivery)?;
            if delivery.payouts.len() >= MOST_PAYOUTS {
                let text = format!("每项最多登记 {MOST_PAYOUTS} 次发放，请按月或按季合并登记");
                return Err(Error::invalid("paid_from", text));
            }
            let said = vec![("remark", "发放备注", payout.remark.clone())];
            let delivery_id = delivery.id.clone();
            Ok(decided(Change::PayoutAdded { delivery_id, id: new, payout }, said))
        })
        .await
    }

    /// Puts right figures in place of wrong ones; those before stay in the entries.
    #[tracing::instrument(name = "command.documents.correct_payout", skip_all, fields(policy.id = %id))]
    pub async fn correct_payout(
        &self,
        caller: &Caller,
        id: PolicyId,
        (delivery, paid): (&str, &str),
        figures: Figures,
        asked: Asked<'_>,
    ) -> Result<()> {
        let payout = figures.payout(self.clock.today(), true)?;
        self.amend(caller, id, "CorrectPayout", asked, Vec::new(), |_, lifecycle| {
            let delivery = known(lifecycle, delivery)?;
            let before = delivery.payouts.iter().find(|known| known.id == paid);
            let before = before.ok_or(Error::Unknown("发放记录"))?;
            if before.payout == payout {
                let text = "与已登记的发放相同，没有要更正的内容";
                return Err(Error::invalid("recipients", text));
            }
            let said = vec![("remark", "发放备注", payout.remark.clone())];
            let (delivery_id, id) = (delivery.id.clone(), before.id.clone());
            let change = Change::PayoutCorrected { delivery_id, id, payout };
            Ok(decided(change, said).needing("请写明更正的原因，例如：漏计一个乡镇"))
        })
        .await
    }
}

fn decided(change: Change, said: Vec<super::Said>) -> Decided {
    Decided::new(Stage::Delivery, change, said)
}

fn known<'a>(lifecycle: &'a Lifecycle, id: &str) -> Result<&'a Delivery> {
    lifecycle.delivery(id).ok_or(Error::Unknown("兑现事项"))
}

fn sound(terms: Terms) -> Result<Terms> {
    let terms = terms.tidied();
    let wrong = terms.violations();
    if wrong.is_empty() { Ok(terms) } else { Err(Error::Invalid(wrong)) }
}

fn said(terms: &Terms) -> Vec<super::Said> {
    vec![
        ("benefit", "兑现内容", terms.benefit.clone()),
        ("audience_note", "对象说明", terms.audience_note.clone()),
        ("conditions", "条件", terms.conditions.clone()),
        ("steps", "办理步骤", terms.steps.clone()),
        ("url", "办理链接", terms.url.clone()),
        ("contact", "咨询方式", terms.contact.clone()),
        ("amount_unit", "计量单位", terms.unit.clone()),
    ]
}
