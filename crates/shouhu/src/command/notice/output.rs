//! A notice in the form that a file's ending asks for.

use super::voice;
use crate::{args::NoticeArgs, clock, command::Stop, folder, speak::Speaker};
use formats::pdf::{Fonts, NoFont, NoPicture};
use notice::Notice;
use std::{path::Path, slice};
use words::Language;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Pdf,
    Docx,
    Text,
    Png,
    Svg,
    Xml,
    Sound,
    Json,
}

impl Form {
    /// By the file's ending.
    pub fn of(path: &Path, speaker: Speaker) -> Result<Form, Stop> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(match ending.as_deref() {
            Some("pdf") => Form::Pdf,
            Some("docx") => Form::Docx,
            Some("txt") => Form::Text,
            Some("png") => Form::Png,
            Some("svg") => Form::Svg,
            Some("xml") => Form::Xml,
            Some("wav") => Form::Sound,
            Some("json") => Form::Json,
            _ => return Err(Stop::Usage(speaker.word("usage.notice_output"))),
        })
    }

    /// Writes it.
    pub fn write(
        self,
        path: &Path,
        notice: &Notice,
        language: Language,
        args: &NoticeArgs,
        speaker: Speaker,
    ) -> Result<(), Stop> {
        let no_font = |NoFont { letter }: NoFont| {
            Stop::Usage(speaker.say("problem.font_missing", &[("letter", &letter.to_string())]))
        };
        let fonts = || fonts(args, speaker);
        let bytes = match self {
            Form::Docx => notice.docx(language),
            Form::Text if args.script => (notice.script(language).join("\n") + "\n").into_bytes(),
            Form::Text => notice.chat(language).into_bytes(),
            Form::Json => {
                let mut text = serde_json::to_vec_pretty(notice).expect("our own types are written as JSON");
                text.push(b'\n');
                text
            }
            Form::Xml => {
                let world = |at| clock::with_offset(&notice.timezone, at);
                notice.cap(language, &world).into_bytes()
            }
            Form::Sound => return voice::speak(path, &notice.script(language), language, speaker),
            Form::Pdf => notice::pdf(slice::from_ref(notice), language, &fonts()?).map_err(no_font)?,
            Form::Svg => notice.svg(language, &fonts()?).map_err(no_font)?.into_bytes(),
            Form::Png => notice.png(language, &fonts()?).map_err(|why| match why {
                NoPicture::Font(missing) => no_font(missing),
                NoPicture::TooHigh => Stop::Usage(speaker.word("usage.notice_too_high")),
            })?,
        };
        folder::write_file(path, &bytes)?;
        Ok(())
    }
}

fn fonts(args: &NoticeArgs, speaker: Speaker) -> Result<Fonts, Stop> {
    let path = args.font.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let unusable = |_| Stop::Usage(speaker.say("usage.notice_font", &[("path", &path)]));
    server::run::fonts::PrintFonts::new(args.font.clone()).read().map_err(unusable)
}
