//! The strict verdict on the answer to a call with an effect: whatever is not complete and clear is a doubt.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::field::{Field, document};
use crate::domain::{attempt::Doubt, mask::mask, order::OrderNo, text::Text};

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
}
