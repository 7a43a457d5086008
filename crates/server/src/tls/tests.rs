use super::*;
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{ServerName, UnixTime},
};
use std::sync::Mutex;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

const CERT: &str = include_str!("../../tests/tls/cert.pem");
const KEY: &str = include_str!("../../tests/tls/key.pem");
const RENEWED_CERT: &str = include_str!("../../tests/tls/cert2.pem");
const RENEWED_KEY: &str = include_str!("../../tests/tls/key2.pem");

fn files(certificate: &str, key: &str) -> (TempDir, CertificateFiles) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("cert.pem"), certificate).unwrap();
    fs::write(at("key.pem"), key).unwrap();
    let files = CertificateFiles { certificate: at("cert.pem"), key: at("key.pem") };
    (folder, files)
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_of_its_file() {
    let (_folder, good) = files(CERT, KEY);
    good.read().unwrap();
    let missing = CertificateFiles { certificate: "nowhere.pem".into(), ..good.clone() };
    assert!(matches!(missing.read(), Err(TlsError::File { path, .. }) if path.ends_with("nowhere.pem")));
    for (certificate, key, expected) in [
        (KEY, KEY, "NoCertificate"),
        ("", KEY, "NoCertificate"),
        (CERT, CERT, "NoKey"),
        (CERT, RENEWED_KEY, "OtherKey"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", KEY, "Unusable"),
    ] {
        let (_folder, files) = files(certificate, key);
        let said = format!("{:?}", files.read().unwrap_err());
        assert!(said.starts_with(expected), "{expected}: {said}");
    }
}

/// Takes any certificate, and remembers it.
#[derive(Debug, Default)]
struct Seen(Mutex<Vec<u8>>);

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = certificate.to_vec();
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

type Client = tokio_rustls::client::TlsStream<TcpStream>;

async fn connect(address: SocketAddr) -> (Client, Vec<u8>) {
    let seen = Arc::new(Seen::default());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().dangerous();
    let config = config.with_custom_certificate_verifier(seen.clone()).with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let certificate = seen.0.lock().unwrap().clone();
    (stream, certificate)
}

async fn asked(stream: &mut Client) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with("here") {
        let mut bytes = [0; 1024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "{answer}");
        answer += &String::from_utf8_lossy(&bytes[..read]);
    }
    answer
}

/// A greeting that knows no TLS beyond a minor version, and all else that TLS 1.2 asks for.
fn greeting(minor: u8) -> Vec<u8> {
    // A suite (ECDHE, ECDSA, AES-128-GCM); a kind of signature, a curve, points as they are.
    let suites = [0, 2, 0xc0, 0x2b];
    let extensions =
        [&[0, 22][..], &[0, 13, 0, 4, 0, 2, 4, 3], &[0, 10, 0, 4, 0, 2, 0, 23], &[0, 11, 0, 2, 1, 0]];
    // Version, 32 bytes by chance, no session, suites, no compression.
    let hello = [&[3, minor][..], &[7; 32], &[0], &suites, &[1, 0], &extensions.concat()].concat();
    let message = [&[1, 0, 0, hello.len() as u8][..], &hello].concat();
    [&[22, 3, 1, 0, message.len() as u8][..], &message].concat()
}

#[tokio::test]
async fn who_speaks_an_older_tls_is_not_answered() {
    let (_folder, files) = files(CERT, KEY);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = TlsListener::new(listener, Certificate::open(files).unwrap()).unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new()).await });
    let answer = async |minor| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&greeting(minor)).await.unwrap();
        let mut answer = [0; 7];
        stream.read_exact(&mut answer).await.unwrap();
        answer
    };
    // TLS 1.2 goes on with a handshake (22).
    assert_eq!(answer(3).await[0], 22);
    for minor in [0, 1, 2] {
        // An alert (21), fatal (2): no such version (70).
        let said = answer(minor).await;
        assert_eq!((said[0], &said[5..]), (21, &[2, 70][..]), "{minor}: {said:?}");
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_for_new_connections_and_drops_no_old_one() {
    let (_folder, files) = files(CERT, KEY);
    let certificate = Certificate::open(files.clone()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (said, mut heard) = mpsc::unbounded_channel();
    tokio::spawn(certificate.clone().follow(Duration::from_millis(10), move |read| {
        let _ = said.send(read.is_ok());
    }));
    let listener = TlsListener::new(listener, certificate).unwrap();
    let router = axum::Router::new().fallback(async || "here");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let own = |text: &str| CertificateDer::from_pem_slice(text.as_bytes()).unwrap().to_vec();
    // Who never shakes hands holds up nobody.
    let _silent = TcpStream::connect(address).await.unwrap();
    let (mut old, seen) = connect(address).await;
    assert_eq!(seen, own(CERT));
    assert!(asked(&mut old).await.starts_with("HTTP/1.1 200"));
    // Half a renewal: the old certificate serves on.
    fs::write(&files.certificate, RENEWED_CERT).unwrap();
    assert_eq!(heard.recv().await, Some(false));
    assert_eq!(connect(address).await.1, own(CERT));
    fs::write(&files.key, format!("{RENEWED_KEY}\n")).unwrap();
    while heard.recv().await != Some(true) {}
    assert_eq!(connect(address).await.1, own(RENEWED_CERT));
    assert!(asked(&mut old).await.starts_with("HTTP/1.1 200"));
}
