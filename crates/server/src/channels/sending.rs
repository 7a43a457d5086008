//! What waits in the outbox is sent, in each channel one after the other, and tried again where it did not go.

use super::{Channel, Channels, Message, Unsent};
use crate::{
    limits,
    machine::aside,
    problem::Fault,
    run::{Runs, book::Posted},
    telemetry,
};
use axum::http::StatusCode;
use std::sync::Arc;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// Sends what waits until the server stops. What is under way then is sent again, by its key the same.
pub(crate) fn send_all(channels: &Arc<Channels>, runs: &Arc<Runs>, stopping: &watch::Receiver<bool>) {
    if channels.all.is_empty() {
        return;
    }
    let (channels, runs, stopping) = (channels.clone(), runs.clone(), stopping.clone());
    tokio::spawn(async move {
        let held = runs.clone();
        // Where it fails, what an ended process held waits until its time is over.
        drop(aside(move || held.book.let_go_posted()).await);
        for at in 0..channels.all.len() {
            tokio::spawn(follow(channels.clone(), at, runs.clone(), stopping.clone()));
        }
    });
}

/// One channel: another one that is slow does not hold it up.
async fn follow(channels: Arc<Channels>, at: usize, runs: Arc<Runs>, mut stopping: watch::Receiver<bool>) {
    let channel = &channels.all[at];
    loop {
        // Whatever failed is tried again at the next look.
        while !*stopping.borrow() && send_next(channel, &runs).await.unwrap_or(false) {}
        tokio::select! {
            () = sleep(limits::OUTBOX_EVERY) => {}
            () = channels.woken.notified() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Takes what waits longest, and tries it once; false where nothing waits.
async fn send_next(channel: &Channel, runs: &Arc<Runs>) -> Result<bool, Fault> {
    let (on, name) = (runs.clone(), channel.name.clone());
    let Some(posted) = aside(move || on.next_posted(&name)).await? else { return Ok(false) };
    let tried = match message(channel, runs, &posted).await {
        Ok(None) => Ok(Err(Unsent::ever("gone"))),
        Ok(Some(message)) => timeout(limits::SEND_WITHIN, channel.send(&message)).await,
        // Its names have ended meanwhile, and it with them.
        Err(fault) if fault.status() == StatusCode::NOT_FOUND => return Ok(true),
        Err(fault) => return Err(fault),
    };
    let tried = tried.unwrap_or(Err(Unsent::now("slow")));
    let again = tried.err().filter(|unsent| !unsent.is_final).and_then(|_| pause(posted.tries));
    let outcome = match (tried, again) {
        (Ok(()), _) => "sent",
        (Err(_), Some(_)) => "again",
        (Err(Unsent { is_final: true, .. }), None) => "refused",
        (Err(_), None) => "given_up",
    };
    telemetry::posted(&channel.name, outcome);
    if let (Err(Unsent { why, status, .. }), None) = (tried, again) {
        tracing::warn!(target: telemetry::TARGET, channel = channel.name, why, status, outcome, "notice not sent");
    }
    let on = runs.clone();
    aside(move || on.book.posted(&posted, tried, again)).await?;
    Ok(true)
}

/// What the channel is told; `None` where it is no longer this community's, or for others.
async fn message(channel: &Channel, runs: &Arc<Runs>, posted: &Posted) -> Result<Option<Message>, Fault> {
    let (runs, posted, name) = (runs.clone(), posted.clone(), channel.name.clone());
    let read = move || {
        let Posted { community, round, number, .. } = posted;
        let notice = runs.book.notice(community, round, number)?.notice;
        let earlier = match notice.replaces {
            Some(old) => runs.book.key_sent(community, round, old.number, &name)?,
            None => None,
        };
        Ok((posted, notice, earlier))
    };
    let (posted, notice, earlier) = aside(read).await?;
    let is_theirs = channel.serves(posted.community) && channel.is_for(&notice.addressed);
    Ok(is_theirs.then(|| Message::of(channel, &posted, &notice, earlier)))
}

/// After so many tries it is tried again in so long, if at all: four times as long each time.
fn pause(tries: u32) -> Option<std::time::Duration> {
    let longer = 4_u32.saturating_pow(tries.saturating_sub(1));
    let pause = limits::SEND_AGAIN.saturating_mul(longer).min(limits::SEND_AGAIN_MOST);
    (tries < limits::SEND_TRIES).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_grow_and_come_to_an_end() {
        let seconds: Vec<Option<u64>> =
            (1..=9).map(|tries| pause(tries).map(|pause| pause.as_secs())).collect();
        let pauses = [2, 8, 32, 128, 512, 1800, 1800].map(Some);
        assert_eq!(seconds, [&pauses[..], &[None, None]].concat());
    }
}
