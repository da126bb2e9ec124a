//! The dictionary, and the words that a city's citizens ask for and a general dictionary lacks.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, LazyLock};

use flate2::read::GzDecoder;
use jieba_rs::Jieba;

use super::Error;
use super::sounds::Sounds;
use super::synonyms::Synonyms;

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
const OF_ASKING: &str = "\
    的 了 和 与 及 或 在 是 我 我们 我要 我想 你 您 吗 呢 吧 啊 嘛 呀 有 \
    请 请问 怎么 怎么办 怎样 如何 什么 哪 哪里 哪些 哪个 哪种 哪儿 多少 能 \
    能否 可以 是否 有没有 关于 对 想 被 把 给 让 就 都 也 还 又 才 么 会 \
    要 应该 应当 该 需要 这 那 这个 那个 这种 那种 这样 那样 他 她 它 他们 \
    她们 自己 没有 没 不 没法 为什么 为何 何时 何种 怎么样 谁 几 几个 等 从 \
    向 到 为 以 于 之 其 而 但 但是 如果 若 的话 时 后 前 中 上 下 里 \
    一个 一种 某 某个 个 能不能 可不可以 是不是 会不会 要不要 算不算 算 您好 \
    你好 情况 情况下 情形 属于 进行 所 并 且 已 已经 由 因 因为 所以 则 即 \
    时候 之后 之前 以后 多久 多长时间 多长 哪一 如下 此 能够 可否 仍 仍然 再 \
    做 去 来 说 用 如 只 只能 必须 可能 还是 而且 却 很 太 更 最 每 各 \
    之间 里面 什么样 查 找 看";

/// The words that texts are taken apart into, and those that queries are understood by.
#[derive(Clone)]
pub struct Words {
    jieba: Arc<Jieba>,
    synonyms: Arc<Synonyms>,
    sounds: Arc<Sounds>,
}

impl Words {
    /// Reads the dictionary, which takes a fraction of a second: once a process.
    ///
    /// # Errors
    ///
    /// [`Error::Dictionary`] where what is compiled in cannot be read.
    pub fn load() -> Result<Self, Error> {
        let shipped = Synonyms::with("").map_err(|error| Error::Dictionary(error.to_string()))?;
        Self::with(shipped)
    }

    /// As [`Words::load`], with a list of other words for words.
    ///
    /// # Errors
    ///
    /// [`Error::Dictionary`] where what is compiled in cannot be read.
    pub fn with(synonyms: Synonyms) -> Result<Self, Error> {
        let mut text = BufReader::new(GzDecoder::new(DICTIONARY));
        let mut jieba =
            Jieba::with_dict(&mut text).map_err(|error| Error::Dictionary(error.to_string()))?;
        for word in OF_THE_FIELD {
            jieba.add_word(word, None, None);
        }
        let of_the_field = OF_THE_FIELD.into_iter().map(str::to_owned).chain(synonyms.words());
        let sounds = Sounds::new(of_the_field.collect());
        Ok(Self { jieba: Arc::new(jieba), sounds: Arc::new(sounds), synonyms: Arc::new(synonyms) })
    }

    /// Every word of the dictionary and how often it is used.
    pub(super) fn listed() -> impl Iterator<Item = (String, u64)> {
        let lines = BufReader::new(GzDecoder::new(DICTIONARY)).lines();
        lines.map_while(Result::ok).filter_map(|line| {
            let mut parts = line.split(' ');
            let word = parts.next()?.to_owned();
            Some((word, parts.next()?.parse().ok()?))
        })
    }

    /// Other words for words.
    pub(super) fn synonyms(&self) -> &Synonyms {
        &self.synonyms
    }

    /// Words by their sound.
    pub(super) fn sounds(&self) -> &Sounds {
        &self.sounds
    }

    /// Whether the dictionary has this word.
    pub fn has(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }

    /// Calls `found` with the place and length, in characters, of every word of the dictionary
    /// that occurs anywhere in a run of Han characters, overlapping ones included.
    pub fn each_within(&self, run: &str, mut found: impl FnMut(usize, usize)) {
        for token in self.jieba.cut_all(run) {
            found(token.start, token.end - token.start);
        }
    }

    /// The one likeliest division of a run of Han characters, as lengths in characters.
    pub fn divide(&self, run: &str) -> Vec<usize> {
        self.jieba.cut(run, false).iter().map(|token| token.end - token.start).collect()
    }

    /// Whether a word says nothing about what is looked for.
    pub fn is_of_asking(word: &str) -> bool {
        static ASKED: LazyLock<HashSet<&str>> = LazyLock::new(|| OF_ASKING.split(' ').collect());
        ASKED.contains(word)
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
