//! A board that watches a round on one process, as a desk's does: which events it shows, and since when.

use super::http::{Address, Broken, Connection};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use uuid::Uuid;

/// A board whose stream broke is opened anew after this, as a browser does.
const ANEW_AFTER: Duration = Duration::from_millis(250);

/// A board. It is closed with this.
pub struct Board {
    shown: Arc<Mutex<BTreeMap<Uuid, Instant>>>,
    watching: JoinHandle<()>,
}

impl Board {
    /// Opens one, on the round at this path.
    pub fn open(address: &Address, round: &str) -> Board {
        let shown = Arc::new(Mutex::default());
        let (address, path, seen) = (address.clone(), format!("{round}/live"), Arc::clone(&shown));
        let watching = tokio::spawn(async move {
            loop {
                drop(watched(&address, &path, &seen).await);
                sleep(ANEW_AFTER).await;
            }
        });
        Board { shown, watching }
    }

    /// Since when each event is shown.
    pub fn shown(&self) -> MutexGuard<'_, BTreeMap<Uuid, Instant>> {
        held(&self.shown)
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

fn held(of: &Mutex<BTreeMap<Uuid, Instant>>) -> MutexGuard<'_, BTreeMap<Uuid, Instant>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(serde::Deserialize)]
struct Shown {
    id: Uuid,
}

/// Reads the stream until it breaks.
async fn watched(
    address: &Address,
    path: &str,
    shown: &Mutex<BTreeMap<Uuid, Instant>>,
) -> Result<(), Broken> {
    let mut connection = Connection::new(address);
    let mut stream = connection.stream(path).await?;
    let mut rest = Vec::new();
    while let Some(piece) = stream.next().await? {
        rest.extend_from_slice(&piece);
        let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else { continue };
        let (now, mut seen) = (Instant::now(), held(shown));
        for line in rest[..end].split(|byte| *byte == b'\n') {
            // Other lines are of the site and the time.
            let event =
                line.strip_prefix(b"data: ").and_then(|line| serde_json::from_slice::<Shown>(line).ok());
            if let Some(Shown { id }) = event {
                seen.entry(id).or_insert(now);
            }
        }
        drop(seen);
        rest.drain(..=end);
    }
    Ok(())
}
