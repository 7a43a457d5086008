//! Listening, on this machine or for others, until somebody stops it.

use crate::{
    access::mode::{Mode, Network, PublicUrl},
    app::App,
    channels::Channels,
    connections, limits,
    mllp::Mllp,
    people,
    people::{People, PeopleError, purge::Purged},
    run::Runs,
    store::Store,
    telemetry::{self, Side},
    tls::{Certificate, CertificateFiles, TlsError, TlsListener},
};
use domain::Moment;
use jiff::tz::TimeZone;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};
use tokio::{
    runtime::Runtime,
    signal,
    sync::watch,
    task::{JoinError, spawn_blocking},
    time::{sleep, timeout},
};

/// Where to listen, for whom, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    address: SocketAddr,
    public: Option<PublicUrl>,
    proxy: Option<Network>,
    certificate: Option<CertificateFiles>,
}

/// What was typed about listening.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// `--listen`
    pub listen: &'a str,
    /// `--public-url`
    pub public_url: Option<&'a str>,
    /// `--proxy`
    pub proxy: Option<&'a str>,
    /// `--tls-cert`
    pub tls_cert: Option<&'a Path>,
    /// `--tls-key`
    pub tls_key: Option<&'a Path>,
    /// `--plain-http`
    pub plain_http: bool,
}

/// Why the server does not listen.
#[derive(Debug)]
pub enum ListenError {
    /// Not `HOST:PORT`.
    NoAddress,
    /// Others would reach it, and read along.
    Plain,
    /// Not `https://host[:port]`.
    NoPublicUrl,
    /// No address or network, or there is no public URL that leads to a proxy.
    NoProxy,
    /// A certificate without its key, or the other way round.
    HalfCertificate,
    /// The certificate cannot be used.
    Certificate(TlsError),
    /// Another program listens there.
    InUse(SocketAddr),
    /// The system said no.
    System(io::Error),
}

impl Listen {
    /// What was typed, if it is safe.
    ///
    /// # Errors
    /// It is no address, or others would reach the server without TLS.
    pub fn parse(typed: &Typed<'_>) -> Result<Listen, ListenError> {
        let text = match typed.listen.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => typed.listen.to_owned(),
        };
        let address: SocketAddr = text.parse().map_err(|_| ListenError::NoAddress)?;
        let public = typed.public_url.map(|url| PublicUrl::parse(url).ok_or(ListenError::NoPublicUrl));
        let public = public.transpose()?;
        let proxy = typed.proxy.map(|text| Network::parse(text).ok_or(ListenError::NoProxy)).transpose()?;
        if proxy.is_some() && public.is_none() {
            return Err(ListenError::NoProxy);
        }
        let certificate = match (typed.tls_cert, typed.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(CertificateFiles { certificate: certificate.to_owned(), key: key.to_owned() })
            }
            (None, None) => None,
            _ => return Err(ListenError::HalfCertificate),
        };
        // A public name says nothing of who else reaches the address.
        let is_safe = is_here(address) || certificate.is_some() || typed.plain_http;
        if !is_safe {
            return Err(ListenError::Plain);
        }
        Ok(Listen { address, public, proxy, certificate })
    }

    /// Who reaches it, once the port is known.
    fn mode(&self, address: SocketAddr) -> Mode {
        let is_tls = self.certificate.is_some();
        match &self.public {
            Some(url) => Mode::public(url).behind(self.proxy),
            None if is_here(address) => Mode::here(address.port(), is_tls),
            None => Mode::at(address, is_tls),
        }
    }
}

/// The two addresses that this machine alone reaches, and that browsers name.
fn is_here(address: SocketAddr) -> bool {
    match address.ip() {
        IpAddr::V4(ip) => ip == Ipv4Addr::LOCALHOST,
        IpAddr::V6(ip) => ip == Ipv6Addr::LOCALHOST,
    }
}

