//! What may be typed. A public contract: other people's scripts use it.

mod roster;

pub use roster::RosterArgs;

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use words::Language;

/// Plan a round of service for a whole population, and rehearse it before anyone queues.
///
/// Start with: shouhu init my-round --example sunshine-garden
#[derive(Debug, Parser)]
#[command(name = "shouhu", version, arg_required_else_help = true)]
pub struct Args {
    /// Language of what is printed: en or zh; default: from LC_ALL, LC_MESSAGES or LANG
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    #[command(subcommand)]
    pub command: Command,
}

/// A language by its tag.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::En => Language::En,
            Lang::Zh => Language::Zh,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a ready scenario to begin with
    Init(Init),
    /// Say all that is wrong with a scenario, not only the first
    Check(Check),
    /// Plan who is called when
    Plan(PlanArgs),
    /// Live the plan under seeds before anyone queues
    Rehearse(Box<Rehearse>),
    /// Say how many each station needs, hour by hour, for a wait
    Staff(StaffArgs),
    /// Find the best appointments before one server, and prove how good they are
    Appointments(AppointmentsArgs),
    /// Divide few crews over several communities, so that the last of them is done early
    Crews(CrewsArgs),
    /// Say which volunteer does what when, what stays empty, and what would fill it
    Roster(Box<RosterArgs>),
    /// Write the community's notice beneath the directives: for the door, the chat, the loudspeaker
    Notice(Box<NoticeArgs>),
    /// Serve the pages and the API to browsers on this machine
    Serve(Serve),
    /// Say what happened, and what it teaches the next plan
    Review(Review),
    /// Play a rehearsal through a running server as many phones, and check that each event arrived once
    Drill(Drill),
    /// Copy a data folder into a new one, while the server runs
    Backup(Backup),
    /// Put a backup back, into a folder that is missing or empty
    Restore(Restore),
    /// Check that a data folder, a backup or a journal is as it was written
    Verify(Verify),
    /// Move a data folder into an empty PostgreSQL database, and prove that nothing changed
    Migrate(Migrate),
}

/// Names the database of a server without being seen in the list of processes.
pub const DATABASE_URL: &str = "SHOUHU_DATABASE_URL";

/// `init`
#[derive(Debug, clap::Args)]
pub struct Init {
    /// Folder to write; it must not hold any of the files yet
    pub dir: PathBuf,
    /// A ready example; without it, seven questions make a scenario of your own
    #[arg(long, value_name = "NAME", conflicts_with = "Answering", value_parser = ready())]
    pub example: Option<String>,
    #[command(flatten)]
    pub answers: Answering,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The answers to seven questions; those that are missing are asked for in the terminal.
#[derive(Debug, clap::Args)]
#[group(id = "Answering", multiple = true)]
pub struct Answering {
    /// What it is: a service such as screening, flu-clinic, relief-goods
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// How many people it is for
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub people: Option<f64>,
    /// How many households; instead of people, or beside them
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub households: Option<f64>,
    /// The day, such as 2026-12-01
    #[arg(long)]
    pub date: Option<String>,
    /// When it opens, such as 07:00
    #[arg(long, value_name = "TIME")]
    pub opens: Option<String>,
    /// When it closes, such as 13:00, or 2026-12-03T13:00 on another day
    #[arg(long, value_name = "TIME")]
    pub closes: Option<String>,
    /// How many people can staff it at one time, callers included
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub staff: Option<f64>,
    /// How residents are reached: doors, chat, appointments or walk-in
    #[arg(long, value_name = "HOW")]
    pub reach: Option<String>,
    /// How many can wait without crowding
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub room: Option<f64>,
    /// What wait is too long, in minutes
    #[arg(long, value_name = "MINUTES", allow_negative_numbers = true)]
    pub wait: Option<f64>,
    /// IANA time zone of the place, such as Asia/Shanghai; default: this machine's
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What people call the round; default: the service and the day
    #[arg(long)]
    pub name: Option<String>,
}

/// The scenario and what is set in it.
#[derive(Debug, clap::Args)]
pub struct ScenarioArgs {
    /// The scenario's folder
    pub scenario: PathBuf,
    /// Override any key of scenario.toml, such as site.lanes=3 or site.station.sampling.servers=1
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `check`
#[derive(Debug, clap::Args)]
pub struct Check {
    #[command(flatten)]
    pub of: ScenarioArgs,
}

/// How many simulations, on which random numbers.
#[derive(Debug, clap::Args)]
pub struct Running {
    /// Seed of the random numbers: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Replications; default: 200, of a city 1
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub reps: Option<u32>,
    /// Threads; default: as many as the machine has. They change nothing but the time
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// A policy by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    /// One message to all at once
    Broadcast,
    /// Door by door, wave by wave
    Waves,
}

impl From<PolicyArg> for domain::Policy {
    fn from(policy: PolicyArg) -> domain::Policy {
        match policy {
            PolicyArg::Broadcast => domain::Policy::Broadcast,
            PolicyArg::Waves => domain::Policy::Waves,
        }
    }
}

/// How a plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanPolicyArg {
    /// One message to all at once
    Broadcast,
    /// Door by door, wave by wave, at one load all day
    Waves,
    /// Waves whose call times, lanes and staff are searched for, by rehearsing many plans
    Search,
}

/// `plan`
#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// How residents are reached
    #[arg(long, value_enum, default_value = "waves")]
    pub policy: PlanPolicyArg,
    #[command(flatten)]
    pub running: Running,
    /// Seconds after which the search stops with the best plan so far; so does Ctrl-C
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    /// The search leaves the staff at the stations where the scenario has them
    #[arg(long)]
    pub keep_staff: bool,
    /// Keep the waves that are pinned in this plan, and plan the others around them
    #[arg(long, value_name = "plan.json")]
    pub keep: Option<PathBuf>,
    /// Write the plan to this file
    #[arg(short = 'o', long = "output", value_name = "plan.json")]
    pub output: Option<PathBuf>,
    /// Write tonight's papers into this folder: a page for residents, role cards, the call timetable as text for the group
    /// chat, as CSV and to print, and the door lists
    #[arg(long, value_name = "DIR")]
    pub sheets: Option<PathBuf>,
}

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
    #[arg(long, value_enum)]
    pub language: Option<Lang>,
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

