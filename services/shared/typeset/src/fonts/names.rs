//! Which face is which, told by its names.

use super::Role;

/// The files that `fonts.sh` brings, in the order of preference.
pub const FREE_SET: [&str; 5] = [
    "FandolSong-Bold.otf",
    "FandolFang-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolSong-Regular.otf",
];

/// The files of Debian's `fonts-noto-cjk`, in `/usr/share/fonts/opentype/noto`. Behind the free
/// set they also have most of the rare characters that it lacks.
pub const NOTO_SET: [&str; 3] =
    ["NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"];

/// Marks in lower case, tried in this order: 仿宋 and 小标宋 before 宋.
const MARKS: [(Role, &[&str]); 5] = [
    (Role::Title, &["小标宋", "xiaobiaosong", "xiaobiaosong", "fzxbs", "xbs"]),
    (Role::Body, &["仿宋", "fangsong", "fandolfang", "simfang", "zhuque"]),
    (Role::Kai, &["楷", "kai"]),
    (Role::Hei, &["黑", "hei", "sans cjk", "sanscjk", "han sans", "hansans", "sans sc", "sanssc"]),
    (
        Role::Song,
        &[
            "宋",
            "song",
            "simsun",
            "serif cjk",
            "serifcjk",
            "han serif",
            "hanserif",
            "serif sc",
            "serifsc",
            "uming",
        ],
    ),
];

/// The role of a face with these names. A bold Song is the nearest to 小标宋 that is free.
pub(super) fn role<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Role> {
    let names = names.into_iter().collect::<Vec<_>>().join(" ").to_lowercase();
    let heavy = ["bold", "black", "heavy", "粗"].iter().any(|mark| names.contains(mark));
    let role = MARKS.iter().find(|(_, marks)| marks.iter().any(|mark| names.contains(mark)))?.0;
    Some(if role == Role::Song && heavy { Role::Title } else { role })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_role() {
        for (name, expected) in [
            ("方正小标宋简体", Some(Role::Title)),
            ("仿宋_GB2312", Some(Role::Body)),
            ("FandolFang R", Some(Role::Body)),
            ("楷体_GB2312", Some(Role::Kai)),
            ("LXGW WenKai", Some(Role::Kai)),
            ("SimHei", Some(Role::Hei)),
            ("Noto Sans CJK SC", Some(Role::Hei)),
            ("SimSun", Some(Role::Song)),
            ("Noto Serif CJK SC", Some(Role::Song)),
            ("Noto Serif CJK SC Bold", Some(Role::Title)),
            ("HanaMinB", None),
        ] {
            assert_eq!(role([name]), expected, "{name}");
        }
    }
}
