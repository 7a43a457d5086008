//! `method`

use std::path::PathBuf;

/// `method`
#[derive(Debug, clap::Subcommand)]
pub enum MethodArgs {
    /// Write what a community learned into a folder: laws and rules, without anybody's name, day, lanes or staff
    Export(Export),
    /// Take over what another community learned, with a lesson beside each value that says whence
    Import(Import),
}

/// `method export`
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The scenario's folder
    pub scenario: PathBuf,
    /// Folder to write; none of its files may be there
    pub to: PathBuf,
    /// Where it was learned, in words that name nobody: "a compound of 4,000, four lanes"
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
    /// Residents' questions that were answered, too; read them before you hand them on
    #[arg(long)]
    pub questions: bool,
    /// The further sentences of notices (notice.toml, [more]) and services of your own, too; read them before you hand them on
    #[arg(long)]
    pub texts: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `method import`
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The method's folder
    pub from: PathBuf,
    /// The scenario's folder, into which it is written
    pub scenario: PathBuf,
    /// This key alone; may be given several times
    #[arg(long, value_name = "KEY")]
    pub only: Vec<String>,
    /// Say what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
