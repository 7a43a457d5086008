//! The file in which channels are named. A secret never stands in it: it says where one lies.

use super::{
    Channel, Way,
    mail::{Mail, Server},
    webhook::{NoAddress, Webhook, trusted},
};
use crate::{limits, people::id::CommunityId};
use lettre::{message::Mailbox, transport::smtp::authentication::Credentials};
use serde::Deserialize;
use std::{collections::BTreeSet, env, fs, path::Path, sync::Arc};
use tokio_rustls::rustls::ClientConfig;
use words::Language;
use zeroize::Zeroizing;

/// Letters of a webhook's secret, at least: as long as a key.
const SECRET_LETTERS: usize = 32;
/// Letters of a channel's name, at most: it stands in a line of the desk.
const NAME_LETTERS: usize = 40;
/// Keys that are a mail's alone.
const OF_MAIL: [&str; 3] = ["from", "to", "login"];

/// Something that is wrong with the file. It quotes neither an address nor a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelProblem {
    /// Its word: the catalogue's `serve_channels.CODE`.
    pub code: &'static str,
    /// Which channel, from 1; 0: the file.
    pub number: usize,
    /// Its name, the key that is meant, or what the system said.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: i64,
    #[serde(default)]
    channel: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    kind: String,
    address: String,
    language: String,
    #[serde(default)]
    buildings: Vec<String>,
    #[serde(default)]
    communities: Vec<String>,
    secret_env: Option<String>,
    secret_file: Option<String>,
    from: Option<String>,
    #[serde(default)]
    to: Vec<String>,
    login: Option<String>,
}

/// Reads it.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read(path: &Path) -> Result<Vec<Channel>, Vec<ChannelProblem>> {
    let wrong = |code, what: String| vec![ChannelProblem { code, number: 0, what }];
    let text = fs::read_to_string(path).map_err(|why| wrong("file", why.to_string()))?;
    parse(&text, &|name| env::var(name).ok())
}

/// Reads what stands in it. `lookup` finds a variable of the system.
fn parse(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Channel>, Vec<ChannelProblem>> {
    let wrong = |code, what: String| vec![ChannelProblem { code, number: 0, what }];
    // The line is told, and not what stands in it: it may be a secret in the wrong place.
    let written: Written = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        wrong("toml", line.to_string())
    })?;
    if written.format != 1 {
        return Err(wrong("format", written.format.to_string()));
    }
    if written.channel.len() > limits::CHANNELS {
        return Err(wrong("many", limits::CHANNELS.to_string()));
    }
    let tls = trusted();
    let (mut channels, mut problems, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, entry) in (1..).zip(&written.channel) {
        let mut reading = Reading { number, entry, lookup, problems: &mut problems };
        if !names.insert(entry.name.trim()) {
            reading.note("twice", &entry.name);
        }
        channels.extend(reading.channel(&tls));
    }
    if problems.is_empty() { Ok(channels) } else { Err(problems) }
}

struct Reading<'a> {
    number: usize,
    entry: &'a Entry,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: &'a mut Vec<ChannelProblem>,
}

