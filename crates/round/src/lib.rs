//! What may be done at a site, and what was done: commands decided into events, events folded into state. The rule book
//! of a running site, the same on a phone and on the server.
//!
//! Map: [`Rules`] what of a scenario the site goes by · [`Round`] the state, with [`Round::decide`] (a command becomes
//! events, or a [`Refusal`]) and [`Round::apply`] (an event is folded; it cannot fail) · [`Visit`], [`Counter`],
//! [`Tube`], [`Household`], [`Cards`] what the state is made of · [`Conflict`] facts that contradict each other · [`Calls`] the plan's
//! waves · [`Board`] what a live board shows at a moment, with [`Round::forecast`] · [`Watch`] findings as they
//! become true · [`Round::tube_at`], [`BatchNow`] where each
//! tube is and who has it, [`Round::way`] by which records, [`Round::alarms`] what is wrong with any · [`Round::result`] what of a
//! tube's reports holds, [`Outcome`] what a person may be told, [`ToCall`] who is called back · [`Role`] which role writes what, [`Trust`] what of a phone is believed · [`Live`] all of it, fed event by event · [`Folded`]
//! the same from a journal, with steps taken back · [`Live::reached`] what a day came to · [`Live::to_knock`] whom to knock at again, [`Booking`] what was booked elsewhere ·
//! [`TubeCode`], [`person_code`] what people scan and type.
//!
//! It does not know whether a round is real or rehearsed, who stores or sends its events, and what time it is: moments
//! come with commands and events. It keeps no names, and it speaks in codes that the catalogue of messages has words for.

mod alarm;
mod batch;
mod board;
mod callback;
mod calls;
mod card;
mod code;
mod conflict;
mod counter;
mod counts;
mod custody;
mod door;
mod evening;
mod evidence;
mod folded;
mod forecast;
mod household;
mod live;
mod refusal;
mod results;
mod role;
mod round;
mod rules;
mod said;
mod trust;
mod tube;
mod visit;
mod watch;
mod way;

pub use alarm::{Alarm, AlarmKind};
pub use batch::{Batch, BatchNow, HandOver, Opening, Receipt, Sealing};
pub use board::{Board, DeskNow, NextCall, NowServing, Pressure, TubeNow, Tubes, WaveNow, WaveState};
pub use callback::{CALL_BACK_WITHIN, Outcome, Say, ToCall};
pub use calls::{Calls, PlannedWave};
pub use card::{CARDS_MAX, Cards, card_code, read_card_code};
pub use code::{BatchCode, CodeFault, TUBES_MAX, TubeCode, TubeKey, person_code, read_person_code};
pub use conflict::{Conflict, Question, Table, Writer};
pub use counter::{Counted, Counter, Waiting};
pub use counts::Counts;
pub use custody::{Alias, TubeAt, TubeCounts, Whereabouts};
pub use door::{Booking, KNOCKS_APART, Knock, Knocks, LAST_KNOCK, REFERENCE_MAX};
pub use evening::{GreenHour, Reached, Why};
pub use evidence::Evidence;
pub use folded::{Folded, TOGETHER_MAX, UNDO_FOR};
pub use household::{Household, WaveCounts};
pub use live::Live;
pub use refusal::Refusal;
pub use results::{MASS_RELEASE, ONE_GO, Report, Reported, TubeResult};
pub use role::{Matter, Role, cannot_wait};
pub use round::{ALIAS_MAX, Admission, Phase, Round, Tally, Whose};
pub use rules::{ClassRules, CustodyRules, GREEN, Lot, Rules, StationRules, Way};
pub use said::Said;
pub use trust::{Doubt, Trust};
pub use tube::{Seal, Tube, label};
pub use visit::{Desk, End, Service, Stands, Visit};
pub use watch::{Finding, Watch};
pub use way::{WayStep, What};
