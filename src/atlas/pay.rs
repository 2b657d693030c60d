//! The single send of `pay.do`: exactly the fields that the method needs, and a strict verdict on the answer.

use bytes::Bytes;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Client, OTHER_LIMIT, field::Field, transport::Fetched};
use crate::domain::{
    attempt::{Doubt, Sent},
    card::{Card, SecretDigits},
    order::OrderNo,
    payment::{Means, Payment},
    text::Text,
};

/// Room for any request, so that the buffer never moves and leaves a copy of the card behind.
const ROOM: usize = 4_096;

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
                (ceiling.and_then(|ceiling| u64::try_from(ceiling.amount.trunc()).ok()), None)
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

/// The body as it is sent, in memory that is wiped.
pub fn body(payment: &Payment) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    // Writing plain texts and numbers into memory cannot fail.
    let _written = serde_json::to_writer(&mut *bytes, &Body::of(payment, false));
    bytes
}

/// The body as people may see it: the card number but for its last four digits, and the security code, are stars.
pub fn masked_body(payment: &Payment) -> String {
    serde_json::to_string_pretty(&Body::of(payment, true)).unwrap_or_default()
}

/// What decides. Anything else in the answer is ignored; a key that stands twice makes it unreadable.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict<'a> {
    #[serde(borrow)]
    status: &'a RawValue,
    #[serde(default)]
    msg: Field<'a>,
    #[serde(default)]
    order_no: Field<'a>,
}

/// `status` and `msg` of an answer that decides: HTTP 200 with one complete JSON object whose `status` is an integer,
/// and which is about `order` if it names one.
pub(super) fn verdict(fetched: &Fetched, order: Option<OrderNo>) -> Result<(i64, Option<Text>), Doubt> {
    if fetched.http != StatusCode::OK {
        return Err(Doubt::Http(fetched.http.as_u16()));
    }
    let verdict: Verdict<'_> =
        serde_json::from_slice(&fetched.body).map_err(|error| Doubt::Unreadable(error.to_string()))?;
    // Strict where it decides: "0" and 0.0 are not a verdict.
    let status = verdict
        .status
        .get()
        .parse::<i64>()
        .map_err(|_| Doubt::Unreadable("status is not an integer".into()))?;
    if let (Some(ours), Some(theirs)) = (order, verdict.order_no.text())
        && *theirs != *ours.as_str()
    {
        return Err(Doubt::Unreadable(format!("an answer about {theirs}")));
    }
    Ok((status, verdict.msg.text()))
}

impl Client {
    /// Sends `pay.do`, once. Whatever is not proof of "not sent" or a complete verdict is a doubt.
    pub async fn pay(&self, payment: &Payment) -> Sent {
        let bytes = Bytes::from_owner(body(payment));
        match self.pays.post("pay.do", bytes, OTHER_LIMIT).await {
            Err(failure) => failure.into_sent().map_or_else(Sent::Doubt, Sent::Not),
            Ok(fetched) => match verdict(&fetched, Some(payment.order)) {
                Ok((status, msg)) => Sent::Answered { status, msg },
                Err(doubt) => Sent::Doubt(doubt),
            },
        }
    }
}
