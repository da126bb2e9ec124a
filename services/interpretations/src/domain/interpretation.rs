//! What an interpretation must be like.

/// Characters below which a text explains nothing, and a picture has no text version.
const SHORTEST_TEXT: usize = 20;

/// Who or what interprets; each interpretation counts under one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In words.
    Text,
    /// In pictures.
    Picture,
    /// By an expert or the one responsible.
    Expert,
    /// By the media.
    Media,
}

impl Kind {
    /// The word on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Expert => "expert",
            Self::Media => "media",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Text, Self::Picture, Self::Expert, Self::Media]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// What a clerk writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Title.
    pub title: String,
    /// Who or what interprets.
    pub kind: Kind,
    /// 文字解读, 图解, 问答 …
    pub form: String,
    /// Organ or person in office.
    pub interpreter: String,
    /// Where one asks.
    pub contact_phone: String,
    /// Plain text.
    pub text: String,
}

/// Why a content was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// No title, or one that is too long.
    #[error("标题应为 1 到 200 个字")]
    Title,
    /// A kind that does not exist.
    #[error(
        "没有“{0}”这种解读；可选：text（文字）、picture（图片）、expert（负责人或专家）、media（媒体）"
    )]
    Kind(String),
    /// A short field is too long.
    #[error("最多 {most} 个字")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// Characters that it may have.
        most: usize,
    },
    /// A written interpretation with next to nothing in it.
    #[error("正文太短：至少 {SHORTEST_TEXT} 个字")]
    TextTooShort,
    /// A picture or film that those who cannot see it are left out of.
    #[error("图片、音视频解读须附文字版，至少 {SHORTEST_TEXT} 个字")]
    NoTextVersion,
    /// Nobody stands for it.
    #[error("公开前请填写解读机关或解读人")]
    NoInterpreter,
}

impl ContentFault {
    /// The field of the request that is wrong.
    pub fn field(&self) -> String {
        let field = match self {
            Self::Title => "title",
            Self::Kind(_) => "kind",
            Self::TooLong { field, .. } => field,
            Self::TextTooShort | Self::NoTextVersion => "text",
            Self::NoInterpreter => "interpreter",
        };
        format!("interpretation.{field}")
    }
}

impl Content {
    /// Checks what even a draft must keep.
    pub fn check_draft(&self) -> Result<(), ContentFault> {
        let length = self.title.chars().count();
        if length == 0 || length > 200 {
            return Err(ContentFault::Title);
        }
        for (field, value, most) in [
            ("form", &self.form, 20),
            ("interpreter", &self.interpreter, 100),
            ("contact_phone", &self.contact_phone, 50),
        ] {
            if value.chars().count() > most {
                return Err(ContentFault::TooLong { field, most });
            }
        }
        Ok(())
    }

    /// Checks what the public may expect.
    pub fn check_public(&self) -> Result<(), ContentFault> {
        self.check_draft()?;
        let written = self.text.chars().filter(|c| !c.is_whitespace()).count();
        if written < SHORTEST_TEXT {
            return Err(match self.kind {
                Kind::Text | Kind::Expert => ContentFault::TextTooShort,
                Kind::Picture | Kind::Media => ContentFault::NoTextVersion,
            });
        }
        if self.interpreter.is_empty() {
            return Err(ContentFault::NoInterpreter);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(kind: Kind, text: &str) -> Content {
        Content {
            title: "《明川市户外广告管理办法》解读".to_owned(),
            kind,
            form: "文字解读".to_owned(),
            interpreter: "市城管局".to_owned(),
            contact_phone: String::new(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_picture_needs_a_text_version_to_become_public() {
        let bare = content(Kind::Picture, "一图读懂");
        assert_eq!(bare.check_draft(), Ok(()));
        assert_eq!(bare.check_public(), Err(ContentFault::NoTextVersion));
        assert_eq!(content(Kind::Media, "").check_public(), Err(ContentFault::NoTextVersion));
        let told = content(Kind::Picture, &"图中说明设置户外广告的条件和程序。".repeat(2));
        assert_eq!(told.check_public(), Ok(()));
    }

    #[test]
    fn blanks_do_not_make_a_text() {
        let blank = content(Kind::Text, &format!("解读{}", " \n".repeat(30)));
        assert_eq!(blank.check_public(), Err(ContentFault::TextTooShort));
    }

    #[test]
    fn somebody_must_stand_for_it() {
        let mut nobody = content(Kind::Text, &"说明办法的背景、依据和主要内容。".repeat(2));
        nobody.interpreter.clear();
        assert_eq!(nobody.check_draft(), Ok(()));
        assert_eq!(nobody.check_public(), Err(ContentFault::NoInterpreter));
    }

    #[test]
    fn kinds_have_words() {
        for kind in [Kind::Text, Kind::Picture, Kind::Expert, Kind::Media] {
            assert_eq!(Kind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_word("video"), None);
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let mut long = content(Kind::Text, "");
        long.form = "长".repeat(21);
        let fault = long.check_draft().unwrap_err();
        assert_eq!(fault.field(), "interpretation.form");
        long.title.clear();
        assert_eq!(long.check_draft(), Err(ContentFault::Title));
    }
}
