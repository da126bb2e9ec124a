use super::{private, public};
use crate::find;

#[test]
fn numbers_of_things_are_no_findings() {
    for text in [
        "统一社会信用代码91350100M000100Y43",
        "91110000600037341L",
        "组织机构代码003110926",
        "索引号：003110926/201510-00216",
        "淮府办〔2023〕12号",
        "订单编号：13812345678",
        "合同编号：HT-2023-13812345678",
        "单号6228480012345678903",
        "№ 13812345678",
        "项目代码：2023-340402-48-01-012345",
        "宗地编号340402001001GB00001",
        "990402199001011234",
        "340402199013011234",
        "6228480012345678904",
        "GB/T 9704-2012",
        "ISBN 978-7-5093-1234-5",
        "粤B2-20040001",
        "皖公网安备 34040202000123号",
        "https://www.huainan.gov.cn/art/13812345678.html",
        "a3f13812345678e9c",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn amounts_and_dates_are_no_findings() {
    for text in [
        "13800000000元",
        "投资13812345678.50元",
        "13,812,345,678元",
        "20230101",
        "2023年1月1日至2023年12月31日",
        "2021 2022 2023 138 1234 5678 9012",
        "增长8.1%，达1381234567元",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn hotlines_are_no_findings() {
    for text in ["12345", "0554-12345", "110", "请拨打12345政务服务便民热线或0554-12345"]
    {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn a_code_with_both_checks_is_what_its_word_says() {
    // Found by trying: identity and credit check both fit.
    let both = (0..100_000)
        .map(|serial| format!("11010119900101{:04}", serial % 10_000))
        .find(|code| {
            let digits: Vec<u8> = code.bytes().map(|byte| byte - b'0').collect();
            crate::check::identity(&digits, false) == crate::check::Identity::Valid
                && crate::check::credit_code_is_valid(code.as_bytes())
        })
        .unwrap();
    assert_eq!(find(&format!("统一社会信用代码：{both}")), []);
    assert_eq!(private(&format!("身份证号：{both}")).len(), 1);
}

#[test]
fn what_organs_publish_is_not_personal() {
    for text in [
        "咨询电话：0554-6641234",
        "监督举报电话：12345、0554-6641234",
        "市民政局联系电话：0554-6641234",
        "服务热线：400-123-4567",
        "邮箱：fgw@huainan.gov.cn",
        "意见请发至邮箱：hnsfgw@163.com",
        "户名：淮南市财政局，账号：1234567890123456",
    ] {
        assert_eq!(private(text), [], "{text}");
        assert_eq!(public(text).len(), 1, "{text}");
    }
}
