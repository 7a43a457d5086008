//! The scenario's text, as someone would have written it by hand, with a word beside each figure in both languages.

use super::coming::{coming_min, per_hour, slots};
use super::homes::fitted_mean;
use super::{Brief, Reach, Who};
use crate::edit::lent;
use crate::{FORMAT, Files};
use domain::{scenario::Gives, time_of_day};
use toml_edit::{DocumentMut, Item, Table, value};

/// Where comments begin, as in the examples.
const COMMENT_AT: usize = 35;
/// People in a pooled tube: ten, as in the example "sunshine-garden".
const POOL: u32 = 10;
/// The most in a party, as in a made roll.
const PARTY_MAX: u32 = 20;

/// How the staff is divided, by whoever knows capacities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffing {
    /// Identical lanes.
    pub lanes: u32,
    /// Servers at each station of the service, in its order, in each lane unless it is shared; not looked at where a
    /// station takes any number.
    pub servers: Vec<u32>,
    /// Who call households, and keep order where nobody is called.
    pub callers: u32,
    /// Who relieve the others and keep order.
    pub relief: u32,
}

/// The folder of a scenario: `scenario.toml`, and no roll.
pub fn compose(brief: &Brief, staffing: &Staffing) -> Files {
    let mut text = String::new();
    text += "# Made from seven answers; every figure may be changed. docs/scenario.md says what each key means.\n";
    text += "# 由七个问题的回答生成,每个数字都可以改;各项含义见 docs/scenario.zh-CN.md。\n";
    line(&mut text, &format!("format = {FORMAT}"), "");
    community(&mut text, brief);
    round(&mut text, brief);
    site(&mut text, brief, staffing);
    visitors(&mut text, brief);
    arrivals(&mut text, brief);
    waves(&mut text, brief, staffing);
    let mut files = Files::default();
    files.0.insert("scenario.toml".to_owned(), text.into_bytes());
    files
}

/// A line with what is to be said about it.
fn line(text: &mut String, code: &str, comment: &str) {
    *text += code;
    if !comment.is_empty() {
        let gap = COMMENT_AT.saturating_sub(code.chars().count()).max(1);
        *text += &" ".repeat(gap);
        *text += "# ";
        *text += comment;
    }
    text.push('\n');
}

/// A text between quotation marks, whatever is in it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn community(text: &mut String, brief: &Brief) {
    let name = brief.name.clone().unwrap_or_else(|| {
        let title = &brief.service.name;
        format!("{} · {} {}", title.0["en"], title.0["zh"], brief.opens.date())
    });
    *text += "\n[community]\n";
    line(text, &format!("name = {}", quoted(&name)), "");
    line(text, &format!("timezone = {}", quoted(&brief.timezone)), "");
    if !brief.reach.calls() {
        return;
    }
    // A roll takes the place of these three: put roll.csv or roll.xlsx beside this file.
    *text += "# In place of a roll: lay roll.csv or roll.xlsx beside this file and delete these two lines.\n";
    *text += "# 代替花名册:把 roll.csv 或 roll.xlsx 放在同一文件夹,并删去下面两行。\n";
    let (people, households) = (brief.people, brief.households);
    line(text, &format!("households = {households}"), &format!("about {people} people · 约 {people} 人"));
    match brief.who {
        Who::OneEach => line(text, "mean_size = 1", "one comes for each household · 每户来一人"),
        Who::Everybody | Who::Together => {
            let mean = if brief.people_answered {
                fitted_mean(households, people)
            } else {
                libm::round(brief.mean_size() * 100.0) / 100.0
            };
            line(text, &format!("mean_size = {mean}"), "people in a household, on average · 平均每户人数");
        }
    }
}

fn round(text: &mut String, brief: &Brief) {
    *text += "\n[round]\n";
    line(text, &format!("purpose = {}", quoted(&brief.service.id)), "");
    line(text, &format!("date = {}", brief.opens.date()), "");
    line(text, &format!("opens = {}", quoted(&time_of_day(brief.opens))), "");
    let closes = time_of_day(brief.closes);
    let another_day = brief.closes.date() != brief.opens.date();
    let closes = if another_day { format!("{}T{closes}", brief.closes.date()) } else { closes };
    line(
        text,
        &format!("closes = {}", quoted(&closes)),
        "no service starts at the first station after this · 此后第一个工位不再开始服务",
    );
    if brief.service.gives == Gives::Tube {
        line(text, &format!("pool = {POOL}"), "people in a tube · 十人混一管");
    }
}

