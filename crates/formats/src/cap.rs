//! Public alerts: the Common Alerting Protocol 1.2 (OASIS Standard CAP-V1.2, 1 July 2010), as far as a community's notices
//! need it. Elements stand in the order of its schema.

/// The namespace of version 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What names the message for ever: no space, comma, `<` or `&`.
    pub identifier: String,
    /// Who sends it: likewise.
    pub sender: String,
    /// When, with the offset: `2022-03-28T07:10:00+08:00`.
    pub sent: String,
    /// News, or a correction.
    pub message_type: MessageType,
    /// For one recipient only, who is named here; else public.
    pub addresses: Option<String>,
    /// Messages that it replaces, each as `sender,identifier,sent`.
    pub references: Vec<String>,
    /// What it says, once a language.
    pub info: Vec<Info>,
}

/// The nature of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageType {
    /// News.
    Alert,
    /// It takes the place of those it refers to.
    Update,
}

/// What a message says, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// RFC 3066: `zh-CN`.
    pub language: String,
    /// Whose business it is.
    pub category: Category,
    /// What it is about.
    pub event: String,
    /// What to do.
    pub response: Response,
    /// How soon.
    pub urgency: Urgency,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub certainty: Certainty,
    /// From when the message holds.
    pub effective: Option<String>,
    /// When what it tells of begins.
    pub onset: Option<String>,
    /// Until when it holds.
    pub expires: Option<String>,
    /// Who sends it, for people.
    pub sender_name: String,
    /// In a line.
    pub headline: String,
    /// All of it.
    pub description: String,
    /// What to do, for people.
    pub instruction: Option<String>,
    /// A page with more.
    pub web: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Where.
    pub areas: Vec<Area>,
}

/// Where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// In words.
    pub description: String,
    /// The same by codes that others know, each as the name of its list and its value: `("GB/T 2260", "310115")`.
    pub geocodes: Vec<(String, String)>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $word:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $word,)* }
        impl $name {
            fn word(self) -> &'static str {
                match self { $($name::$word => stringify!($word),)* }
            }
        }
    };
}

words! {
    /// Whose business it is.
    Category {
        /// Health.
        Health,
        /// Rescue and recovery.
        Rescue,
        /// Nothing of the list.
        Other,
    }
}
words! {
    /// What people should do.
    Response {
        /// Get ready.
        Prepare,
        /// Do what is said.
        Execute,
        /// It is over.
        AllClear,
        /// Nothing.
        None,
    }
}
words! {
    /// How soon to act.
    Urgency {
        /// Within the hour or so.
        Expected,
        /// It is over.
        Past,
        /// Not known.
        Unknown,
    }
}
words! {
    /// How bad it is.
    Severity {
        /// A significant threat to life.
        Severe,
        /// Perhaps a threat.
        Moderate,
        /// No threat, or a small one.
        Minor,
    }
}
words! {
    /// How sure it is.
    Certainty {
        /// It is so.
        Observed,
        /// More likely than not.
        Likely,
    }
}

/// The message as an XML document in UTF-8.
pub fn xml(alert: &Alert) -> String {
    let mut out = Xml {
        text: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"{NAMESPACE}\">\n"),
        depth: 1,
    };
    out.element("identifier", &alert.identifier);
    out.element("sender", &alert.sender);
    out.element("sent", &alert.sent);
    out.element("status", "Actual");
    out.element(
        "msgType",
        match alert.message_type {
            MessageType::Alert => "Alert",
            MessageType::Update => "Update",
        },
    );
    out.element("scope", if alert.addresses.is_some() { "Private" } else { "Public" });
    if let Some(addresses) = &alert.addresses {
        // Recipients are separated by spaces; one with a space stands in quotation marks.
        let quoted = if addresses.contains(' ') { format!("\"{addresses}\"") } else { addresses.clone() };
        out.element("addresses", &quoted);
    }
    if !alert.references.is_empty() {
        out.element("references", &alert.references.join(" "));
    }
    for info in &alert.info {
        out.open("info");
        say(&mut out, info);
        out.close("info");
    }
    out.text += "</alert>\n";
    out.text
}

fn say(out: &mut Xml, info: &Info) {
    let maybe = |out: &mut Xml, name: &str, text: &Option<String>| {
        if let Some(text) = text {
            out.element(name, text);
        }
    };
    out.element("language", &info.language);
    out.element("category", info.category.word());
    out.element("event", &info.event);
    out.element("responseType", info.response.word());
    out.element("urgency", info.urgency.word());
    out.element("severity", info.severity.word());
    out.element("certainty", info.certainty.word());
    maybe(out, "effective", &info.effective);
    maybe(out, "onset", &info.onset);
    maybe(out, "expires", &info.expires);
    out.element("senderName", &info.sender_name);
    out.element("headline", &info.headline);
    out.element("description", &info.description);
    maybe(out, "instruction", &info.instruction);
    maybe(out, "web", &info.web);
    maybe(out, "contact", &info.contact);
    for area in &info.areas {
        out.open("area");
        out.element("areaDesc", &area.description);
        for (name, value) in &area.geocodes {
            out.open("geocode");
            out.element("valueName", name);
            out.element("value", value);
            out.close("geocode");
        }
        out.close("area");
    }
}

struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn indent(&mut self) {
        self.text += &"  ".repeat(self.depth);
    }
    fn open(&mut self, name: &str) {
        self.indent();
        self.text += &format!("<{name}>\n");
        self.depth += 1;
    }
    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        self.text += &format!("</{name}>\n");
    }
    fn element(&mut self, name: &str, text: &str) {
        self.indent();
        self.text += &format!("<{name}>{}</{name}>\n", escaped(text));
    }
}

/// What XML reads as itself; letters that it does not allow are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
