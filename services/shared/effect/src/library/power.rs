//! Who may repeal or amend whose documents.
//!
//! 《立法法》 (2023) articles 107 and 108, 《地方各级人民代表大会和地方各级人民政府组织法》
//! article 73: a congress and its standing committee over their government and those below; a
//! government over its departments and the governments below; nobody over those above or beside.
//! 《规章制定程序条例》 articles 37 and 39 leave the repeal of rules to those who make them. A
//! department that took over another's matters repeals its documents too, which names do not
//! tell: between departments nothing is said.

/// Whether an organ may act on the documents of another, as far as names tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    /// It may not.
    None,
    /// Names do not tell.
    Unclear,
    /// It may.
    Has,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Congress,
    Government,
    Department,
    Court,
}

/// How high, the highest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Town,
    County,
    City,
    Province,
    Nation,
}

/// An organ, as far as its name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Organ {
    name: String,
    /// The regions that the name begins with, the largest first.
    regions: Vec<(Level, String)>,
    rank: Option<(Level, Body)>,
}

/// The power of the organs of one document over another's; joint documents act with the power of
/// each of their organs.
pub(super) fn power(acting: &[Organ], target: &[Organ]) -> Power {
    let pairs = acting.iter().flat_map(|one| target.iter().map(move |other| one.over(other)));
    pairs.max().unwrap_or(Power::Unclear)
}

/// Whether two documents have an organ in common.
pub(super) fn shares(one: &[Organ], other: &[Organ]) -> bool {
    one.iter().any(|organ| other.iter().any(|other| organ.name == other.name))
}

impl Organ {
    pub(super) fn read(name: &str) -> Self {
        let name: String = name.chars().filter(|ch| !crate::words::is_blank(*ch)).collect();
        let name = name.replace("中华人民共和国", "");
        let (regions, rest) = regions(&name);
        let level = regions.last().map(|(level, _)| *level);
        // Organs of the Party stand beside this order.
        let party = name.starts_with("中共") || name.starts_with("中央") || name.contains("党委");
        let rank = body(rest, level).filter(|_| !party).and_then(|body| {
            let level = level.or_else(|| is_national(&name, body).then_some(Level::Nation))?;
            Some((level, body))
        });
        Self { name, regions, rank }
    }

    /// The name, for comparison.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn over(&self, other: &Self) -> Power {
        use Body::{Congress, Court, Department, Government};
        if self.name == other.name {
            return Power::Has;
        }
        let (Some((level, body)), Some((their_level, their_body))) = (self.rank, other.rank) else {
            return Power::Unclear;
        };
        let within = self.is_around(other);
        match (body, their_body) {
            (Department, Department) => Power::Unclear,
            (Court, Court) if level == their_level => Power::Unclear,
            (Department | Court, Congress | Government)
            | (Department | Government, Court)
            | (Government, Congress)
            | (Court, Department) => Power::None,
            (Congress, _) | (Government, Government | Department) | (Court, Court) => {
                match (level >= their_level, within) {
                    (false, _) | (true, Some(false)) => Power::None,
                    (true, None) => Power::Unclear,
                    (true, Some(true)) => Power::Has,
                }
            }
        }
    }

    /// Whether another's region lies within this one's; none where names do not tell.
    fn is_around(&self, other: &Self) -> Option<bool> {
        let Some((level, name)) = self.regions.last() else { return Some(true) };
        let theirs = other.regions.iter().find(|(their_level, _)| their_level == level);
        match theirs {
            Some((_, their_name)) if their_name == name => Some(true),
            // `市财政局` leaves the city out; a city may also lie within another one.
            Some((_, their_name)) => {
                let short = name.chars().count() < 2 || their_name.chars().count() < 2;
                if short || *level == Level::City { None } else { Some(false) }
            }
            // That a city lies within a province is not to be seen in its name.
            None => None,
        }
    }
}

fn body(rest: &str, level: Option<Level>) -> Option<Body> {
    let ends = |words: &[&str]| words.iter().any(|word| rest.ends_with(word));
    if rest.contains("人民代表大会") || ends(&["人大", "人大常委会"]) {
        Some(Body::Congress)
    } else if ends(&["人民法院", "人民检察院"]) {
        Some(Body::Court)
    } else if rest == "国务院"
        || rest == "国务院办公厅"
        || level.is_some() && ends(&["政府", "政府办公厅", "政府办公室", "政府办"])
    {
        Some(Body::Government)
    } else if level.is_some() {
        ends(&["局", "厅", "委", "委员会", "办公室", "中心"]).then_some(Body::Department)
    } else {
        ends(&["部", "总局", "总署", "国家局", "委员会", "局", "署"]).then_some(Body::Department)
    }
}

fn is_national(name: &str, body: Body) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    match body {
        Body::Congress => begins(&["全国"]),
        Body::Government => begins(&["国务院"]),
        Body::Court => begins(&["最高"]),
        Body::Department => {
            begins(&["国家", "国务院"]) || name.ends_with('部') || name.ends_with("总局")
        }
    }
}

