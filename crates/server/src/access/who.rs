//! Who asks.

use super::role::{Grant, Place, Role};
use crate::people::{
    accounts::Account,
    id::{CommunityId, SessionId},
    sessions::Device,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
};

/// Who is behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever sits at this machine, while nobody else reaches it.
    Owner,
    /// Somebody who signed in.
    Account(Account),
    /// A phone that joined a round.
    Device(Device),
    /// Nobody that we know.
    Nobody,
}

impl Who {
    /// What they may invite others to: the owner to anything.
    pub fn grants(&self) -> &[Grant] {
        match self {
            Who::Owner => &super::role::FIRST,
            Who::Account(account) => &account.reach,
            Who::Device(_) | Who::Nobody => &[],
        }
    }

    /// Whether they have anything to do with a community.
    pub fn knows(&self, community: CommunityId) -> bool {
        match self {
            Who::Owner => true,
            Who::Account(account) => {
                account.reach.iter().any(|grant| grant.place.covers(Place::Community(community)))
            }
            Who::Device(device) => device.community == community,
            Who::Nobody => false,
        }
    }

    /// Whether they plan for a place: they see and change what is planned for it.
    pub fn plans_for(&self, place: Place) -> bool {
        match self {
            Who::Owner => true,
            Who::Account(account) => {
                account.reach.iter().any(|grant| grant.role.plans() && grant.place.covers(place))
            }
            Who::Device(_) | Who::Nobody => false,
        }
    }

    /// Whether they look over a place as its committee or authority, or one above.
    pub fn looks_over(&self, place: Place) -> bool {
        match self {
            Who::Owner => true,
            Who::Account(account) => account.reach.iter().any(|grant| {
                matches!(grant.role, Role::Committee | Role::Authority) && grant.place.covers(place)
            }),
            Who::Device(_) | Who::Nobody => false,
        }
    }

    /// The one place for which they were made a planner; `None` for several. What the owner of the machine plans is for all.
    pub fn one_place(&self) -> Option<Place> {
        let mut places = self.grants().iter().filter(|grant| grant.role.plans()).map(|grant| grant.place);
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }

    /// How the log of accesses calls them: an id, never a name.
    pub fn label(&self) -> String {
        match self {
            Who::Owner => "owner".to_owned(),
            Who::Account(account) => account.id.to_string(),
            Who::Device(device) => device.device.to_string(),
            Who::Nobody => "nobody".to_owned(),
        }
    }
}

/// Who asks, by which session, and from where. The gate puts it on every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Who.
    pub who: Who,
    /// Their session; the owner of the machine needs none.
    pub session: Option<SessionId>,
    /// From where.
    pub address: IpAddr,
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asking, Infallible> {
        let nobody =
            || Asking { who: Who::Nobody, session: None, address: IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
        Ok(parts.extensions.get::<Asking>().cloned().unwrap_or_else(nobody))
    }
}
