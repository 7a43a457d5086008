//! Connections: each has a place, must say within a time what it wants, and ends when the server stops.

use crate::{
    access::{attempts::near, mode::Mode},
    limits,
    listen::Peer,
};
use axum::{Router, extract::ConnectInfo, serve::Listener};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Semaphore, watch};

/// Answers whoever comes, until `stopping` turns true; then until what is under way is finished.
pub async fn serve(
    mut listener: impl Listener<Addr = SocketAddr>,
    router: Router,
    mode: Mode,
    stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let near = Arc::new(Near::default());
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = stopped(stopping.clone()) => break,
        };
        // A proxy, and this machine, has all connections, and keeps some in reserve; whoever else is silent can come again.
        let is_proxy = mode.is_proxy(peer.ip()) || peer.ip().to_canonical().is_loopback();
        let (most, within) = match is_proxy {
            true => (limits::CONNECTIONS, limits::PROXY_SILENT),
            false => (limits::CONNECTIONS_NEAR, limits::HEADER_WITHIN),
        };
        let Some(beside) = Beside::of(&near, peer.ip(), most) else { continue };
        let stopping = stopping.clone();
        let answering = TowerToHyperService::new(router.clone());
        let answering = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(Peer(peer)));
            answering.call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(within);
        let served = http.serve_connection(TokioIo::new(stream), answering);
        tokio::spawn(async move {
            let mut served = pin!(served);
            tokio::select! {
                // Somebody who went away in the middle is nobody's fault.
                _ = served.as_mut() => {}
                () = stopped(stopping) => {
                    served.as_mut().graceful_shutdown();
                    let _ = served.as_mut().await;
                }
            }
            drop((place, beside));
        });
    }
    drop(listener);
    let all = u32::try_from(limits::CONNECTIONS).expect("they are some thousands");
    let _ = places.acquire_many(all).await;
}

/// Until the server stops.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone: then it is time to stop, too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// How many connections each address has. Neighbours in one network of IPv6 count as one.
#[derive(Debug, Default)]
struct Near(Mutex<HashMap<IpAddr, usize>>);

/// One connection among those of its address.
struct Beside {
    near: Arc<Near>,
    address: IpAddr,
}

impl Beside {
    /// `None` where its address has too many.
    fn of(near: &Arc<Near>, address: IpAddr, most: usize) -> Option<Beside> {
        let (near, address) = (near.clone(), self::near(address));
        let mut counts = near.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Beside { near, address })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let mut counts = self.near.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::mode::{Network, PublicUrl};
    use axum::routing::get;
    use std::{io, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        sync::mpsc,
        time::{Instant, sleep, timeout},
    };

    /// What comes over no network: time passes only while nobody does anything.
    struct Pipes(mpsc::Receiver<(DuplexStream, SocketAddr)>);

    impl Listener for Pipes {
        type Io = DuplexStream;
        type Addr = SocketAddr;

        async fn accept(&mut self) -> (DuplexStream, SocketAddr) {
            match self.0.recv().await {
                Some(next) => next,
                None => std::future::pending().await,
            }
        }

        fn local_addr(&self) -> io::Result<SocketAddr> {
            Ok(SocketAddr::from(([127, 0, 0, 1], 8300)))
        }
    }

    struct Door {
        come: mpsc::Sender<(DuplexStream, SocketAddr)>,
        stop: watch::Sender<bool>,
        serving: tokio::task::JoinHandle<()>,
    }

    const FAR: [u8; 4] = [203, 0, 113, 7];
    const PROXY: [u8; 4] = [172, 17, 0, 1];
    const SLOW: Duration = Duration::from_secs(300);

    fn open() -> Door {
        let (come, pipes) = mpsc::channel(1);
        let (stop, stopping) = watch::channel(false);
        let slow = || async {
            sleep(SLOW).await;
            "late"
        };
        let who = |ConnectInfo(Peer(peer)): ConnectInfo<Peer>| async move { peer.to_string() };
        let router = Router::new().route("/", get(who)).route("/slow", get(slow));
        let mode = Mode::public(&PublicUrl::parse("https://garden.example").unwrap())
            .behind(Network::parse("172.17.0.0/16"));
        let serving = tokio::spawn(serve(Pipes(pipes), router, mode, stopping));
        Door { come, stop, serving }
    }

    impl Door {
        async fn connect(&self, from: [u8; 4]) -> DuplexStream {
            let (mine, theirs) = duplex(4096);
            self.come.send((theirs, SocketAddr::from((from, 5000)))).await.unwrap();
            mine
        }
    }

    /// What comes until the other side closes, and after how long it does.
    async fn rest(stream: &mut DuplexStream) -> (String, Duration) {
        let began = Instant::now();
        let mut text = String::new();
        let whole = timeout(10 * SLOW, stream.read_to_string(&mut text));
        whole.await.expect("it is never closed").unwrap();
        (text, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_header_and_silence_are_given_up_and_a_slow_answer_is_not() {
        let door = open();
        for (from, within) in [
            (FAR, limits::HEADER_WITHIN),
            ([127, 0, 0, 1], limits::PROXY_SILENT),
            (PROXY, limits::PROXY_SILENT),
        ] {
            for half in ["", "GET / HTTP/1.1\r\nhost: a"] {
                let mut stream = door.connect(from).await;
                stream.write_all(half.as_bytes()).await.unwrap();
                let (_, took) = rest(&mut stream).await;
                assert!(took >= within && took < within + Duration::from_secs(1), "{half:?}: {took:?}");
            }
            // After an answer the connection stays open, for as long.
            let mut stream = door.connect(from).await;
            stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
            let (text, took) = rest(&mut stream).await;
            assert!(text.ends_with(&format!("{}:5000", IpAddr::from(from))), "{text}");
            assert!(took >= within && took < within + Duration::from_secs(1), "{took:?}");
        }
        let mut stream = door.connect(FAR).await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let (text, took) = rest(&mut stream).await;
        assert!(text.ends_with("late") && took >= SLOW, "{took:?}: {text}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_takes_not_all_places_and_gets_its_own_back() {
        let door = open();
        let mut held = Vec::new();
        for _ in 0..limits::CONNECTIONS_NEAR {
            held.push(door.connect(FAR).await);
        }
        let (text, took) = rest(&mut door.connect(FAR).await).await;
        assert_eq!((text.as_str(), took), ("", Duration::ZERO), "one too many");
        let of_proxy = 0..=limits::CONNECTIONS_NEAR;
        for from in of_proxy.map(|_| PROXY).chain([[198, 51, 100, 1], [127, 0, 0, 1]]) {
            let mut stream = door.connect(from).await;
            stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
            assert!(rest(&mut stream).await.0.starts_with("HTTP/1.1 200"));
        }
        drop(held);
        sleep(Duration::from_millis(1)).await;
        let mut stream = door.connect(FAR).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        assert!(rest(&mut stream).await.0.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_it_waits_for_what_is_under_way_and_for_nobody_who_is_silent() {
        let door = open();
        let mut silent = door.connect(FAR).await;
        let mut asking = door.connect(FAR).await;
        asking.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        sleep(Duration::from_secs(1)).await;
        let began = Instant::now();
        door.stop.send_replace(true);
        assert!(rest(&mut silent).await.1 < Duration::from_secs(1));
        assert!(rest(&mut asking).await.0.ends_with("late"));
        door.serving.await.unwrap();
        assert!(began.elapsed() < SLOW);
    }
}
