//! Listening on this machine, until somebody stops it.

use crate::{app::App, limits, store::Store};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    str::FromStr,
};
use tokio::{runtime::Runtime, signal, sync::watch, time::timeout};

/// An address on this machine alone. Until there are accounts, whoever reaches the server may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(SocketAddr);

/// Why the server does not listen.
#[derive(Debug)]
pub enum ListenError {
    /// Not `HOST:PORT`.
    NoAddress,
    /// An address that others reach too.
    NotHere,
    /// Another program listens there.
    InUse(SocketAddr),
    /// The system said no.
    System(io::Error),
}

impl FromStr for Address {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Address, ListenError> {
        let text = match text.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => text.to_owned(),
        };
        let Ok(address) = text.parse::<SocketAddr>() else {
            // A name may well be a host of this network; it is refused for that, not for its spelling.
            let port = text.rsplit_once(':').and_then(|(host, port)| (!host.is_empty()).then_some(port));
            return Err(match port.map(str::parse::<u16>) {
                Some(Ok(_)) => ListenError::NotHere,
                _ => ListenError::NoAddress,
            });
        };
        let here = match address.ip() {
            IpAddr::V4(ip) => ip == Ipv4Addr::LOCALHOST,
            IpAddr::V6(ip) => ip == Ipv6Addr::LOCALHOST,
        };
        if here { Ok(Address(address)) } else { Err(ListenError::NotHere) }
    }
}

/// A server that holds its port and its data folder, and has not answered anybody yet.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    store: Store,
}

impl Server {
    /// Takes the port; port 0 takes any that is free.
    ///
    /// # Errors
    /// Another program listens there, or the system says no.
    pub fn bind(address: Address, store: Store) -> Result<Server, ListenError> {
        let listener = TcpListener::bind(address.0).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ListenError::InUse(address.0),
            _ => ListenError::System(error),
        })?;
        listener.set_nonblocking(true).map_err(ListenError::System)?;
        let address = listener.local_addr().map_err(ListenError::System)?;
        let runtime = Runtime::new().map_err(ListenError::System)?;
        Ok(Server { runtime, listener, address, store })
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers until Ctrl-C, or until the system ends the program. What is under way is finished, streams are closed.
    ///
    /// # Errors
    /// The system says no.
    pub fn run(self) -> io::Result<()> {
        let Server { runtime, listener, address, store } = self;
        let ended = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let (stop, stopping) = watch::channel(false);
            let router = App::new(store, stopping.clone()).router(address.port());
            let mut asked = stopping.clone();
            let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
                // An error means that the sender is gone: then it is time to stop, too.
                let _ = asked.wait_for(|stopping| *stopping).await;
            });
            let mut serving = tokio::spawn(async move { serving.await });
            tokio::select! {
                ended = &mut serving => return ended.unwrap_or_else(|error| Err(io::Error::other(error))),
                () = told_to_stop() => {}
            }
            stop.send_replace(true);
            // A connection that a browser keeps open in reserve need not be waited for.
            let _ = timeout(limits::STOP_WITHIN, serving).await;
            Ok(())
        });
        // A rehearsal that nobody waits for any more is not waited for either.
        runtime.shutdown_background();
        ended
    }
}

/// Ctrl-C, or the signal by which systems end programs.
async fn told_to_stop() {
    let typed = async {
        if signal::ctrl_c().await.is_err() {
            // Nobody can tell us then.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let ended = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! { () = typed => {}, () = ended => {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_listened_on() {
        for text in ["127.0.0.1:8300", "[::1]:8300", "localhost:0", "127.0.0.1:0"] {
            assert!(text.parse::<Address>().is_ok(), "{text}");
        }
        for text in ["0.0.0.0:8300", "[::]:8300", "192.168.1.7:8300", "127.0.0.2:80", "server.example:8300"] {
            assert!(matches!(text.parse::<Address>(), Err(ListenError::NotHere)), "{text}");
        }
        for text in ["8300", "127.0.0.1", "", ":8300", "localhost:x", "localhost"] {
            assert!(matches!(text.parse::<Address>(), Err(ListenError::NoAddress)), "{text}");
        }
    }
}
