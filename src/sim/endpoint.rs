//! The endpoints of the vendor that are played.

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
}

impl Endpoint {
    /// The endpoint of a path.
    pub(super) fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix('/')?;
        Self::ALL.iter().copied().find(|endpoint| endpoint.name() == name)
    }
}
