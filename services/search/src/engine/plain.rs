//! The words of a text in HTML.

/// Tags that do not end a word.
const INLINE: [&str; 12] =
    ["a", "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "small", "mark"];

/// The text of cleaned HTML, without its tags.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        unescape(before, &mut text);
        let Some((tag, behind)) = after.split_once('>') else {
            rest = "";
            break;
        };
        let name = tag.trim_start_matches('/');
        let name = name.split(|ch: char| !ch.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !INLINE.contains(&name.to_ascii_lowercase().as_str()) && !text.ends_with('\n') {
            text.push('\n');
        }
        rest = behind;
    }
    unescape(rest, &mut text);
    text
}

fn unescape(escaped: &str, text: &mut String) {
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        match after.split_once(';').and_then(|(name, behind)| Some((character(name)?, behind))) {
            Some((character, behind)) => {
                text.push(character);
                rest = behind;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text.push_str(rest);
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "middot" => Some('·'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_go_and_words_stay_whole() {
        assert_eq!(
            plain("<p>住房<b>公积金</b>管理</p><p>第二条&nbsp;A&amp;B &#20013;&#x6587;</p>"),
            "\n住房公积金管理\n第二条 A&B 中文\n"
        );
        assert_eq!(plain("一 &lt; 二 & 三"), "一 < 二 & 三");
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*|[<>&;#x/a-z中0-9]{0,40}") {
            plain(&text);
        }
    }
}
