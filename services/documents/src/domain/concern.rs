//! What speaks against a policy as it is written.

use chrono::NaiveDate;

use super::{
    PolicyId,
    content::{Content, Disclosure, Relation},
    day,
    effect::Acting,
};

/// What is wrong. The words are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another public policy bears the document number.
    SharedNumber,
    /// Another policy says nearly the same.
    NearDuplicate,
    /// It repeals or amends itself.
    ActsOnItself,
    /// What it repeals or amends does so to it.
    Circle,
    /// Its organ has no power over the other's documents.
    NoPower,
    /// What it repeals or amends is not in the library.
    TargetUnknown,
    /// It was signed on a day that is yet to come.
    FutureDay,
    /// Its issuing organ is not in the directory.
    OrganUnknown,
    /// It is not for the public.
    NotPublic,
}

impl Kind {
    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SharedNumber => "shared_number",
            Self::NearDuplicate => "near_duplicate",
            Self::ActsOnItself => "acts_on_itself",
            Self::Circle => "circle",
            Self::NoPower => "no_power",
            Self::TargetUnknown => "target_unknown",
            Self::FutureDay => "future_day",
            Self::OrganUnknown => "organ_unknown",
            Self::NotPublic => "not_public",
        }
    }

    /// Whether it must be mended before review.
    pub const fn refuses(self) -> bool {
        match self {
            Self::SharedNumber
            | Self::ActsOnItself
            | Self::Circle
            | Self::FutureDay
            | Self::NotPublic => true,
            Self::NearDuplicate | Self::NoPower | Self::TargetUnknown | Self::OrganUnknown => false,
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::SharedNumber => "document_number",
            Self::NearDuplicate => "text",
            Self::ActsOnItself | Self::Circle | Self::NoPower | Self::TargetUnknown => "relations",
            Self::FutureDay => "issued_on",
            Self::OrganUnknown => "organ_code",
            Self::NotPublic => "disclosure",
        }
    }
}

/// Something that speaks against a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// What is wrong.
    pub kind: Kind,
    /// What is wrong and what would be right, in Chinese.
    pub detail: String,
    /// The other policy, where there is one.
    pub policy_id: Option<PolicyId>,
}

impl Concern {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), policy_id: None }
    }

    fn with(self, other: &Other) -> Self {
        Self { policy_id: Some(other.id), ..self }
    }

    /// The field of the content that it is about.
    pub const fn field(&self) -> &'static str {
        self.kind.field()
    }
}

/// Another policy, as far as a concern tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its id.
    pub id: PolicyId,
    /// Its title.
    pub title: String,
    /// Its document number, or empty.
    pub document_number: String,
    /// The name of its organ.
    pub organ_name: String,
}

impl Other {
    fn cited(&self) -> String {
        let number = Some(self.document_number.as_str()).filter(|number| !number.is_empty());
        Acting::new(self.id.to_string(), &self.title, number).to_string()
    }
}

/// What a content itself tells on a day.
pub fn of_content(content: &Content, today: NaiveDate) -> Vec<Concern> {
    let mut found = Vec::new();
    if let Some(issued_on) = content.issued_on.filter(|day| *day > today) {
        let detail = format!("成文日期 {} 还没有到，请核对", day::write(Some(issued_on)));
        found.push(Concern::new(Kind::FutureDay, detail));
    }
    if content.disclosure != Disclosure::Public {
        let detail = format!(
            "公开属性为“{}”的文件只登记，不发布；要发布请改为主动公开",
            content.disclosure.chinese()
        );
        found.push(Concern::new(Kind::NotPublic, detail));
    }
    found
}

/// Another public policy bears the number.
pub fn shared_number(number: &str, other: &Other) -> Concern {
    let detail = format!(
        "发文字号{number}已用于{}，请核对字号；如是同一份文件，请修订已有的那一份",
        other.cited()
    );
    Concern::new(Kind::SharedNumber, detail).with(other)
}

/// Another policy says nearly the same, in so many hundredths.
pub fn near_duplicate(percent: usize, other: &Other) -> Concern {
    let detail = format!("正文与{}有 {percent}% 相同，请确认不是重复登记", other.cited());
    Concern::new(Kind::NearDuplicate, detail).with(other)
}