impl Reading<'_> {
    fn note(&mut self, code: &'static str, what: &str) {
        self.problems.push(ChannelProblem { code, number: self.number, what: what.to_owned() });
    }

    /// Nothing comes of it.
    fn wrong<T>(&mut self, code: &'static str, what: &str) -> Option<T> {
        self.note(code, what);
        None
    }

    /// The channel, where nothing is wrong; all is looked at.
    fn channel(&mut self, tls: &Arc<ClientConfig>) -> Option<Channel> {
        let entry = self.entry;
        let name = entry.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_LETTERS || name.contains(char::is_control) {
            self.note("name", "");
        }
        let language = Language::ALL.into_iter().find(|language| language.tag() == entry.language);
        if language.is_none() {
            let all: Vec<&str> = Language::ALL.map(Language::tag).into();
            self.note("language", &all.join(", "));
        }
        let communities: Vec<Option<CommunityId>> =
            entry.communities.iter().map(|text| CommunityId::parse(text)).collect();
        if communities.contains(&None) {
            self.note("community", &name);
        }
        let way = match &*entry.kind {
            "webhook" => self.webhook(tls.clone()).map(Way::Webhook),
            "smtp" => self.mail().map(Way::Mail),
            _ => self.wrong("kind", &name),
        };
        let buildings = entry.buildings.iter().map(|one| one.trim().to_owned()).collect();
        let communities = communities.into_iter().flatten().collect();
        Some(Channel { name, language: language?, buildings, communities, way: way? })
    }

    fn webhook(&mut self, tls: Arc<ClientConfig>) -> Option<Webhook> {
        let entry = self.entry;
        let of_mail = [entry.from.is_some(), !entry.to.is_empty(), entry.login.is_some()];
        for (key, is_there) in OF_MAIL.iter().zip(of_mail) {
            if is_there {
                self.note("extra", key);
            }
        }
        let secret = match self.secret() {
            Some(Some(secret)) if secret.chars().count() < SECRET_LETTERS => {
                self.wrong("short", &SECRET_LETTERS.to_string())
            }
            Some(None) => self.wrong("secret", &entry.name),
            Some(secret) => secret,
            None => None,
        };
        // Without a secret the address is looked at all the same.
        let hook = Webhook::new(&entry.address, secret.clone().unwrap_or_default(), tls);
        match hook {
            Ok(hook) => secret.map(|_| hook),
            Err(NoAddress::Plain) => self.wrong("plain", &entry.name),
            Err(NoAddress::Web) => self.wrong("address", &entry.name),
        }
    }

    fn mail(&mut self) -> Option<Mail> {
        let entry = self.entry;
        let server = Server::parse(&entry.address);
        if server.is_none() {
            self.note("mail_address", &entry.name);
        }
        let from: Option<Mailbox> = entry.from.as_deref().and_then(|text| text.parse().ok());
        if from.is_none() {
            self.note("from", &entry.name);
        }
        let to: Vec<Mailbox> = entry.to.iter().filter_map(|text| text.parse().ok()).collect();
        if to.is_empty() || to.len() != entry.to.len() || to.len() > limits::MAIL_TO {
            self.note("to", &limits::MAIL_TO.to_string());
        }
        let account = match (&entry.login, self.secret()?) {
            (Some(login), Some(secret)) => Some(Credentials::new(login.clone(), secret.to_string())),
            (None, None) => None,
            _ => return self.wrong("login", &entry.name),
        };
        if to.is_empty() || to.len() != entry.to.len() {
            return None;
        }
        match Mail::new((from?, to), &server?, account) {
            Ok(mail) => Some(mail),
            Err(_) => self.wrong("mail_address", &entry.name),
        }
    }

    /// The secret, if it is said where one lies; `None` where something is wrong with it.
    fn secret(&mut self) -> Option<Option<Zeroizing<String>>> {
        let entry = self.entry;
        let secret = match (&entry.secret_env, &entry.secret_file) {
            (None, None) => return Some(None),
            (Some(_), Some(_)) => return self.wrong("two_secrets", &entry.name),
            (Some(variable), None) => match (self.lookup)(variable) {
                Some(secret) => secret,
                None => return self.wrong("secret_env", variable),
            },
            (None, Some(path)) => match fs::read_to_string(path) {
                Ok(secret) => secret,
                Err(why) => return self.wrong("secret_file", &format!("{path}: {why}")),
            },
        };
        Some(Some(Zeroizing::new(secret.trim().to_owned())))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    const SECRET: &str = "a secret of more than thirty-two letters";

    fn read(text: &str) -> Result<Vec<Channel>, Vec<ChannelProblem>> {
        let text = format!("format = 1\n{text}");
        parse(&text, &|name| match name {
            "LONG" => Some(format!("{SECRET}\n")),
            "SHORT" => Some("short".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn channels_are_named_with_their_language_and_buildings() {
        let all = read(
            r#"
            [[channel]]
            name = "garden chat"
            kind = "webhook"
            address = "https://chat.example/hook"
            language = "zh"
            buildings = ["1", "2"]
            secret_env = "LONG"
            [[channel]]
            name = "mailing list"
            kind = "smtp"
            address = "smtps://mail.example"
            language = "en"
            from = "Secretariat <notices@garden.example>"
            to = ["residents@lists.garden.example"]
            login = "notices"
            secret_env = "SHORT"
            "#,
        );
        let all = all.unwrap();
        let seen: Vec<(&str, &str, Language)> =
            all.iter().map(|one| (&*one.name, one.kind(), one.language)).collect();
        assert_eq!(seen, [("garden chat", "webhook", Language::Zh), ("mailing list", "smtp", Language::En)]);
        let shown = format!("{all:?}");
        assert!(!shown.contains("example") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_no_secret_with_it() {
        let problems = read(
            r#"
            [[channel]]
            name = "a"
            kind = "webhook"
            address = "http://chat.example/hook"
            language = "xx"
            secret_env = "SHORT"
            to = ["somebody"]
            [[channel]]
            name = "a"
            kind = "smtp"
            address = "mail.example"
            language = "en"
            communities = ["garden"]
            to = ["nobody", "b@b.example"]
            secret_env = "MISSING"
            [[channel]]
            name = ""
            kind = "fax"
            address = ""
            language = "zh"
            "#,
        );
        let codes: Vec<(usize, &str)> =
            problems.unwrap_err().iter().map(|problem| (problem.number, problem.code)).collect();
        let first = ["language", "extra", "short", "plain"].map(|code| (1, code));
        let second = ["twice", "community", "mail_address", "from", "to", "secret_env"].map(|code| (2, code));
        assert_eq!(codes, [&first[..], &second, &[(3, "name"), (3, "kind")]].concat());
        let inline = read(&format!("[[channel]]\nname = \"a\"\nsecret = \"{SECRET}\"\n")).unwrap_err();
        assert_eq!(inline, [ChannelProblem { code: "toml", number: 0, what: inline[0].what.clone() }]);
        assert!(!inline[0].what.contains("secret"), "{inline:?}");
        assert_eq!(parse("format = 2", &|_| None).unwrap_err()[0].code, "format");
    }
}
