//! E-mail addresses, WeChat ids and QQ numbers.

use crate::context::{Context, names_organ};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::{after, before, halfwidth, is_alphanumeric, is_blank, line_after, line_before};
use crate::words::{Mark, Word, is_glue};

const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 100;

/// The address around the `@` at `at`, if there is one.
pub(crate) fn email(context: &Context<'_>, at: usize, floor: usize) -> Option<Draft> {
    let text = context.text;
    let mut start = at;
    for _ in 0..LONGEST_LOCAL {
        match before(text, start) {
            Some(ch) if start > floor && (is_alphanumeric(ch) || "._%+-".contains(ch)) => {
                start -= ch.len_utf8();
            }
            _ => break,
        }
    }
    let local = text.get(start..at)?;
    let trimmed = local.trim_start_matches(['.', '-', '%', '+']);
    start += local.len() - trimmed.len();
    let behind = at + after(text, at)?.len_utf8();
    let rest = text.get(behind..)?;
    let length: usize = rest
        .chars()
        .take(LONGEST_DOMAIN)
        .take_while(|ch| is_alphanumeric(*ch) || matches!(ch, '.' | '-' | '．'))
        .map(char::len_utf8)
        .sum();
    let domain = rest.get(..length)?.trim_end_matches(['.', '-', '．']);
    let name: String = domain.chars().map(halfwidth).map(|ch| ch.to_ascii_lowercase()).collect();
    let name = name.replace('．', ".");
    let (host, top) = name.rsplit_once('.')?;
    let fits = !trimmed.is_empty()
        && !host.is_empty()
        && (2..=10).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase());
    let (personal, open) = email_owner(context, start, &name);
    fits.then(|| {
        let range = start..behind + domain.len();
        let certainty = if open && personal { Certainty::Suspected } else { Certainty::Certain };
        Draft::new(range, Kind::Email, certainty).personal(personal).open(open)
    })
}

/// Whether an address is a private person's, and whether its neighbours may still tell.
fn email_owner(context: &Context<'_>, start: usize, domain: &str) -> (bool, bool) {
    const PUBLIC: [Word; 5] =
        [Word::PublicMail, Word::PublicPhone, Word::PublicAddress, Word::Call, Word::Contact];
    const ASKED: &str =
        "意见、反馈、发送、发到、报送、提交、投稿、传真、邮编、联系单位、寄、报名、主题、邮政编码";
    let is_official = ["gov.cn", "org.cn", "edu.cn", "mil.cn"]
        .iter()
        .any(|tail| domain == *tail || domain.ends_with(&format!(".{tail}")));
    if is_official || context.text.get(..start).is_some_and(|head| head.ends_with("mailto:")) {
        return (false, false);
    }
    let label = context.label(start);
    if label == Some(Word::PublicMail) {
        return (false, false);
    }
    let own = line_after(context.text, start + domain.len(), 24).contains("本人");
    if label == Some(Word::PrivateMail) || own || context.is_persons(start) {
        return (true, false);
    }
    let line = line_before(context.text, start, 80);
    let line = line.rsplit(['。', '；']).next().unwrap_or_default();
    let is_asked = context.near(start, line.chars().count(), &PUBLIC)
        || ASKED.split('、').any(|word| line.contains(word))
        || names_organ(line);
    (!is_asked, true)
}

/// The WeChat ids and QQ numbers behind their words and in their columns.
pub(crate) fn chats(context: &Context<'_>, drafts: &mut Vec<Draft>) {
    for mark in context.marks.all() {
        if matches!(mark.word, Word::Wechat | Word::Qq) {
            drafts.extend(chat(context.text, *mark).map(|draft| {
                // 可加QQ号码…进行咨询: an account kept for the public.
                let behind = line_after(context.text, draft.bytes.end, 12);
                let public = [Word::Call, Word::PublicChat];
                let asked = behind.contains("咨询") || context.near(mark.start, 12, &public);
                draft.personal(!asked)
            }));
        }
    }
    for cell in &context.cells {
        let end = token_end(context.text, cell.start);
        if end == cell.end {
            drafts.extend(chat_token(context.text, cell.start, end, cell.word));
        }
    }
}

fn chat(text: &str, mark: Mark) -> Option<Draft> {
    let rest = text.get(mark.end..)?;
    let gap: usize = rest
        .chars()
        .take(8)
        .take_while(|ch| !is_alphanumeric(*ch) && (is_blank(*ch) || is_glue(&ch.to_string())))
        .map(char::len_utf8)
        .sum();
    let start = mark.end + gap;
    // QQ.com and 微信 followed by an address are no ids.
    if rest.starts_with(['.', '@', '-', '/']) {
        return None;
    }
    chat_token(text, start, token_end(text, start), mark.word)
}

fn token_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let length: usize = rest
        .chars()
        .take(24)
        .take_while(|ch| is_alphanumeric(*ch) || matches!(ch, '_' | '-'))
        .map(char::len_utf8)
        .sum();
    start + length
}

/// Reads a token as an id: QQ numbers have 5 to 11 digits, WeChat ids 6 to 20 characters
/// that begin with a letter (or, for the oldest, are a QQ number).
fn chat_token(text: &str, start: usize, end: usize, word: Word) -> Option<Draft> {
    let id: String = text.get(start..end)?.chars().map(halfwidth).collect();
    if matches!(after(text, end), Some('@' | '.' | '/' | '＠')) && !ends_sentence(text, end) {
        return None;
    }
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    let is_mobile = digits && id.len() == 11 && id.starts_with('1');
    let number = digits && (5..=11).contains(&id.len()) && !id.starts_with('0') && !is_mobile;
    let letters = id.starts_with(|ch: char| ch.is_ascii_alphabetic() || ch == '_');
    let kind = match word {
        Word::Qq if number => Kind::QqNumber,
        Word::Wechat if number && id.len() > 5 => Kind::WechatId,
        Word::Wechat if letters && (6..=20).contains(&id.len()) && !is_word(&id) => Kind::WechatId,
        _ => return None,
    };
    Some(Draft::new(start..end, kind, Certainty::Certain))
}

fn ends_sentence(text: &str, at: usize) -> bool {
    after(text, at) == Some('.') && after(text, at + 1).is_none_or(|ch| !is_alphanumeric(ch))
}

/// Latin words that follow 微信 without being an id.
fn is_word(id: &str) -> bool {
    const WORDS: [&str; 6] = ["online", "wechat", "weixin", "android", "alipay", "applet"];
    WORDS.contains(&id.to_ascii_lowercase().as_str())
}
