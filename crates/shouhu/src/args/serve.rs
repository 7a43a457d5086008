//! What may be typed after `serve`.

use std::path::PathBuf;

/// `serve`
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Folder in which everything is kept; made where it is missing. With a database: this process's keys
    #[arg(long, value_name = "DIR", default_value = "shouhu-data")]
    pub data: PathBuf,
    /// Keep everything in a PostgreSQL database, which any number of shouhu serve may share:
    /// postgresql://USER:PASSWORD@HOST/NAME. Better set as SHOUHU_DATABASE_URL: others on this machine see what is typed
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where to listen. On 127.0.0.1 or [::1] whoever sits here needs no account; elsewhere everybody does. Port 0 takes
    /// any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8300")]
    pub listen: String,
    /// The address that others open, such as https://garden.example: of this server with a certificate, or of a proxy
    /// before it
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The proxy's address or network, such as 172.17.0.0/16, if it is not on this machine: who asks is then whom it says
    #[arg(long, value_name = "ADDR")]
    pub proxy: Option<String>,
    /// Certificate in PEM, with those between it and a root; read again when it is renewed
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Let others in without TLS, on a hotspot of your own: whoever is in that network can read along
    #[arg(long)]
    pub plain_http: bool,
    /// A font file with Chinese letters, for what is printed; without it, one that is installed
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Take drills (shouhu drill), on a data folder of its own: one that is missing or empty is marked, and is never used for
    /// anything real
    #[arg(long)]
    pub drill: bool,
    /// Tell metrics (/metrics, as Prometheus reads them), /live and /ready on an address of its own, such as 127.0.0.1:9300.
    /// Nobody signs in there: keep it where only you reach it
    #[arg(long, value_name = "ADDR")]
    pub metrics: Option<String>,
    /// Take results of a lab's system over MLLP (HL7 v2.5.1) on an address of this machine, such as 127.0.0.1:2575, in the name
    /// of the account of --mllp-account. The protocol has no encryption: a tunnel of the lab's ends here
    #[arg(long, value_name = "ADDR", requires = "mllp_account")]
    pub mllp: Option<String>,
    /// The account, with the role lab, in whose name they are taken
    #[arg(long, value_name = "LOGIN", requires = "mllp")]
    pub mllp_account: Option<String>,
    /// The time zone of times in messages that do not say theirs
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    pub mllp_zone: String,
    /// Send notices to the channels that this file names: webhooks and mailing lists
    #[arg(long, value_name = "FILE", conflicts_with = "drill")]
    pub channels: Option<PathBuf>,
    /// What is written to stderr while it runs. No name, no address and no path of a request is ever in it
    #[arg(long, value_enum, default_value_t = Log::Problems)]
    pub log: Log,
    /// How a line of it looks; default: text on a terminal, json elsewhere
    #[arg(long, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Open the pages in a browser
    #[arg(long)]
    pub open: bool,
    /// End when the input ends: of a drill that starts its own
    #[arg(long, hide = true, requires = "drill")]
    pub end_with_input: bool,
}

/// How much `serve` writes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Log {
    /// Nothing
    Off,
    /// What went wrong on the server's side
    Problems,
    /// Each request as well: method, route, status, time
    Requests,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
