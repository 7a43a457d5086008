//! What may be typed after `backup`, `restore`, `migrate` and `verify`.

use std::path::PathBuf;

/// `backup`
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Folder to write; it must be missing or empty, and lie elsewhere
    pub to: PathBuf,
    /// The data folder; of a server with a database, where its key lies
    #[arg(long, value_name = "DIR", default_value = "shouhu-data")]
    pub data: PathBuf,
    /// The database that several processes share: postgresql://USER:PASSWORD@HOST/NAME. Better set as SHOUHU_DATABASE_URL: others on
    /// this machine see what is typed
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Copy keys/master.key too: whoever has this backup then reads every name
    #[arg(long)]
    pub with_keys: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `restore`
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup's folder
    pub from: PathBuf,
    /// Folder to write; it must be missing or empty
    #[arg(long, value_name = "DIR", default_value = "shouhu-data")]
    pub data: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `migrate`
#[derive(Debug, clap::Args)]
pub struct Migrate {
    /// The data folder of a server that was stopped; it stays as it is
    #[arg(long, value_name = "DIR", default_value = "shouhu-data")]
    pub data: PathBuf,
    /// The database: postgresql://USER:PASSWORD@HOST/NAME. Better set as SHOUHU_DATABASE_URL: others on this machine see
    /// what is typed
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `verify`
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// A backup's folder, or a journal's file alone; default: the data folder
    #[arg(value_name = "BACKUP|FILE", conflicts_with = "data")]
    pub file: Option<PathBuf>,
    /// The data folder; a server may be using it
    #[arg(long, value_name = "DIR", default_value = "shouhu-data")]
    pub data: PathBuf,
    /// The database that several processes share: postgresql://USER:PASSWORD@HOST/NAME. Better set as SHOUHU_DATABASE_URL: others on
    /// this machine see what is typed
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    pub database_url: Option<String>,
    /// A backup, to tell whether anything that it has is lost since
    #[arg(long, value_name = "BACKUP")]
    pub against: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
