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
