//! Chinese names by their surname, and the words that only look like one.

use crate::glyph::is_han;

/// The surnames of more than 98 of 100 people (公安部 《全国姓名报告》 order, then 百家姓).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁\
蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶\
贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔文赖樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦向柳\
邢路岳齐梅庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄\
单包司柏宁柯阮桂闵解强柴华车冉房边阎辜时应简连喻饶龚涂宫瞿占明娄仇敖邬艾米褚尚滕褟晏冷郎晋储习\
楚於商漆芮苟干古桑池巫戚匡平臧佘蒲鹿竺元洛宗蓝卓邝岑麦官揭池丛丘肇鄢师卞慕佟利战粟佀全付傅闻";

/// Surnames of two characters.
const COMPOUND: [&str; 14] = [
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "夏侯", "长孙",
    "司徒", "端木",
];

/// Surnames that begin few other words; behind a role without a colon only these are names.
const COMMON: &str = "王李张刘陈杨黄赵吴周徐孙朱胡郭罗郑梁谢宋唐韩邓冯曹彭肖董潘袁蔡蒋杜叶魏苏吕丁卢姚沈\
姜崔谭汪廖贾邹熊孟秦邱侯尹薛闫雷黎陶贺郝龚邵覃戴樊殷翟倪俞聂邢岳";

/// Beginnings of words that begin like a name.
const NO_NAMES: &str = "\
关爱、陈述、陈列、张贴、张债、许可、程序、程度、高级、\
高中、高等、高校、高于、高新、高龄、高度、高速、高层、任何、任职、任务、方可、方式、\
方面、方案、方法、方便、余额、余下、严重、严格、严禁、康复、章程、章节、纪律、纪检、\
施工、施行、武装、范围、金额、金融、文化、文件、文书、文字、安全、安置、安装、\
安排、安徽、常住、常年、常务、成员、成年、成立、成功、成本、关于、关系、关心、关闭、\
管理、管辖、管委、明确、明细、明知、平均、平台、强制、强化、路线、路段、石油、\
田间、田地、江苏、江西、江南、黄河、黄山、黄金、黄色、温度、华侨、华人、全部、全体、\
全国、全市、全省、全面、全县、全文、全家、全额、全称、全程、史料、时间、时限、时应、\
单位、单独、单项、单元、应当、应在、应予、应急、应提、应按、向社、向人、向有、向其、\
向本、于、解除、解决、解释、马上、马路、马鞍、周围、周边、周期、周岁、周年、周一、周五、\
周末、周日、林业、林地、林木、林权、何时、何种、何地、胡同、董事、沈阳、曾经、曾被、\
苏州、陆地、陆续、陆路、顾客、顾问、万元、万人、钱款、洪水、季度、季节、章印、申请、\
申报、申诉、毕业、连续、连同、连带、包括、包含、司法、司机、商业、商品、商务、商户、\
元月、古籍、古树、古镇、平方、位于、查询、查看、查验、查封、游客、项目、盛会、阳光、\
时起、官方、师范、利益、利用、车辆、车主、房屋、房产、边境、甘肃、宁夏、宁波、习近、\
尚未、尚可、米以、简介、简历、景区、费用、童年";

/// Characters that no given name has: places, organs, and what masks a name.
const NO_GIVEN: &str = "局处科室市县区镇乡街省部委院校所厅某先生女士们的了是在和与或及其各第条款项\
号码证件费额元款人员者时应当将被对向以于从由因此经等内外中上下前后间期日月年位次个名类种家户口组队站级路村房屋楼";
/// Of these, the ones that real given names do have at their end.
const GIVEN_AFTER_ALL: &str = "中生家人元年月级路日名士女村上经前内";

