//! The faces of a document and their order of fall-back.
//!
//! GB/T 9704-2012 asks for 小标宋 (title, head), 仿宋 (text), 黑体, 楷体 (headings) and 宋
//! (page number). A face is told by its names; what a set lacks is replaced by the nearest face
//! it has, and a character that a face lacks by the same character of another face.
//!
//! | set | 小标宋 | 仿宋 | 楷体 | 黑体 | 宋 |
//! |---|---|---|---|---|---|
//! | the organ's own | 方正小标宋 | 仿宋_GB2312 | 楷体_GB2312 | 黑体 | 宋体 |
//! | free, by `fonts.sh` | FandolSong Bold | FandolFang | FandolKai | FandolHei | FandolSong |
//! | Debian `fonts-noto-cjk` | Noto Serif CJK SC Bold | Serif | Serif | Sans | Serif |

mod face;
mod names;

use std::sync::Arc;

use crate::error::FontError;
pub(crate) use face::Face;
pub use names::{FREE_SET, NOTO_SET};

/// What a face is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 小标宋: the title and the red head (7.2.4, 7.3.1).
    Title,
    /// 仿宋: the text (5.2.2).
    Body,
    /// 楷体: second headings and the signer's name (7.2.6, 7.3.3).
    Kai,
    /// 黑体: first headings, annex labels (7.3.3, 7.3.7).
    Hei,
    /// 宋体: the page number (7.5).
    Song,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Title, Self::Body, Self::Kai, Self::Hei, Self::Song];

    /// The roles whose faces stand in for this one, nearest first.
    fn substitutes(self) -> [Self; 4] {
        match self {
            Self::Title => [Self::Song, Self::Hei, Self::Body, Self::Kai],
            Self::Body => [Self::Song, Self::Kai, Self::Hei, Self::Title],
            Self::Kai => [Self::Body, Self::Song, Self::Hei, Self::Title],
            Self::Hei => [Self::Title, Self::Song, Self::Body, Self::Kai],
            Self::Song => [Self::Body, Self::Kai, Self::Title, Self::Hei],
        }
    }
}

/// A font file as read by the caller.
#[derive(Clone)]
pub struct FontFile {
    /// Its name, for messages and, where the font does not tell, for its role.
    pub name: String,
    /// Its bytes: TrueType, OpenType, or a collection of them. Of a collection the face of
    /// simplified Chinese is taken.
    pub bytes: Arc<Vec<u8>>,
    /// What it is for; `None`: told by the font's names.
    pub role: Option<Role>,
}

impl std::fmt::Debug for FontFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FontFile").field("name", &self.name).field("role", &self.role).finish()
    }
}

/// Loaded fonts. Loading reads every file once; keep it and share it.
#[derive(Debug)]
pub struct Fonts {
    faces: Vec<Face>,
    /// For each role the faces to look in, in order.
    chains: Vec<(Role, Vec<usize>)>,
}

impl Fonts {
    /// Takes the files in the order of preference: an organ that owns the official fonts gives
    /// them first.
    ///
    /// # Errors
    ///
    /// [`FontError::Unreadable`] for a file that is no font, [`FontError::NoChinese`] when no
    /// file has Chinese characters; it names what to install.
    pub fn load(files: &[FontFile]) -> Result<Self, FontError> {
        let mut faces = Vec::with_capacity(files.len());
        for file in files {
            faces.push(Face::read(file)?);
        }
        if !faces.iter().any(|face| face.glyph('的').is_some()) {
            return Err(FontError::NoChinese { files: files.len() });
        }
        let chains = Role::ALL.map(|role| (role, chain(&faces, role))).to_vec();
        Ok(Self { faces, chains })
    }

    /// The name of the face that a role is set in, e.g. `FandolFang-Regular`.
    pub fn name(&self, role: Role) -> &str {
        self.chain(role).first().and_then(|index| self.face(*index)).map_or("", Face::name)
    }

    /// Whether the role has a face of its own kind, or only a substitute.
    pub fn has(&self, role: Role) -> bool {
        self.faces.iter().any(|face| face.role() == Some(role))
    }

    pub(crate) fn face(&self, index: usize) -> Option<&Face> {
        self.faces.get(index)
    }

    /// Where to look for a character, in order.
    pub(crate) fn chain(&self, role: Role) -> &[usize] {
        self.chains.iter().find(|(known, _)| *known == role).map_or(&[], |(_, chain)| chain)
    }
}

/// The faces of the role, then of its substitutes, then all others. A face without Chinese
/// comes last: it would set a document in boxes.
fn chain(faces: &[Face], role: Role) -> Vec<usize> {
    let wanted = std::iter::once(Some(role))
        .chain(role.substitutes().into_iter().map(Some))
        .chain(std::iter::once(None));
    let mut order: Vec<usize> = wanted
        .flat_map(|role| {
            faces.iter().enumerate().filter(move |(_, face)| face.role() == role).map(|(i, _)| i)
        })
        .collect();
    order.sort_by_key(|index| faces.get(*index).is_none_or(|face| face.glyph('的').is_none()));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_missing_set_says_what_to_install() {
        let error = Fonts::load(&[]).unwrap_err();
        assert_eq!(error, FontError::NoChinese { files: 0 });
        assert!(error.to_string().contains("fonts-noto-cjk"));
    }

    #[test]
    fn rubbish_is_named() {
        let file = FontFile { name: "a.otf".into(), bytes: Arc::new(vec![0; 9]), role: None };
        assert_eq!(
            Fonts::load(&[file]).unwrap_err(),
            FontError::Unreadable { file: "a.otf".into() }
        );
    }

    #[test]
    fn every_role_has_a_face() {
        let Some(fonts) = testing::fonts() else { return };
        for role in Role::ALL {
            assert!(!fonts.name(role).is_empty());
            assert_eq!(fonts.chain(role).len(), fonts.chain(Role::Body).len());
        }
    }

    #[test]
    fn a_cut_off_font_is_an_error() {
        let Some(files) = testing::font_files() else { return };
        let mut bytes = files[0].bytes.as_ref().clone();
        bytes.truncate(200);
        let cut = FontFile { bytes: Arc::new(bytes), ..files[0].clone() };
        assert!(Fonts::load(&[cut]).is_err());
    }
}
