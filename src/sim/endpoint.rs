//! The endpoints of the vendor: those that are played, and those that are only known by name.

use serde::{Deserialize, Serialize};

macro_rules! endpoints {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An endpoint.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) enum Endpoint { $(#[serde(rename = $name)] $variant),+ }

        impl Endpoint {
            /// All of them.
            pub(super) const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, which is its path.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

endpoints! {
    Search = "search.do",
    Verify = "verify.do",
    Order = "order.do",
    Commit = "orderCommit.do",
    Pay = "pay.do",
    Query = "queryOrderDetails.do",
    List = "orderList.do",
    Regenerate = "regenerateOrder.do",
    Stop = "stopTicket.do",
    ConfirmLoss = "confirmBaggageLoss.do",
    Balance = "balance.do",
    UpdateWebhook = "updateWebhookURL.do",
    Incidents = "event/getPageList.do",
    Cancel = "cancelOrder.do",
}

/// What the documents name besides. The gateway answers for it, as it does for whatever a client was not given.
const NOT_PLAYED: &[&str] = &[
    "confirmAbnormalCancelledEvent.do",
    "confirmEmailScheduleChangeEvent.do",
    "event/confirmEvent.do",
    "extractPnr.do",
    "getAtripToken.do",
    "getLuggage.do",
    "getOfferPrice.do",
    "getOffers.do",
    "pnr/claim.do",
    "queryMail.do",
    "queryRefundOrders.do",
    "queryVoidOrders.do",
    "refund.do",
    "refundQuotation.do",
    "route/export.do",
    "seatAvailability.do",
    "smartSearch.do",
    "void.do",
    "voidQuotation.do",
];

impl Endpoint {
    /// The endpoint of a path.
    pub(super) fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix('/')?;
        Self::ALL.iter().copied().find(|endpoint| endpoint.name() == name)
    }
}

/// The endpoint of a path, where the documents name it and nobody plays it.
pub(super) fn not_played(path: &str) -> Option<&'static str> {
    let name = path.strip_prefix('/')?;
    NOT_PLAYED.iter().copied().find(|known| *known == name)
}
