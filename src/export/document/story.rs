//! What happened to an order, a line each.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    lineage::Lineage,
    order::OrderNo,
    story::{Happening, OperatorAction, What},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::export) struct HappeningDocument {
    time: Timestamp,
    what: &'static str,
    status: Option<&'static str>,
    error_code: Option<String>,
    attempt: Option<usize>,
    state: Option<&'static str>,
    new_order_no: Option<OrderNo>,
    #[serde(rename = "type")]
    kind: Option<String>,
    note: Option<String>,
    /// Who did it, where it is a person's doing.
    by: Option<String>,
}

impl HappeningDocument {
    pub(in crate::export) fn new(lineage: &Lineage, happening: &Happening) -> Self {
        let mut document = Self {
            time: happening.at,
            what: "created",
            status: None,
            error_code: None,
            attempt: None,
            state: None,
            new_order_no: None,
            kind: None,
            note: None,
            by: happening.by.as_ref().map(|by| by.who.to_string()),
        };
        match &happening.what {
            What::Created => {}
            What::PaidAt => document.what = "paid",
            What::Seen { status, error } => {
                document.what = "seen";
                document.status = Some(status.word());
                document.error_code = error.as_ref().map(ToString::to_string);
            }
            What::Attempt { attempt, state } => {
                document.what = "attempt";
                document.attempt = lineage.number_of(*attempt);
                document.state = Some(state.word());
            }
            What::Regeneration(state) => {
                document.what = "regeneration";
                document.state = Some(state.word());
                document.new_order_no = state.child();
            }
            What::Stop(state) => {
                document.what = "stop";
                document.state = Some(state.word());
            }
            What::Notified { kind, error, .. } => {
                document.what = "told";
                document.kind = Some(kind.to_string());
                document.error_code = error.as_ref().map(ToString::to_string);
            }
            What::OperatorAction(action) => {
                document.what = "action";
                let (kind, note) = match action {
                    OperatorAction::Chose { path, .. } => (path.word(), None),
                    OperatorAction::Decided { decision, note, .. } => (decision.word(), Some(note)),
                    OperatorAction::BaggageLoss(decision) => {
                        document.state = Some(decision.word());
                        ("baggageLoss", None)
                    }
                    OperatorAction::GotLink { .. } => ("gotLink", None),
                    OperatorAction::StatedConfirmed => ("statedConfirmed", None),
                    OperatorAction::Noted(note) => ("note", Some(note)),
                    OperatorAction::Refused(reason) => ("refused", Some(reason)),
                    OperatorAction::Registered(url) => ("registered", Some(url)),
                    OperatorAction::Took { .. } => ("took", None),
                    OperatorAction::TookOver { reason, .. } => ("tookOver", Some(reason)),
                    OperatorAction::Released => ("released", None),
                    OperatorAction::Snoozed { reason, .. } => ("snoozed", Some(reason)),
                    OperatorAction::Woken => ("woken", None),
                    OperatorAction::Handled { group } => {
                        document.state = Some(group.word());
                        ("handled", None)
                    }
                    OperatorAction::Unhandled => ("unhandled", None),
                };
                document.kind = Some(kind.to_owned());
                document.note = note.map(ToString::to_string);
            }
        }
        document
    }
}
