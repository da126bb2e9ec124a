//! Whole pages.

use super::*;

fn page(source: &str) -> Paper {
    read(source.as_bytes(), &Limits::DEFAULT).unwrap()
}

fn hidden(paper: &Paper, how: How) -> Vec<&str> {
    paper
        .hidden
        .iter()
        .filter(|hidden| hidden.how == how)
        .map(|hidden| hidden.text.as_str())
        .collect()
}

const PAGE: &str = r#"<!DOCTYPE html><html><head><meta charset="utf-8">
<title>关于印发管理办法的通知 - 某市人民政府门户网站</title>
<meta name="ArticleTitle" content="关于印发管理办法的通知"><meta name="Author" content="张三"></head>
<body><!-- 编辑：李四 13812345678 --><div class="nav"><a href="/">首页</a></div>
<table><tr><td>索引号：</td><td>MB0001</td></tr><tr><td>发文机关：</td><td>某市人民政府</td></tr>
<tr><td>成文日期：</td><td>2023年1月5日</td></tr></table>
<div class="article"><div class="share">分享到微信</div><div id="zoomcon">
<p>　　各县、区人民政府，市政府各部门：</p><p>现将《管理办法》印发给你们，请认真贯彻执行。</p>
<p style="display:none">内部电话 0554-1234567</p><span style="color:#fff">白字</span>
<p><img src="a.png" alt="公章"></p><p>打印</p></div></div>
<script>var phone = "13900000000";</script><div class="footer">版权所有</div></body></html>"#;

#[test]
fn the_text_is_that_of_the_document() {
    let paper = page(PAGE);
    assert_eq!(paper.title.as_deref(), Some("关于印发管理办法的通知"));
    assert_eq!(
        paper.text,
        "索引号：\tMB0001\n发文机关：\t某市人民政府\n成文日期：\t2023年1月5日\n各县、区人民政府，市政府各部门：\n现将《管理办法》印发给你们，请认真贯彻执行。\n白字"
    );
    let parts: Vec<&str> = paper.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(parts, ["信息要素", "正文"]);
}

#[test]
fn nothing_is_lost_in_silence() {
    let paper = page(PAGE);
    assert_eq!(hidden(&paper, How::Remark), ["编辑：李四 13812345678"]);
    assert_eq!(hidden(&paper, How::Element), ["内部电话 0554-1234567"]);
    assert_eq!(hidden(&paper, How::Faint), ["白字"]);
    assert_eq!(hidden(&paper, How::AltText), ["公章"]);
    assert!(hidden(&paper, How::Script)[0].contains("13900000000"));
    assert!(hidden(&paper, How::Property).contains(&"张三"));
    let around = hidden(&paper, How::Around).join("\n");
    assert!(
        around.contains("首页") && around.contains("版权所有") && around.contains("分享到微信")
    );
    assert_eq!(
        paper.unread,
        [crate::Unread { place: "正文中的 <img> a.png".to_owned(), why: Why::Picture }]
    );
}

#[test]
fn the_title_of_the_window_loses_the_site() {
    let paper = page("<html><title>关于印发管理办法的通知_某市人民政府</title><body>文");
    assert_eq!(paper.title.as_deref(), Some("关于印发管理办法的通知"));
}

#[test]
fn a_page_in_gb2312_is_read_as_its_successor() {
    let source = "<html><meta charset=gb2312><body><p>朱镕基㐀</p>";
    let (bytes, _, _) = encoding_rs::GB18030.encode(source);
    let paper = read(&bytes, &Limits::DEFAULT).unwrap();
    assert_eq!((paper.text.as_str(), paper.encoding), ("朱镕基㐀", Some("gb18030")));
}

#[test]
fn depth_and_width_take_no_more_than_their_share() {
    for part in [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<p><a>",
        "</div>",
        "<!--",
        "<div style='display:none'>",
        "<li>",
        "&amp;",
    ] {
        let source = part.repeat(1_000_000 / part.len());
        let started = std::time::Instant::now();
        let _ = read(source.as_bytes(), &Limits::DEFAULT);
        assert!(started.elapsed().as_secs() < 10, "{part}");
    }
}
