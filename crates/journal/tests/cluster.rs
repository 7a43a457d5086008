//! A server of the tests' own is there, and is gone with them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;

use cluster::Cluster;
use journal::postgres::connect;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

#[test]
fn each_test_has_a_database_of_its_own() {
    let (first, second) = (cluster::database(), cluster::database());
    connect(&first.url).unwrap().batch_execute("CREATE TABLE one (a int)").unwrap();
    connect(&second.url).unwrap().batch_execute("CREATE TABLE one (a int)").unwrap();
    let mut client = connect(&first.url).unwrap();
    let set = |client: &mut postgres::Client, name: &str| -> String {
        client.query_one(&format!("SHOW {name}"), &[]).unwrap().get(0)
    };
    assert_eq!(set(&mut client, "application_name"), "shouhu");
    assert_eq!(set(&mut client, "synchronous_commit"), "on");
}

/// An authority whose key is gone, and a certificate and key of it for `localhost`; worth nothing but here.
fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

#[test]
fn who_asks_for_encryption_is_shown_the_right_server() {
    let text = |name: &str| fs::read_to_string(pem(name)).unwrap();
    let cluster = Cluster::start_with(
        &["ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key", "listen_addresses=127.0.0.1"],
        &[("server.crt", &text("cert.pem")), ("server.key", &text("key.pem"))],
    );
    let connected = |host: &str, query: &str| {
        let url = format!("postgresql://shouhu@{host}:{}/postgres?connect_timeout=5{query}", cluster.port);
        connect(&url).map(|mut client| -> bool {
            let row = client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]);
            row.unwrap().get(0)
        })
    };
    let known = format!("&sslrootcert={}", pem("authority.pem").display());
    let other = format!("&sslrootcert={}", pem("../../../../server/tests/tls/cert2.pem").display());
    assert!(connected("localhost", &format!("&sslmode=require{known}")).unwrap());
    assert!(connected("localhost", &format!("&sslmode=verify-full{known}")).unwrap());
    assert!(!connected("localhost", "").unwrap(), "nobody asked for it");
    let refused = connected("localhost", &format!("&sslmode=require{other}")).err().unwrap();
    assert!(refused.to_string().contains("certificate"), "{refused}");
    let refused = connected("127.0.0.1", &format!("&sslmode=require{known}")).err().unwrap();
    assert!(refused.to_string().contains("certificate"), "{refused}");
    let refused = connected("localhost", "&sslmode=require").err().unwrap();
    assert!(refused.to_string().contains("certificate"), "{refused}");
}

/// Run by the test below in a process of its own.
#[test]
#[ignore = "a process that another test starts"]
fn a_process_with_a_server() {
    let Some(note) = env::var_os("CLUSTER_NOTE") else { return };
    let cluster = Cluster::start(&[]);
    let folder = cluster.folder().unwrap();
    let part = Path::new(&note).with_extension("part");
    fs::write(&part, format!("{}\n{}", folder.display(), cluster.pid().unwrap())).unwrap();
    fs::rename(part, note).unwrap();
    thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_server_ends_with_the_process_that_started_it_however_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_process_with_a_server", "--ignored"])
        .env("CLUSTER_NOTE", &note)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let wait = |what: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(20));
        }
    };
    wait(&|| note.exists());
    let told = fs::read_to_string(&note).unwrap();
    let (server, pid) = told.split_once('\n').unwrap();
    let runs = || Path::new("/proc").join(pid).exists();
    assert!(Path::new(server).exists());
    process.kill().unwrap();
    process.wait().unwrap();
    wait(&|| !Path::new(server).exists() && !runs());
}
