//! The server as one service: the API, the pages, and the layers around them.

use crate::{
    access::{attempts::Attempts, gate::gate, known::Known, mode::Mode, password::Passwords},
    api::{self, Asker, overview::Overseen},
    channels::{self, Channels},
    guard, limits,
    machine::Turns,
    pages::{self, Find},
    parties::{self, Parties},
    people::{People, id::PlaceId},
    problem::Fault,
    recording::Recordings,
    rostering::Making,
    run::{
        Runs,
        lately::{Lately, RoundOf},
    },
    store::{Store, StoreError},
    telemetry::{self, Reference},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};
use tower_http::compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove};
use utoipa::openapi::{RefOr, path::Operation};
use verbs::cumulative::Cumulative;

/// What all requests share.
#[derive(Clone, Debug)]
pub struct App {
    /// The data folder.
    pub store: Arc<Store>,
    /// Accounts, sessions, communities and names.
    pub people: Arc<People>,
    /// Real rounds.
    pub runs: Arc<Runs>,
    /// Places and communities that work together with others.
    pub parties: Arc<Parties>,
    /// Bytes of uploads that may be under way at once, in kilobytes.
    pub uploads: Arc<Semaphore>,
    /// Where notices are sent.
    pub channels: Arc<Channels>,
    /// Who reaches the server, and how.
    pub mode: Mode,
    /// Who hashes passwords.
    pub passwords: Passwords,
    /// Browsers that have signed in before.
    pub known: Known,
    /// Guesses so far.
    pub attempts: Arc<Attempts>,
    /// Who computes.
    pub turns: Turns,
    /// Who counts for the public pages.
    pub counting: Turns,
    /// What the public pages of places said lately.
    pub statuses: Arc<Lately<PlaceId, (String, Cumulative)>>,
    /// Figures of rounds as they were counted lately.
    pub figures: Arc<Lately<RoundOf, Cumulative>>,
    /// Rounds as a committee saw them lately.
    pub overviews: Arc<Lately<RoundOf, Overseen>>,
    /// Rosters that are being made.
    pub making: Making,
    /// Rehearsals that boards look at.
    pub recordings: Arc<Recordings>,
    /// A place for each event stream.
    pub streams: Arc<Semaphore>,
    /// A place for each board of a real round.
    pub boards: Arc<Semaphore>,
    /// Turns true when the server stops; streams end then.
    pub stopping: watch::Receiver<bool>,
    /// Whether it holds nothing real, and takes drills.
    pub for_drills: bool,
    /// Where the pages come from.
    pub find: Find,
}

impl App {
    /// On a data folder, with the pages that were built in. `stopping` turns true when the server stops.
    pub fn new(
        store: Store,
        people: Arc<People>,
        runs: Arc<Runs>,
        mode: Mode,
        stopping: watch::Receiver<bool>,
    ) -> App {
        let known = Known::new(people.rounds_key());
        App {
            store: Arc::new(store),
            people,
            parties: Arc::new(Parties::new(runs.clone())),
            runs,
            uploads: Arc::new(Semaphore::new(limits::UPLOADING_KILOBYTES)),
            channels: Arc::default(),
            mode,
            passwords: Passwords::new(),
            known,
            attempts: Arc::default(),
            turns: Turns::new(limits::COMPUTING, limits::COMPUTING_OR_WAITING),
            counting: Turns::new(limits::COUNTING, limits::COUNTING_OR_WAITING),
            statuses: Arc::default(),
            figures: Arc::default(),
            overviews: Arc::default(),
            making: Making::default(),
            recordings: Arc::default(),
            streams: Arc::new(Semaphore::new(limits::STREAMS)),
            boards: Arc::new(Semaphore::new(limits::BOARDS)),
            stopping,
            for_drills: false,
            find: pages::built,
        }
    }

    /// Sends what notices wait for its channels, until the server stops.
    pub fn send_notices(&self) {
        channels::send_all(&self.channels, &self.runs, &self.stopping);
    }

