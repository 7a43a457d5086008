//! The messages of EDXL-RM (OASIS, Emergency Data Exchange Language Resource Messaging 1.0, OASIS Standard of 1 November 2008) that our facts are.

use crate::{Change, Event, Step};

/// The message of EDXL-RM that tells the same as a fact; `None` where that standard has none. A cancelled request or deployment is a message
/// of its own kind again, with `MessageRecall` in it.
pub fn message(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Requested { .. } | Event::RequestClosed { .. } => "RequestResource",
        Event::Offered { .. } | Event::Declined { .. } | Event::OfferWithdrawn { .. } => {
            "ResponseToRequestResource"
        }
        Event::OfferAccepted { .. } => "RequisitionResource",
        Event::Committed { .. } | Event::Stepped { step: Step::Cancelled, .. } => "CommitResource",
        Event::Stepped { step: Step::Released | Step::Withdrawn, .. } => "ReleaseResource",
        Event::Stepped { .. }
        | Event::Lodged { .. }
        | Event::ShiftBegan { .. }
        | Event::ShiftEnded { .. }
        | Event::Isolated { .. }
        | Event::Freed { .. } => "ReportResourceDeploymentStatus",
        Event::ChangeAsked { what: Change::Extend, .. } => "RequestExtendedDeploymentDuration",
        Event::ChangeAsked { what: Change::Return, .. } => "RequestReturn",
        _ => return None,
    })
}

impl crate::Teams {
    /// The same, also for answers, which say to what they are one only by an identifier.
    pub fn message(&self, event: &Event) -> Option<&'static str> {
        if let Event::ChangeAnswered { change, .. } = event {
            return Some(match self.now().changes.get(change)?.what {
                Change::Extend => "ResponseToRequestExtendedDeploymentDuration",
                Change::Return => "ResponseToRequestReturn",
            });
        }
        message(event)
    }
}
