use super::*;

#[test]
fn a_short_title_is_one_line() {
    assert_eq!(break_title("关于做好防汛工作的通知"), ["关于做好防汛工作的通知"]);
    assert!(break_title(" \n").is_empty());
}

#[test]
fn the_organ_and_the_matter() {
    assert_eq!(
        break_title("淮南市人民政府办公室关于印发淮南市市级储备粮管理办法的通知"),
        ["淮南市人民政府办公室", "关于印发淮南市市级储备粮管理办法的通知"]
    );
}

#[test]
fn names_in_marks_are_not_divided() {
    let lines =
        break_title("淮南市人民政府关于印发《淮南市国有土地上房屋征收与补偿办法》等两个文件的通知");
    assert!(
        lines.iter().all(|line| line.matches('《').count() == line.matches('》').count()),
        "{lines:?}"
    );
    assert!(lines.concat().ends_with("的通知"));
}

#[test]
fn no_hourglass_and_nothing_lost() {
    for title in [
        "国务院办公厅关于推进公共资源配置领域政府信息公开的意见",
        "河北省人民政府办公厅关于进一步完善失业保险制度和促进就业工作的若干实施意见的通知",
        "某市人民政府关于废止和修改部分规范性文件的决定（2019年修订）以及公布继续有效文件目录的公告",
    ] {
        let lines = break_title(title);
        assert_eq!(lines.concat(), title);
        let widths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
        if let [a, b, c] = widths[..] {
            assert!(!(b < a && b < c), "{lines:?}");
        }
        for line in &lines {
            assert!(line.chars().count() <= LONGEST_LINE + 3, "{line}");
            assert!(!line.starts_with('的'), "{lines:?}");
        }
    }
}

#[test]
fn given_breaks_are_kept() {
    assert_eq!(break_title("淮南市人民政府\n公告"), ["淮南市人民政府", "公告"]);
}

#[test]
fn whatever_comes_ends() {
    assert_eq!(break_title(&"a".repeat(500)).concat().len(), 500);
    assert_eq!(break_title(&"》".repeat(500)).concat().chars().count(), 500);
    assert_eq!(break_title(&"通知".repeat(250)).concat().chars().count(), 500);
}

#[test]
fn organs_apart_by_spaces_are_whole() {
    let title = "人力资源社会保障部　教育部　科技部　工业和信息化部等十部门关于实施百万就业见习岗位募集计划的通知";
    let lines = break_title(title);
    assert!(
        lines.iter().any(|line| line.ends_with("教育部") || line.contains("教育部　")),
        "{lines:?}"
    );
    assert_eq!(lines.concat().replace('　', ""), title.replace('　', ""));
}
