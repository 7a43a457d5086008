//! What may be typed after `notice`.

use super::{ScenarioArgs, language};
use clap::ValueEnum;
use std::path::PathBuf;
use words::Language;

/// `notice`
#[derive(Debug, clap::Args)]
pub struct NoticeArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// The plan whose times it tells
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// What it is for; default: round, or with --replaces change
    #[arg(long, value_enum)]
    pub kind: Option<NoticeKindArg>,
    /// A building, an entrance or a household: 12, 12-2, 12-2-301; default: everybody
    #[arg(long = "for", value_name = "PLACE")]
    pub addressed: Option<String>,
    /// Its language; default: that of --lang
    #[arg(long, value_parser = language(), ignore_case = true)]
    pub language: Option<Language>,
    /// Its number; default: 1, or one more than that of the notice it replaces
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub number: Option<u32>,
    /// The notice that it replaces, as -o FILE.json kept it: what is different is found and told
    #[arg(long, value_name = "notice.json")]
    pub replaces: Option<PathBuf>,
    /// Something that is different, in your words
    #[arg(long, value_name = "TEXT")]
    pub changed: Vec<String>,
    /// When it is written, local, such as 07:10 or 2022-03-28T07:10; default: now
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// From when an all clear or a call-back holds
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Until when it holds
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The loudspeaker's script instead of the message for the chat: numbers as words
    #[arg(long)]
    pub script: bool,
    /// The font for Chinese letters; default: one that is installed
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Write it: .pdf to print, .docx, .txt for the chat, .png or .svg as a picture, .xml as CAP 1.2, .wav by this
    /// machine's voice, .json to keep
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A kind of notice by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NoticeKindArg {
    /// A round, before it is held
    Round,
    /// A correction of an earlier notice
    Change,
    /// It is over, or open again
    AllClear,
    /// Some are asked to come once more
    CallBack,
    /// Questions and answers
    Questions,
}

impl From<NoticeKindArg> for domain::notice::NoticeKind {
    fn from(kind: NoticeKindArg) -> domain::notice::NoticeKind {
        use domain::notice::NoticeKind;
        match kind {
            NoticeKindArg::Round => NoticeKind::Round,
            NoticeKindArg::Change => NoticeKind::Change,
            NoticeKindArg::AllClear => NoticeKind::AllClear,
            NoticeKindArg::CallBack => NoticeKind::CallBack,
            NoticeKindArg::Questions => NoticeKind::Questions,
        }
    }
}