fn site(text: &mut String, brief: &Brief, staffing: &Staffing) {
    *text += "\n[site]\n";
    text.push_str(&division(brief, staffing));
    line(text, &format!("lanes = {}", staffing.lanes), "identical lanes · 相同的通道");
    let choice = if brief.reach.calls() {
        "whole entrances, balanced by people · 按单元整体分配,人数均衡"
    } else {
        "an order keeper sends people to each in turn · 秩序员依次引导"
    };
    line(text, "lane_choice = \"assigned\"", choice);
    line(
        text,
        &format!("room = {}", brief.room),
        "people who can wait without crowding · 不拥挤时可等候的人数",
    );
    *text += &stations(brief, staffing);
}

/// Who stands where, in a sentence of each language.
fn division(brief: &Brief, staffing: &Staffing) -> String {
    let (lanes, relief, callers) = (staffing.lanes, staffing.relief, staffing.callers);
    let lent = lent(&brief.service.id, &Files::default()).expect("a brief has a service with stations");
    let posts = lent.iter().zip(&staffing.servers).filter(|(station, _)| !is_unlimited(station));
    let at_posts: u32 =
        posts.map(|(station, servers)| if is_shared(station) { *servers } else { servers * lanes }).sum();
    let all = at_posts + relief + if brief.reach.calls() { callers } else { 0 };
    let (calling, calling_zh) = match brief.reach {
        Reach::Doors => (format!("{callers} call households, "), format!("{callers} 人敲门,")),
        Reach::Chat => {
            (format!("{callers} keep order or call households, "), format!("{callers} 人维持秩序或敲门,"))
        }
        Reach::Appointments | Reach::WalkIn => (String::new(), String::new()),
    };
    format!(
        "# Of {all} people, {at_posts} stand at the stations, {calling}{relief} relieve the others.\n\
         # 共 {all} 人:工位 {at_posts} 人,{calling_zh}轮换 {relief} 人。\n"
    )
}

fn is_shared(station: &Table) -> bool {
    station.get("shared").and_then(Item::as_bool) == Some(true)
}

/// Whether the service says that a station takes any number.
fn is_unlimited(station: &Table) -> bool {
    station.get("servers").is_some_and(Item::is_str)
}

/// The service's own stations, with the staff in them.
fn stations(brief: &Brief, staffing: &Staffing) -> String {
    let lent = lent(&brief.service.id, &Files::default());
    let mut stations = lent.expect("a brief has a service with stations");
    for (station, servers) in stations.iter_mut().zip(&staffing.servers) {
        let unlimited = station.get("servers").is_some_and(|servers| servers.is_str());
        if unlimited {
            continue;
        }
        let shared = station.get("shared").and_then(Item::as_bool) == Some(true);
        let beside =
            if shared { "for all lanes together · 各通道合计" } else { "in each lane · 每条通道" };
        let mut servers = toml_edit::Value::from(i64::from(*servers));
        let code = format!("servers = {servers}");
        let gap = " ".repeat(COMMENT_AT - code.chars().count());
        servers.decor_mut().set_suffix(format!("{gap}# {beside}"));
        servers.decor_mut().set_prefix(" ");
        station.insert("servers", value(servers));
    }
    let mut site = Table::new();
    site.set_implicit(true);
    site.insert("station", Item::ArrayOfTables(stations));
    let mut document = DocumentMut::new();
    document.insert("site", Item::Table(site));
    let text = document.to_string();
    format!("\n{}\n", text.trim())
}

/// Parties that come without a roll: a household together, or all in a vehicle.
fn visitors(text: &mut String, brief: &Brief) {
    if brief.reach.calls() || brief.who != Who::Together {
        return;
    }
    *text += "\n[[visitor]]                        # who comes together · 一起来的人\n";
    *text += "class = \"party\"\nshare = 1\n";
    let sizes: Vec<String> = party_sizes(brief.mean_size())
        .into_iter()
        .map(|(size, share)| format!("    {{ size = {size}, share = {share:.4} }},\n"))
        .collect();
    *text += "# One, and a Poisson number more. · 一人,另加泊松分布的人数。\n";
    *text += &format!("party_sizes = [\n{}]\n", sizes.concat());
}

