//! Heat, rest, water: what people of a team may be asked to do. Each figure from the world names its source; those that do not are ours,
//! and a host sets its own.

use crate::{DAY, HOUR, MINUTE};
use chance::Ticks;
use domain::Moment;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The rules of a host. What a file does not say is the default.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Minutes by which the host's clocks are ahead of UTC: its days begin then.
    pub utc_offset_min: i16,
    /// Hours of rest between the last work of one day and the first of the next. 11: Directive 2003/88/EC of the European Parliament and of
    /// the Council, article 3.
    pub rest_h: u8,
    /// Hours of work a day. 8: Labour Law of the People's Republic of China, article 36.
    pub work_h: u8,
    /// Hours of work without a break.
    pub spell_h: u8,
    /// A day of so many °C is hot. 35: Administrative Measures on Heatstroke Prevention and Cooling (安监总安健〔2012〕89号), article 3.
    pub hot_c: i16,
    /// Hours of work without a break on a hot day. 2: heat advice for samplers, medsci.cn, 2022 (`heat_spell_max`).
    pub hot_spell_h: u8,
    /// Nobody works outdoors on a hot day from this hour … 11: the same (`heat_avoid_window`).
    pub avoid_from_h: u8,
    /// … to this. 15: the same.
    pub avoid_until_h: u8,
    /// Hours after which crews take turns on a hot day. 1: samplers of Nanchang, reported in July 2022, finance.gucheng.com
    /// (`nanchang_rotation`).
    pub hot_turn_h: u8,
    /// From so many °C on, outdoor work is at most [`Rules::very_hot_work_h`] a day. 37: the Measures of 2012, article 8.
    pub very_hot_c: i16,
    /// 6: the same.
    pub very_hot_work_h: u8,
    /// From so many °C on nobody works outdoors that day. 40: the same (`stop_outdoor_work`).
    pub stop_c: i16,
    /// From so many °C on those who are spared do not work outdoors. 35: the Measures of 2012 of pregnant staff (`pregnant_outdoor_max`).
    pub spared_c: i16,
    /// Members for whom there is one supervisor of infection control, begun hundreds counted whole. 100: staffing of sampling teams,
    /// gamelodeon.com/rd/272471 (`infection_control_supervisors`).
    pub members_a_supervisor: u32,
    /// Whoever works has confirmed water within so many minutes.
    pub water_min: u32,
    /// The same on a hot day.
    pub hot_water_min: u32,
    /// Water for an hour's work, in millilitres.
    pub water_ml_h: u32,
    /// The same on a hot day. 950: a cup of 8 ounces every 15 minutes, "Heat Stress: Hydration", NIOSH 2017-126.
    pub hot_water_ml_h: u32,
    /// Water for an hour in which nobody works, in millilitres.
    pub rest_water_ml_h: u32,
    /// Millilitres in a bottle.
    pub bottle_ml: u32,
    /// When meals are there, in minutes of the day.
    pub meals_min: Vec<u16>,
    /// A set of clothing lasts so many hours of work; what was taken off is not worn again.
    pub clothing_h: u8,
    /// The same on a hot day.
    pub hot_clothing_h: u8,
    /// By when each member is checked, in minutes of the day.
    pub check_by_min: u16,
    /// By when each member is tested, in minutes of the day.
    pub test_by_min: u16,
    /// A member is tested every so many days.
    pub test_days: u8,
    /// Contacts of so many days before a sample count. 2: "Contact tracing in the context of COVID-19", interim guidance, World Health
    /// Organization, 10 May 2020.
    pub contact_days: u8,
    /// Who was exposed is tested so many days after it became known.
    pub exposed_tests_days: Vec<u8>,
    /// Who was exposed works again after a negative sample taken so many days after the last contact.
    pub clear_days: u8,
    /// Isolation is looked at again after so many days.
    pub isolation_days: u8,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            utc_offset_min: 480,
            rest_h: 11,
            work_h: 8,
            spell_h: 4,
            hot_c: 35,
            hot_spell_h: 2,
            avoid_from_h: 11,
            avoid_until_h: 15,
            hot_turn_h: 1,
            very_hot_c: 37,
            very_hot_work_h: 6,
            stop_c: 40,
            spared_c: 35,
            members_a_supervisor: 100,
            water_min: 120,
            hot_water_min: 60,
            water_ml_h: 250,
            hot_water_ml_h: 950,
            rest_water_ml_h: 100,
            bottle_ml: 500,
            meals_min: vec![8 * 60, 12 * 60 + 30, 18 * 60 + 30],
            clothing_h: 4,
            hot_clothing_h: 2,
            check_by_min: 8 * 60,
            test_by_min: 20 * 60,
            test_days: 1,
            contact_days: 2,
            exposed_tests_days: vec![0, 1, 2, 3],
            clear_days: 3,
            isolation_days: 7,
        }
    }
}

