//! Devices and a server over a bad network: whatever is dropped, doubled, reordered or cut, the server's log is the
//! beginning of the device's, and all that it said it holds, it holds.

use journal::{Frame, Hash, Head, Held, LogName, Refused, SecretKey, Slice, Tail, admit};
use proptest::prelude::*;

const LOG: LogName = LogName { community: [1; 16], device: [2; 16] };

fn key(number: u8) -> SecretKey {
    SecretKey::from_random([number; 32])
}

/// A server that keeps one log in memory.
#[derive(Debug)]
struct Store {
    frames: Vec<Frame>,
    heads: Vec<Head>,
}

impl Store {
    fn new() -> Store {
        Store { frames: Vec::new(), heads: vec![Head::of_nothing(LOG)] }
    }

    fn receive(&mut self, slice: &Slice, signer: &SecretKey) -> Result<Head, Refused> {
        let admitted = admit(self, LOG, slice, &signer.public())?;
        for (head, frame) in &admitted.new {
            self.heads.push(*head);
            self.frames.push((*frame).clone());
        }
        assert_eq!(admitted.head, self.head());
        Ok(admitted.head)
    }
}

impl Held for Store {
    fn head(&self) -> Head {
        self.heads[self.heads.len() - 1]
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        self.heads.get(seq as usize).map(|head| head.hash)
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// The device writes so many events.
    Write(u8),
    /// It sends its next slice, which arrives, or does not.
    Send(bool),
    /// A slice that was sent some time ago arrives again.
    Again(prop::sample::Index),
    /// An answer given some time ago arrives, again or for the first time.
    Answer(prop::sample::Index),
    /// The server restarts, having kept all that it acknowledged.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1u8..20).prop_map(Step::Write),
        4 => prop::bool::weighted(0.7).prop_map(Step::Send),
        2 => any::<prop::sample::Index>().prop_map(Step::Again),
        4 => any::<prop::sample::Index>().prop_map(Step::Answer),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn nothing_is_lost_or_doubled_on_a_bad_network(steps in prop::collection::vec(step(), 1..80)) {
        let signer = key(7);
        let (mut tail, mut store) = (Tail::new(LOG, Head::of_nothing(LOG)), Store::new());
        let (mut written, mut sent, mut answers) = (Vec::new(), Vec::<Slice>::new(), Vec::<Head>::new());
        for step in steps {
            match step {
                Step::Write(count) => {
                    for _ in 0..count {
                        let number = written.len() as u32;
                        let mut id = [0; 16];
                        id[..4].copy_from_slice(&number.to_le_bytes());
                        let body = vec![number as u8; number as usize % 40];
                        tail.append(id, body.clone());
                        written.push(Frame { id, body });
                    }
                }
                Step::Send(arrives) => {
                    let Some(slice) = tail.slice(&signer) else { continue };
                    let bytes = slice.to_bytes();
                    prop_assert_eq!(Slice::from_bytes(&bytes), Ok(slice.clone()));
                    if arrives {
                        answers.push(store.receive(&slice, &signer).expect("a device's own slice is admitted"));
                    }
                    sent.push(slice);
                }
                Step::Again(which) if !sent.is_empty() => match store.receive(which.get(&sent), &signer) {
                    Ok(head) => answers.push(head),
                    Err(other) => prop_assert!(matches!(other, Refused::Gap(_)), "{:?}", other),
                },
                Step::Answer(which) if !answers.is_empty() => {
                    prop_assert!(tail.stored(which.get(&answers)), "an answer is about this log");
                }
                Step::Restart => store = Store { frames: store.frames.clone(), heads: store.heads.clone() },
                _ => {}
            }
            // What the server holds is the beginning of what was written, and what the device forgot is held.
            prop_assert_eq!(&store.frames[..], &written[..store.frames.len()]);
            prop_assert!(tail.acknowledged().seq <= store.head().seq);
            prop_assert_eq!(tail.acknowledged().seq as usize + tail.unsent().len(), written.len());
        }
        // In the end the network holds, and everything arrives.
        while let Some(slice) = tail.slice(&signer) {
            let head = store.receive(&slice, &signer).expect("a device's own slice is admitted");
            prop_assert!(tail.stored(&head));
        }
        prop_assert_eq!(store.frames, written);
    }

    #[test]
    fn any_changed_bit_of_a_slice_is_found(byte in any::<prop::sample::Index>(), bit in 0u8..8) {
        let signer = key(7);
        let mut tail = Tail::new(LOG, Head::of_nothing(LOG));
        for number in 0..5 {
            tail.append([number; 16], vec![number; 30]);
        }
        let mut bytes = tail.slice(&signer).expect("there are events").to_bytes();
        let place = byte.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let mut store = Store::new();
        if let Ok(slice) = Slice::from_bytes(&bytes) {
            prop_assert!(store.receive(&slice, &signer).is_err());
        }
        prop_assert!(store.frames.is_empty());
    }
}

fn written(bodies: &[&[u8]]) -> Tail {
    let mut tail = Tail::new(LOG, Head::of_nothing(LOG));
    for (number, body) in (1..).zip(bodies) {
        tail.append([number; 16], body.to_vec());
    }
    tail
}

#[test]
fn a_device_that_lost_its_memory_and_began_anew_is_found_at_the_first_other_event() {
    let signer = key(7);
    let mut store = Store::new();
    store.receive(&written(&[b"a", b"b", b"c"]).slice(&signer).unwrap(), &signer).unwrap();
    let anew = written(&[b"a", b"x", b"c", b"d"]).slice(&signer).unwrap();
    assert_eq!(store.receive(&anew, &signer), Err(Refused::Forked { seq: 2 }));
    assert_eq!(store.frames.len(), 3);
}

#[test]
fn whoever_has_not_the_key_is_told_nothing_of_the_log() {
    let (signer, stranger) = (key(7), key(8));
    let mut store = Store::new();
    store.receive(&written(&[b"a", b"b"]).slice(&signer).unwrap(), &signer).unwrap();
    for bodies in [&[b"a".as_slice(), b"b"][..], &[b"x"], &[b"a", b"b", b"c"]] {
        let forged = written(bodies).slice(&stranger).unwrap();
        assert_eq!(store.receive(&forged, &signer), Err(Refused::Unsigned));
    }
}

#[test]
fn a_slice_for_another_log_does_not_fit_into_this_one() {
    let signer = key(7);
    let other = LogName { community: [9; 16], ..LOG };
    let mut tail = Tail::new(other, Head::of_nothing(other));
    tail.append([1; 16], b"a".to_vec());
    let mut slice = tail.slice(&signer).unwrap();
    assert_eq!(Store::new().receive(&slice, &signer), Err(Refused::Foreign));
    slice.log = LOG;
    assert_eq!(Store::new().receive(&slice, &signer), Err(Refused::Unsigned));
}

#[test]
fn frames_that_do_not_lead_to_the_signed_head_are_broken() {
    let signer = key(7);
    let mut slice = written(&[b"a", b"b"]).slice(&signer).unwrap();
    slice.frames[1].body = b"x".to_vec();
    assert_eq!(Store::new().receive(&slice, &signer), Err(Refused::Broken));
}

#[test]
fn a_gap_is_answered_with_what_is_held() {
    let signer = key(7);
    let mut tail = written(&[b"a", b"b"]);
    let head = tail.head();
    assert!(tail.stored(&head));
    tail.append([3; 16], b"c".to_vec());
    let late = tail.slice(&signer).unwrap();
    assert_eq!(Store::new().receive(&late, &signer), Err(Refused::Gap(Head::of_nothing(LOG))));
}

#[test]
fn an_answer_about_another_log_makes_a_device_forget_nothing() {
    let mut tail = written(&[b"a", b"b"]);
    let other = written(&[b"a", b"x"]);
    assert!(!tail.stored(&other.head()));
    assert!(!tail.stored(&Head { seq: 9, ..tail.head() }));
    assert_eq!(tail.unsent().len(), 2);
}

/// The written form only grows: these bytes stay readable, and these hashes stay the same.
#[test]
fn the_form_of_a_log_is_pinned() {
    let tail = written(&[b"an event", b""]);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(
        [hex(&Head::of_nothing(LOG).hash.0), hex(&tail.head().hash.0), hex(&key(7).public().to_bytes())]
            .join("\n"),
        [
            // Worked out by hand with another program's SHA-256.
            "c6d13baa6246e7175528332244624c197b357f13dccd8920f73a1296ac9be173",
            "164ae4724f4a73deea8dd8184592554bdc3bd7d1239ff14a90c6b0997e0615aa",
            "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
        ]
        .join("\n")
    );
}
