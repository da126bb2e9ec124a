use super::{private, public};
use crate::Kind;

#[test]
fn mail_and_chats() {
    for (text, kind, value) in [
        ("本人邮箱zhangsan@163.com", Kind::Email, "zhangsan@163.com"),
        ("邮箱：li.si＠qq.com。", Kind::Email, "li.si＠qq.com"),
        ("微信号：wxid_abc123", Kind::WechatId, "wxid_abc123"),
        ("微信zhangsan_88，", Kind::WechatId, "zhangsan_88"),
        ("QQ：12345678", Kind::QqNumber, "12345678"),
        ("QQ号码１２３４５６７８", Kind::QqNumber, "１２３４５６７８"),
    ] {
        assert_eq!(private(text), [(kind, value)], "{text}");
    }
}

#[test]
fn chats_of_organs_are_not_personal() {
    for text in [
        "微信公众号：hnfabu",
        "QQ群：12345678",
        "关注官方微信“淮南发布”",
        "微信公众号（微信号：hnfabu）",
    ] {
        assert_eq!(private(text), [], "{text}");
    }
    assert_eq!(public("可加QQ号码（12345678）进行咨询").len(), 1);
}

#[test]
fn what_is_private_beside_it_decides() {
    assert_eq!(private("王芳 11010519491231002X 0554-6641234").len(), 3);
    assert_eq!(private("办公室 0554-6641234").len(), 0);
    assert_eq!(private("申请人王建国，电话：0554-6641234").len(), 2);
    assert_eq!(private("申请人可拨打电话0554-6641234").len(), 0);
}
