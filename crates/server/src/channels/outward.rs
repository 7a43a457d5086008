//! What this server asks of others: one POST by HTTP, over TLS unless it is to this machine. No redirect is followed.

use super::Unsent;
use crate::limits;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, Request, Uri, header},
};
use futures_util::StreamExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_native_certs::load_native_certs;
use std::{
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// An address that is written to.
pub(crate) struct Outward {
    is_tls: bool,
    host: String,
    port: u16,
    path: String,
    tls: Arc<ClientConfig>,
}

/// Why an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAddress {
    /// It is no address of the web.
    Web,
    /// Others could read along: without TLS only this machine is written to.
    Plain,
}

impl Outward {
    /// To this address.
    pub fn new(address: &str, tls: Arc<ClientConfig>) -> Result<Outward, NoAddress> {
        let uri: Uri = address.parse().map_err(|_| NoAddress::Web)?;
        let authority = uri.authority().filter(|of| !of.as_str().contains('@') && !of.host().is_empty());
        let authority = authority.ok_or(NoAddress::Web)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_here(&host) => false,
            Some("http") => return Err(NoAddress::Plain),
            _ => return Err(NoAddress::Web),
        };
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Outward { is_tls, host, port, path, tls })
    }

    /// One try, at the address with something behind it: the answer's status, and its body as far as `most` bytes.
    pub async fn post(
        &self,
        behind: &str,
        mut request: Request<Body>,
        most: usize,
    ) -> Result<(u16, Vec<u8>), Unsent> {
        let address = |_| Unsent::ever("address");
        let path = if behind.is_empty() {
            self.path.clone()
        } else {
            self.path.trim_end_matches('/').to_owned() + behind
        };
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.parse().map_err(|_| Unsent::ever("address"))?;
        let host = HeaderValue::from_str(&self.authority()).map_err(address)?;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static("shouhu"));
        request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        let found = lookup_host((&*self.host, self.port)).await.map_err(|_| Unsent::now("unknown_host"))?;
        let found: Vec<SocketAddr> = found.collect();
        let stream = timeout(limits::CONNECT_WITHIN, TcpStream::connect(&*found)).await;
        let stream = stream.ok().and_then(Result::ok).ok_or(Unsent::now("unreachable"))?;
        if self.is_tls {
            let name = ServerName::try_from(self.host.clone()).map_err(|_| Unsent::ever("address"))?;
            let stream = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
            answered(stream.map_err(|_| Unsent::now("certificate"))?, request, most).await
        } else {
            answered(stream, request, most).await
        }
    }

    /// Whether it names a server and nothing on it.
    pub fn is_host_alone(&self) -> bool {
        self.path == "/"
    }

    /// Whether it is this machine.
    pub fn is_here(&self) -> bool {
        is_here(&self.host)
    }

    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.is_tls, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

/// Sends a request; the status of the answer, and so much of its body.
async fn answered<S>(stream: S, request: Request<Body>, most: usize) -> Result<(u16, Vec<u8>), Unsent>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |_| Unsent::now("unreachable");
    let stream = TokioIo::new(stream);
    let mut opened = http1::Builder::new();
    opened.max_buf_size(limits::ANSWER_HEAD_BYTES);
    let (mut sender, connection) = opened.handshake(stream).await.map_err(broken)?;
    let read = async {
        let answer = sender.send_request(request).await.map_err(broken)?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let mut pieces = Body::new(answer.into_body()).into_data_stream();
        while body.len() < most {
            let Some(piece) = pieces.next().await else { break };
            let piece: Bytes = piece.map_err(|_| Unsent::now("unreachable"))?;
            body.extend_from_slice(&piece[..piece.len().min(most - body.len())]);
        }
        Ok((status, body))
    };
    let (mut read, connection) = (pin!(read), pin!(connection));
    tokio::select! {
        biased;
        read = &mut read => read,
        // It may end with the answer.
        _ = connection => read.await,
    }
}

/// Whether only this machine is meant.
pub(super) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// TLS by the authorities that the system trusts.
pub(crate) fn trusted() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(load_native_certs().certs);
    let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.into()
}
