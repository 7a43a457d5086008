//! A notice for public alerts: the Common Alerting Protocol.

use crate::{Notice, words::Tongue};
use ::words::Language;
use formats::cap::{Alert, Area, Category, Certainty, Info, MessageType, Response, Severity, Urgency};
use jiff::civil::DateTime;

impl Notice {
    /// The notice as an alert, one `info` for each language. `world` gives a local time its offset, `2022-03-28T07:00:00+08:00`.
    pub fn alert(&self, languages: &[Language], world: &dyn Fn(DateTime) -> String) -> Alert {
        let sender = self
            .sender
            .clone()
            .unwrap_or_else(|| self.community.chars().filter(|letter| letter.is_alphanumeric()).collect());
        let identifier = |number: u32, at: DateTime| format!("{sender}.{}.{number}", at.date());
        let replaced =
            self.replaces.map(|old| format!("{sender},{},{}", identifier(old.number, old.at), world(old.at)));
        Alert {
            identifier: identifier(self.number, self.at),
            sent: world(self.at),
            message_type: if replaced.is_some() { MessageType::Update } else { MessageType::Alert },
            references: replaced.into_iter().collect(),
            // What is for one household is nobody else's business.
            addresses: self.is_private().then(|| self.addressed.label()),
            info: languages.iter().map(|&language| self.info(language, world)).collect(),
            sender,
        }
    }

    fn info(&self, language: Language, world: &dyn Fn(DateTime) -> String) -> Info {
        let tongue = Tongue(language);
        let (response, urgency) = match self.kind.as_str() {
            "all-clear" => (Response::AllClear, Urgency::Past),
            "questions" => (Response::None, Urgency::Unknown),
            "call-back" => (Response::Execute, Urgency::Expected),
            _ => (Response::Prepare, Urgency::Expected),
        };
        let round = matches!(self.kind.as_str(), "round" | "change");
        let (from, until) =
            if round { (Some(self.opens), self.closes) } else { (self.from.or(Some(self.at)), self.until) };
        let chat = self.chat(language);
        let mut instruction: Vec<String> = self.coming_and_doing(language);
        instruction.retain(|line| !line.is_empty());
        Info {
            language: language.html().to_owned(),
            category: match self.gives.as_str() {
                "parcel" => Category::Rescue,
                "nothing" => Category::Other,
                // Notices from before this was written were of tubes.
                _ => Category::Health,
            },
            event: self.title(language),
            response,
            urgency,
            severity: self.severity(),
            certainty: if round { Certainty::Likely } else { Certainty::Observed },
            effective: Some(world(self.at)),
            onset: from.map(world),
            expires: until.map(world),
            sender_name: self.issued_by.clone().unwrap_or_else(|| self.community.clone()),
            headline: format!("{} · {}", self.title(language), self.community),
            description: chat.trim_end().to_owned(),
            instruction: (!instruction.is_empty()).then(|| instruction.join("\n")),
            web: self.link.clone(),
            contact: self.contact.clone(),
            areas: vec![Area {
                description: format!("{}, {}", self.community, tongue.addressed(&self.addressed)),
                geocodes: self.area_codes.clone(),
            }],
        }
    }

    /// A course of medicine is given where a disease is spreading that kills who is not treated; who is called back may have it. What is over
    /// threatens nobody.
    fn severity(&self) -> Severity {
        match (self.kind.as_str(), self.gives.as_str()) {
            ("all-clear" | "questions", _) => Severity::Minor,
            (_, "course") => Severity::Severe,
            ("call-back", _) => Severity::Moderate,
            _ => Severity::Minor,
        }
    }
}
