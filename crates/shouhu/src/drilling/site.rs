//! The site of a drill: a round made over HTTP as a secretary makes one, phones that join it by a code, and what the
//! server holds of them in the end.

use super::{
    DrillFault,
    http::{Address, Answer, Connection},
};
use domain::Envelope;
use phone::Bundle;
use scenario::Files;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Phones that join one round: as many as a server lets in.
const PHONES_OF_ROUND: usize = server::limits::DEVICES;

/// The rounds of a drill, and who joined them.
pub struct Site {
    /// Addresses of the rounds.
    rounds: Vec<String>,
    pub members: Vec<Member>,
}

/// A phone that joined.
pub struct Member {
    pub bundle: Bundle,
    /// Its secret key.
    pub key: [u8; 32],
    pub random: [u8; 32],
    /// Of which round.
    pub round: usize,
}

/// What a round holds in the end.
#[derive(Default)]
pub struct Held {
    /// How often each event is told.
    pub told: BTreeMap<Uuid, usize>,
    /// Frames and hash of each phone's log.
    pub logs: BTreeMap<Uuid, (u64, String)>,
}

/// Asks, and refuses every answer but one of success.
pub async fn ask(
    connection: &mut Connection,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Result<Answer, DrillFault> {
    let answer = connection.ask_json(method, path, body.as_ref()).await.map_err(DrillFault::Broken)?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    let said = answer.json();
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    Err(match text("code").as_str() {
        "no_drill" => DrillFault::NotForDrills,
        "sign_in_first" => DrillFault::NeedsAccount,
        _ => {
            let why = format!("{} {}", text("message"), text("mend"));
            let why =
                if why.trim().is_empty() { String::from_utf8_lossy(&answer.body).into_owned() } else { why };
            DrillFault::Refused { path: path.to_owned(), status: answer.status.as_u16(), why }
        }
    })
}

fn string(answer: &Answer, key: &str) -> Result<String, DrillFault> {
    answer.json()[key].as_str().map(str::to_owned).ok_or(DrillFault::Foreign)
}

/// Where the rounds of a drill are made from: a scenario on the server.
pub struct Place {
    scenario: String,
}

impl Place {
    /// Asks the server whether it is one for drills, and brings the scenario there.
    pub async fn make(connection: &mut Connection, files: &Files) -> Result<Place, DrillFault> {
        let health = ask(connection, "GET", "/api/v1/health", None).await?;
        match health.json()["drill"].as_bool() {
            Some(true) => {}
            Some(false) => return Err(DrillFault::NotForDrills),
            None => return Err(DrillFault::Foreign),
        }
        let packed: BTreeMap<&String, String> =
            files.0.iter().map(|(path, bytes)| (path, base64(bytes))).collect();
        let new = json!({ "name": "drill", "files": packed });
        let scenario = string(&ask(connection, "POST", "/api/v1/scenarios", Some(new)).await?, "id")?;
        Ok(Place { scenario })
    }

    /// Makes a round, in a community of its own: a roll that the scenario makes up is nobody's twice. Tells its address.
    /// Without a plan, the server plans as the scenario's law says.
    pub async fn round(
        &self,
        connection: &mut Connection,
        until: &str,
        plan: Option<&Value>,
    ) -> Result<String, DrillFault> {
        let mut new = json!({ "scenario": self.scenario, "retain_until": until });
        if let Some(plan) = plan {
            new["plan"] = plan.clone();
        }
        let community = json!({ "name": "drill" });
        let community = ask(connection, "POST", "/api/v1/communities", Some(community)).await?;
        let rounds = format!("/api/v1/communities/{}/rounds", string(&community, "id")?);
        let round = string(&ask(connection, "POST", &rounds, Some(new)).await?, "id")?;
        Ok(format!("{rounds}/{round}"))
    }
}

/// Lets so many phones join a round by its code.
pub async fn phones(
    connection: &mut Connection,
    (number, path): (usize, &str),
    count: usize,
    random: impl Fn() -> [u8; 32],
    mut joined: impl FnMut(),
) -> Result<Vec<Member>, DrillFault> {
    // A secretary's phone may write down all that happens at a site: each phone here does a bit of everything.
    let code = json!({ "role": "secretary" });
    let link = string(&ask(connection, "POST", &format!("{path}/codes"), Some(code)).await?, "link")?;
    let (_, token) = link.split_once('#').ok_or(DrillFault::Foreign)?;
    let mut members = Vec::new();
    for _ in 0..count {
        members.push(join(connection, token, random(), random(), number).await?);
        joined();
    }
    Ok(members)
}

impl Site {
    /// Makes a round of the scenario, more where there are more phones than one takes, and lets phones join. `joined` is told
    /// of each.
    pub async fn open(
        address: &Address,
        files: &Files,
        count: usize,
        until: &str,
        random: impl Fn() -> [u8; 32],
        mut joined: impl FnMut(),
    ) -> Result<Site, DrillFault> {
        let mut connection = Connection::new(address);
        let connection = &mut connection;
        let place = Place::make(connection, files).await?;
        let mut site = Site { rounds: Vec::new(), members: Vec::new() };
        while site.members.len() < count {
            let round = place.round(connection, until, None).await?;
            let open = json!({ "commands": [{ "type": "OpenRound" }] });
            ask(connection, "POST", &format!("{round}/commands"), Some(open)).await?;
            let more = PHONES_OF_ROUND.min(count - site.members.len());
            let of = (site.rounds.len(), &*round);
            site.members.extend(phones(connection, of, more, &random, &mut joined).await?);
            site.rounds.push(round);
        }
        Ok(site)
    }

    pub fn rounds(&self) -> usize {
        self.rounds.len()
    }

    /// Where they are on any process.
    pub fn paths(&self) -> &[String] {
        &self.rounds
    }

    /// Reads back what a round holds. `read` is told of how many events.
    pub async fn held(
        &self,
        address: &Address,
        round: usize,
        mut read: impl FnMut(usize),
    ) -> Result<Held, DrillFault> {
        let mut connection = Connection::new(address);
        let connection = &mut connection;
        let round = &self.rounds[round];
        let mut held = Held::default();
        let mut position = 0;
        loop {
            let told = ask(connection, "GET", &format!("{round}/told?after={position}"), None).await?;
            let Told { position: last, lines } =
                serde_json::from_slice(&told.body).map_err(|_| DrillFault::Foreign)?;
            for line in &lines {
                *held.told.entry(line.id).or_default() += 1;
            }
            read(lines.len());
            if lines.is_empty() {
                break;
            }
            position = last;
        }
        let phones = ask(connection, "GET", &format!("{round}/phones"), None).await?;
        let phones: Vec<Log> = serde_json::from_slice(&phones.body).map_err(|_| DrillFault::Foreign)?;
        held.logs = phones.into_iter().map(|log| (log.device, (log.seq, log.hash))).collect();
        Ok(held)
    }
}

#[derive(serde::Deserialize)]
struct Told {
    position: u64,
    lines: Vec<Envelope>,
}

#[derive(serde::Deserialize)]
struct Log {
    device: Uuid,
    seq: u64,
    hash: String,
}

async fn join(
    connection: &mut Connection,
    token: &str,
    key: [u8; 32],
    random: [u8; 32],
    round: usize,
) -> Result<Member, DrillFault> {
    let public = journal::SecretKey::from_random(key).public().to_bytes();
    let asked = json!({ "token": token, "public_key": hex(&public) });
    let joined = ask(connection, "POST", "/api/v1/join", Some(asked)).await?;
    let bundle = serde_json::from_value(joined.json()["bundle"].take()).map_err(|_| DrillFault::Foreign)?;
    // What the phone has of the roll is not asked for here; hundreds fit on one machine without it.
    let bundle = Bundle { doors: Vec::new(), ..bundle };
    Ok(Member { bundle, key, random, round })
}

/// Two letters a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    BASE64_STANDARD.encode(bytes)
}
