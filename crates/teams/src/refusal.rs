//! Why something cannot be done. The catalogue says under `problem.CODE` what is the matter and under `problem_mend.CODE` what to do now.

use crate::Said;

/// A rule says no.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each state of affairs is said by its name and its sentence")]
pub enum Refusal {
    Unknown,
    Known,
    NotYours,
    ReceiverSays,
    NameOfMember,
    TextMissing,
    TextLong { most: usize },
    FactLong { bytes: usize },
    NoStart,
    NoEnd,
    TimeOrder,
    TimePast,
    NumberOff { most: u32 },
    RulesOff,
    HeatOff,
    StrengthUnknown,
    AboveReserve { people: u32, reserve: u32, promised: u32, most: u32 },
    Over,
    Answered,
    AboveOffer { most: u32 },
    AboveNeed { most: u32 },
    AboveAccepted { most: u32 },
    TeamElsewhere { team: String, until: String },
    StepOrder { stage: &'static str },
    BedsShort { beds: u32, people: usize },
    BedTwice { people: usize },
    MemberElsewhere,
    NotMembers { people: usize },
    MembersTwice { people: usize },
    NotThere,
    Unfit { people: usize },
    AtWork { people: usize },
    RestShort { people: usize, hours: u8 },
    WorkLong { people: usize, hours: i64 },
    SpellLong { hours: i64 },
    HeatStop { celsius: i16 },
    HeatWindow { from: u8, until: u8 },
    SparedOut { people: usize },
    SupervisorsShort { needed: usize, has: usize },
    CrewsShort { from: String, people: usize, free: usize },
    NotInConflict,
}

impl Refusal {
    /// Its code, and what fills its sentences.
    pub fn said(&self) -> Said {
        use Refusal::*;
        let people = |people: &usize| ("people", people.to_string());
        match self {
            Unknown => ("team_unknown", vec![]),
            Known => ("team_known", vec![]),
            NotYours => ("team_not_yours", vec![]),
            ReceiverSays => ("team_receiver_says", vec![]),
            NameOfMember => ("team_name_of_member", vec![]),
            TextMissing => ("team_text_missing", vec![]),
            TextLong { most } => ("team_text_long", vec![("most", most.to_string())]),
            FactLong { bytes } => ("team_fact_long", vec![("bytes", bytes.to_string())]),
            NoStart => ("team_no_start", vec![]),
            NoEnd => ("team_no_end", vec![]),
            TimeOrder => ("team_time_order", vec![]),
            TimePast => ("team_time_past", vec![]),
            NumberOff { most } => ("team_number_off", vec![("most", most.to_string())]),
            RulesOff => ("team_rules_off", vec![]),
            HeatOff => ("team_heat_off", vec![]),
            StrengthUnknown => ("team_strength_unknown", vec![]),
            AboveReserve { people, reserve, promised, most } => (
                "team_above_reserve",
                vec![
                    ("people", people.to_string()),
                    ("reserve", reserve.to_string()),
                    ("promised", promised.to_string()),
                    ("most", most.to_string()),
                ],
            ),
            Over => ("team_over", vec![]),
            Answered => ("team_answered", vec![]),
            AboveOffer { most } => ("team_above_offer", vec![("most", most.to_string())]),
            AboveNeed { most } => ("team_above_need", vec![("most", most.to_string())]),
            AboveAccepted { most } => ("team_above_accepted", vec![("most", most.to_string())]),
            TeamElsewhere { team, until } => {
                ("team_elsewhere", vec![("team", team.clone()), ("until", until.clone())])
            }
            StepOrder { stage } => ("team_step_order", vec![("stage", format!("@{stage}"))]),
            BedsShort { beds, people: of } => {
                ("team_beds_short", vec![("beds", beds.to_string()), people(of)])
            }
            BedTwice { people: of } => ("team_bed_twice", vec![people(of)]),
            MemberElsewhere => ("team_member_elsewhere", vec![]),
            NotMembers { people: of } => ("team_not_members", vec![people(of)]),
            MembersTwice { people: of } => ("team_members_twice", vec![people(of)]),
            NotThere => ("team_not_there", vec![]),
            Unfit { people: of } => ("team_unfit", vec![people(of)]),
            AtWork { people: of } => ("team_at_work", vec![people(of)]),
            RestShort { people: of, hours } => {
                ("team_rest_short", vec![people(of), ("hours", hours.to_string())])
            }
            WorkLong { people: of, hours } => {
                ("team_work_long", vec![people(of), ("hours", hours.to_string())])
            }
            SpellLong { hours } => ("team_spell_long", vec![("hours", hours.to_string())]),
            HeatStop { celsius } => ("team_heat_stop", vec![("celsius", celsius.to_string())]),
            HeatWindow { from, until } => {
                ("team_heat_window", vec![("from", from.to_string()), ("until", until.to_string())])
            }
            SparedOut { people: of } => ("team_spared_out", vec![people(of)]),
            SupervisorsShort { needed, has } => {
                ("team_supervisors_short", vec![("needed", needed.to_string()), ("has", has.to_string())])
            }
            CrewsShort { from, people: of, free } => {
                ("team_crews_short", vec![("from", from.clone()), people(of), ("free", free.to_string())])
            }
            NotInConflict => ("team_not_in_conflict", vec![]),
        }
    }
}
