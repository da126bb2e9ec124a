//! The organ tree and what may be added to it.

use std::collections::{BTreeMap, HashMap};

use super::credit_code;

/// The kinds of publishing bodies.
pub const KINDS: [&str; 7] = [
    "government",
    "office",
    "department",
    "county",
    "township",
    "public_enterprise",
    "institution",
];

/// A publishing body without its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    /// Stable short name.
    pub code: String,
    /// Full standard name.
    pub name: String,
    /// Name as used in running text.
    pub short_name: String,
    /// Code of the organ above; empty for a root.
    pub parent_code: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Unified social credit code; may be empty.
    pub credit_code: String,
    /// Heads of its document numbers.
    pub number_heads: Vec<String>,
    /// Telephone for enquiries.
    pub phone: String,
}

/// Why one organ was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Field of the organ that is wrong.
    pub field: &'static str,
    /// What is wrong with it, in Chinese.
    pub reason: String,
}

/// What an import does: organs to write, parents before children, and those refused.
#[derive(Debug, Default)]
pub struct Plan {
    /// Not in the tree so far.
    pub added: Vec<Organ>,
    /// In the tree with other values.
    pub changed: Vec<Organ>,
    /// How many are in the tree just so.
    pub unchanged: u32,
    /// Place in the import and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// The organs that exist, by code.
#[derive(Debug, Default)]
pub struct Tree {
    organs: HashMap<String, Organ>,
    codes_by_name: HashMap<String, String>,
}

impl Tree {
    /// The tree of these organs.
    pub fn new(organs: impl IntoIterator<Item = Organ>) -> Self {
        let mut tree = Self::default();
        organs.into_iter().for_each(|organ| tree.put(organ));
        tree
    }

    /// Sorts an import into what is taken and what is refused; parents may stand anywhere in it.
    pub fn take_in(mut self, import: Vec<Organ>) -> Plan {
        let mut plan = Plan::default();
        let mut waiting: BTreeMap<usize, Organ> = BTreeMap::new();
        for (index, organ) in import.into_iter().enumerate() {
            match check_fields(&organ) {
                Ok(()) => drop(waiting.insert(index, organ)),
                Err(refusal) => plan.refused.push((index, refusal)),
            }
        }
        // Each round takes those whose parent is there by now; it ends when a round takes none.
        loop {
            let ready: Vec<usize> = waiting
                .iter()
                .filter(|(_, organ)| self.has_parent_of(organ))
                .map(|(index, _)| *index)
                .collect();
            if ready.is_empty() {
                break;
            }
            for index in ready {
                if let Some(organ) = waiting.remove(&index) {
                    self.take(index, organ, &mut plan);
                }
            }
        }
        plan.refused.extend(waiting.into_iter().map(|(index, organ)| (index, orphan(&organ))));
        plan.refused.sort_by_key(|(index, _)| *index);
        plan
    }

    fn take(&mut self, index: usize, organ: Organ, plan: &mut Plan) {
        if let Err(refusal) = self.check_place(&organ) {
            plan.refused.push((index, refusal));
            return;
        }
        match self.organs.get(&organ.code) {
            Some(known) if *known == organ => plan.unchanged += 1,
            Some(_) => plan.changed.push(organ.clone()),
            None => plan.added.push(organ.clone()),
        }
        self.put(organ);
    }

    fn put(&mut self, organ: Organ) {
        self.codes_by_name.insert(organ.name.clone(), organ.code.clone());
        if let Some(before) = self.organs.insert(organ.code.clone(), organ.clone())
            && before.name != organ.name
        {
            self.codes_by_name.remove(&before.name);
        }
    }

    fn has_parent_of(&self, organ: &Organ) -> bool {
        organ.parent_code.is_empty() || self.organs.contains_key(&organ.parent_code)
    }

