//! Requests to one server, over connections that are kept open.

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use server::drill::HEADER;
use std::{error::Error, fmt, net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// An answer is no longer than so: a thousand events are some hundred kilobytes, a phone's roll some megabytes.
const ANSWER_BYTES: usize = 64 << 20;
/// Who has not answered after this long has stopped.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A server's address, as it was typed: `http://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: String,
    at: Vec<SocketAddr>,
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Broken(Box<dyn Error + Send + Sync>);

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(deeper) = source {
            write!(out, ": {deeper}")?;
            source = deeper.source();
        }
        Ok(())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Broken {
    fn from(error: E) -> Broken {
        Broken(error.into())
    }
}

impl Address {
    /// The server behind an address; `None` if it is not written as one.
    pub async fn find(url: &str) -> Option<Result<Address, Broken>> {
        let host = url.strip_prefix("http://")?;
        let host = host.strip_suffix('/').unwrap_or(host);
        let odd = host.is_empty() || host.contains(|letter: char| "/@?# ".contains(letter));
        if odd {
            return None;
        }
        // A port stands behind the last colon, unless that is one of an IPv6 address.
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        let place = if has_port { host.to_owned() } else { format!("{host}:80") };
        let found = lookup_host(place).await.map(|found| found.collect()).map_err(Broken::from);
        Some(found.map(|at| Address { host: host.to_owned(), at }))
    }
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// Seconds after which to come again, where the server says so.
    pub retry_after: Option<u64>,
    pub body: Bytes,
}

impl Answer {
    /// The JSON that it is; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// An answer that goes on, piece by piece.
pub struct Stream(Incoming);

impl Stream {
    /// The next piece; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Broken> {
        loop {
            let Some(frame) = self.0.frame().await else { return Ok(None) };
            if let Ok(piece) = frame?.into_data() {
                return Ok(Some(piece));
            }
        }
    }
}

/// A connection, made when it is first used, and anew after it broke.
pub struct Connection {
    address: Address,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    pub fn new(address: &Address) -> Connection {
        Connection { address: address.clone(), sender: None }
    }

    /// Opens it, where it is not open yet.
    pub async fn open(&mut self) -> Result<(), Broken> {
        if self.sender.as_ref().is_some_and(|sender| !sender.is_closed()) {
            return Ok(());
        }
        let stream = TcpStream::connect(&*self.address.at).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the server's or our end of the stream; a request that it breaks off fails by itself.
        tokio::spawn(async move { drop(connection.await) });
        self.sender = Some(sender);
        Ok(())
    }

    /// Sends and waits for the whole answer. What is broken off leaves the connection to be made anew.
    pub async fn ask(&mut self, method: &str, path: &str, kind: &str, body: Bytes) -> Result<Answer, Broken> {
        let answer = match timeout(ANSWER_WITHIN, self.exchange(method, path, kind, body)).await {
            Ok(answer) => answer,
            Err(late) => Err(late.into()),
        };
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    /// The same with JSON.
    pub async fn ask_json(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Broken> {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        self.ask(method, path, "application/json", body).await
    }

    /// Asks for what goes on until one of both goes away.
    pub async fn stream(&mut self, path: &str) -> Result<Stream, Broken> {
        let response = self.send("GET", path, "application/json", Bytes::new()).await?;
        let status = response.status();
        if status.is_success() { Ok(Stream(response.into_body())) } else { Err(status.to_string().into()) }
    }

    async fn exchange(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Answer, Broken> {
        let (parts, body) = self.send(method, path, kind, body).await?.into_parts();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Answer {
            status: parts.status,
            retry_after: text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok()),
            body: Limited::new(body, ANSWER_BYTES).collect().await?.to_bytes(),
        })
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Response<Incoming>, Broken> {
        self.open().await?;
        let sender = self.sender.as_mut().ok_or("no connection")?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.address.host)
            .header(header::CONTENT_TYPE, kind)
            .header(HEADER, "1");
        sender.ready().await?;
        Ok(sender.send_request(request.body(Full::new(body))?).await?)
    }
}
