//! The bodies of answers, in the vendor's shapes: every documented key is there, with null where there is
//! nothing.

mod account;
mod baggage;
mod changes;
mod control;
mod details;
mod encoder;
mod envelope;
mod format;
mod list;
mod notifications;
mod offers;
mod routing;

pub(super) use self::{
    account::{balance, registered},
    baggage::loss_confirmed,
    changes::{cancelled, new_order, pay, stop},
    control::{faults, ledger, order, orders, scenario, webhooks},
    details::query,
    encoder::Encoder,
    envelope::{failure, nothing},
    list::list,
    notifications::{incidents, notification},
    offers::{commit, search, verify},
};

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{envelope::keys, *};
    use crate::sim::{
        endpoint::Endpoint,
        order::{Part, make::tests::sample},
        refusal::Refusal,
        scenario::Switches,
        time::{Clock, Speed},
        world::{Filter, IncidentPage, Page},
    };

    fn keys_of(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_failure_has_the_keys_of_a_success() {
        let at: Timestamp = "2026-11-03T06:00:00Z".parse().unwrap();
        let clock = Clock::new(at, Speed::new(1.0).unwrap());
        let encoder = Encoder { clock: &clock, switches: Switches::default() };
        let order = sample(Part::Ticketed);
        let page = Page { orders: vec![&order], total: 1 };
        let check = |success: &Value, endpoint: Endpoint| {
            let failure = failure(endpoint, Refusal::new(9, "why"));
            assert_eq!(keys_of(success), keys_of(&failure), "{endpoint:?}");
            assert!(keys(endpoint).iter().all(|key| failure[key].is_null()));
            assert_eq!((&failure["status"], &failure["msg"]), (&json!(9), &json!("why")));
        };
        check(&pay(&order), Endpoint::Pay);
        check(&query(&encoder, &order), Endpoint::Query);
        check(&new_order(&encoder, &[&order], None), Endpoint::Order);
        check(&new_order(&encoder, &[&order], None), Endpoint::Regenerate);
        check(&list(&encoder, &page, &Filter::default()), Endpoint::List);
        check(&balance(None), Endpoint::Balance);
        check(&stop(), Endpoint::Stop);
        check(&loss_confirmed(), Endpoint::ConfirmLoss);
        check(&cancelled(), Endpoint::Cancel);
        check(&registered(), Endpoint::UpdateWebhook);
        check(&commit("http://sim/confirm"), Endpoint::Commit);
        check(&search(&[], &Value::Null), Endpoint::Search);
        check(
            &incidents(&encoder, &IncidentPage { incidents: Vec::new(), total: 0 }, (1, 10)),
            Endpoint::Incidents,
        );
    }
}
