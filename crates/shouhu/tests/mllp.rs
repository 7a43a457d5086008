//! A lab's system speaks MLLP to a server on the same machine.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use server::{
    People,
    access::role::{Grant, Place, Role},
};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server, and where it takes results.
fn start(data: &Path) -> (Served, String) {
    let log = data.join("stderr");
    let child = Command::new(env!("CARGO_BIN_EXE_shouhu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--mllp", "127.0.0.1:0", "--mllp-account", "lab-machine"])
        .arg("--data")
        .arg(data)
        .env("LC_ALL", "C")
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let served = Served(child);
    let address = loop {
        let said = fs::read_to_string(&log).unwrap();
        match said.split_once("MLLP: ").and_then(|(_, rest)| rest.split_once('\n')) {
            Some((address, _)) => break address.to_owned(),
            None => sleep(Duration::from_millis(10)),
        }
    };
    (served, address)
}

fn message(id: &str, tube: &str) -> Vec<u8> {
    let text = format!(
        "MSH|^~\\&|LIS|Lab|||20260328||ORU^R01^ORU_R01|{id}|P|2.5.1|||||||UNICODE UTF-8\r\
         OBR|1||R-{id}|94500-6^SARS-CoV-2 RNA^LN|||20260328080000|||||||||||||||20260328100000|||F\r\
         OBX|1|CWE|94500-6^SARS-CoV-2 RNA^LN||260415000^Not detected^SCT||||||F|||20260328100000\r\
         SPM|1|{tube}||258500001^Nasopharyngeal swab^SCT\r"
    );
    [&[0x0b][..], text.as_bytes(), &[0x1c, 0x0d]].concat()
}

/// What is answered to what is sent, as far as the end of one block.
fn answer(stream: &mut TcpStream, sent: &[u8]) -> String {
    stream.write_all(sent).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut block = Vec::new();
    let mut byte = [0];
    while !block.ends_with(&[0x1c, 0x0d]) {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "closed after {:?}", String::from_utf8_lossy(&block));
        block.push(byte[0]);
    }
    String::from_utf8(block[1..block.len() - 2].to_vec()).unwrap()
}

#[test]
fn each_message_is_answered_once_it_is_stored_and_a_stranger_reports_nothing() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let grant = |role| [Grant { role, place: Place::All }];
    let link = people.invite(None, &grant(Role::Lab), server::people::now()).unwrap().hash();
    let id = people.accept(&link, "lab-machine", "no password", server::people::now()).unwrap();
    drop(people);
    let (served, address) = start(data.path());
    let mut stream = TcpStream::connect(&address).unwrap();
    // Two in one piece, one of them in the middle of the other's end; and something that is no result.
    let first = answer(&mut stream, &[message("M1", "89VM0-0001-ZT9T-F"), message("M2", "CITY-1")].concat());
    assert!(first.contains("MSA|AA|M1"), "kept aside is taken over: {first}");
    let second = answer(&mut stream, b"");
    assert!(second.contains("MSA|AA|M2"), "{second}");
    let wrong = answer(
        &mut stream,
        &[&[0x0b][..], b"MSH|^~\\&|LIS|Lab|||20260328||ORU^R01^ORU_R01|M3|P|2.5.1\r", &[0x1c, 0x0d]].concat(),
    );
    assert!(wrong.contains("MSA|AR|M3") && wrong.contains("\rERR|"), "{wrong}");
    // What is no block ends the connection; another one is taken.
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    let mut stream = TcpStream::connect(&address).unwrap();
    assert!(answer(&mut stream, &message("M4", "CITY-1")).contains("MSA|AA|M4"));
    drop((served, stream));

    // The account is gone: nothing is taken any more, and the sender is told.
    People::open(data.path()).unwrap().remove_account(id).unwrap();
    let (_served, address) = start(data.path());
    let mut stream = TcpStream::connect(&address).unwrap();
    let refused = answer(&mut stream, &message("M5", "CITY-2"));
    assert!(refused.contains("MSA|AR|M5"), "{refused}");
}

#[test]
fn another_address_than_this_machines_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_shouhu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--mllp", "0.0.0.0:0", "--mllp-account", "lab"])
        .arg("--data")
        .arg(data.path())
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("tunnel"));
}
