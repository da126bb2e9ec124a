//! The readable part of a mail message (RFC 5322, MIME), as our own letters are built.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// What a person reads of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// Address of the sender.
    pub from: String,
    /// The plain text.
    pub text: String,
}

/// Reads a message; what cannot be decoded is shown as it stands.
pub fn read(raw: &str) -> Letter {
    let raw = raw.replace("\r\n", "\n");
    let (head, body) = split(&raw);
    let from = header(head, "from").unwrap_or_default();
    let from = from.rsplit_once('<').map_or(from.as_str(), |(_, address)| address);
    Letter { from: from.trim_end_matches('>').trim().to_owned(), text: plain(head, body) }
}

/// Headers and body.
fn split(part: &str) -> (&str, &str) {
    part.split_once("\n\n").unwrap_or((part, ""))
}

/// A header's value, its lines put together.
fn header(head: &str, name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in head.lines() {
        match &mut value {
            Some(value) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            Some(_) => break,
            None => {
                let named = line.split_once(':');
                let named = named.filter(|(known, _)| known.eq_ignore_ascii_case(name));
                value = named.map(|(_, rest)| rest.trim().to_owned());
            }
        }
    }
    value
}

/// The plain text of a part: itself, or that of the first of its parts that has one.
fn plain(head: &str, body: &str) -> String {
    let media_type = header(head, "content-type").unwrap_or_default();
    if let Some(boundary) = boundary(&media_type) {
        let mark = format!("--{boundary}");
        let parts = body.split(mark.as_str()).skip(1).filter(|part| !part.starts_with("--"));
        let texts = parts.map(|part| {
            let (head, body) = split(part.trim_start_matches('\n'));
            plain(head, body)
        });
        return texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    }
    let is_text =
        media_type.is_empty() || media_type.to_ascii_lowercase().starts_with("text/plain");
    if !is_text {
        return String::new();
    }
    let encoding = header(head, "content-transfer-encoding").unwrap_or_default();
    let text = match encoding.to_ascii_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_owned(),
    };
    text.replace("\r\n", "\n").trim().to_owned()
}

fn boundary(media_type: &str) -> Option<&str> {
    let (_, rest) = media_type.split_once("boundary=")?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(';').next().map(str::trim),
    }
}

fn base64(body: &str) -> String {
    let packed: String = body.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| body.to_owned())
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
            }
            None => {
                bytes.push(b'=');
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_part_of_a_letter_is_read() {
        let text = STANDARD.encode("您好！\n请打开链接。");
        let raw = format!(
            "From: =?utf-8?b?5bmz5Y+w?= <no-reply@example.org>\r\nSubject: =?utf-8?b?6K+3?=\r\n \
             =?utf-8?b?56Gu?=\r\n\
             Content-Type: multipart/alternative;\r\n boundary=\"abc\"\r\n\r\n\
             --abc\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{text}\r\n\
             --abc\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>x</p>\r\n--abc--\r\n"
        );
        let letter = read(&raw);
        assert_eq!(letter.from, "no-reply@example.org");
        assert_eq!(letter.text, "您好！\n请打开链接。");
    }

    #[test]
    fn quoted_printable_is_decoded() {
        let raw = "From: a@example.org\nContent-Transfer-Encoding: quoted-printable\n\n\
                   =E6=82=A8=E5=A5=BD a=3Db, long=\n line =zz";
        assert_eq!(read(raw).text, "您好 a=b, long line =zz");
    }
}
