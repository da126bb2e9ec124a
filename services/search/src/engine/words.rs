//! The dictionary, and the words that a city's citizens ask for and a general dictionary lacks.

use std::io::BufReader;
use std::sync::Arc;

use flate2::read::GzDecoder;
use jieba_rs::Jieba;

use super::Error;

const DICTIONARY: &[u8] = include_bytes!("../../dict.txt.gz");

/// Words of the field. A word missing here is still found, only by more and shorter terms.
const OF_THE_FIELD: [&str; 40] = [
    "信息公开",
    "政务公开",
    "依申请公开",
    "住房保障",
    "失业保险",
    "工伤保险",
    "生育保险",
    "医疗保险",
    "养老保险",
    "医疗救助",
    "临时救助",
    "土地使用权",
    "公积金",
    "住房公积金",
    "公租房",
    "廉租房",
    "保障性住房",
    "棚户区改造",
    "老旧小区",
    "最低生活保障",
    "高龄津贴",
    "免申即享",
    "惠企政策",
    "营商环境",
    "行政许可",
    "行政处罚",
    "行政复议",
    "规范性文件",
    "政策解读",
    "乡村振兴",
    "义务教育",
    "学前教育",
    "不动产登记",
    "个体工商户",
    "创业担保贷款",
    "稳岗返还",
    "人才引进",
    "积分落户",
    "居住证",
    "残疾人",
];

/// Words that say how somebody asks, not what for.
const OF_ASKING: [&str; 38] = [
    "的",
    "了",
    "和",
    "与",
    "及",
    "或",
    "在",
    "是",
    "我",
    "我们",
    "我要",
    "我想",
    "你",
    "吗",
    "呢",
    "吧",
    "啊",
    "有",
    "请",
    "请问",
    "怎么",
    "怎么办",
    "怎样",
    "如何",
    "什么",
    "哪",
    "哪里",
    "哪些",
    "哪个",
    "多少",
    "能",
    "能否",
    "可以",
    "是否",
    "有没有",
    "关于",
    "对",
    "想",
];

/// The words that texts are taken apart into.
#[derive(Clone)]
pub struct Words(Arc<Jieba>);

impl Words {
    /// Reads the dictionary, which takes a fraction of a second: once a process.
    pub fn load() -> Result<Self, Error> {
        let mut text = BufReader::new(GzDecoder::new(DICTIONARY));
        let mut jieba =
            Jieba::with_dict(&mut text).map_err(|error| Error::Dictionary(error.to_string()))?;
        for word in OF_THE_FIELD {
            jieba.add_word(word, None, None);
        }
        Ok(Self(Arc::new(jieba)))
    }

    /// Whether the dictionary has this word.
    pub fn has(&self, word: &str) -> bool {
        self.0.has_word(word)
    }

    /// Calls `found` with the place and length, in characters, of every word of the dictionary
    /// that occurs anywhere in a run of Han characters, overlapping ones included.
    pub fn each_within(&self, run: &str, mut found: impl FnMut(usize, usize)) {
        for token in self.0.cut_all(run) {
            found(token.start, token.end - token.start);
        }
    }

    /// The one likeliest division of a run of Han characters, as lengths in characters.
    pub fn divide(&self, run: &str) -> Vec<usize> {
        self.0.cut(run, false).iter().map(|token| token.end - token.start).collect()
    }

    /// Whether a word says nothing about what is looked for.
    pub fn is_of_asking(word: &str) -> bool {
        OF_ASKING.contains(&word)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// One dictionary for all tests of the process.
    pub static WORDS: LazyLock<Words> = LazyLock::new(|| Words::load().unwrap());

    #[test]
    fn words_of_the_field_are_known() {
        for word in OF_THE_FIELD {
            assert!(WORDS.has(word), "{word}");
        }
        assert_eq!(WORDS.divide("住房保障办法"), [4, 2]);
    }

    #[test]
    fn every_word_within_a_run_is_called() {
        let mut found = Vec::new();
        WORDS.each_within("中华人民共和国土地使用权", |at, length| {
            found.push((at, length));
        });
        for expected in [(0, 7), (7, 5), (7, 2)] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
    }
}
