//! What a request costs before anything is done with it: a handler that reads a body and answers as an upload is answered,
//! on the same HTTP stack, and a client that asks it.
//!
//! `echo serve` prints its address and answers until it is ended; `echo ask ADDRESS CONNECTIONS REQUESTS BYTES` asks, one
//! request at a time on each connection, and prints how many a second.

#![allow(clippy::print_stdout, reason = "this is what it is for")]

use axum::{Json, Router, body::Bytes, extract::Path, routing::post};
use http_body_util::{BodyExt, Full};
use hyper::{Request, client::conn::http1::handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::{env, error::Error, time::Instant};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let runtime = Runtime::new()?;
    match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => runtime.block_on(serve()),
        ["ask", address, connections, requests, bytes] => {
            runtime.block_on(ask(address, connections.parse()?, requests.parse()?, bytes.parse()?))
        }
        _ => Err("echo serve | echo ask ADDRESS CONNECTIONS REQUESTS BYTES".into()),
    }
}

async fn serve() -> Result<(), Box<dyn Error + Send + Sync>> {
    let answer = |Path((_, device)): Path<(String, String)>, body: Bytes| async move {
        let hash = "00".repeat(32);
        Json::<Value>(json!({ "kind": "stored", "seq": body.len(), "hash": hash, "position": device.len() }))
    };
    let router = Router::new().route("/api/v1/communities/{community}/logs/{device}", post(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

async fn ask(
    address: &str,
    connections: usize,
    requests: usize,
    bytes: usize,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let body = Bytes::from(vec![7; bytes]);
    let began = Instant::now();
    let tasks =
        (0..connections).map(|_| tokio::spawn(one(address.to_owned(), requests / connections, body.clone())));
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    let asked = requests / connections * connections;
    println!("{:.0}", asked as f64 / began.elapsed().as_secs_f64());
    Ok(())
}

async fn one(address: String, requests: usize, body: Bytes) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let id = "00000000-0000-4000-8000-000000000000";
    for _ in 0..requests {
        let request = Request::post(format!("/api/v1/communities/{id}/logs/{id}"))
            .header("host", &address)
            .header("content-type", "application/octet-stream")
            .body(Full::new(body.clone()))?;
        sender.ready().await?;
        sender.send_request(request).await?.into_body().collect().await?;
    }
    Ok(())
}
