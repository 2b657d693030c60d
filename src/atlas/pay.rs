//! The single send of `pay.do`, with exactly the fields that the method needs.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::{
    client::{Client, OTHER_LIMIT},
    verdict::verdict,
};
use crate::domain::{
    attempt::Sent,
    card::{BillingAddress, Card, SecretDigits},
    money::Money,
    payment::{Means, Payment},
};

/// Room for the keys, numbers and digits of any request.
const ROOM: usize = 1_024;

/// The longest that one byte of a text becomes in JSON (`\u001b`).
const LONGEST_ESCAPE: usize = 6;

/// The body of `pay.do`, fields in the documented order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    order_no: &'a str,
    payment_method: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_credit_trans_payment: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_card: Option<CreditCard<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreditCard<'a> {
    card_number: Digits<'a, 19>,
    #[serde(rename = "cardCVV")]
    card_cvv: Option<Digits<'a, 4>>,
    card_expire_month: String,
    card_expire_year: String,
    card_holder_last_name: &'a str,
    card_holder_first_name: &'a str,
    card_holder_country: Option<&'a str>,
    card_holder_province: Option<&'a str>,
    card_holder_city: Option<&'a str>,
    card_holder_post_code: Option<&'a str>,
    card_holder_address: Option<&'a str>,
    reusable: bool,
    payment_limit: Option<u64>,
    #[serde(rename = "threeDS")]
    three_ds: Option<ThreeDs>,
}

#[derive(Serialize)]
struct ThreeDs {
    ip: String,
}

/// Digits that go straight from their own memory into the body, or are masked.
struct Digits<'a, const N: usize> {
    secret: &'a SecretDigits<N>,
    masked: Option<String>,
}

impl<const N: usize> Serialize for Digits<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.masked {
            Some(masked) => serializer.serialize_str(masked),
            None => serializer.serialize_str(std::str::from_utf8(self.secret.expose()).unwrap_or_default()),
        }
    }
}

impl<'a> Body<'a> {
    fn of(payment: &'a Payment, mask: bool) -> Self {
        let (limit, ip) = match &payment.means {
            Means::Vcc { ceiling, .. } => {
                // None would mean the vendor's own margin: a ceiling that cannot be written is the lowest one.
                let units = |ceiling: Money| u64::try_from(ceiling.amount.trunc()).unwrap_or_default();
                (ceiling.map(units), None)
            }
            Means::Mor { device_ip, .. } => (None, device_ip.map(|ip| ThreeDs { ip: ip.to_string() })),
            Means::Deposit | Means::Byoa => (None, None),
        };
        Self {
            order_no: payment.order.as_str(),
            payment_method: payment.means.method().number(),
            support_credit_trans_payment: matches!(payment.means, Means::Vcc { .. }).then_some("1"),
            credit_card: payment.means.card().map(|card| CreditCard::of(card, limit, ip, mask)),
        }
    }
}

impl<'a> CreditCard<'a> {
    fn of(card: &'a Card, payment_limit: Option<u64>, three_ds: Option<ThreeDs>, mask: bool) -> Self {
        let number = mask.then(|| {
            let stars = "*".repeat(card.number.len().saturating_sub(4));
            format!("{stars}{}", card.number.masked().last_four())
        });
        let billing = &card.billing;
        Self {
            card_number: Digits { secret: &card.number, masked: number },
            card_cvv: card
                .cvv
                .as_ref()
                .map(|cvv| Digits { secret: cvv, masked: mask.then(|| "*".repeat(cvv.len())) }),
            card_expire_month: format!("{:02}", card.expiry.month),
            card_expire_year: format!("{:04}", card.expiry.year),
            card_holder_last_name: &card.last_name,
            card_holder_first_name: &card.first_name,
            card_holder_country: billing.country.as_deref(),
            card_holder_province: billing.province.as_deref(),
            card_holder_city: billing.city.as_deref(),
            card_holder_post_code: billing.post_code.as_deref(),
            card_holder_address: billing.street.as_deref(),
            reusable: card.reusable,
            payment_limit,
            three_ds,
        }
    }
}

