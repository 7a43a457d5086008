//! A webhook: one signed POST, of whose answer nothing but the status is read.

use super::{Message, Unsent};
use crate::{access::secret::hex, limits};
use axum::{
    body::Body,
    http::{Method, Request, Uri, header},
};
use hmac::{Hmac, KeyInit, Mac};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_native_certs::load_native_certs;
use sha2::Sha256;
use std::{
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use zeroize::Zeroizing;

/// Where it goes, and what it is signed with.
pub(crate) struct Webhook {
    is_tls: bool,
    host: String,
    port: u16,
    path: String,
    secret: Zeroizing<String>,
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

impl Webhook {
    /// To this address, signed with this secret.
    pub fn new(
        address: &str,
        secret: Zeroizing<String>,
        tls: Arc<ClientConfig>,
    ) -> Result<Webhook, NoAddress> {
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
        Ok(Webhook { is_tls, host, port, path, secret, tls })
    }

    /// One try.
    pub async fn send(&self, message: &Message) -> Result<(), Unsent> {
        let body = serde_json::to_string(message).expect("our own types are written as JSON");
        if body.len() > limits::SENT_BYTES {
            return Err(Unsent::ever("large"));
        }
        let signature = self.signature(&body, jiff::Timestamp::now().as_second());
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.path)
            .header(header::HOST, self.authority())
            .header(header::USER_AGENT, "shouhu")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .header("idempotency-key", &message.key)
            .header("x-shouhu-signature", signature)
            .body(Body::from(body))
            .map_err(|_| Unsent::ever("address"))?;
        let found = lookup_host((&*self.host, self.port)).await.map_err(|_| Unsent::now("unknown_host"))?;
        let found: Vec<SocketAddr> = found.collect();
        let stream = TcpStream::connect(&*found).await.map_err(|_| Unsent::now("unreachable"))?;
        let status = if self.is_tls {
            let name = ServerName::try_from(self.host.clone()).map_err(|_| Unsent::ever("address"))?;
            let stream = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
            answered(stream.map_err(|_| Unsent::now("certificate"))?, request).await?
        } else {
            answered(stream, request).await?
        };
        judged(status)
    }

    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.is_tls, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }

    /// `t=SECONDS,v1=HEX`: HMAC-SHA256 of the seconds, a dot and the body.
    fn signature(&self, body: &str, now: i64) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("a key may have any length");
        mac.update(format!("{now}.").as_bytes());
        mac.update(body.as_bytes());
        format!("t={now},v1={}", hex(&mac.finalize().into_bytes()))
    }
}

/// What a status means. Nobody is followed elsewhere: whoever has moved tells their new address to whoever runs the server.
fn judged(status: u16) -> Result<(), Unsent> {
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(Unsent { why: "moved", status, is_final: true }),
        408 | 425 | 429 | 500.. => Err(Unsent { why: "later", status, is_final: false }),
        401 | 403 => Err(Unsent { why: "signature", status, is_final: true }),
        _ => Err(Unsent { why: "answer", status, is_final: true }),
    }
}

/// Sends a request; the status of the answer, of which nothing else is read.
async fn answered<S>(stream: S, request: Request<Body>) -> Result<u16, Unsent>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |_| Unsent::now("unreachable");
    let stream = TokioIo::new(stream);
    let mut opened = http1::Builder::new();
    opened.max_buf_size(limits::ANSWER_HEAD_BYTES);
    let (mut sender, connection) = opened.handshake(stream).await.map_err(broken)?;
    let (mut answer, connection) = (pin!(sender.send_request(request)), pin!(connection));
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        // It may end with the answer.
        _ = connection => answer.await,
    };
    Ok(answer.map_err(broken)?.status().as_u16())
}

/// Whether only this machine is meant.
pub(super) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// TLS by the authorities that the system trusts.
pub(super) fn trusted() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(load_native_certs().certs);
    let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    fn hook(address: &str) -> Result<Webhook, NoAddress> {
        let secret = Zeroizing::new("a secret of more than thirty-two letters".to_owned());
        Webhook::new(address, secret, trusted())
    }

    #[test]
    fn without_tls_only_this_machine_is_written_to() {
        for address in [
            "https://a.example",
            "https://a.example:8443/x?y=1",
            "https://[2606:4700::1]/",
            "http://127.0.0.1:8080/x",
            "http://[::1]/",
            "http://localhost/hook",
        ] {
            assert!(hook(address).is_ok(), "{address}");
        }
        for address in ["http://a.example", "http://10.0.0.1/", "http://localhost.a.example/"] {
            assert_eq!(hook(address).err(), Some(NoAddress::Plain), "{address}");
        }
        for address in ["ftp://a.example", "a.example", "https://", "https://u:p@a.example/", "", "/x"] {
            assert_eq!(hook(address).err(), Some(NoAddress::Web), "{address}");
        }
    }

    #[test]
    fn a_signature_is_that_of_any_other_program() {
        let signature = hook("https://a.example").unwrap().signature(r#"{"number":1}"#, 1_700_000_000);
        // printf '1700000000.{"number":1}' | openssl dgst -sha256 -hmac "$SECRET"
        let hex = "91baea27318dc88a42035b7171243d627bd684b089e34421dcaa9819bee6d29e";
        assert_eq!(signature, format!("t=1700000000,v1={hex}"));
    }

    #[test]
    fn whoever_is_busy_is_asked_again_and_whoever_refuses_is_not() {
        for status in [408, 425, 429, 500, 503] {
            assert!(!judged(status).unwrap_err().is_final, "{status}");
        }
        for status in [301, 302, 307, 400, 401, 403, 404, 410, 413, 100] {
            assert!(judged(status).unwrap_err().is_final, "{status}");
        }
        assert_eq!([judged(200), judged(204)], [Ok(()), Ok(())]);
    }
}
