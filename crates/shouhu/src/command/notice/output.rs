//! A notice in the form that a file's ending asks for.

use super::voice;
use crate::{args::NoticeArgs, clock, command::Stop, folder, speak::Speaker};
use formats::pdf::{self, Fonts, NoPicture, Paper, Sheet};
use notice::Notice;
use std::path::Path;
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
        let bytes = match self {
            Form::Docx => formats::docx(&notice.paper(language, true).document),
            Form::Text if args.script => (notice.script(language).join("\n") + "\n").into_bytes(),
            Form::Text => notice.chat(language).into_bytes(),
            Form::Json => {
                let mut text = serde_json::to_vec_pretty(notice).expect("our own types are written as JSON");
                text.push(b'\n');
                text
            }
            Form::Xml => {
                let world = |at| clock::with_offset(&notice.timezone, at);
                formats::cap::xml(&notice.alert(&[language], &world)).into_bytes()
            }
            Form::Sound => return voice::speak(path, &notice.script(language), language, speaker),
            Form::Pdf | Form::Png | Form::Svg => self.printed(notice, language, args, speaker)?,
        };
        folder::write_file(path, &bytes)?;
        Ok(())
    }

    fn printed(
        self,
        notice: &Notice,
        language: Language,
        args: &NoticeArgs,
        speaker: Speaker,
    ) -> Result<Vec<u8>, Stop> {
        let fonts = fonts(args, speaker)?;
        // The authority's words are long: who reads the picture finds them in the chat or on paper.
        let paper = notice.paper(language, self == Form::Pdf);
        let sheet = Sheet {
            document: &paper.document,
            number: &paper.number,
            large: &paper.large,
            code: &paper.code,
        };
        let size = if self == Form::Pdf { Paper::A4 } else { Paper::TELEPHONE };
        let (pages, high) = pdf::sheets(&sheet, size, &fonts);
        let told = format!("{} {}", paper.document.title, paper.number);
        let no_font = |letter: char| {
            Stop::Usage(speaker.say("problem.font_missing", &[("letter", &letter.to_string())]))
        };
        match self {
            Form::Pdf => pdf::pdf(&told, &paper.document.language, &pages, &fonts)
                .map_err(|missing| no_font(missing.letter)),
            Form::Svg => pdf::svg(&pages[0], (size.width, high), &told, &fonts)
                .map(String::into_bytes)
                .map_err(|missing| no_font(missing.letter)),
            _ => pdf::png(&pages[0], (size.width, high), &fonts).map_err(|why| match why {
                NoPicture::Font(missing) => no_font(missing.letter),
                NoPicture::TooHigh => Stop::Usage(speaker.word("usage.notice_too_high")),
            }),
        }
    }
}

fn fonts(args: &NoticeArgs, speaker: Speaker) -> Result<Fonts, Stop> {
    let path = args.font.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let unusable = |_| Stop::Usage(speaker.say("usage.notice_font", &[("path", &path)]));
    server::run::fonts::PrintFonts::new(args.font.clone()).read().map_err(unusable)
}