/// Those of a host that set none.
static USUAL: LazyLock<Rules> = LazyLock::new(Rules::default);

impl Rules {
    pub(crate) fn usual() -> &'static Rules {
        &USUAL
    }

    /// Whether a figure of them cannot be.
    pub(crate) fn is_off(&self) -> bool {
        let hours = [self.work_h, self.spell_h, self.hot_spell_h, self.hot_turn_h, self.clothing_h];
        let hours = hours.iter().chain([&self.hot_clothing_h, &self.test_days]);
        let minutes = self.meals_min.iter().chain([&self.check_by_min, &self.test_by_min]);
        hours.into_iter().any(|of| *of == 0 || *of > 24)
            || minutes.into_iter().any(|of| *of >= 24 * 60)
            || self.meals_min.len() > 12
            || [self.water_min, self.hot_water_min, self.bottle_ml].contains(&0)
            || self.rest_h > 24
            || self.avoid_until_h > 24
            || self.exposed_tests_days.len() > 30
            || self.utc_offset_min.saturating_abs() > 14 * 60
    }

    /// Number of the day that it is at the host.
    pub fn day(&self, at: Moment) -> i64 {
        (at + self.ahead()).0.div_euclid(DAY)
    }

    /// Its beginning.
    pub fn begins(&self, day: i64) -> Moment {
        Moment(day.saturating_mul(DAY)) + -self.ahead()
    }

    /// A time of a day.
    pub fn at(&self, day: i64, minute: u16) -> Moment {
        self.begins(day) + Ticks::from(minute) * MINUTE
    }

    /// `2022-04-04`.
    pub fn date(&self, day: i64) -> String {
        Moment(day.saturating_mul(DAY)).rfc3339().chars().take_while(|letter| *letter != 'T').collect()
    }

    /// `2022-04-04 08:00`.
    pub fn clock(&self, at: Moment) -> String {
        (at + self.ahead()).rfc3339().chars().take(16).map(|of| if of == 'T' { ' ' } else { of }).collect()
    }

    /// Whether a day of that heat is hot; nothing known: no.
    pub fn is_hot(&self, celsius: Option<i16>) -> bool {
        celsius.is_some_and(|celsius| celsius >= self.hot_c)
    }

    /// Whoever works has confirmed water within so long.
    pub fn water_every(&self, hot: bool) -> Ticks {
        Ticks::from(if hot { self.hot_water_min } else { self.water_min }.max(1)) * MINUTE
    }

    /// How long anybody works without a break.
    pub fn spell(&self, hot: bool) -> Ticks {
        Ticks::from(if hot { self.hot_spell_h.min(self.spell_h) } else { self.spell_h }) * HOUR
    }

    /// How long anybody works on a day.
    pub fn work(&self, outdoor: bool, celsius: Option<i16>) -> Ticks {
        let very_hot = outdoor && celsius.is_some_and(|celsius| celsius >= self.very_hot_c);
        Ticks::from(if very_hot { self.very_hot_work_h.min(self.work_h) } else { self.work_h }) * HOUR
    }

    /// Whether those who are spared do not work there; nothing known: no.
    pub fn spares(&self, outdoor: bool, celsius: Option<i16>) -> bool {
        outdoor && celsius.is_some_and(|celsius| celsius >= self.spared_c)
    }

    /// Whether such heat speaks against outdoor work from one time to another: that day, or at noon.
    pub fn is_too_hot(&self, celsius: i16, (from, until): (Moment, Moment)) -> bool {
        let (begins, ends) = self.avoid(self.day(from));
        celsius >= self.stop_c || (celsius >= self.hot_c && from < ends && begins < until)
    }

    /// When nobody works outdoors on a hot day.
    pub fn avoid(&self, day: i64) -> (Moment, Moment) {
        let hour = |hour: u8| self.begins(day) + Ticks::from(hour) * HOUR;
        (hour(self.avoid_from_h), hour(self.avoid_until_h))
    }

    /// Supervisors for so many members.
    pub fn supervisors(&self, members: usize) -> usize {
        members.div_ceil(self.members_a_supervisor.max(1) as usize)
    }

    fn ahead(&self) -> Ticks {
        Ticks::from(self.utc_offset_min) * MINUTE
    }
}