/// Whether the whole text is a name: a surname and one or two characters.
pub(crate) fn is_name(text: &str) -> bool {
    let count = text.chars().count();
    if !(2..=4).contains(&count) || !text.chars().all(is_han) {
        return false;
    }
    let surname = match COMPOUND.iter().find(|surname| text.starts_with(**surname)) {
        Some(_) if count > 2 => 2,
        _ if count < 4 && text.chars().next().is_some_and(|ch| SURNAMES.contains(ch)) => 1,
        _ => return false,
    };
    if NO_SHORT_NAMES.split('、').any(|word| text == word) {
        return false;
    }
    if NO_NAMES.split('、').any(|word| text.starts_with(word))
        || TITLES.split('、').any(|title| text.ends_with(title))
    {
        return false;
    }
    let mut given: Vec<char> = text.chars().skip(surname).collect();
    let last = given.pop();
    let fits = |ch: char, after_all: bool| {
        !NO_GIVEN.contains(ch) || (after_all && GIVEN_AFTER_ALL.contains(ch))
    };
    // One forbidden character in a name of three may still be a name (王中华), two are not.
    given.into_iter().all(|ch| fits(ch, true)) && last.is_some_and(|ch| fits(ch, count > 2))
}

/// Words of two characters that longer names may well begin with.
const NO_SHORT_NAMES: &str = "成绩、成果、文艺、常常、房正常、占有、应有、强大、安宁、房子、明明、高兴、安居、安心、孙子、孙女、钱财、成长、成才、关爱、\
明星、金银、水平、成就、文明、平等、高职、易爆、辛集、和平、平安、家庭、康乐、方正、白天、安康、龙头、江海、\
高峰、高山、高尚、高温、高压、高中、高大、马路、石材、田园、林场、林区、林农、金属、金钱、温室、余地、柴油、汪洋、\
花园、花木、车祸、车船、路灯、路桥、宋体、唐山、黄石、安庆、安阳、常州、成都、江门、武汉、贵州、苏南、向上、向前";

/// What a name is followed by, not what it ends with.
const TITLES: &str = "先生、女士、同志、老师、经理、主任、局长、科长、处长、书记、镇长、县长、市长、医生、\
律师、阿姨、大爷、小姐、师傅、工、总、等、省、族";

/// Whether a name's surname begins few other words.
pub(crate) fn is_common(name: &str) -> bool {
    name.chars().next().is_some_and(|ch| COMMON.contains(ch))
        || COMPOUND.iter().any(|surname| name.starts_with(surname))
}

/// Whether a name's given name has only characters that are more often in names than in the
/// prose of offices.
pub(crate) fn is_typical(name: &str) -> bool {
    let surname = if COMPOUND.iter().any(|surname| name.starts_with(surname)) { 2 } else { 1 };
    name.chars().skip(surname).all(|ch| TYPICAL.contains(ch))
}

/// The characters of common given names.
const TYPICAL: &str = "三四五六七八九常进胜利军顺合保全安启茂伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞刚桂华建国志玉淑珍海燕文梅春生子涵德永\
红小大庆林云飞鹏宇浩婷雪琳欣怡晨阳波辉斌凤莲荣贵福祥龙虎宝树森峰岩松柏青翠香菊梦琪雨轩泽豪俊凯鑫\
淼洁莹颖慧琴萍玲珊瑶蓉薇倩媛露晓东南西北亮晶昊博睿思嘉佳佩瑞启安康宁顺兴旺喜根财发良忠孝义礼智信仁\
诚爱民家清淮光耀祖新继承先广长世传守立振天金银铜铁锋钢正平和善美巧灵彩霜露秋冬夏月星辰帆航翔麟诗诺萱梓\
菲蕾蕊芬芸茹苗莉莎萌丹丽艺悦瑜瑾璐璇晴晗曦曼柔紫绍昌盛茂达培元连友有贤才学勤俭恩";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        for name in ["张三", "王建国", "欧阳修", "欧阳娜娜", "王中华", "刘家明", "陈小红"]
        {
            assert!(is_name(name), "{name}");
        }
        for word in [
            "许可",
            "应当",
            "张某",
            "张某某",
            "王先生",
            "张",
            "申请",
            "淮南市",
            "王建国强",
            "李主任",
        ] {
            assert!(!is_name(word), "{word}");
        }
    }
}