/// One, and a Poisson number more, as a made roll has it: sizes with shares of four decimals that sum to 1.
fn party_sizes(mean: f64) -> Vec<(u32, f64)> {
    /// A ten-thousandth, the smallest share that is written.
    const PARTS: f64 = 10_000.0;
    let more = mean - 1.0;
    let mut probability = libm::exp(-more);
    let mut left = PARTS;
    let mut sizes = Vec::new();
    for size in 1..=PARTY_MAX {
        let share = if size == PARTY_MAX { left } else { libm::round(probability * PARTS).min(left) };
        if share >= 1.0 {
            sizes.push((size, share));
            left -= share;
        }
        probability *= more / f64::from(size);
    }
    // What rounding left over belongs to the commonest size.
    if let Some(commonest) = sizes.iter_mut().max_by(|a, b| a.1.total_cmp(&b.1)) {
        commonest.1 += left.max(0.0);
    }
    let total: f64 = sizes.iter().map(|(_, share)| share).sum();
    sizes.into_iter().map(|(size, share)| (size, share / total)).collect()
}

fn arrivals(text: &mut String, brief: &Brief) {
    let parties = brief.parties();
    *text += "\n[arrivals]\n";
    match brief.reach {
        Reach::Doors => {
            line(text, "law = \"waves\"", "volunteers knock, wave by wave · 志愿者逐批敲门");
        }
        Reach::Chat => {
            line(
                text,
                "law = \"broadcast\"",
                "one message in the group chat, to all at once · 群里发一条通知",
            );
            line(
                text,
                "reaction = { law = \"lognormal\", median_min = 30, sigma = 0.8 }",
                "from the message to arriving · 从看到通知到抵达",
            );
        }
        Reach::Appointments => {
            let found = slots(parties, coming_min(brief));
            // Down, for a moment more would be one slot more.
            let hours = libm::floor(found.hours() * 10_000.0) / 10_000.0;
            line(text, "law = \"appointments\"", "booked · 预约");
            line(text, &format!("slot_min = {}", found.slot_min), "a slot, in minutes · 每个时段的分钟数");
            line(text, &format!("places = {}", found.places), "in a slot · 每个时段的名额");
            line(text, &format!("hours = {hours}"), "slots from the opening on · 自开放起可预约的小时数");
            *text += "# Not everybody keeps the time: 2 in 100 stay away, the others are 5 minutes early or late\n";
            *text += "# (M. Hanly and others, BMC Health Services Research, 2022, and their public model \"vaccineQueueNetworks\").\n";
            *text += "# 并非人人准时:百分之二不来,其余前后相差约 5 分钟(取自 M. Hanly 等,BMC Health Services Research,2022,\n";
            *text += "# 及其公开模型 vaccineQueueNetworks)。\n";
            line(text, "no_show = 0.02", "do not come · 爽约");
            line(text, "punctuality = { law = \"normal\", mean_min = 0, sd_min = 5 }", "");
        }
        Reach::WalkIn => {
            let rate = per_hour(parties, coming_min(brief));
            line(text, "law = \"poisson\"", "they just come · 随到随办");
            line(text, &format!("per_hour = {rate}"), "or a list, one for each hour · 也可逐小时列出");
            line(text, &format!("people = {parties}"), "no more than so many · 总人数上限");
        }
    }
}

fn waves(text: &mut String, brief: &Brief, staffing: &Staffing) {
    *text += "\n[waves]\n";
    line(
        text,
        &format!("wait_p95_min = {}", brief.wait_min),
        "minutes that 95 in 100 should not exceed · 九成五的人等候不超过的分钟数",
    );
    if !brief.reach.calls() {
        return;
    }
    line(
        text,
        "reaction = { law = \"normal\", mean_min = 3, sd_min = 5 }",
        "from the knock; negative is early · 从敲门算起;负数为提前",
    );
    line(
        text,
        &format!("callers = {{ number = {}, law = \"lognormal\", mean_s = 40, cv = 0.5 }}", staffing.callers),
        "a call, with the way to the next door · 一次敲门,含走到下一户",
    );
    *text +=
        "\n[attendance]                       # less than 1 if some are away · 有人外出时写小于 1 的数\n";
    *text += "households = 1.0\npersons = 1.0\n";
}
