//! `shouhu init`: a ready scenario to begin with.

use super::Stop;
use crate::{args::Init, folder, speak::Speaker};

pub fn run(args: &Init, speaker: Speaker) -> Result<(), Stop> {
    let files = scenario::example(&args.example).expect("the command line takes known examples only");
    let written = folder::write_new(&args.dir, &files)?;
    if args.json {
        speaker.json(&serde_json::json!({ "files": written }));
    } else {
        let folder = args.dir.display().to_string();
        speaker.result(&speaker.say("init.done", &[("folder", &folder), ("files", &written.join(", "))]));
    }
    Ok(())
}
