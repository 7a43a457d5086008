//! A server of the tests' own is there, and is gone with them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "parts/cluster.rs"]
mod cluster;

use journal::postgres::connect;

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
