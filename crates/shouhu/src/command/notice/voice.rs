//! The script as sound, by the voice of this machine: espeak-ng, where it is installed.

use crate::{command::Stop, folder, speak::Speaker};
use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};
use words::Language;

const PROGRAM: &str = "espeak-ng";
/// Words a minute: a loudspeaker in a yard is heard twice.
const PACE: &str = "130";

/// Writes a WAV file.
pub fn speak(path: &Path, script: &[String], language: Language, speaker: Speaker) -> Result<(), Stop> {
    let voice = words::say::<&str, &str>(language, "language.voice", &[]);
    let silent =
        |why: &str| Stop::Usage(speaker.say("usage.notice_voice", &[("program", PROGRAM), ("why", why)]));
    if let Err(error) = Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).status() {
        return Err(silent(&format!("{PROGRAM}: {error}")));
    }
    let said = folder::write_by(path, |beside| {
        let mut program = Command::new(PROGRAM);
        program.args(["-v", &voice, "-s", PACE, "--stdin", "-w"]).arg(beside).stdin(Stdio::piped());
        let mut program = program.spawn()?;
        if let Some(mut words) = program.stdin.take() {
            words.write_all(script.join("\n").as_bytes())?;
        }
        let status = program.wait()?;
        // A voice that is not installed may leave nothing behind, and call it success.
        if status.success() && beside.metadata().is_ok_and(|file| file.len() > 0) {
            Ok(())
        } else {
            Err(io::Error::other(format!("{PROGRAM} -v {voice}: {status}")))
        }
    });
    said.map_err(|error| silent(&error.in_words(speaker)))
}
