//! Durable inserts through rusqlite: see ../README.md.

use rusqlite::{Connection, Result, params};
use std::{env, fs, time::Instant};

const FRAME: usize = 256;
const SCHEMA: &str = "
    CREATE TABLE frame (community BLOB, device BLOB, seq INTEGER, id BLOB, body BLOB,
        PRIMARY KEY (community, device, seq)) WITHOUT ROWID;
    CREATE TABLE slice (community BLOB, device BLOB, seq INTEGER, frames BLOB,
        PRIMARY KEY (community, device, seq)) WITHOUT ROWID;";

fn main() -> Result<()> {
    let rows: u64 = env::args().nth(1).map_or(20_000, |rows| rows.parse().expect("a number of rows"));
    let path = env::args().nth(2).unwrap_or("/tmp/bench-rusqlite.sqlite".into());
    for (commit, blob) in [(1, false), (16, false), (256, false), (256, true)] {
        let mut db = open(&path)?;
        // A commit costs about the same whatever is in it: few of them are enough to measure it.
        let rows = if blob { rows * 4 } else { rows * commit.min(64) / 64 }.max(commit * 256);
        let (wall, cpu) = (Instant::now(), cpu_time::ProcessTime::now());
        let mut seq = 0;
        while seq < rows {
            let batch = db.transaction()?;
            if blob {
                let mut insert = batch.prepare_cached("INSERT INTO slice VALUES (?, ?, ?, ?)")?;
                insert.execute(params![
                    [1u8; 16],
                    [2u8; 16],
                    seq as i64,
                    vec![7u8; FRAME * commit as usize]
                ])?;
                seq += commit;
            } else {
                let mut insert = batch.prepare_cached("INSERT INTO frame VALUES (?, ?, ?, ?, ?)")?;
                for _ in 0..commit {
                    seq += 1;
                    let mut id = [3u8; 16];
                    id[..8].copy_from_slice(&seq.to_le_bytes());
                    insert.execute(params![[1u8; 16], [2u8; 16], seq as i64, id, vec![7u8; FRAME - 36]])?;
                }
            }
            batch.commit()?;
        }
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
        let what = if blob { "as one blob" } else { "rows" };
        println!(
            "rusqlite  {commit:>3} {what:<11}  {:>9.0} rows/s  {:>8.2} CPU us/row",
            seq as f64 / wall,
            cpu / seq as f64 * 1e6
        );
    }
    Ok(())
}

fn open(path: &str) -> Result<Connection> {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{end}"));
    }
    let db = Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch(SCHEMA)?;
    Ok(db)
}