/// The regions that a name begins with, and the rest of it.
fn regions(name: &str) -> (Vec<(Level, String)>, &str) {
    const LONGEST: usize = 9;
    const NO_REGION: [&str; 10] =
        ["城市", "社区", "园区", "小区", "灾区", "库区", "景区", "牧区", "矿区", "辖区"];
    let mut found: Vec<(Level, String)> = Vec::new();
    let mut rest = name;
    while let Some((level, end)) = rest.char_indices().take(LONGEST).find_map(|(at, ch)| {
        level(ch, rest.get(..at).unwrap_or_default()).map(|level| (level, at + ch.len_utf8()))
    }) {
        let region = rest.get(..end).unwrap_or_default();
        let deeper = found.last().is_none_or(|(above, _)| level < *above);
        // `市场`, `县域` after a region's name are no regions, and `省财政厅` has one of one character.
        let whole = region.chars().count() > 1 || found.is_empty();
        let begins = ["国", "全国", "中国", "最高"].iter().any(|word| region.starts_with(word));
        if !deeper || !whole || begins || NO_REGION.contains(&region) {
            break;
        }
        found.push((level, region.to_owned()));
        rest = rest.get(end..).unwrap_or_default();
    }
    (found, rest)
}

fn level(last: char, before: &str) -> Option<Level> {
    const MUNICIPALITIES: [&str; 4] = ["北京", "上海", "天津", "重庆"];
    match last {
        '省' => Some(Level::Province),
        '区' if before.ends_with("自治") || before.ends_with("特别行政") => {
            Some(Level::Province)
        }
        '市' if MUNICIPALITIES.contains(&before) => Some(Level::Province),
        '市' | '州' | '盟' => Some(Level::City),
        '区' | '县' | '旗' => Some(Level::County),
        '乡' | '镇' => Some(Level::Town),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(one: &str, other: &str) -> Power {
        power(&[Organ::read(one)], &[Organ::read(other)])
    }

    #[test]
    fn everyone_over_his_own() {
        for name in ["国务院", "某市财政局", "某市人民政府", "不知何物", "最高人民法院"]
        {
            assert_eq!(over(name, name), Power::Has, "{name}");
        }
    }

    #[test]
    fn those_above_may() {
        for (one, other) in [
            ("全国人民代表大会常务委员会", "国务院"),
            ("国务院", "财政部"),
            ("国务院", "某市人民政府"),
            ("国务院办公厅", "国务院"),
            ("安徽省人民代表大会常务委员会", "安徽省人民政府"),
            ("安徽省人民政府", "安徽省淮南市人民政府"),
            ("淮南市人民政府", "淮南市财政局"),
            ("淮南市人民政府办公室", "淮南市人民政府"),
            ("淮南市人民政府", "淮南市城市管理局"),
            ("淮南市人民政府", "淮南市市场监督管理局"),
            ("上海市人民政府", "上海市浦东新区人民政府"),
        ] {
            assert_eq!(over(one, other), Power::Has, "{one} {other}");
        }
    }

    #[test]
    fn those_below_and_beside_may_not() {
        for (one, other) in [
            ("国务院", "全国人民代表大会"),
            ("财政部", "国务院"),
            ("淮南市财政局", "淮南市人民政府"),
            ("淮南市财政局", "安徽省人民政府"),
            ("淮南市人民政府", "安徽省人民政府"),
            ("淮南市人民政府", "国务院"),
            ("淮南市人民政府", "淮南市人民代表大会常务委员会"),
            ("寿县人民政府", "凤台县人民政府"),
            ("安徽省人民政府", "江苏省人民政府"),
            ("最高人民法院", "国务院"),
            ("淮南市人民政府", "财政部"),
        ] {
            assert_eq!(over(one, other), Power::None, "{one} {other}");
        }
    }

    #[test]
    fn what_names_do_not_tell_is_unclear() {
        for (one, other) in [
            ("淮南市市场监督管理局", "淮南市工商行政管理局"),
            ("安徽省人民政府", "淮南市人民政府"),
            ("安庆市人民政府", "桐城市人民政府"),
            ("中共淮南市委", "淮南市人民政府"),
            ("最高人民法院", "最高人民检察院"),
            ("市人民政府", "淮南市财政局"),
        ] {
            assert_eq!(over(one, other), Power::Unclear, "{one} {other}");
        }
        assert_eq!(power(&[], &[Organ::read("国务院")]), Power::Unclear);
    }

    #[test]
    fn joint_documents_act_with_each_organs_power() {
        let joint = [Organ::read("淮南市财政局"), Organ::read("淮南市人民政府")];
        assert_eq!(power(&joint, &[Organ::read("淮南市教育局")]), Power::Has);
        assert!(shares(&joint, &[Organ::read("淮南市财政局")]));
    }
}
