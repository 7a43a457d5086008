//! TLS by a certificate and its key, read again when they are renewed.

use crate::limits;
use axum::serve::Listener;
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    time::{sleep, timeout},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};

/// Where a certificate and its key lie, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, and those between it and a root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug)]
pub enum TlsError {
    /// A file cannot be read.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no certificate in the file.
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    NoKey(PathBuf),
    /// The key is that of another certificate.
    OtherKey(CertificateFiles),
    /// Certificate or key are of a kind that cannot be used.
    Unusable {
        /// The certificate's file.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
}

impl CertificateFiles {
    /// Reads both.
    ///
    /// # Errors
    /// The file, and what is wrong with it.
    pub fn read(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let read =
            |path: &Path| fs::read(path).map_err(|source| TlsError::File { path: path.to_owned(), source });
        let no_certificate = || TlsError::NoCertificate(self.certificate.clone());
        let chain = read(&self.certificate)?;
        let chain = CertificateDer::pem_slice_iter(&chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|_| no_certificate())?;
        if chain.is_empty() {
            return Err(no_certificate());
        }
        let key = zeroize::Zeroizing::new(read(&self.key)?);
        let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| TlsError::NoKey(self.key.clone()))?;
        let wrong = |source| match source {
            rustls::Error::InconsistentKeys(_) => TlsError::OtherKey(self.clone()),
            source => TlsError::Unusable { path: self.certificate.clone(), source },
        };
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().map_err(wrong)?;
        let mut config = config.with_no_client_auth().with_single_cert(chain, key).map_err(wrong)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// When the files were last written, and their sizes: what tells a renewal.
    fn stamp(&self) -> Option<[(SystemTime, u64); 2]> {
        let stamp = |path: &Path| fs::metadata(path).and_then(|file| Ok((file.modified()?, file.len()))).ok();
        Some([stamp(&self.certificate)?, stamp(&self.key)?])
    }
}

/// The certificate that new connections get.
#[derive(Clone, Debug)]
pub struct Certificate {
    files: CertificateFiles,
    now: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Certificate {
    /// Reads it.
    ///
    /// # Errors
    /// The file, and what is wrong with it.
    pub fn open(files: CertificateFiles) -> Result<Certificate, TlsError> {
        let now = Arc::new(RwLock::new(files.read()?));
        Ok(Certificate { files, now })
    }

    /// Reads it again when its files change, or when somebody asks (SIGHUP), and says what came of it. Connections that
    /// are open stay as they are; while the new files are wrong, the old certificate serves.
    pub async fn follow(self, every: Duration, said: impl Fn(Result<(), TlsError>)) {
        let mut seen = self.files.stamp();
        let mut hangup = Hangup::new();
        loop {
            let asked = tokio::select! {
                () = sleep(every) => false,
                () = hangup.next() => true,
            };
            let stamp = self.files.stamp();
            if !asked && (stamp == seen || stamp.is_none()) {
                continue;
            }
            seen = stamp;
            said(self.files.read().map(|config| {
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = config;
            }));
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.now.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// SIGHUP, where there is such a signal.
struct Hangup(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl Hangup {
    fn new() -> Hangup {
        #[cfg(unix)]
        return Hangup(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok());
        #[cfg(not(unix))]
        Hangup()
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Connections whose handshake is done. A slow one holds up no other.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Begins to shake hands.
    ///
    /// # Errors
    /// The system does not say the address.
    pub fn new(listener: TcpListener, certificate: Certificate) -> io::Result<TlsListener> {
        let address = listener.local_addr()?;
        let (done, ready) = mpsc::channel(64);
        tokio::spawn(accept(listener, certificate, done));
        Ok(TlsListener { address, ready })
    }
}

async fn accept(
    listener: TcpListener,
    certificate: Certificate,
    done: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(limits::HANDSHAKES));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = done.closed() => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files, most likely: others close some.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (acceptor, done) = (certificate.acceptor(), done.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = timeout(limits::HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
                let _ = done.send((stream, peer)).await;
            }
            drop(place);
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            // The runtime ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

#[cfg(test)]
mod tests;
