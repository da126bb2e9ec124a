//! Numbers as lists write them (ECMA-376 Part 1 §17.18.59, `ST_NumberFormat`).

/// A number of a list in the format of that name. Unknown formats are written in digits.
pub(super) fn written(format: &str, number: u32) -> String {
    match format {
        "chineseCounting"
        | "taiwaneseCounting"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "chineseCountingThousand" => counting(number, &PLAIN),
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            counting(number, &LEGAL)
        }
        "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => {
            number.to_string().chars().map(digit).collect()
        }
        "ideographTraditional" => cycle("甲乙丙丁戊己庚辛壬癸", number),
        "ideographZodiac" => cycle("子丑寅卯辰巳午未申酉戌亥", number),
        "decimalFullWidth" | "decimalFullWidth2" => number
            .to_string()
            .bytes()
            .filter_map(|byte| char::from_u32(0xFF10 + u32::from(byte - b'0')))
            .collect(),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(number),
        "decimalEnclosedParen" => format!("({number})"),
        "decimalEnclosedFullstop" => format!("{number}."),
        "ideographEnclosedCircle" => format!("({})", counting(number, &PLAIN)),
        "decimalZero" => format!("{number:02}"),
        "upperLetter" => letters(number, b'A'),
        "lowerLetter" => letters(number, b'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "numberInDash" => format!("- {number} -"),
        "none" | "bullet" => String::new(),
        _ => number.to_string(),
    }
}

/// Digits and powers of ten of one way of counting.
struct Signs {
    digits: [char; 10],
    powers: [&'static str; 4],
    ten_thousand: &'static str,
    /// Whether 10 to 19 begin with the sign of ten.
    short: bool,
}

const PLAIN: Signs = Signs {
    digits: ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    powers: ["", "十", "百", "千"],
    ten_thousand: "万",
    short: true,
};

const LEGAL: Signs = Signs {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    powers: ["", "拾", "佰", "仟"],
    ten_thousand: "万",
    short: false,
};

fn counting(number: u32, signs: &Signs) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    if number >= 100_000_000 {
        return number.to_string();
    }
    let mut out = String::new();
    let (high, low) = (number / 10_000, number % 10_000);
    if high > 0 {
        below_ten_thousand(high, false, signs, &mut out);
        out.push_str(signs.ten_thousand);
    }
    below_ten_thousand(low, high > 0, signs, &mut out);
    match out.strip_prefix("一十").filter(|_| signs.short) {
        Some(rest) => format!("十{rest}"),
        None => out,
    }
}

fn below_ten_thousand(number: u32, mut gap: bool, signs: &Signs, out: &mut String) {
    let mut begun = false;
    for power in (0..4).rev() {
        let digit = number / 10_u32.pow(power) % 10;
        if digit == 0 {
            gap |= begun;
            continue;
        }
        // One sign stands for all the zeros between two digits.
        if gap && (begun || (power < 3 && !out.is_empty())) {
            out.push('零');
        }
        let place = |index: u32| usize::try_from(index).unwrap_or_default();
        out.extend(signs.digits.get(place(digit)));
        out.push_str(signs.powers.get(place(power)).copied().unwrap_or_default());
        (begun, gap) = (true, false);
    }
}

fn digit(ch: char) -> char {
    let place = ch.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
    place.and_then(|place| PLAIN.digits.get(place)).copied().unwrap_or(ch)
}

fn cycle(signs: &str, number: u32) -> String {
    let count = signs.chars().count().max(1);
    let place = usize::try_from(number.saturating_sub(1)).unwrap_or_default() % count;
    signs.chars().nth(place).map(String::from).unwrap_or_default()
}

fn circled(number: u32) -> String {
    let sign = match number {
        1..=20 => char::from_u32(0x245F + number),
        21..=35 => char::from_u32(0x3250 + number - 20),
        _ => None,
    };
    sign.map_or_else(|| number.to_string(), String::from)
}

/// a to z, then aa, bb, …
fn letters(number: u32, first: u8) -> String {
    let Some(number) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(first + u8::try_from(number % 26).unwrap_or_default());
    let times = usize::try_from(number / 26).unwrap_or_default().min(30) + 1;
    letter.to_string().repeat(times)
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number >= 10_000 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numbers() {
        for (number, text) in [
            (1, "一"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (21, "二十一"),
            (100, "一百"),
            (101, "一百零一"),
            (110, "一百一十"),
            (115, "一百一十五"),
            (1001, "一千零一"),
            (1010, "一千零一十"),
            (10_000, "一万"),
            (10_001, "一万零一"),
            (20_500, "二万零五百"),
        ] {
            assert_eq!(written("chineseCounting", number), text, "{number}");
        }
        assert_eq!(written("chineseLegalSimplified", 12), "壹拾贰");
        assert_eq!(written("ideographDigital", 2023), "二〇二三");
    }

    #[test]
    fn other_numbers() {
        for (format, number, text) in [
            ("decimal", 12, "12"),
            ("decimalZero", 3, "03"),
            ("decimalFullWidth", 12, "１２"),
            ("decimalEnclosedCircle", 3, "③"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("upperRoman", 14, "XIV"),
            ("lowerRoman", 9, "ix"),
            ("upperLetter", 28, "BB"),
            ("lowerLetter", 26, "z"),
            ("ideographTraditional", 11, "甲"),
            ("none", 5, ""),
            ("upperLetter", 0, ""),
            ("somethingNew", 7, "7"),
            ("upperLetter", u32::MAX, &"U".repeat(31)),
        ] {
            assert_eq!(written(format, number), text, "{format} {number}");
        }
    }
}