    /// Tells partners what is for them, and asks them, until the server stops.
    pub fn tell_partners(&self) {
        parties::tell_all(&self.parties, &self.stopping);
        parties::use_up(&self.parties, &self.stopping);
    }

    /// Writes down what rounds have used by now of the stocks that provide for them. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn note_used(&self) -> Result<(), Fault> {
        self.parties.note_used()
    }

    /// The service.
    pub fn router(self) -> Router {
        let (routes, _) = api::routes().split_for_parts();
        let worth_it = DefaultPredicate::new().and(SizeAbove::new(limits::COMPRESSED_BYTES));
        routes
            .fallback(page)
            .method_not_allowed_fallback(no_such_method)
            .layer(from_fn_with_state(self.clone(), gate))
            // The gate sets a smaller one where it knows nobody.
            .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
            .layer(from_fn(within))
            .layer(from_fn_with_state(self.mode.clone(), guard::guard))
            // Event streams and what is compressed already pass untouched.
            .layer(CompressionLayer::new().compress_when(worth_it))
            .layer(from_fn(telemetry::watched))
            .layer(from_fn_with_state(self.mode.clone(), said))
            .layer(from_fn_with_state(self.mode.clone(), guard::headers))
            .with_state(self)
    }
}

/// The API's schema, as `openapi.json` has it.
pub fn openapi() -> String {
    let (_, mut api) = api::routes().split_for_parts();
    for item in api.paths.paths.values_mut() {
        for operation in
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
        {
            describe(operation);
        }
    }
    let mut text = api.to_pretty_json().expect("a schema is written as JSON");
    text.push('\n');
    text
}

/// OpenAPI asks for a description of each response; where the status says it all, that is it.
fn describe(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
            && let Some(reason) =
                status.parse::<StatusCode>().ok().and_then(|status| status.canonical_reason())
        {
            response.description = reason.to_owned();
        }
    }
}

/// Faults in the asker's words. What the system said when it failed is for whoever looks after the machine; others are told where to
/// find it.
async fn said(State(mode): State<Mode>, request: Request, next: Next) -> Response {
    let Asker(voice) = Asker::of(request.uri(), request.headers());
    let mut response = next.run(request).await;
    let reference = response.extensions_mut().remove::<Reference>().filter(|_| mode.is_open());
    match response.extensions_mut().remove::<Fault>() {
        Some(fault) => fault.said(voice, reference.as_ref()),
        None => response,
    }
}

/// An answer that takes too long is given up; an event stream has begun its answer by then.
async fn within(request: Request, next: Next) -> Response {
    match timeout(limits::ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Fault::new(StatusCode::GATEWAY_TIMEOUT, "too_slow").into_response(),
    }
}

async fn page(State(app): State<App>, request: Request) -> Response {
    let Asker(voice) = Asker::of(request.uri(), request.headers());
    pages::answer(app.find, request.method(), request.uri(), request.headers(), voice)
        .unwrap_or_else(|| Fault::new(StatusCode::NOT_FOUND, "address_unknown").into_response())
}

async fn no_such_method() -> Fault {
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method")
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        match error {
            StoreError::Unknown => Fault::new(StatusCode::NOT_FOUND, "scenario_unknown"),
            StoreError::Full => {
                Fault::new(StatusCode::CONFLICT, "scenarios_full").with("most", limits::SCENARIOS)
            }
            StoreError::Large => Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "folder_large")
                .with("files", limits::FOLDER_FILES)
                .with("megabytes", limits::FOLDER_BYTES >> 20),
            StoreError::Path(path) => Fault::new(StatusCode::BAD_REQUEST, "path").with("path", path),
            StoreError::Clash(path) => Fault::new(StatusCode::BAD_REQUEST, "path_clash").with("path", path),
            StoreError::Database(error) => Fault::from(error),
            StoreError::Newer => Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken"),
            StoreError::Locked => Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"),
            StoreError::Disk { path, source } => Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "disk")
                .with("path", path.display())
                .with("why", source),
        }
    }
}
