//! A webhook: one signed POST, of whose answer nothing but the status is read.

use super::{
    Message, Unsent,
    outward::{NoAddress, Outward},
};
use crate::{access::secret::hex, limits};
use axum::{
    body::Body,
    http::{Request, header},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;
use tokio_rustls::rustls::ClientConfig;
use zeroize::Zeroizing;

/// Where it goes, and what it is signed with.
pub(crate) struct Webhook {
    to: Outward,
    secret: Zeroizing<String>,
}

impl Webhook {
    /// To this address, signed with this secret.
    pub fn new(
        address: &str,
        secret: Zeroizing<String>,
        tls: Arc<ClientConfig>,
    ) -> Result<Webhook, NoAddress> {
        Ok(Webhook { to: Outward::new(address, tls)?, secret })
    }

    /// One try.
    pub async fn send(&self, message: &Message) -> Result<(), Unsent> {
        let body = serde_json::to_string(message).expect("our own types are written as JSON");
        if body.len() > limits::SENT_BYTES {
            return Err(Unsent::ever("large"));
        }
        let signature = self.signature(&body, jiff::Timestamp::now().as_second());
        let request = Request::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", &message.key)
            .header("x-shouhu-signature", signature)
            .body(Body::from(body))
            .map_err(|_| Unsent::ever("address"))?;
        // Of the answer nothing but its status is read.
        let (status, _) = self.to.post("", request, 0).await?;
        judged(status)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{super::outward::trusted, *};

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
