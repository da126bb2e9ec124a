//! Titles as they are compared.

use gongwen::glyph::halfwidth;

use crate::words::is_blank;

/// What two writings of a title have in common, and under which other names it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TitleKey {
    /// The title without quotation marks, blanks, the country's name and the mark of a version.
    pub(super) plain: String,
    /// Without the organ before 关于, and what a notice issues: each may name another document
    /// too, and counts only where nothing else does.
    pub(super) aliases: Vec<String>,
}

impl TitleKey {
    pub(super) fn of(title: &str) -> Self {
        let plain = without_version(&folded(title)).to_owned();
        let aliases = [without_organ(&plain), issued(&plain)].into_iter().flatten();
        let aliases = aliases.map(str::to_owned).collect();
        Self { plain, aliases }
    }

    /// Whether later documents of this title are versions of the earlier ones. Notices, decisions
    /// and reports bear the same title year after year and are not.
    pub(super) fn has_versions(&self) -> bool {
        const RULES: [&str; 12] = [
            "法", "法典", "条例", "办法", "规定", "细则", "规则", "规程", "准则", "章程", "解释",
            "守则",
        ];
        let title = match self.plain.rfind('(') {
            Some(at) if self.plain.ends_with(')') => self.plain.get(..at).unwrap_or_default(),
            _ => &self.plain,
        };
        RULES.iter().any(|kind| title.ends_with(kind))
    }
}

fn folded(title: &str) -> String {
    const QUOTES: &str = "《》〈〉<>＜＞“”‘’\"'「」『』";
    let title = title.trim();
    // Collections put the place before the title: `【安徽省淮南市】关于…`.
    let title = match title.strip_prefix('【').and_then(|rest| rest.split_once('】')) {
        Some((_, rest)) if !rest.trim().is_empty() => rest,
        _ => title,
    };
    let kept: String = title
        .chars()
        .filter(|ch| !is_blank(*ch) && !QUOTES.contains(*ch))
        .map(|ch| match ch {
            '（' | '〔' | '［' | '﹝' | '【' | '[' => '(',
            '）' | '〕' | '］' | '﹞' | '】' | ']' => ')',
            '—' | '－' | '–' | '―' => '-',
            '，' => ',',
            '：' => ':',
            other => halfwidth(other),
        })
        .collect();
    kept.replace("中华人民共和国", "")
}

/// A title without `(2018年修订)`, `(2019修正)`, `(修订)`, `(2019年本)` at its end. `(试行)` stays:
/// a trial and what follows it are two documents.
fn without_version(title: &str) -> &str {
    let Some((rest, mark)) = title.strip_suffix(')').and_then(|inner| inner.rsplit_once('('))
    else {
        return title;
    };
    let undated = mark.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let digits = mark.len() - undated.len();
    let kind = undated.strip_prefix('年').unwrap_or(undated);
    let kind = match kind.strip_prefix('第').and_then(|kind| kind.split_once('次')) {
        Some((_, kind)) => kind,
        None => kind,
    };
    let amended = ["修订", "修正", "修改", "修订本", "修正本", "修订版", "修正版"].contains(&kind);
    let edition = digits == 4 && ["本", "版"].contains(&kind);
    let dated = digits == 0 || digits == 4;
    if dated && (amended || edition) && !rest.is_empty() { rest } else { title }
}

/// `关于…的通知` of `某市人民政府关于…的通知`.
fn without_organ(title: &str) -> Option<&str> {
    const LONGEST: usize = 40;
    let at = title.find("关于").filter(|at| *at > 0)?;
    let organ = title.get(..at)?;
    (organ.chars().count() <= LONGEST).then(|| title.get(at..)).flatten()
}

/// `河道办法` of `某市人民政府关于印发河道办法的通知`.
pub(super) fn issued(title: &str) -> Option<&str> {
    const SHORTEST: usize = 4;
    let rest = ["关于印发", "关于发布", "关于公布", "关于颁布"]
        .iter()
        .find_map(|verb| title.split_once(verb).map(|(_, rest)| rest))?;
    let name =
        ["的通知", "的决定", "的公告", "的通告"].iter().find_map(|end| rest.strip_suffix(end))?;
    (name.chars().count() >= SHORTEST).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        TitleKey::of(one).plain == TitleKey::of(other).plain
    }

    #[test]
    fn writings_of_a_title_are_one() {
        for (one, other) in [
            ("河道管理办法", "《河道管理办法》"),
            ("河道管理办法（试行）", "河道管理办法(试行)"),
            ("河道　管理 办法", "河道管理办法"),
            ("河道管理办法", "河道管理办法（2018年修订）"),
            ("河道管理办法", "河道管理办法(2018修正)"),
            ("河道管理办法", "河道管理办法（修订）"),
            ("水法", "中华人民共和国水法（第二次修正）"),
            ("产业目录（2019年本）", "产业目录（２０２４年本）"),
            ("关于废止〈水法〉的决定", "关于废止《中华人民共和国水法》的决定"),
            ("【安徽省淮南市】河道管理办法", "河道管理办法"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn other_titles_stay_apart() {
        for (one, other) in [
            ("河道管理办法", "河道管理办法（试行）"),
            ("河道管理办法", "河道管理办法实施细则"),
            ("工作要点（2018年）", "工作要点（2019年）"),
            ("若干问题的解释（一）", "若干问题的解释（二）"),
            ("河道管理办法", "河道管理办法（征求意见稿）"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_notice_is_cited_by_what_it_issues() {
        let key = TitleKey::of("某市人民政府关于印发《某市河道管理办法》的通知");
        assert_eq!(key.aliases, ["关于印发某市河道管理办法的通知", "某市河道管理办法"]);
        assert!(TitleKey::of("关于修路的通知").aliases.is_empty());
        assert!(TitleKey::of("关于印发办法的通知").aliases.is_empty(), "too short to name one");
    }

    #[test]
    fn rules_have_versions_and_notices_have_none() {
        for title in ["水法", "民法典", "河道管理办法（试行）", "若干问题的规定（一）"]
        {
            assert!(TitleKey::of(title).has_versions(), "{title}");
        }
        for title in ["关于印发河道管理办法的通知", "政府工作报告", "关于修改水法的决定"]
        {
            assert!(!TitleKey::of(title).has_versions(), "{title}");
        }
    }

    #[test]
    fn strange_titles_are_no_trouble() {
        for title in ["", "（修订）", "【】", "【某市】", "《》", "关于", "）（"] {
            let _ = TitleKey::of(title);
        }
    }
}