/// Room for the whole body, so that the buffer never moves and leaves a copy of the card behind.
fn room(payment: &Payment) -> usize {
    let texts = payment.means.card().map_or(0, |card| {
        let Card { first_name, last_name, billing, .. } = card;
        let BillingAddress { country, province, city, post_code, street } = billing;
        let given = [country, province, city, post_code, street];
        first_name.len() + last_name.len() + given.into_iter().flatten().map(String::len).sum::<usize>()
    });
    ROOM + LONGEST_ESCAPE * texts
}

/// The body as it is sent, in memory that is wiped.
pub fn body(payment: &Payment) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(room(payment)));
    // Writing plain texts and numbers into memory cannot fail.
    let _written = serde_json::to_writer(&mut *bytes, &Body::of(payment, false));
    bytes
}

/// The same in one line, as it would leave.
pub fn masked_line(payment: &Payment) -> String {
    serde_json::to_string(&Body::of(payment, true)).unwrap_or_default()
}

/// The body as people may see it: the card number but for its last four digits, and the security code, are stars.
pub fn masked_body(payment: &Payment) -> String {
    serde_json::to_string_pretty(&Body::of(payment, true)).unwrap_or_default()
}

impl Client {
    /// Sends `pay.do`, once. Whatever is not proof of "not sent" or a complete verdict is a doubt.
    pub async fn pay(&self, payment: &Payment) -> Sent {
        let bytes = Bytes::from_owner(body(payment));
        match self.pays.post("pay.do", bytes, OTHER_LIMIT).await {
            Err(failure) => failure.into_sent(&self.pays).map_or_else(Sent::Doubt, Sent::Not),
            Ok(fetched) => match verdict(fetched.http, &fetched.body, Some(payment.order)) {
                Ok((status, msg)) => Sent::Answered { status, msg },
                Err(doubt) => Sent::Doubt(doubt),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        card::{CardNumber, Cvv, Expiry},
        money::Currency,
    };

    const NO: &str = "TESTA20261109101530482";

    fn card(name: &str) -> Card {
        Card {
            number: CardNumber::parse("4532015112830366").unwrap(),
            cvv: Cvv::parse("739"),
            expiry: Expiry::parse("3", "31").unwrap(),
            first_name: name.to_owned(),
            last_name: "OKAFOR".to_owned(),
            billing: BillingAddress { country: Some("NG".to_owned()), ..BillingAddress::default() },
            reusable: true,
        }
    }

    fn vcc(name: &str, ceiling: Option<&str>) -> Payment {
        let money = |amount: &str| Money::new(amount.parse().unwrap(), Currency::parse("PHP").unwrap());
        Payment {
            order: NO.parse().unwrap(),
            means: Means::Vcc { card: card(name), ceiling: ceiling.map(money) },
            amount: money("6900"),
            old_payment_seen: false,
        }
    }

    #[test]
    fn a_ceiling_is_never_lost_on_the_way() {
        let check = |ceiling: Option<&str>, want: &str| {
            let body = body(&vcc("ADA", ceiling));
            let body = std::str::from_utf8(&body).unwrap();
            assert!(body.contains(&format!(r#""paymentLimit":{want},"#)), "{ceiling:?}: {body}");
        };
        check(None, "null");
        check(Some("7107"), "7107");
        check(Some("7106.99"), "7106");
        check(Some("-1"), "0");
        check(Some("79228162514264337593543950335"), "0");
    }

    #[test]
    fn the_buffer_never_moves_and_so_leaves_no_copy_of_the_card() {
        let payment = vcc(&"\u{1}".repeat(5_000), None);
        let bytes = body(&payment);
        assert!(bytes.len() > 4 * ROOM, "the sample is too short to tell");
        assert_eq!(bytes.capacity(), room(&payment));
    }
}
