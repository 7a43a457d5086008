//! A listener of its own for whoever runs the server: `/metrics`, `/live`, `/ready`. Nobody signs in there, so it belongs
//! where only they reach it.

use super::{metric, ready};
use crate::{app::App, limits, machine::aside};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};
use tokio::time::sleep;

/// How often what was measured is put into its buckets.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The listener, and what it tells.
#[derive(Debug)]
pub(crate) struct Side {
    listener: TcpListener,
    address: SocketAddr,
    handle: PrometheusHandle,
}

impl Side {
    /// Takes the port, and begins to count.
    ///
    /// # Errors
    /// Another program listens there, or the system says no.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Side> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let seconds = Matcher::Full(metric::REQUEST_SECONDS.name.to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &metric::SECONDS)
            .map_err(io::Error::other)?
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|_| io::Error::other("metrics are taken already"))?;
        metric::begin();
        Collector::default().describe();
        Ok(Side { listener, address, handle })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers for as long as the runtime lives.
    pub(crate) async fn serve(self, app: App) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let handle = self.handle;
        let upkeep = handle.clone();
        tokio::spawn(async move {
            loop {
                sleep(UPKEEP_EVERY).await;
                upkeep.run_upkeep();
            }
        });
        let router = Router::new()
            .route("/metrics", get(told))
            .route("/live", get(|| async { "live\n" }))
            .route("/ready", get(asked))
            .with_state((app, handle));
        axum::serve(listener, router).await
    }
}

async fn told(State((app, handle)): State<(App, PrometheusHandle)>) -> impl IntoResponse {
    let ready = ready(&app).await.is_ok();
    let runs = app.runs.clone();
    // A database that does not answer is told by `ready`.
    let posts = aside(move || runs.book.waiting_posted()).await.unwrap_or(0);
    let in_use = metric::InUse {
        boards: limits::BOARDS - app.boards.available_permits(),
        streams: limits::STREAMS - app.streams.available_permits(),
        waiting: app.runs.waiting_now(),
        rounds: app.runs.in_memory_now(),
        posts: usize::try_from(posts).unwrap_or(0),
        ready,
    };
    in_use.tell();
    Collector::default().collect();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render())
}

async fn asked(State((app, _)): State<(App, PrometheusHandle)>) -> (StatusCode, String) {
    match ready(&app).await {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", why.name())),
    }
}
