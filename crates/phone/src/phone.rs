//! The phone itself.

use crate::{
    Bundle,
    doors::Doors,
    step::{Refused, Step},
};
use domain::{Command, Envelope, Event, Moment, Origin, command::Table, walk::Ways};
use journal::{Frame, Head, LogName, SecretKey, Slice, Tail};
use round::{Folded, Refusal, Role, TubeKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A phone of one round.
#[derive(Debug)]
pub struct Phone {
    pub(crate) bundle: Bundle,
    pub(crate) doors: Doors,
    pub(crate) ways: Ways,
    pub(crate) folded: Folded,
    pub(crate) tubes: Option<TubeKey>,
    pub(crate) table: Option<Table>,
    log: LogName,
    key: SecretKey,
    tail: Tail,
    /// From this and a number come identifiers; new at each start.
    random: [u8; 32],
    drawn: u64,
}

/// What a phone has stored of its own log.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Up to where the server has said that it has it.
    pub acknowledged: Head,
    /// All frames from the first on: also those that the server has, for what they say.
    pub frames: Vec<Frame>,
}

impl Phone {
    /// A phone that starts, with what it has stored; `random` are bytes that nobody can guess, new at each start.
    ///
    /// `None` if what is stored is not this phone's log: something changed it, and it must not be written on.
    pub fn start(bundle: Bundle, key: SecretKey, kept: Kept, random: [u8; 32]) -> Option<Phone> {
        let log = LogName { community: *bundle.community.as_bytes(), device: *bundle.device.as_bytes() };
        let mut tail = Tail::new(log, Head::of_nothing(log));
        let mut events = Vec::with_capacity(kept.frames.len());
        for (seq, frame) in (1..).zip(kept.frames) {
            events.push(read(&bundle, seq, &frame)?);
            tail.append(frame.id, frame.body);
        }
        if !tail.stored(&kept.acknowledged) {
            return None;
        }
        let mut folded = Folded::new(bundle.rules.clone(), bundle.calls.clone());
        folded.admit(events);
        let tubes = bundle.tube_key.map(|key| TubeKey::new(bundle.community, key));
        let doors = Doors::new(&bundle.doors);
        let every = bundle.doors.iter().map(|door| (&*door.building, &*door.door));
        let ways = Ways::new(bundle.walking.clone(), every);
        let table = bundle.task.table.clone();
        Some(Phone { bundle, doors, ways, folded, tubes, table, log, key, tail, random, drawn: 0 })
    }

    /// A phone that has just joined.
    pub fn join(bundle: Bundle, key: SecretKey, random: [u8; 32]) -> Phone {
        let log = LogName { community: *bundle.community.as_bytes(), device: *bundle.device.as_bytes() };
        let kept = Kept { acknowledged: Head::of_nothing(log), frames: Vec::new() };
        Phone::start(bundle, key, kept, random).expect("an empty log is a log")
    }

    /// What the phone was given.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// All that it has done and heard of.
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The table at which it stands.
    pub fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// Stands at another table.
    pub fn sit(&mut self, table: Option<Table>) {
        self.table = table;
    }

    /// Frames that no server has said to have.
    pub fn unsent(&self) -> usize {
        self.tail.unsent().len()
    }

    /// Where the phone's log stands.
    pub fn head(&self) -> Head {
        self.tail.head()
    }

    /// Up to where the server has it.
    pub fn acknowledged(&self) -> Head {
        self.tail.acknowledged()
    }

    /// An identifier that nobody else has and nobody can guess.
    pub fn fresh(&mut self, at: Moment) -> Uuid {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(self.random);
        hash.update(self.drawn.to_le_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let (random, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        let milliseconds = u64::try_from(at.0 / 10).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, random).into_uuid()
    }

    /// What comes of commands that belong together, all of them or none. Nothing changes before it is [done](Phone::done).
    ///
    /// # Errors
    /// The rule that says no, and to which of them.
    pub fn decide(&mut self, at: Moment, commands: &[Command]) -> Result<Step, Refused> {
        let mut numbered = commands.iter().enumerate();
        if let Some(refused) =
            numbered.find_map(|(place, command)| Some(Refused { place, refusal: self.strange(command)? }))
        {
            return Err(refused);
        }
        let decided = self.folded.decide(at, commands);
        let events = decided.map_err(|(place, refusal)| Refused { place, refusal })?;
        if let Some(role) = Role::parse(&self.bundle.task.role)
            && !events.iter().all(|event| role.may_write(event))
        {
            return Err(Refused { place: 0, refusal: Refusal::NotYourTask { role } });
        }
        Ok(self.step(at, events))
    }

    /// Takes back the last step that this phone did.
    ///
    /// # Errors
    /// There is none, or it was too long ago.
    pub fn undo(&mut self, at: Moment) -> Result<Step, Refused> {
        let undone = self.folded.undo(self.bundle.device, at);
        let event = undone.map_err(|refusal| Refused { place: 0, refusal })?;
        Ok(self.step(at, vec![event]))
    }

    /// What was decided elsewhere, as a step of this phone: a drill hands it the events of a rehearsal.
    pub fn written(&mut self, at: Moment, events: Vec<Event>) -> Step {
        self.step(at, events)
    }

    fn step(&mut self, at: Moment, events: Vec<Event>) -> Step {
        let first = self.tail.head().seq + 1;
        let mut step = Step { first, frames: Vec::new(), events: Vec::new() };
        for (seq, event) in (first..).zip(events) {
            let id = self.fresh(at);
            step.frames.push(Frame { id: *id.as_bytes(), body: Envelope::body(at, Origin::Real, &event) });
            step.events.push(Envelope {
                id,
                community_id: self.bundle.community,
                device: self.bundle.device,
                seq,
                at: at.rfc3339(),
                origin: Origin::Real,
                event,
            });
        }
        step
    }

    /// The step's frames are stored: now it has happened.
    ///
    /// # Panics
    /// If another step was done since it was decided: steps are done one after the other.
    pub fn done(&mut self, step: Step) {
        assert_eq!(step.first, self.tail.head().seq + 1, "one step after the other");
        for frame in step.frames {
            self.tail.append(frame.id, frame.body);
        }
        self.folded.admit(step.events);
    }

    /// The next that is to be sent, signed; `None` if the server has everything.
    pub fn slice(&self) -> Option<Slice> {
        self.tail.slice(&self.key)
    }

    /// The server has the log up to this head. False if that is no head of this log: then nothing is forgotten.
    pub fn stored(&mut self, head: &Head) -> bool {
        self.tail.stored(head)
    }

    /// What other devices have recorded, as the server tells it.
    pub fn hear(&mut self, envelopes: impl IntoIterator<Item = Envelope>) {
        self.folded.admit(envelopes);
    }

    /// The name under which the log is kept.
    pub fn log(&self) -> LogName {
        self.log
    }
}

fn read(bundle: &Bundle, seq: u64, frame: &Frame) -> Option<Envelope> {
    let id = Uuid::from_bytes(frame.id);
    Envelope::of_body((bundle.community, bundle.device, seq), id, &frame.body).ok()
}
