//! What a round can be for, to choose from.

use crate::voice::Voice;
use domain::scenario::{Gives, Unit};
use scenario::{Files, Text};
use serde::Serialize;

/// A service file, to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceView {
    /// The `purpose` of a round.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `tube`, `dose`, `course`, `parcel` or `nothing`.
    pub gives: &'static str,
    /// `person`, `household` or `vehicle`.
    pub to: &'static str,
    /// A card for each role.
    pub roles: Vec<RoleView>,
    /// What residents are told.
    pub notice: NoticeView,
}

/// What residents are told; null where the service says nothing.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeView {
    /// When they are called.
    pub call: Option<String>,
    /// What to bring.
    pub bring: Option<String>,
    /// How to behave at the site.
    pub at_site: Option<String>,
    /// What follows.
    pub after: Option<String>,
}

/// What one role does.
#[derive(Clone, Debug, Serialize)]
pub struct RoleView {
    /// The role.
    pub name: String,
    /// What to do, in order.
    pub tasks: Vec<String>,
    /// What not to do.
    pub limits: Vec<String>,
    /// What to do if in doubt.
    pub doubts: Vec<String>,
}

/// The services in the house.
pub fn services(voice: Voice) -> Vec<ServiceView> {
    scenario::services().into_iter().filter_map(|id| service(id, &Files::default(), voice)).collect()
}

/// One service, from a folder or from the house; `None` where there is none that can be read.
pub fn service(id: &str, files: &Files, voice: Voice) -> Option<ServiceView> {
    let service = scenario::service(id, files).0?;
    let said = |text: &Text| voice.language.among(&text.0).to_owned();
    let all = |texts: &[Text]| texts.iter().map(said).collect::<Vec<String>>();
    let roles = service.roles.iter().map(|role| RoleView {
        name: said(&role.name),
        tasks: all(&role.tasks),
        limits: all(&role.limits),
        doubts: all(&role.doubts),
    });
    let notice = &service.notice;
    Some(ServiceView {
        id: service.id.clone(),
        name: said(&service.name),
        gives: match service.gives {
            Gives::Tube => "tube",
            Gives::Dose => "dose",
            Gives::Course => "course",
            Gives::Parcel => "parcel",
            Gives::Nothing => "nothing",
        },
        to: match service.to {
            Unit::Person => "person",
            Unit::Household => "household",
            Unit::Vehicle => "vehicle",
        },
        roles: roles.collect(),
        notice: NoticeView {
            call: notice.call.as_ref().map(said),
            bring: notice.bring.as_ref().map(said),
            at_site: notice.at_site.as_ref().map(said),
            after: notice.after.as_ref().map(said),
        },
    })
}
