//! The layer in which a traveller's confirmation is got: the link, how long it holds, and the operator's word that the
//! traveller has confirmed on it. What was done is read from the lineage of the order.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    console::model::Model,
    desk::hub::NotCommitted,
    domain::{case::Case, committable::Progress, order::OrderNo, text::Text},
};

/// The layer.
pub struct CommitForm {
    /// The order.
    pub order: OrderNo,
    /// Since when, by the vendor's clock.
    pub opened_at: Timestamp,
    /// A link was asked for, and nothing has come yet.
    pub is_awaiting: bool,
    /// The operator is asked whether the traveller has confirmed.
    pub is_asking: bool,
    /// Why no link came, or nothing was taken as said.
    pub trouble: Option<NotCommitted>,
}

impl CommitForm {
    /// A layer for `order`.
    pub fn open(order: OrderNo, now: Timestamp) -> Self {
        Self { order, opened_at: now, is_awaiting: false, is_asking: false, trouble: None }
    }

    /// The order, and how far its confirmation is; `None` while the one is not known, or the other not wanted.
    pub fn view<'a>(&self, model: &'a Model) -> Option<(&'a Case, Progress)> {
        let case: &Case = model.case(self.order)?;
        Some((case, Progress::of(&case.order, &case.lineage, model.server_now())?))
    }
}

/// The link that this console was given for an order, unless another one was asked for since, elsewhere.
pub fn link_of<'a>(
    order: OrderNo,
    model: &Model,
    links: &'a BTreeMap<OrderNo, (Timestamp, Text)>,
) -> Option<&'a Text> {
    let newest = model.case(order)?.lineage.commit(order)?.asked_at();
    links.get(&order).filter(|(asked_at, _)| *asked_at == newest).map(|(_, link)| link)
}

/// True for a link that may be handed to a browser: over TLS, or to this very machine, where the simulator plays the airline.
pub fn may_open(link: &str) -> bool {
    let is_here = |rest: &str| {
        let port = rest.split('/').next().unwrap_or_default();
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_plain = link.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain
        && (link.starts_with("https://")
            || ["http://127.0.0.1:", "http://[::1]:"]
                .iter()
                .any(|here| link.strip_prefix(here).is_some_and(is_here)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_over_tls_or_to_this_machine_is_opened() {
        for link in [
            "https://www.ryanair.com/confirm?x=1",
            "http://127.0.0.1:4010/airline/confirm/TESTA",
            "http://[::1]:1/",
        ] {
            assert!(may_open(link), "{link}");
        }
        for link in [
            "",
            "http://www.ryanair.com/",
            "http://127.0.0.1:4010@elsewhere.example/",
            "http://127.0.0.1:@elsewhere.example/",
            "http://127.0.0.1.elsewhere.example:1/",
            "file:///etc/passwd",
            "--help",
            "javascript:alert(1)",
            "https://x.example/ --new-window",
            "https://x.example/\u{202e}",
        ] {
            assert!(!may_open(link), "{link}");
        }
    }
}