/// `rehearse`
#[derive(Debug, clap::Args)]
pub struct Rehearse {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// Rehearse this plan
    #[arg(long, value_name = "plan.json", conflicts_with = "policy")]
    pub plan: Option<PathBuf>,
    /// Plan by this policy first; default: as the scenario's arrivals say
    #[arg(long, value_enum)]
    pub policy: Option<PolicyArg>,
    /// Rehearse this policy too, with the same luck, and print both side by side
    #[arg(long, value_enum, conflicts_with = "sweep")]
    pub compare: Option<PolicyArg>,
    #[command(flatten)]
    pub running: Running,
    /// Compare values of a key under common random numbers, such as site.lanes=2,3,4
    #[arg(long, value_name = "KEY=A,B,C", value_parser = key_value)]
    pub sweep: Option<(String, String)>,
    /// Write the events of replication 0, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Write tonight's papers into this folder: a page for residents and role cards, and where households are called the
    /// timetable and the door lists
    #[arg(long, value_name = "DIR", conflicts_with = "sweep")]
    pub sheets: Option<PathBuf>,
    /// Write one self-contained page of pictures
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Let something go wrong, such as system-down=45@08:30; several go together, and `list` shows all cards. In a city
    /// some may be at one place: lab-stops=240@12:00/NAME
    #[arg(long, value_name = "NAME[=VALUE][@TIME]", conflicts_with_all = ["compare", "sweep"])]
    pub fault: Vec<String>,
    /// Play every fault card and every pair, in a city every card, and say what breaks first, how much it takes, and what survives it; with
    /// --sheets a table-top exercise too
    #[arg(long, conflicts_with_all = ["compare", "sweep", "fault", "events", "records", "report", "stress_des"])]
    pub stress: bool,
    /// Write a row for each visit of each replication, with all of its times: as CSV or Parquet, by the file's ending
    #[arg(long, value_name = "FILE.csv|FILE.parquet")]
    pub records: Option<PathBuf>,
    /// Write what a paper must tell of this simulation, as far as the program knows it: the reporting checklist STRESS-DES,
    /// as Markdown (no relation of --stress)
    #[arg(long, value_name = "FILE.md")]
    pub stress_des: Option<PathBuf>,
    /// Which engine, to measure and to compare; default: the fastest that is exact
    #[arg(long, value_enum)]
    pub engine: Option<EngineArg>,
}

/// `staff`
#[derive(Debug, clap::Args)]
pub struct StaffArgs {
    #[command(flatten)]
    pub of: ScenarioArgs,
    /// The wait, in minutes, that 95 in 100 people should not exceed; default: the scenario's waves.wait_p95_min
    #[arg(long, value_name = "MINUTES")]
    pub wait: Option<f64>,
    /// Minutes for which a staffing stays the same
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(5..=1440))]
    pub every: u16,
    /// People come as this plan calls them; default: as the scenario's arrivals say
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// Seconds after which the search stops with the best staff so far
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    #[command(flatten)]
    pub running: Running,
}

