//! Who has tubes, and who told of them, in words: a phone by its role, an account by its login where whoever asks may see that.

use super::{
    book::{Joined, Made},
    site_clock::SiteClock,
};
use crate::{access::role::Role, people::accounts::Account};
use domain::event::{Holder, HolderKind};
use std::collections::BTreeMap;
use uuid::Uuid;
use verbs::Voice;

/// The phones of a round, and the accounts that somebody may see.
pub struct Holders {
    phones: BTreeMap<Uuid, Joined>,
    logins: BTreeMap<Uuid, String>,
    desk: Uuid,
}

impl Holders {
    /// Of a round.
    pub fn new(made: &Made, phones: Vec<Joined>, accounts: Vec<Account>) -> Holders {
        Holders {
            phones: phones.into_iter().map(|of| (of.device.0, of)).collect(),
            logins: accounts.into_iter().map(|of| (of.id.0, of.login)).collect(),
            desk: made.desk.0,
        }
    }

    /// Who has something.
    pub fn holder(&self, holder: Holder, clock: &SiteClock<'_>, voice: Voice) -> String {
        let kind = match holder.kind {
            HolderKind::Site => "holder.site",
            HolderKind::Courier => "holder.courier",
            HolderKind::Lab => "holder.lab",
        };
        self.named(holder.id, clock, voice).unwrap_or_else(|| voice.word(kind))
    }

    /// Who told something: a phone, or an account; the desk where neither is known.
    pub fn teller(&self, id: Uuid, clock: &SiteClock<'_>, voice: Voice) -> String {
        if id == self.desk || id.is_nil() {
            return voice.word("custody.who.desk");
        }
        self.named(id, clock, voice).unwrap_or_else(|| voice.word("custody.who.account"))
    }

    fn named(&self, id: Uuid, clock: &SiteClock<'_>, voice: Voice) -> Option<String> {
        if let Some(phone) = self.phones.get(&id) {
            let role = match phone.role {
                Role::Secretary => "role.secretary",
                Role::Caller => "role.caller",
                Role::Order => "role.order",
                Role::Registrar => "role.registrar",
                Role::Sampler => "role.sampler",
                Role::Courier => "role.courier",
                Role::Lab => "role.lab",
                Role::Committee | Role::Authority | Role::Resident => "custody.who.account",
            };
            let joined = clock.said(domain::Moment(phone.joined.saturating_mul(10_000)), voice);
            let args = [("role", &*voice.word(role)), ("phone", &short(id)), ("joined", &joined)];
            return Some(voice.say("custody.who.phone", &args));
        }
        self.logins.get(&id).map(|login| voice.say("custody.who.login", &[("login", login)]))
    }
}

/// As the list of phones calls it.
fn short(device: Uuid) -> String {
    format!("{:04x}", device.as_u128() & 0xffff)
}
