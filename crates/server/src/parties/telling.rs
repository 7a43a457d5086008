//! Partners that can be reached are asked again and again: at once when there is something for them, and now and then whether they have something.

use super::{
    Parties,
    calls::Beside,
    clock,
    hear::{Heard, Question, is_ahead},
};
use crate::{
    access::secret::hex,
    channels::{Unsent, outward::Outward},
    limits,
    machine::aside,
    people,
    problem::Fault,
    run::{desk_log::append, held},
    telemetry,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::{StreamExt, stream};
use journal::{Answer, Slice};
use parties::{Partner, heard_in};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

/// The headers of a question in which the asking party says how it is called, in base64, and its signature.
pub(crate) const BESIDE: &str = "shouhu-beside";
/// See above.
pub(crate) const BESIDE_PROOF: &str = "shouhu-beside-proof";

/// How far a partner is, as this process knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// What it holds of the log of what it was told; `None` where it was not asked yet.
    pub acknowledged: Option<u64>,
    /// When it last answered, seconds since 1970.
    pub answered: Option<i64>,
    /// Why it did not answer the last time.
    pub why: Option<&'static str>,
    /// How often it did not, one after the other.
    tries: u32,
    /// Not asked before then.
    next: Option<Instant>,
}

impl Progress {
    /// It has asked by itself, and holds so much of what it was told.
    pub(super) fn asked(&mut self, holds: u64, at: i64) {
        (self.acknowledged, self.answered) = (Some(holds), Some(at));
    }

    /// It has spoken by itself: if it did not answer before, it is asked again now.
    pub(super) fn spoke(&mut self) {
        if self.why.take().is_some() {
            self.next = None;
        }
    }
}

/// A partner that is to be asked.
struct Due {
    own: Uuid,
    partner: Uuid,
    address: String,
}