/// From where a connection comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What the server tells whoever started it, while it runs.
#[derive(Debug)]
pub enum Told {
    /// The certificate was read again.
    Renewed,
    /// The new certificate cannot be used; the old one serves on.
    NotRenewed(TlsError),
    /// Names were past their day.
    Purged(Purged),
    /// They are, and could not be destroyed.
    NotPurged(PeopleError),
}

/// A server that holds its port and its data folder, and has not answered anybody yet.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    mode: Mode,
    certificate: Option<Certificate>,
    store: Store,
    people: Arc<People>,
    runs: Arc<Runs>,
    for_drills: bool,
    side: Option<Side>,
    mllp: Option<Mllp>,
    channels: Arc<Channels>,
}

impl Server {
    /// Takes the port; port 0 takes any that is free.
    ///
    /// # Errors
    /// Another program listens there, the certificate cannot be used, or the system says no.
    pub fn bind(listen: &Listen, store: Store, people: People, runs: Runs) -> Result<Server, ListenError> {
        let certificate = listen.certificate.clone().map(Certificate::open).transpose();
        let certificate = certificate.map_err(ListenError::Certificate)?;
        let listener = TcpListener::bind(listen.address).map_err(|error| refused(error, listen.address))?;
        listener.set_nonblocking(true).map_err(ListenError::System)?;
        let address = listener.local_addr().map_err(ListenError::System)?;
        let runtime = Runtime::new().map_err(ListenError::System)?;
        let mode = listen.mode(address);
        let (people, runs) = (Arc::new(people), Arc::new(runs));
        Ok(Server {
            runtime,
            listener,
            address,
            mode,
            certificate,
            store,
            people,
            runs,
            for_drills: false,
            side: None,
            mllp: None,
            channels: Arc::default(),
        })
    }

    /// On a data folder for drills: it takes drills, and nothing in it is real.
    #[must_use]
    pub fn for_drills(self) -> Server {
        Server { for_drills: true, ..self }
    }

    /// Tells metrics, and whether it lives and is ready, on an address of its own.
    ///
    /// # Errors
    /// It is no address, another program listens there, or the system says no.
    pub fn with_metrics(self, address: &str) -> Result<Server, ListenError> {
        let address: SocketAddr = address.parse().map_err(|_| ListenError::NoAddress)?;
        let side = Side::bind(address).map_err(|error| refused(error, address))?;
        Ok(Server { side: Some(side), ..self })
    }

    /// Takes results of labs' systems over MLLP, on an address of this machine, in the name of an account.
    ///
    /// # Errors
    /// It is no address of this machine alone, another program listens there, or the system says no.
    pub fn with_mllp(self, address: &str, login: &str, zone: &str) -> Result<Server, ListenError> {
        let address: SocketAddr = address.parse().map_err(|_| ListenError::NoAddress)?;
        if !is_here(address) {
            return Err(ListenError::Plain);
        }
        let zone = TimeZone::get(zone).map_err(|_| ListenError::NoAddress)?;
        let mllp = Mllp::bind(address, login, zone).map_err(|error| refused(error, address))?;
        Ok(Server { mllp: Some(mllp), ..self })
    }

    /// Sends notices to these channels.
    #[must_use]
    pub fn with_channels(self, channels: Channels) -> Server {
        Server { channels: Arc::new(channels), ..self }
    }

    /// Where results are taken over MLLP, if they are.
    pub fn mllp(&self) -> Option<SocketAddr> {
        self.mllp.as_ref().map(Mllp::address)
    }

