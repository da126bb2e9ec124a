use super::private;
use crate::Kind;

fn names(text: &str) -> Vec<&str> {
    private(text)
        .into_iter()
        .filter(|(kind, _)| *kind == Kind::PersonName)
        .map(|(_, name)| name)
        .collect()
}

fn addresses(text: &str) -> Vec<&str> {
    let is_address = |(kind, _): &(Kind, &str)| *kind == Kind::HomeAddress;
    private(text).into_iter().filter(is_address).map(|(_, value)| value).collect()
}

#[test]
fn names_behind_a_role() {
    for (text, name) in [
        ("申请人：王建国，男", "王建国"),
        ("投诉人张三反映噪音扰民", "张三"),
        ("户主欧阳娜娜，", "欧阳娜娜"),
        ("姓名：李芳 性别：女", "李芳"),
        ("当事人：阿卜杜拉·买买提。", "阿卜杜拉·买买提"),
        ("未成年人胡伟的父亲", "胡伟"),
    ] {
        assert_eq!(names(text), [name], "{text}");
    }
}

#[test]
fn names_beside_a_number() {
    for text in [
        "王建国，13812345678",
        "王建国 男 11010519491231002X",
        "公告如下。王建国（11010519491231002X）",
        "汇入王建国的银行卡，卡号6228480012345678903",
        "姓名\t卡号\n王建国\t20000123456789012",
        "姓名\n身份证号\n王建国\n11010519491231002X",
        "家住朝阳小区3栋2单元501室的王建国来信",
    ] {
        assert_eq!(names(text), ["王建国"], "{text}");
    }
}

#[test]
fn prose_and_officials_have_no_private_names() {
    for text in [
        "申请人应当自收到通知之日起十五日内提交材料。",
        "行政机关不得因当事人陈述、申辩而给予更重的处罚。",
        "企业主张债权的，",
        "申请人和代理人于庭前提交证据。",
        "局长王建国主持会议。",
        "联系人：王建国，联系电话：0554-6641234",
        "申请人陈某某，投诉人李先生",
        "残疾人高级职业培训",
    ] {
        assert_eq!(names(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn homes_are_found_as_far_as_they_are_told() {
    for (text, address) in [
        (
            "家庭住址：淮南市大通区居仁村街道新苑小区5幢2单元303。",
            "淮南市大通区居仁村街道新苑小区5幢2单元303",
        ),
        ("住址：田家庵区安成镇陈郢村3组15号", "田家庵区安成镇陈郢村3组15号"),
        ("家住龙湖路88号4-2-301", "龙湖路88号4-2-301"),
        ("位于朝阳街道龙湖小区3栋501室的住房", "朝阳街道龙湖小区3栋501室"),
    ] {
        assert_eq!(addresses(text), [address], "{text}");
    }
}

#[test]
fn villages_and_offices_are_no_homes() {
    for text in [
        "住址：田家庵区安成镇陈郢村",
        "现住淮南市田家庵区朝阳街道",
        "办公地址：淮南市山南新区政务中心A座501室",
        "地址：洞山中路12号市财政局3号楼205室",
        "专家住房建设由政府统一组织",
    ] {
        assert_eq!(addresses(text), Vec::<&str>::new(), "{text}");
    }
}
