//! The single send of `pay.do`: exactly the fields that the method needs, and a strict verdict on the answer.

use bytes::Bytes;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{
    Client, OTHER_LIMIT,
    field::{Field, document},
};
use crate::domain::{
    attempt::{Doubt, Sent},
    card::{BillingAddress, Card, SecretDigits},
    mask::mask,
    money::Money,
    order::OrderNo,
    payment::{Means, Payment},
    text::Text,
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
pub(super) fn verdict(
    http: StatusCode,
    body: &[u8],
    order: Option<OrderNo>,
) -> Result<(i64, Option<Text>), Doubt> {
    if http != StatusCode::OK {
        return Err(Doubt::Http(http.as_u16()));
    }
    let verdict: Verdict<'_> = document(body).map_err(|error| Doubt::Unreadable(mask(&error.to_string())))?;
    // Strict where it decides: "0" and 0.0 are not a verdict.
    let status = verdict
        .status
        .get()
        .parse::<i64>()
        .map_err(|_| Doubt::Unreadable("status is not an integer".into()))?;
    if let Some(ours) = order.filter(|_| verdict.order_no.is_there()) {
        let theirs = verdict.order_no.text().unwrap_or_default();
        if *theirs != *ours.as_str() {
            return Err(Doubt::Unreadable(mask(&format!("an answer about {theirs:?}"))));
        }
    }
    Ok((status, verdict.msg.words()))
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
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        card::{CardNumber, Cvv, Expiry},
        money::Currency,
    };

    const NO: &str = "TESTA20261109101530482";

    fn read(body: &[u8]) -> Result<i64, Doubt> {
        verdict(StatusCode::OK, body, Some(NO.parse().unwrap())).map(|(status, _)| status)
    }

    #[test]
    fn only_one_complete_object_with_an_integer_status_decides() {
        let check = |body: &[u8], want: i64| assert_eq!(read(body), Ok(want), "{}", body.escape_ascii());
        check(br#"{"status":0}"#, 0);
        check(b" \r\n{\"msg\":null,\"orderNo\":null,\"status\": 604 }\n", 604);
        check(br#"{"status":0,"orderNo":"TESTA20261109101530482","airlines":["5J"],"new":{"status":1}}"#, 0);
        check(br#"{"status":-1,"msg":7}"#, -1);
    }

    #[test]
    fn whatever_else_comes_is_a_doubt() {
        let check = |body: &[u8]| {
            let got = read(body);
            assert!(matches!(got, Err(Doubt::Unreadable(_))), "{}: {got:?}", body.escape_ascii());
        };
        // Not an object.
        for body in ["", "0", "null", "[]", "[0]", "[0,null,null]", "[{\"status\":0}]", "<html>0</html>"] {
            check(body.as_bytes());
        }
        // No integer, or none that can be relied on.
        for status in ["\"0\"", "0.0", "0e0", "null", "false", "[0]", "{}", "00", "+0", "9223372036854775808"]
        {
            check(format!(r#"{{"status":{status}}}"#).as_bytes());
        }
        check(br#"{"msg":"success"}"#);
        check(br#"{"code":429,"retryAfter":1}"#);
        check(br#"{"status":0,"status":0}"#);
        check(br#"{"status":0,"st\u0061tus":604}"#);
        // Not complete, or followed by something.
        check(br#"{"status":0"#);
        check(br#"{"status":0}}"#);
        check(br#"{"status":0}{"status":0}"#);
        // Not text.
        check(b"\xef\xbb\xbf{\"status\":0}");
        check(b"{\"status\":0,\"note\":\"\xff\"}");
        // About another order, or about something that is no order.
        for echo in
            ["\"TESTA20261109101530483\"", "\"\"", "{}", "[]", "0", "\"TESTA2026110910153048\\u200b2\""]
        {
            check(format!(r#"{{"status":0,"orderNo":{echo}}}"#).as_bytes());
        }
        check(format!(r#"{{"status":0,"orderNo":null,"orderNo":"{NO}"}}"#).as_bytes());
    }

    #[test]
    fn no_http_status_but_200_decides() {
        for http in [201, 204, 302, 400, 401, 403, 429, 500, 502] {
            let got = verdict(StatusCode::from_u16(http).unwrap(), br#"{"status":0}"#, None);
            assert_eq!(got, Err(Doubt::Http(http)));
        }
    }

    proptest! {
        #[test]
        fn an_answer_cut_anywhere_is_a_doubt(cut in 0_usize..68) {
            let whole = br#"{"status":0,"msg":"success","orderNo":"TESTA20261109101530482"}     "#;
            let end = whole.trim_ascii_end().len();
            let body = whole.get(..cut).unwrap();
            prop_assert_eq!(read(body).is_ok(), cut >= end);
        }

        #[test]
        fn every_integer_is_read_as_itself(status: i64) {
            prop_assert_eq!(read(format!(r#"{{"status":{status}}}"#).as_bytes()), Ok(status));
        }
    }

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
            traveller_confirmed: false,
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
