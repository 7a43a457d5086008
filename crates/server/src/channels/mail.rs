//! A mail to lists that whoever runs the server has named. No resident's address is kept.

use super::{Message, Unsent, message::Superseded};
use crate::limits;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Letter, Tokio1Executor,
    message::{
        Mailbox, MessageBuilder,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{self, authentication::Credentials},
};
use std::fmt::Write;

/// Who sends, to which lists, and through which server.
pub(crate) struct Mail {
    from: Mailbox,
    to: Vec<Mailbox>,
    server: AsyncSmtpTransport<Tokio1Executor>,
}

/// A mail server as it was named: `smtps://host[:port]`, `smtp://host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// TLS from the start; otherwise the server must begin it before anything is said.
    pub is_wrapped: bool,
    /// Its name.
    pub host: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
}

impl Mail {
    /// From somebody to lists, in the name of an account of the mail server where it asks for one.
    ///
    /// # Errors
    /// The system trusts no authority, or the name of the server is none.
    pub fn new(
        (from, to): (Mailbox, Vec<Mailbox>),
        Server { is_wrapped, host, port }: &Server,
        account: Option<Credentials>,
    ) -> Result<Mail, smtp::Error> {
        type To = AsyncSmtpTransport<Tokio1Executor>;
        let server = match (is_wrapped, super::webhook::is_here(host)) {
            (true, _) => To::relay(host)?,
            // What does not leave this machine needs no TLS.
            (false, true) => To::builder_dangerous(host).port(smtp::SUBMISSION_PORT),
            (false, false) => To::starttls_relay(host)?,
        };
        let server = port.map_or(server.clone(), |port| server.port(port));
        let server = account.map_or(server.clone(), |account| server.credentials(account));
        let server = server.timeout(Some(limits::SEND_WITHIN)).build();
        Ok(Mail { from, to, server })
    }

    /// One try.
    pub async fn send(&self, message: &Message) -> Result<(), Unsent> {
        if message.text.len() > limits::SENT_BYTES {
            return Err(Unsent::ever("large"));
        }
        let letter = self.letter(message).map_err(|_| Unsent::ever("address"))?;
        self.server.send(letter).await.map(drop).map_err(|error| unsent(&error))
    }

    fn letter(&self, message: &Message) -> Result<Letter, lettre::error::Error> {
        let id = |key: &str| format!("<{key}@{}>", self.from.email.domain());
        let mut subject = format!("{} · {}", message.title, message.name);
        let mut letter = Letter::builder().from(self.from.clone()).message_id(Some(id(&message.key)));
        if let Some(Superseded { number, key, .. }) = &message.supersedes {
            let _ = write!(subject, " ({} → {})", number, message.number);
            // It stands beneath the one that it takes the place of.
            if let Some(key) = key {
                letter = letter.in_reply_to(id(key)).references(id(key));
            }
        }
        let letter = self.to.iter().cloned().fold(letter, MessageBuilder::to).subject(subject);
        let raw =
            |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        letter
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("Content-Language", message.language))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
    }
}

/// What a mail server's refusal means: its status alone, never its words.
fn unsent(error: &smtp::Error) -> Unsent {
    let status = error.status().map_or(0, u16::from);
    match status {
        530 | 534 | 535 | 538 => Unsent { why: "account", status, is_final: true },
        500.. => Unsent { why: "answer", status, is_final: true },
        400.. => Unsent { why: "later", status, is_final: false },
        _ if error.is_timeout() => Unsent::now("slow"),
        _ if error.is_tls() => Unsent::now("certificate"),
        // It offers no TLS, or no way to sign in that we know.
        _ if error.is_client() => Unsent::ever("server"),
        _ => Unsent::now("unreachable"),
    }
}

impl Server {
    /// As it was typed; `None` if that is no mail server.
    pub fn parse(address: &str) -> Option<Server> {
        let (is_wrapped, rest) = match address.split_once("://")? {
            ("smtps", rest) => (true, rest),
            ("smtp", rest) => (false, rest),
            _ => return None,
        };
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (rest, None),
        };
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
        let is_host = !host.is_empty() && host.chars().all(is_name);
        is_host.then(|| Server { is_wrapped, host: host.to_owned(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_a_host_with_or_without_a_port() {
        let server = |is_wrapped, host: &str, port| Some(Server { is_wrapped, host: host.to_owned(), port });
        assert_eq!(Server::parse("smtps://mail.a.example"), server(true, "mail.a.example", None));
        assert_eq!(Server::parse("smtp://mail.a.example:2525/"), server(false, "mail.a.example", Some(2525)));
        for address in
            ["mail.a.example", "https://a.example", "smtp://", "smtps://u:p@a.example", "smtp://a:x"]
        {
            assert_eq!(Server::parse(address), None, "{address}");
        }
    }
}