/// Asks them until the server stops. Of several processes one does.
pub(crate) fn tell_all(parties: &Arc<Parties>, stopping: &watch::Receiver<bool>) {
    let (parties, mut stopping) = (parties.clone(), stopping.clone());
    tokio::spawn(async move {
        loop {
            let within = parties.clone();
            // Whatever failed is tried again at the next look.
            let due = aside(move || within.due()).await.unwrap_or_else(|fault| {
                said(&fault);
                Vec::new()
            });
            let asked = stream::iter(due).for_each_concurrent(limits::PARTNERS_AT_ONCE, |due| {
                let parties = parties.clone();
                async move { parties.ask(due).await }
            });
            tokio::select! {
                () = asked => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            tokio::select! {
                () = parties.runs.parties_grown.notified() => {}
                () = sleep(limits::PARTIES_EVERY) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            // What is written together is told together.
            sleep(limits::GATHERED).await;
        }
    });
}

impl Parties {
    /// Whom to ask now. Blocks on the disk.
    fn due(&self) -> Result<Vec<Due>, Fault> {
        let mut due = Vec::new();
        let all = self.runs.book.parties()?;
        if all.is_empty() || !self.runs.leads("parties", limits::PARTIES_LEASE)? {
            return Ok(due);
        }
        for &own in &all {
            // A book that cannot be read holds up no other.
            let Ok(Some(book)) = self.of(own).map_err(|fault| said(&fault)) else { continue };
            let book = held(&book);
            let is_reached = |partner: &&Partner| {
                !partner.parted && (!partner.card.address.is_empty() || all.contains(&partner.card.party))
            };
            // Whoever has no address asks by itself.
            for partner in book.book().partners().filter(is_reached) {
                let (id, progress) = (partner.card.party, self.progress(own, partner.card.party));
                let now = Instant::now();
                let waits = progress.why.is_some() && progress.next.is_some_and(|next| now < next);
                let has_more = progress.acknowledged.is_none_or(|held| held < partner.told_count());
                let asks = progress.next.is_none_or(|next| now >= next);
                if !waits && (has_more || asks) {
                    due.push(Due { own, partner: id, address: partner.card.address.clone() });
                }
            }
        }
        Ok(due)
    }

    /// Asks a partner until neither has more for the other.
    async fn ask(self: &Arc<Parties>, due: Due) {
        let asked =
            timeout(limits::PARTNER_WITHIN, self.ask_all(&due)).await.unwrap_or(Err(Unsent::now("slow")));
        let at = jiff::Timestamp::now().as_second();
        self.note(due.own, due.partner, |progress| {
            let pause = match asked {
                Ok(()) => {
                    (progress.answered, progress.why, progress.tries) = (Some(at), None, 0);
                    limits::PARTNER_EVERY
                }
                Err(unsent) => {
                    progress.why = Some(unsent.why);
                    progress.tries = progress.tries.saturating_add(1);
                    pause(progress.tries)
                }
            };
            progress.next = Some(Instant::now() + pause);
        });
    }

    async fn ask_all(self: &Arc<Parties>, due: &Due) -> Result<(), Unsent> {
        let (own, partner) = (due.own, due.partner);
        for _ in 0..limits::PARTNER_TURNS {
            let within = self.clone();
            let (slice, question) = aside(move || within.next(own, partner)).await.map_err(failed)?;
            let heard = self.ask_once(due, slice, question).await?;
            let within = self.clone();
            let took = aside(move || Ok(within.take(own, partner, &heard))).await.map_err(failed)?;
            if took? == Left::Nothing {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What to say next, and how many frames of the other's log are held. Blocks on the disk.
    fn next(&self, own: Uuid, partner: Uuid) -> Result<(Slice, Question), Fault> {
        let unknown = || Fault::new(axum::http::StatusCode::NOT_FOUND, "party_not_met");
        let book = self.of(own)?.ok_or_else(unknown)?;
        let book = held(&book);
        let of = book.book().partner(partner).ok_or_else(unknown)?;
        // Of whom nobody knows how far they are, that is asked first: with nothing but where we are.
        let acknowledged = self.progress(own, partner).acknowledged.unwrap_or(of.told_count());
        let slice = book.told(&self.runs, partner, acknowledged)?.ok_or_else(unknown)?;
        let (after, at) = (of.heard_frames, people::now());
        let beside = self.beside(own, &book.party.key, of)?;
        Ok((slice, Question { from: own, after, at, proof: book.asks(partner, after, at), beside }))
    }

    async fn ask_once(
        self: &Arc<Parties>,
        due: &Due,
        slice: Slice,
        asked: Question,
    ) -> Result<Heard, Unsent> {
        let (within, own, partner) = (self.clone(), due.own, due.partner);
        let is_here = aside(move || within.of(partner)).await.map_err(failed)?.is_some();
        if is_here {
            let within = self.clone();
            return aside(move || within.hear(partner, asked, slice)).await.map_err(failed);
        }
        let to = Outward::new(&due.address, self.tls()).map_err(|_| Unsent::ever("address"))?;
        let behind = {
            let Question { after, at, proof, .. } = &asked;
            format!("/api/v1/hear/{partner}?from={own}&after={after}&at={at}&proof={}", hex(&proof.0))
        };
        let mut request = Request::builder().header(header::CONTENT_TYPE, "application/octet-stream");
        if let Some(Beside { text, proof }) = &asked.beside {
            // Telephones stand in no address.
            request = request.header(BESIDE, BASE64_STANDARD.encode(text)).header(BESIDE_PROOF, proof);
        }
        let request = request.body(Body::from(slice.to_bytes())).map_err(|_| Unsent::ever("address"))?;
        let (status, body) = to.post(&behind, request, limits::HEARD_BYTES).await?;
        match status {
            200 => serde_json::from_slice(&body).map_err(|_| Unsent::now("answer")),
            _ => Err(judged(status)),
        }
    }

    /// Takes in an answer. Blocks on the disk.
    fn take(&self, own: Uuid, partner: Uuid, heard: &Heard) -> Result<Left, Unsent> {
        let book = self.of(own).map_err(failed)?.ok_or(Unsent::ever("not_met"))?;
        let told = heard.slice();
        let said =
            |key| heard.beside.as_ref().map_or(Ok(()), |said| self.hear_beside(own, partner, key, said));
        let mut left = Left::Nothing;
        {
            let book = held(&book);
            let of = book.book().partner(partner).ok_or(Unsent::ever("not_met"))?;
            // Whoever holds what was never said speaks of another server of this name.
            let same = of.head_at(heard.seq).is_some_and(|head| hex(&head.hash.0) == heard.hash);
            if !same {
                return Err(Unsent::now("other_log"));
            }
            of.card.public().as_ref().map_or(Ok(()), said).map_err(failed)?;
            if heard.seq < of.told_count() {
                left = Left::More;
            }
        }
        self.note(own, partner, |progress| progress.acknowledged = Some(heard.seq));
        let Some(slice) = told.filter(|slice| !slice.frames.is_empty()) else { return Ok(left) };
        if slice.log != heard_in(own, partner) {
            return Err(Unsent::now("other_log"));
        }
        if slice.head().seq > limits::HEARD_FRAMES {
            return Err(Unsent::now("full"));
        }
        if is_ahead(&slice) {
            return Err(Unsent::now("clock"));
        }
        match append(&self.runs.journal, slice, clock()) {
            Answer::Stored { .. } => Ok(Left::More),
            Answer::Busy | Answer::QuarantineFull | Answer::Failed(_) => Err(Unsent::now("later")),
            Answer::Refused(_) | Answer::Quarantined { .. } => Err(Unsent::now("not_believed")),
        }
    }
}

/// It is looked again soon; whoever runs the server reads why it could not be done.
pub(super) fn said(fault: &Fault) {
    tracing::warn!(target: telemetry::TARGET, code = fault.code(), why = fault.why(), "partners not looked at");
}

/// Whether one of the two may have more for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Nothing,
    More,
}

fn failed(fault: Fault) -> Unsent {
    judged(fault.status().as_u16())
}

/// What a refusal means; what is mended on the other side goes on by itself.
fn judged(status: u16) -> Unsent {
    let why = match status {
        404 => "not_met",
        409 | 400 => "not_believed",
        412 => "clock",
        507 => "full",
        300..=399 => "moved",
        _ => "later",
    };
    Unsent { why, status, is_final: false }
}

/// After so many tries it is tried again in so long: twice as long each time.
fn pause(tries: u32) -> Duration {
    let longer = 2_u32.saturating_pow(tries.saturating_sub(1));
    limits::SEND_AGAIN.saturating_mul(longer).min(limits::PARTNER_AGAIN_MOST)
}

#[cfg(test)]
mod tests {
    use super::{judged, pause};

    #[test]
    fn a_partner_that_takes_no_more_says_so_in_its_own_word() {
        assert_eq!(
            [409, 412, 507, 503].map(|status| judged(status).why),
            ["not_believed", "clock", "full", "later"]
        );
    }

    #[test]
    fn a_partner_that_is_cut_off_is_asked_again_within_minutes_of_its_return() {
        let seconds: Vec<u64> = [1, 2, 3, 8, 30].map(|tries| pause(tries).as_secs()).into();
        assert_eq!(seconds, [2, 4, 8, 120, 120]);
    }
}