    fn check_place(&self, organ: &Organ) -> Result<(), Refusal> {
        if let Some(holder) = self.codes_by_name.get(&organ.name)
            && *holder != organ.code
        {
            return refuse("name", format!("名称“{}”已属于机关 {holder}", organ.name));
        }
        let mut above = organ.parent_code.as_str();
        while let Some(next) = self.organs.get(above) {
            if next.code == organ.code {
                return refuse("parent_code", "上级关系成环：它的上级又是它的下级".to_owned());
            }
            above = &next.parent_code;
        }
        Ok(())
    }
}

fn orphan(organ: &Organ) -> Refusal {
    Refusal {
        field: "parent_code",
        reason: format!("上级机关 {} 不存在，或它本身未被接受", organ.parent_code),
    }
}

fn check_fields(organ: &Organ) -> Result<(), Refusal> {
    let code_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(2..=64).contains(&organ.code.len()) || !organ.code.chars().all(code_char) {
        return refuse("code", "代码应为 2 到 64 个小写字母、数字或横线".to_owned());
    }
    if organ.name.is_empty() || organ.name.chars().count() > 100 {
        return refuse("name", "名称应为 1 到 100 个字".to_owned());
    }
    if organ.parent_code == organ.code {
        return refuse("parent_code", "上级机关不能是它自己".to_owned());
    }
    if !KINDS.contains(&organ.kind.as_str()) {
        let reason = format!("没有“{}”这种类型；可选：{}", organ.kind, KINDS.join("、"));
        return refuse("kind", reason);
    }
    if !organ.credit_code.is_empty() && !credit_code::is_valid(&organ.credit_code) {
        let reason = format!("统一社会信用代码“{}”校验不通过，请核对", organ.credit_code);
        return refuse("credit_code", reason);
    }
    let long = |text: &String| text.is_empty() || text.chars().count() > 20;
    if organ.number_heads.len() > 20 || organ.number_heads.iter().any(long) {
        return refuse("number_heads", "发文代字最多 20 个，每个 1 到 20 个字".to_owned());
    }
    if organ.short_name.chars().count() > 50 || organ.phone.chars().count() > 50 {
        return refuse("short_name", "简称和电话最多 50 个字".to_owned());
    }
    Ok(())
}

fn refuse(field: &'static str, reason: String) -> Result<(), Refusal> {
    Err(Refusal { field, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organ(code: &str, parent: &str) -> Organ {
        Organ {
            code: code.to_owned(),
            name: format!("{code}局"),
            short_name: String::new(),
            parent_code: parent.to_owned(),
            kind: "department".to_owned(),
            credit_code: String::new(),
            number_heads: Vec::new(),
            phone: String::new(),
        }
    }

    fn codes(organs: &[Organ]) -> Vec<&str> {
        organs.iter().map(|organ| organ.code.as_str()).collect()
    }

    #[test]
    fn parents_may_come_after_their_children() {
        let plan = Tree::default().take_in(vec![
            organ("grandchild", "child"),
            organ("child", "city"),
            organ("city", ""),
        ]);
        assert_eq!(codes(&plan.added), ["city", "child", "grandchild"]);
        assert!(plan.refused.is_empty());
    }

    #[test]
    fn one_bad_organ_does_not_stop_the_others() {
        let mut odd = organ("odd", "city");
        odd.kind = "club".to_owned();
        let plan = Tree::new([organ("city", "")]).take_in(vec![
            odd,
            organ("lost", "nowhere"),
            organ("fine", "city"),
            organ("city", ""),
        ]);
        assert_eq!(codes(&plan.added), ["fine"]);
        assert_eq!(plan.unchanged, 1);
        let fields: Vec<_> = plan.refused.iter().map(|(at, why)| (*at, why.field)).collect();
        assert_eq!(fields, [(0, "kind"), (1, "parent_code")]);
    }

    #[test]
    fn a_cycle_is_refused_whether_new_or_made_by_a_move() {
        let plan = Tree::default().take_in(vec![organ("aa", "bb"), organ("bb", "aa")]);
        assert_eq!(plan.refused.len(), 2);
        let tree = Tree::new([organ("city", ""), organ("office", "city")]);
        let plan = tree.take_in(vec![organ("city", "office")]);
        assert!(plan.refused.first().unwrap().1.reason.contains("成环"));
    }

    #[test]
    fn a_name_belongs_to_one_organ_and_is_free_after_a_renaming() {
        let mut twin = organ("twin", "");
        twin.name = "city局".to_owned();
        let plan = Tree::new([organ("city", "")]).take_in(vec![twin.clone()]);
        assert_eq!(plan.refused.first().unwrap().1.field, "name");

        let mut renamed = organ("city", "");
        renamed.name = "新名".to_owned();
        let plan = Tree::new([organ("city", "")]).take_in(vec![renamed, twin]);
        assert_eq!((codes(&plan.changed), codes(&plan.added)), (vec!["city"], vec!["twin"]));
    }
}