    /// Where metrics are told, if they are.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.side.as_ref().map(Side::address)
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        match self.mode.is_open() {
            true => self.mode.url(),
            false if self.mode.is_tls() => self.mode.url(),
            false => format!("http://{}", self.address),
        }
    }

    /// Who reaches it.
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// The link that makes the first account, while there is none and others reach the server. Its secret stands behind
    /// `#`, so that no log of a proxy has it.
    ///
    /// # Errors
    /// The database says no.
    pub fn first_link(&self) -> Result<Option<String>, PeopleError> {
        if !self.mode.is_open() {
            return Ok(None);
        }
        let secret = self.people.first_link(people::now())?;
        Ok(secret.map(|secret| format!("{}/welcome#{}", self.url(), secret.text())))
    }

    /// Answers until Ctrl-C, or until the system ends the program. What is under way is finished, streams are closed.
    ///
    /// # Errors
    /// The system says no.
    pub fn run(self, tell: impl Fn(Told) + Clone + Send + Sync + 'static) -> io::Result<()> {
        let Server {
            runtime,
            listener,
            mode,
            certificate,
            store,
            people,
            runs,
            for_drills,
            side,
            mllp,
            channels,
            ..
        } = self;
        let ended = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let (stop, stopping) = watch::channel(false);
            tokio::spawn(purge(people.clone(), runs.clone(), tell.clone()));
            tokio::spawn(call_waves(runs.clone()));
            let mut app = App::new(store, people, runs, mode.clone(), stopping.clone());
            app.for_drills = for_drills;
            app.channels = channels;
            app.send_notices();
            if let Some(side) = side {
                tokio::spawn(side.serve(app.clone()));
            }
            if let Some(mllp) = mllp {
                tokio::spawn(mllp.serve(app.clone()));
            }
            let router = app.router();
            let mut serving = match certificate {
                None => tokio::spawn(connections::serve(listener, router, mode, stopping)),
                Some(certificate) => {
                    tokio::spawn(certificate.clone().follow(limits::CERTIFICATE_EVERY, move |read| {
                        tell(read.map_or_else(Told::NotRenewed, |()| Told::Renewed));
                    }));
                    let listener = TlsListener::new(listener, certificate)?;
                    tokio::spawn(connections::serve(listener, router, mode, stopping))
                }
            };
            tokio::select! {
                ended = &mut serving => return ended.map_err(io::Error::other),
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

/// Why an address was not given.
fn refused(error: io::Error, address: SocketAddr) -> ListenError {
    match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse(address),
        _ => ListenError::System(error),
    }
}

/// Destroys names that are past their day and ends what phones of rounds that are over may do, at the start and from time to
/// time.
async fn purge(people: Arc<People>, runs: Arc<Runs>, tell: impl Fn(Told)) {
    let mut since = 0;
    loop {
        let (people, runs) = (people.clone(), runs.clone());
        let (from, now) = (since, people::now());
        let purged = spawn_blocking(move || {
            // Each session has its own end, too: one that could not be taken away opens nothing.
            drop(runs.end_over(&people, from, now));
            // What links journals to people, and the people: one that fails does not save the other.
            let forgotten = runs.forget(now);
            let logged = people.forget_log(now);
            let purged = people.purge(now).and_then(|purged| logged.map(|()| purged));
            if forgotten.is_err() { purged.and(Err(PeopleError::Broken)) } else { purged }
        });
        let told = told_of(purged.await);
        telemetry::purged(!matches!(told, Some(Told::NotPurged(_))));
        if let Some(told) = told {
            tell(told);
        }
        since = now;
        sleep(limits::PURGE_EVERY).await;
    }
}

/// What is told of a purge. One that broke off destroyed nothing for sure, and somebody must hear of it.
fn told_of(purged: Result<Result<Purged, PeopleError>, JoinError>) -> Option<Told> {
    match purged {
        Ok(Ok(purged)) if purged == Purged::default() => None,
        Ok(Ok(purged)) => Some(Told::Purged(purged)),
        Ok(Err(error)) => Some(Told::NotPurged(error)),
        Err(_) => Some(Told::NotPurged(PeopleError::Broken)),
    }
}

/// Calls the waves of rounds that have them called by themselves.
async fn call_waves(runs: Arc<Runs>) {
    loop {
        let runs = runs.clone();
        // Whatever failed is tried again at the next look.
        drop(spawn_blocking(move || runs.call_due(Moment::from(jiff::Timestamp::now()))).await);
        sleep(limits::CALLS_EVERY).await;
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

    fn parse(listen: &str) -> Result<Listen, ListenError> {
        Listen::parse(&Typed { listen, ..Typed::default() })
    }

    #[test]
    fn without_more_only_this_machine_is_listened_on() {
        for text in ["127.0.0.1:8300", "[::1]:8300", "localhost:0", "127.0.0.1:0"] {
            let listen = parse(text).unwrap();
            assert!(!listen.mode(listen.address).is_open(), "{text}");
        }
        for text in ["0.0.0.0:8300", "[::]:8300", "192.168.1.7:8300", "127.0.0.2:80"] {
            assert!(matches!(parse(text), Err(ListenError::Plain)), "{text}");
        }
        for text in ["8300", "127.0.0.1", "", ":8300", "localhost:x", "localhost", "server.example:8300"] {
            assert!(matches!(parse(text), Err(ListenError::NoAddress)), "{text}");
        }
    }

    #[tokio::test]
    async fn a_purge_that_breaks_off_is_told_to_whoever_runs_the_server() {
        let broken = spawn_blocking(|| std::panic::resume_unwind(Box::new("the disk is gone"))).await;
        assert!(matches!(told_of(broken), Some(Told::NotPurged(PeopleError::Broken))));
        assert!(told_of(Ok(Ok(Purged::default()))).is_none(), "nothing was due");
        let purged = Purged { rows: 3, ..Purged::default() };
        assert!(matches!(told_of(Ok(Ok(purged))), Some(Told::Purged(_))));
    }

    #[test]
    fn others_are_let_in_over_tls_a_proxy_or_on_purpose() {
        let (cert, key) = (Some(Path::new("cert.pem")), Some(Path::new("key.pem")));
        let any = Typed { listen: "0.0.0.0:8443", ..Typed::default() };
        let here = Typed { listen: "127.0.0.1:8300", ..Typed::default() };
        let name = Some("https://garden.example");
        for (typed, is_open, url) in [
            (Typed { tls_cert: cert, tls_key: key, ..any }, true, "https://localhost:8443"),
            (Typed { public_url: name, ..here }, true, "https://garden.example"),
            (Typed { public_url: name, tls_cert: cert, tls_key: key, ..any }, true, "https://garden.example"),
            (Typed { public_url: name, plain_http: true, ..any }, true, "https://garden.example"),
            (Typed { plain_http: true, ..any }, true, "http://localhost:8443"),
            (Typed { tls_cert: cert, tls_key: key, ..here }, false, "https://localhost:8300"),
            (Typed { plain_http: true, ..here }, false, "http://localhost:8300"),
        ] {
            let listen = Listen::parse(&typed).unwrap();
            let mode = listen.mode(listen.address);
            assert_eq!((mode.is_open(), mode.url().as_str()), (is_open, url), "{typed:?}");
        }
        let beside_the_proxy = Typed { public_url: name, ..any };
        assert!(matches!(Listen::parse(&beside_the_proxy), Err(ListenError::Plain)));
        for proxy in ["everywhere", "10.0.0.0/0"] {
            let typed = Typed { proxy: Some(proxy), public_url: name, ..here };
            assert!(matches!(Listen::parse(&typed), Err(ListenError::NoProxy)), "{proxy}");
        }
        let nameless = Typed { proxy: Some("172.17.0.1"), ..here };
        assert!(matches!(Listen::parse(&nameless), Err(ListenError::NoProxy)));
        let half = Typed { tls_cert: cert, ..any };
        assert!(matches!(Listen::parse(&half), Err(ListenError::HalfCertificate)));
        let plain_name = Typed { public_url: Some("http://garden.example"), ..any };
        assert!(matches!(Listen::parse(&plain_name), Err(ListenError::NoPublicUrl)));
    }
}