/// What an organ does to another policy by a relation, where it may not, or where nobody can tell to
/// whom.
pub fn of_relation(
    relation: &Relation,
    own_id: Option<PolicyId>,
    organ_name: &str,
    target: Option<&Other>,
) -> Option<Concern> {
    let verb = match relation.kind.as_str() {
        "repeals" => "废止",
        "amends" => "修改",
        _ => return None,
    };
    let Some(target) = target else {
        let named = match relation.target_title.as_str() {
            "" => relation.target_number.clone(),
            title => format!("《{title}》"),
        };
        let detail = format!("库内没有找到要{verb}的{named}；它入库以后会自动关联");
        return Some(Concern::new(Kind::TargetUnknown, detail));
    };
    if own_id == Some(target.id) {
        let detail = format!("文件不能{verb}它自己，请核对相关文件");
        return Some(Concern::new(Kind::ActsOnItself, detail));
    }
    if ::effect::library::may_act_on(organ_name, &target.organ_name) == Some(false) {
        let detail = format!(
            "“{organ_name}”一般无权{verb}“{}”制发的{}（《立法法》第一百零七条、第一百零八条），\
             这样的{verb}不改变对方的有效性，请核对",
            target.organ_name,
            target.cited()
        );
        return Some(Concern::new(Kind::NoPower, detail).with(target));
    }
    None
}

/// Whether a relation names the very document that states it, by title or number.
pub fn names_itself(content: &Content, relation: &Relation) -> bool {
    let acts = matches!(relation.kind.as_str(), "repeals" | "amends");
    let own = super::number::read(&content.document_number).key;
    let number = super::number::read(&relation.target_number).key;
    acts && relation.target_policy_id.is_empty() && !number.is_empty() && number == own
}

/// It repeals or amends itself.
pub fn acts_on_itself() -> Concern {
    Concern::new(Kind::ActsOnItself, "文件不能废止或者修改它自己，请核对相关文件的字号")
}

/// What it repeals or amends does so to it, be it through others.
pub fn circle(target: &Other) -> Concern {
    let detail = format!("{}已经废止或者修改这份文件，两者不能互相废改，请核对", target.cited());
    Concern::new(Kind::Circle, detail).with(target)
}

/// The issuing organ that was read is not in the directory.
pub fn organ_unknown(name: &str) -> Concern {
    let detail = format!("读出的发文机关“{name}”不在机构名录中，或者不由您办理，请核对发文机关");
    Concern::new(Kind::OrganUnknown, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(organ_name: &str) -> Other {
        Other {
            id: "0192d5e4-7a00-7000-8000-000000000001".parse().unwrap(),
            title: "停车管理办法".to_owned(),
            document_number: "某府〔2020〕3号".to_owned(),
            organ_name: organ_name.to_owned(),
        }
    }

    fn repeal() -> Relation {
        Relation {
            kind: "repeals".to_owned(),
            target_title: "停车管理办法".to_owned(),
            ..Relation::default()
        }
    }

    fn kind(organ: &str, target: Option<&Other>, own: Option<PolicyId>) -> Option<Kind> {
        of_relation(&repeal(), own, organ, target).map(|concern| concern.kind)
    }

    #[test]
    fn a_repeal_needs_a_target_that_is_another_and_power_over_it() {
        let target = other("淮南市人民政府");
        assert_eq!(kind("淮南市财政局", None, None), Some(Kind::TargetUnknown));
        assert_eq!(kind("淮南市财政局", Some(&target), None), Some(Kind::NoPower));
        assert_eq!(kind("淮南市人民政府", Some(&target), None), None);
        let own = Some(target.id);
        assert_eq!(kind("淮南市人民政府", Some(&target), own), Some(Kind::ActsOnItself));
        let basis = Relation { kind: "based_on".to_owned(), ..repeal() };
        assert_eq!(of_relation(&basis, None, "淮南市财政局", None), None);
    }

    #[test]
    fn a_document_with_the_number_that_it_repeals_repeals_itself() {
        let content =
            Content { document_number: "某府〔2020〕3号".to_owned(), ..Content::default() };
        let relation = Relation { target_number: "某府[2020]3号".to_owned(), ..repeal() };
        assert!(names_itself(&content, &relation));
        assert!(!names_itself(&Content::default(), &repeal()), "nothing is named");
    }

    #[test]
    fn a_day_to_come_and_what_is_not_public_are_refused() {
        let content = Content {
            issued_on: "2024-07-01".parse().ok(),
            disclosure: Disclosure::OnRequest,
            ..Content::default()
        };
        let found = of_content(&content, "2024-06-30".parse().unwrap());
        let fields: Vec<_> = found.iter().map(Concern::field).collect();
        assert_eq!(fields, ["issued_on", "disclosure"]);
        assert!(found.iter().all(|concern| concern.kind.refuses()));
        let today = Content { disclosure: Disclosure::Public, ..content };
        assert_eq!(of_content(&today, "2024-07-01".parse().unwrap()), []);
    }
}
