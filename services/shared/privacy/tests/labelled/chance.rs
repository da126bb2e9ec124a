//! Chance that comes out the same every time, and the values made with it.

/// A small generator (xorshift64*): the tests need variety, not quality.
pub struct Chance(u64);

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "欧阳", "上官", "石", "方",
];
const GIVEN: [&str; 20] = [
    "伟", "芳", "建国", "秀英", "志强", "丽华", "小红", "文杰", "桂兰", "永刚", "玉梅", "子涵",
    "德明", "春生", "敏", "静", "国庆", "海燕", "大勇", "淑珍",
];

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % bound.max(1)
    }

    pub fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all.get(self.below(all.len())).copied().unwrap_or_default()
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }

    pub fn name(&mut self) -> String {
        format!("{}{}", self.pick(&SURNAMES), self.pick(&GIVEN))
    }

    pub fn identity(&mut self) -> String {
        let area =
            self.pick(&["340402", "340403", "110105", "410185", "320102", "511622", "650102"]);
        let (year, month, day) = (1930 + self.below(90), 1 + self.below(12), 1 + self.below(28));
        let body = format!("{area}{year}{month:02}{day:02}{}", self.digits(3));
        format!("{body}{}", identity_check(&body))
    }

    pub fn old_identity(&mut self) -> String {
        let (year, month, day) = (30 + self.below(60), 1 + self.below(12), 1 + self.below(28));
        format!("340402{year}{month:02}{day:02}{}", self.digits(3))
    }

    pub fn mobile(&mut self) -> String {
        let head =
            self.pick(&["138", "139", "150", "187", "199", "133", "166", "177", "173", "198"]);
        format!("{head}{}{}", 1 + self.below(9), self.digits(7))
    }

    pub fn landline(&mut self) -> String {
        format!("{}-{}{}", self.pick(&["0554", "0551", "0311"]), 2 + self.below(7), self.digits(6))
    }

    pub fn card(&mut self) -> String {
        let head = self.pick(&["622848", "621700", "621226", "620059", "622202"]);
        let length = if self.below(3) == 0 { 9 } else { 12 };
        let body = format!("{head}{}", self.digits(length));
        format!("{body}{}", luhn_check(&body))
    }

    pub fn passport(&mut self) -> String {
        let head = self.pick(&["E", "G", "E", "EA", "EK", "EH"]);
        format!("{head}{}", self.digits(9 - head.len()))
    }

    pub fn permit(&mut self) -> String {
        let (head, count) = [("H", 10), ("M", 10), ("C", 8), ("H", 8)][self.below(4)];
        format!("{head}{}", self.digits(count))
    }

    pub fn plate(&mut self) -> String {
        let head = self.pick(&["皖D", "皖D·", "皖A", "苏A", "沪C", "京N·", "粤B"]);
        match self.below(4) {
            0 => format!("{head}D{}", self.digits(5)),
            1 => format!("{head}{}K{}", self.digits(2), self.digits(2)),
            _ => format!("{head}{}", self.digits(5)),
        }
    }

    pub fn address(&mut self) -> String {
        let head = self.pick(&[
            "安徽省淮南市田家庵区",
            "淮南市大通区",
            "淮南市谢家集区",
            "合肥市蜀山区",
            "田家庵区",
            "",
        ]);
        let place = self.pick(&[
            "朝阳街道龙湖小区",
            "国庆路街道金地花园",
            "和平家园",
            "舜耕镇新村小区",
            "洞山中路88号怡景苑",
        ]);
        let (building, unit, room) =
            (1 + self.below(30), 1 + self.below(5), 101 + self.below(1500));
        match self.below(4) {
            0 => format!("{head}{place}{building}幢{room}室"),
            1 => format!("{head}{place}{building}号楼{unit}单元{room}"),
            _ => format!("{head}{place}{building}栋{unit}单元{room}室"),
        }
    }

    pub fn email(&mut self) -> String {
        let local = self.pick(&["wangjg", "li_fang88", "zhang.san", "hb2020x", "xiaohong"]);
        let count = 1 + self.below(4);
        format!(
            "{local}{}@{}",
            self.digits(count),
            self.pick(&["qq.com", "163.com", "126.com", "sina.com.cn"])
        )
    }

    pub fn wechat(&mut self) -> String {
        let count = 3 + self.below(4);
        format!("{}{}", self.pick(&["wxid_a", "zhangsan", "Hao-", "lily_"]), self.digits(count))
    }
}

pub fn identity_check(body: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap_or(0)).unwrap_or('0')
}

pub fn luhn_check(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

pub fn credit_code(chance: &mut Chance, head: &str) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("{head}340402{}", chance.digits(9));
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += usize::from(byte - b'0') * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}
