//! The font with which Chinese is printed: one that is installed, or the one that was named.

use crate::problem::Fault;
use axum::http::StatusCode;
use formats::pdf::{Fonts, NoFont};
use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// Where free fonts with all of Chinese are installed: Noto by Debian, Fedora, Arch and Alpine, and Debian's others.
const INSTALLED: [&str; 8] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
];

/// Fonts to print with. They are read when something is printed first: tens of megabytes.
#[derive(Default)]
pub struct PrintFonts {
    named: Option<PathBuf>,
    read: Mutex<Option<Fonts>>,
}

impl PrintFonts {
    /// With this font file; else with one that is installed.
    pub fn new(named: Option<PathBuf>) -> PrintFonts {
        PrintFonts { named, read: Mutex::default() }
    }

    /// The fonts. Blocks on the disk. Where no font is found, Latin letters and codes can be printed all the same.
    ///
    /// # Errors
    /// The font that was named cannot be used.
    pub fn read(&self) -> Result<Fonts, Fault> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*read {
            return Ok(fonts.clone());
        }
        if let Some(path) = &self.named {
            let unusable = |why: String| {
                Fault::new(StatusCode::CONFLICT, "font_unusable")
                    .with("path", path.display())
                    .with("why", why)
            };
            let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
            let fonts =
                Fonts::new(Some(Arc::new(bytes))).ok_or_else(|| unusable("TTF, OTF, TTC?".to_owned()))?;
            return Ok(read.insert(fonts).clone());
        }
        let found = INSTALLED.iter().filter_map(|path| std::fs::read(path).ok());
        match found.filter_map(|bytes| Fonts::new(Some(Arc::new(bytes)))).next() {
            Some(fonts) => Ok(read.insert(fonts).clone()),
            // It may be installed while the server runs.
            None => Ok(Fonts::new(None).expect("our own fonts are fonts")),
        }
    }
}

impl fmt::Debug for PrintFonts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PrintFonts").field("named", &self.named).finish_non_exhaustive()
    }
}

impl From<NoFont> for Fault {
    fn from(NoFont { letter }: NoFont) -> Fault {
        Fault::new(StatusCode::CONFLICT, "font_missing").with("letter", letter)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    fn code(fault: &Fault) -> &'static str {
        let Fault::Problem { code, .. } = fault else { panic!("{fault:?}") };
        code
    }

    #[test]
    fn a_font_that_was_named_is_used_or_its_fault_is_told() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("font.ttf");
        for bytes in [None, Some(&b"no font"[..])] {
            bytes.iter().for_each(|bytes| std::fs::write(&path, bytes).unwrap());
            let refused = PrintFonts::new(Some(path.clone())).read().err().unwrap();
            assert_eq!(code(&refused), "font_unusable");
        }
        // A font of Latin letters alone prints no Chinese, and says so.
        let latin = concat!(env!("CARGO_MANIFEST_DIR"), "/../formats/fonts/text.ttf");
        let fonts = PrintFonts::new(Some(latin.into())).read().unwrap();
        let form = formats::pdf::Form { title: "班次".to_owned(), ..Default::default() };
        let pages = formats::pdf::forms(&[form], &fonts);
        let refused = formats::pdf::pdf("Shift", "en", &pages, &fonts).unwrap_err();
        assert_eq!(code(&refused.into()), "font_missing");
    }
}