/// `appointments`
#[derive(Debug, clap::Args)]
pub struct AppointmentsArgs {
    /// People to be booked
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub people: u16,
    /// Slots that they can be booked into
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub slots: u16,
    /// Minutes of a slot
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=240))]
    pub slot_min: u16,
    /// Mean minutes of a service
    #[arg(long, value_name = "MINUTES")]
    pub service_min: f64,
    /// Coefficient of variation of a service, lognormal; 0: always the same
    #[arg(long, default_value_t = 0.5)]
    pub cv: f64,
    /// The service is Poisson in whole minutes, cut at its 0.9999 quantile: to compare with published schedules
    #[arg(long, conflicts_with = "cv")]
    pub poisson: bool,
    /// Share of those booked who do not come
    #[arg(long, default_value_t = 0.0)]
    pub no_show: f64,
    /// What a minute of overtime counts, where a minute of the mean wait counts 1
    #[arg(long, default_value_t = 1.0)]
    pub overtime_weight: f64,
    /// People in each slot, such as 2,1,1,0: evaluate these instead of searching
    #[arg(long, value_delimiter = ',', value_name = "N,N,…")]
    pub counts: Vec<u32>,
    /// Seconds after which the proof stops with what is proven by then
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    pub time_limit: f64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `crews`
#[derive(Debug, clap::Args)]
pub struct CrewsArgs {
    /// Folder with crews.toml
    pub folder: PathBuf,
    /// Seed of the random numbers: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Days that are lived; default: 200
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub reps: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

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

/// `review`
#[derive(Debug, clap::Args)]
pub struct Review {
    /// Files of events, one a round, and tables of stopwatch cards (.csv)
    #[arg(required = true)]
    pub events: Vec<PathBuf>,
    /// The plan that was followed: it is rehearsed, and its waves are put beside what came
    #[arg(long, value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// The scenario's folder, to be held against; default: that of --write
    #[arg(long, value_name = "DIR")]
    pub scenario: Option<PathBuf>,
    /// Write the report: for a word processor (.docx) or as a page (.html)
    #[arg(short = 'o', long = "output", value_name = "FILE.docx|FILE.html")]
    pub output: Option<PathBuf>,
    /// Write what was learned into this scenario's folder
    #[arg(long, value_name = "SCENARIO")]
    pub write: Option<PathBuf>,
    #[command(flatten)]
    pub running: Running,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `drill`
#[derive(Debug, clap::Args)]
pub struct Drill {
    /// The server, started with --drill on a data folder of its own, such as http://127.0.0.1:8300; or an empty PostgreSQL
    /// database, postgresql://…: server processes are started over it on this machine, and one is killed again and again
    pub url: String,
    /// The scenario's folder
    pub scenario: PathBuf,
    /// Phones; a round is made for each 500
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=4000))]
    pub phones: u16,
    /// Connections on which they send; default: one for each phone, with --foresee 2
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4000))]
    pub connections: Option<u16>,
    /// Events of an upload
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub batch: u16,
    /// Minutes of the rehearsal in one of yours; default: 60
    #[arg(long, value_name = "N", value_parser = positive, conflicts_with = "rate")]
    pub speed: Option<f64>,
    /// Send evenly, so many events a second
    #[arg(long, value_name = "EVENTS_PER_S", value_parser = positive)]
    pub rate: Option<f64>,
    /// For so long, with as many rehearsals as it takes; default: one rehearsal, with --rate 10 seconds, over a database 600
    #[arg(long = "for", value_name = "SECONDS", value_parser = positive)]
    pub lasts: Option<f64>,
    /// Afterwards let all phones come back at once, for 5 seconds at ten times the rate, and look on for 15 more
    #[arg(long)]
    pub reconnect: bool,
    /// How well the desk foresees the day: so many rounds, at sites that are not quite as planned, whose waits and end are held
    /// against what the server shows every half hour
    #[arg(long, value_name = "ROUNDS", value_parser = clap::value_parser!(u16).range(1..=1000),
        conflicts_with_all = ["phones", "batch", "speed", "rate", "lasts", "reconnect"])]
    pub foresee: Option<u16>,
    /// Over a database: so many processes; default: 2
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=8), conflicts_with_all = ["foresee", "reconnect"])]
    pub processes: Option<u8>,
    /// Over a database: one of them is killed after so long, again and again, and started anew; default: 60
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(2..=3600), conflicts_with_all = ["foresee", "reconnect"])]
    pub kill_every: Option<u16>,
    /// Seed of the rehearsal
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

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

/// An engine by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// Sorted server-free times; refused where it is not exact
    Fifo,
    /// An agenda of events
    Event,
}

/// The examples that can be written: communities, then cities, then days of crews.
fn ready() -> clap::builder::PossibleValuesParser {
    let all = scenario::examples().iter().chain(scenario::cities()).chain(scenario::crew_days());
    clap::builder::PossibleValuesParser::new(all)
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (1e-3..=1e6).contains(number));
    number.ok_or_else(|| "write a number from 0.001 to 1000000".to_owned())
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as KEY=VALUE, such as site.lanes=3".to_owned()),
    }
}
