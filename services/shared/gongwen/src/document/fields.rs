//! The values of a document.

use chrono::NaiveDate;
use serde::Serialize;

use super::category::Category;
use super::page::Page;
use super::{
    addressee, attachment, category, effect, header, imprint, kind, number, organs, period,
    signature,
};
use crate::{DocumentNumber, Field};

/// The values read from a document, each with its place and confidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// The title (标题), its lines joined; GB/T 9704-2012, 7.3.1.
    pub title: Option<Field<String>>,
    /// The document's own numbers (发文字号), the lead organ's first; GB/T 9704-2012, 7.2.5.
    pub document_numbers: Vec<Field<DocumentNumber>>,
    /// The organs that issued it, the lead organ first; several for a joint document.
    pub issuing_organs: Vec<Field<String>>,
    /// To whom it is addressed (主送机关); GB/T 9704-2012, 7.3.2.
    pub addressees: Vec<Field<String>>,
    /// The day of signing (成文日期); for laws the day of the last adoption or promulgation.
    pub signed_on: Option<Field<NaiveDate>>,
    /// The day of publication, where the text says so.
    pub published_on: Option<Field<NaiveDate>>,
    /// The day it takes effect.
    pub effective_on: Option<Field<NaiveDate>>,
    /// The last day on which it is valid; counted from the period with a confidence below 60 where
    /// the text names no day.
    pub expires_on: Option<Field<NaiveDate>>,
    /// Its period of validity in years, where the text states one.
    pub validity_years: Option<Field<u32>>,
    /// The kind of document (文种), one of [`super::KINDS`].
    pub kind: Option<Field<&'static str>>,
    /// What kind of act it is, by who made it and what it does.
    pub category: Option<Field<Category>>,
    /// The mark that says whether it is public (公开属性).
    pub disclosure: Option<Field<Disclosure>>,
    /// Names and date at the end, as written (署名、成文日期); GB/T 9704-2012, 7.3.5.
    pub signature_block: Option<Field<String>>,
    /// Copies and printing (版记); GB/T 9704-2012, 7.4.
    pub print_block: Option<Field<PrintBlock>>,
    /// The names of its attachments (附件说明); GB/T 9704-2012, 7.3.4.
    pub attachments: Vec<Field<String>>,
    /// What has more than one reading and was therefore left without a value, in Chinese.
    pub doubts: Vec<String>,
}

/// How a document is disclosed, by its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// 主动公开, 公开发布.
    Public,
    /// 依申请公开.
    OnRequest,
    /// 不予公开, 不公开.
    Withheld,
}

/// The print block (版记).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PrintBlock {
    /// To whom copies go (抄送), as written.
    pub copies_to: Option<String>,
    /// Who printed it (印发机关).
    pub printed_by: Option<String>,
    /// When it was printed (印发日期).
    pub printed_on: Option<NaiveDate>,
}

/// Reads all values of a page. The order matters: later values lean on earlier ones.
pub(super) fn read(page: &Page) -> Fields {
    let mut fields = Fields { title: page.title.clone(), ..Fields::default() };
    let events = header::events(page);
    let signature = signature::find(page, &mut fields.doubts);
    fields.kind = kind::read(page);
    fields.document_numbers = number::read(page);
    fields.addressees = addressee::read(page);
    fields.issuing_organs =
        organs::read(page, signature.as_ref(), &events, &fields.document_numbers);
    fields.signed_on = signature::signed_on(page, signature.as_ref(), &events);
    fields.published_on = header::published_on(page, &events, &mut fields.doubts);
    fields.signature_block = signature.map(|signature| signature.block(page));
    effect::read(page, &events, &mut fields);
    period::read(page, &mut fields);
    fields.category = category::read(page, &fields);
    fields.disclosure = imprint::disclosure(page);
    fields.print_block = imprint::print_block(page);
    fields.attachments = attachment::read(page);
    fields
}
