//! Results over MLLP: HL7 messages of a lab's system, one after the other on a connection, each answered once what came of it is
//! stored. The protocol knows no sign-in and no encryption, so it is listened for on this machine alone: a tunnel of the
//! lab's ends here. All that comes is taken in the name of one account, which must have the role `lab` at each message.

use crate::{
    access::who::Who,
    api::results::{acknowledged, may_report, take},
    app::App,
    limits,
    machine::aside,
    problem::Fault,
    telemetry,
};
use formats::results::{
    Reports, Ways,
    hl7::{
        is_answered,
        mllp::{Came, Decoder, block},
        read_oru,
    },
};
use jiff::tz::TimeZone;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{Semaphore, watch},
    time::{Instant, timeout, timeout_at},
};
use verbs::Voice;
use words::Language;

/// Bytes that are read at once.
const READ: usize = 16 << 10;

/// A listener for results.
#[derive(Debug)]
pub(crate) struct Mllp {
    listener: TcpListener,
    address: SocketAddr,
    /// In whose name results are taken.
    login: String,
    zone: TimeZone,
}

impl Mllp {
    /// Takes the port.
    ///
    /// # Errors
    /// Another program listens there, or the system says no.
    pub(crate) fn bind(address: SocketAddr, login: &str, zone: TimeZone) -> io::Result<Mllp> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Mllp { listener, address, login: login.to_owned(), zone })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes messages until the server stops.
    pub(crate) async fn serve(self, app: App) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let places = Arc::new(Semaphore::new(limits::MLLP_CONNECTIONS));
        let ways = Ways { zone: self.zone, issuer: None, exercise: app.for_drills };
        let login: Arc<str> = self.login.into();
        let mut stopping = app.stopping.clone();
        loop {
            let (stream, _) = tokio::select! {
                taken = listener.accept() => match taken {
                    Ok(taken) => taken,
                    // Too many files are open, most likely: whoever waits is taken later.
                    Err(_) => {
                        tokio::time::sleep(limits::MLLP_PAUSE).await;
                        continue;
                    }
                },
                () = stopped(&mut stopping) => return Ok(()),
            };
            let Ok(place) = places.clone().try_acquire_owned() else { continue };
            let (app, ways, login) = (app.clone(), ways.clone(), login.clone());
            tokio::spawn(async move {
                let _place = place;
                let stopping = app.stopping.clone();
                // A connection that breaks took nothing with it: what was not answered is sent again.
                drop(talk(stream, stopping, |message| answered(&app, &login, &ways, message)).await);
            });
        }
    }
}

/// When the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: then it is time to stop, too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// Takes messages of one connection and answers each before the next is looked at.
async fn talk<S: AsyncRead + AsyncWrite + Unpin, F: Future<Output = Option<String>>>(
    mut stream: S,
    mut stopping: watch::Receiver<bool>,
    mut answer: impl FnMut(Vec<u8>) -> F,
) -> io::Result<()> {
    let mut decoder = Decoder::default();
    let mut bytes = vec![0; READ];
    // When the message that is on its way began.
    let mut began: Option<Instant> = None;
    loop {
        let until = began.unwrap_or_else(Instant::now) + limits::MLLP_SILENCE;
        let read = tokio::select! {
            read = timeout_at(until, stream.read(&mut bytes)) => read.map_err(io::Error::other)??,
            () = stopped(&mut stopping) => return Ok(()),
        };
        if read == 0 {
            return Ok(());
        }
        decoder.push(&bytes[..read]);
        while let Some(came) = decoder.take() {
            match came {
                Came::Message(message) => {
                    if let Some(said) = answer(message).await {
                        let said = block(&said);
                        let written = timeout(limits::MLLP_SILENCE, stream.write_all(&said));
                        tokio::select! {
                            written = written => written.map_err(io::Error::other)??,
                            () = stopped(&mut stopping) => return Ok(()),
                        }
                    }
                }
                // Whoever sends such things does not speak this protocol, or sends what nobody takes.
                Came::TooLong | Came::Cut | Came::Junk(_) => return Ok(()),
            }
        }
        began = decoder.is_inside().then(|| began.unwrap_or_else(Instant::now));
    }
}

/// What is answered to a message; nothing where its sender wants no answer, or none can be given: then it is sent again.
async fn answered(app: &App, login: &Arc<str>, ways: &Ways, message: Vec<u8>) -> Option<String> {
    let (work, login, ways) = (app.clone(), login.clone(), ways.clone());
    let done = aside(move || {
        let who = account(&work, &login)?;
        let reports = read_oru(&message, 1, &ways);
        let voice = Voice { language: Language::En };
        let (said, code) = if may_report(&who) {
            let sent = take(&work, &who, &reports)?;
            acknowledged(&message, &reports, &sent, &ways, voice)
        } else {
            // Nothing is taken of somebody who may not report; the sender keeps it.
            tracing::warn!(target: telemetry::TARGET, "the account of --mllp-account has no role lab: results are rejected");
            acknowledged(&message, &Reports::default(), &[], &ways, voice)
        };
        Ok(is_answered(&message, code).then_some(said))
    });
    done.await.ok().flatten()
}

/// The account in whose name results are taken, as it is now: one that lost its role reports nothing any more.
fn account(app: &App, login: &str) -> Result<Who, Fault> {
    let found = app.people.login(login)?.map(|(id, _)| app.people.account(id)).transpose()?.flatten();
    Ok(found.map_or(Who::Nobody, Who::Account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::{io::duplex, time::sleep};

    /// How long a connection is held that answers so much, on a clock that does not wait.
    async fn held(room: usize, other: impl AsyncFnOnce(tokio::io::DuplexStream)) -> Duration {
        let (ours, theirs) = duplex(room);
        let (_running, stopping) = watch::channel(false);
        let began = Instant::now();
        let talked = talk(ours, stopping, |message| async move { Some("x".repeat(message.len())) });
        tokio::join!(async { drop(talked.await) }, other(theirs));
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_never_ends_holds_no_connection() {
        let slow = held(64, async |mut theirs| {
            theirs.write_all(b"\x0b").await.unwrap();
            while theirs.write_all(b"M").await.is_ok() {
                sleep(limits::MLLP_SILENCE / 3).await;
            }
        });
        assert!(slow.await <= limits::MLLP_SILENCE * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_no_answer_holds_no_connection() {
        let deaf = held(16, async |mut theirs| {
            theirs.write_all(b"\x0bMSH of more than sixteen letters\x1c\r").await.ok();
            sleep(limits::MLLP_SILENCE * 3).await;
            assert!(theirs.write_all(b"\x0bM").await.is_err(), "it is closed");
        });
        assert!(deaf.await >= limits::MLLP_SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_now_and_then_stays() {
        let steady = held(256, async |mut theirs| {
            for _ in 0..5 {
                sleep(limits::MLLP_SILENCE / 2).await;
                theirs.write_all(b"\x0bMSH\x1c\r").await.unwrap();
                let mut answer = [0; 6];
                theirs.read_exact(&mut answer).await.unwrap();
                assert_eq!(&answer, b"\x0bxxx\x1c\r");
            }
        });
        assert_eq!(steady.await, limits::MLLP_SILENCE * 5 / 2);
    }
}
