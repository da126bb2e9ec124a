//! The level of a norm by its name: what is below rests on what is above it.
//!
//! Statutes stand above administrative regulations, these above local regulations and rules (《立法法》
//! articles 98 to 102). The name tells which it is: a statute is called 法, a regulation 条例 as a
//! rule, which no rule of a ministry or a local government may be (《行政法规制定程序条例》 article 5).

/// 2: a statute, 1: a regulation or a judicial interpretation, 0: anything else.
pub(super) fn level(title: &str) -> u64 {
    let name = title.trim_end_matches(['》', '〉', ' ', '\u{3000}']);
    // A single article that stands by itself bears the name of its law.
    let name = name.rfind('第').map_or(name, |at| {
        let (law, article) = name.split_at(at);
        if article.contains('条') { law } else { name }
    });
    // 办法 and methods are no statutes.
    let other = ["办法", "方法", "做法", "算法", "用法"].iter().any(|end| name.ends_with(end));
    if name.ends_with('法') && !other || name.ends_with("法典") {
        2
    } else {
        u64::from(name.ends_with("条例") || name.starts_with("最高人民法院"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_level() {
        for (title, expected) in [
            ("中华人民共和国劳动合同法", 2),
            ("中华人民共和国民法典第九百一十八条", 2),
            ("中华人民共和国刑法第二百八十七条之二", 2),
            ("不动产登记暂行条例", 1),
            ("最高人民法院关于审理民间借贷案件适用法律若干问题的规定", 1),
            ("河北省工伤保险实施办法", 0),
            ("保障性住房分配评分方法", 0),
            ("关于第三批法律服务的通知", 0),
        ] {
            assert_eq!(level(title), expected, "{title}");
        }
    }
}
