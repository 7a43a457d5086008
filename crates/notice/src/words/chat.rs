//! A notice for the group chat: short and plain.

use super::Tongue;
use crate::Notice;
use ::words::Language;

/// Lines of calls; beyond them each looks on the paper at its entrance.
const CALLS_MAX: usize = 60;
const CHANGES_MAX: usize = 8;
const QUESTIONS_MAX: usize = 6;

impl Notice {
    /// The message, lines with their ends.
    pub fn chat(&self, language: Language) -> String {
        let tongue = Tongue(language);
        let mut lines = vec![
            tongue.say(
                "notice.chat_head",
                &[("number", &self.number.to_string()), ("title", &self.title(language))],
            ),
            format!("{} · {}", self.community, tongue.addressed(&self.addressed)),
        ];
        lines.extend(self.replacing(tongue));
        lines.extend(self.changes(tongue, CHANGES_MAX));
        lines.extend(self.first(tongue));
        lines.extend(self.coming(tongue));
        let own = self.own_time(tongue);
        if own.is_empty() && self.tells_round() {
            lines.extend(self.calls.iter().take(CALLS_MAX).map(|call| self.call_in_words(call, tongue)));
            if self.calls.len() > CALLS_MAX {
                lines.push(tongue.word("notice.calls_more"));
            }
        }
        lines.extend(own);
        let doing = self.doing(tongue);
        lines.extend(
            doing.iter().map(|(name, text)| tongue.say("notice.pair", &[("name", name), ("text", text)])),
        );
        lines.extend(self.more(tongue));
        let most = if self.kind == "questions" { usize::MAX } else { QUESTIONS_MAX };
        for (question, answer) in self.asked().take(most) {
            lines.push(tongue.say("notice.question", &[("question", question)]));
            lines.push(tongue.say("notice.answer", &[("answer", answer)]));
        }
        for one in &self.above {
            let level = tongue.word(&format!("directive.level.{}", one.level));
            let title = one.title.as_deref().unwrap_or_default();
            let args =
                [("level", &*level), ("issuer", &*one.issued_by), ("date", &*one.date), ("title", title)];
            lines.push(tongue.say("notice.beneath", &args));
        }
        lines.extend(self.link.clone());
        lines.extend(self.signed(tongue));
        lines.join("\n") + "\n"
    }
}
