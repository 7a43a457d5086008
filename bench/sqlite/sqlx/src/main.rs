//! Durable inserts through sqlx: see ../README.md.

use sqlx::{
    Connection, Error, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{env, fs, time::Instant};

const FRAME: usize = 256;
const SCHEMA: &str = "
    CREATE TABLE frame (community BLOB, device BLOB, seq INTEGER, id BLOB, body BLOB,
        PRIMARY KEY (community, device, seq)) WITHOUT ROWID;
    CREATE TABLE slice (community BLOB, device BLOB, seq INTEGER, frames BLOB,
        PRIMARY KEY (community, device, seq)) WITHOUT ROWID;";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let rows: u64 = env::args().nth(1).map_or(20_000, |rows| rows.parse().expect("a number of rows"));
    let path = env::args().nth(2).unwrap_or("/tmp/bench-sqlx.sqlite".into());
    for (commit, blob) in [(1, false), (16, false), (256, false), (256, true)] {
        let mut db = open(&path).await?;
        // A commit costs about the same whatever is in it: few of them are enough to measure it.
        let rows = if blob { rows * 4 } else { rows * commit.min(64) / 64 }.max(commit * 256);
        let (wall, cpu) = (Instant::now(), cpu_time::ProcessTime::now());
        let mut seq = 0;
        while seq < rows {
            let mut batch = db.begin().await?;
            if blob {
                sqlx::query("INSERT INTO slice VALUES (?, ?, ?, ?)")
                    .bind(&[1u8; 16][..])
                    .bind(&[2u8; 16][..])
                    .bind(seq as i64)
                    .bind(vec![7u8; FRAME * commit as usize])
                    .execute(&mut *batch)
                    .await?;
                seq += commit;
            } else {
                for _ in 0..commit {
                    seq += 1;
                    let mut id = [3u8; 16];
                    id[..8].copy_from_slice(&seq.to_le_bytes());
                    sqlx::query("INSERT INTO frame VALUES (?, ?, ?, ?, ?)")
                        .bind(&[1u8; 16][..])
                        .bind(&[2u8; 16][..])
                        .bind(seq as i64)
                        .bind(id.to_vec())
                        .bind(vec![7u8; FRAME - 36])
                        .execute(&mut *batch)
                        .await?;
                }
            }
            batch.commit().await?;
        }
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
        let what = if blob { "as one blob" } else { "rows" };
        println!(
            "sqlx      {commit:>3} {what:<11}  {:>9.0} rows/s  {:>8.2} CPU us/row",
            seq as f64 / wall,
            cpu / seq as f64 * 1e6
        );
    }
    Ok(())
}

async fn open(path: &str) -> Result<SqliteConnection, Error> {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{end}"));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(SCHEMA).execute(&mut db).await?;
    Ok(db)
}
