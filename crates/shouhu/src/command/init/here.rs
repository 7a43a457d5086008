//! Where and when this machine is: what a planner need not be asked.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::path::Path;

/// The machine's time zone by its IANA name, where it says one.
pub(super) fn timezone() -> Option<String> {
    let set = std::env::var("TZ").ok().map(|name| name.trim_start_matches(':').to_owned());
    let link = || {
        let target = std::fs::canonicalize(Path::new("/etc/localtime")).ok()?;
        target.to_str()?.split_once("zoneinfo/").map(|(_, name)| name.to_owned())
    };
    let known = |name: &String| TimeZone::get(name).is_ok();
    set.filter(known).or_else(|| link().filter(known))
}

/// The day after today, where this machine is.
pub(super) fn tomorrow() -> Date {
    let zone = timezone().and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
    let today = zone.to_datetime(Timestamp::now()).date();
    today.tomorrow().unwrap_or(today)
}
