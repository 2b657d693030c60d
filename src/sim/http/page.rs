//! Pages for people: the airline's confirmation, and what a gateway shows.

use hyper::{
    Method, StatusCode,
    header::{self, HeaderValue},
};

use super::{
    answer::{Answer, failure, raw},
    asked::Asked,
    server::Server,
};

/// Where travellers confirm; the order number follows.
pub(super) const PATH: &str = "/airline/confirm/";

const HTML: &str = "text/html;charset=UTF-8";

/// `GET` shows the order with a button, `POST` is the button.
pub(super) fn answer(server: &Server, asked: &Asked) -> Answer {
    let order_no = asked.path.strip_prefix(PATH).unwrap_or_default();
    let mut world = server.world.borrow_mut();
    match asked.method {
        Method::GET => match world.find(order_no).filter(|order| order.routing.flies("FR")) {
            Some(order) => {
                let (no, confirmed) = (order.no, order.confirmed);
                let button = if confirmed {
                    "Confirmed."
                } else {
                    "<form method=post><button>Confirm</button></form>"
                };
                let people: Vec<String> = order.travellers.iter().map(|one| escape(&one.name)).collect();
                let text = format!("<h1>Confirm {no}</h1><p>{}</p>{button}", people.join(", "));
                raw(StatusCode::OK, HTML, frame(&text))
            }
            None => raw(StatusCode::NOT_FOUND, HTML, frame("<h1>Nothing to confirm here</h1>")),
        },
        Method::POST => match world.confirm(order_no) {
            Ok(confirmation) => {
                let no = confirmation.order.no;
                let page = frame(&format!("<h1>Confirmed</h1><p>{no} can be paid now.</p>"));
                let joined = confirmation.redirect.map(|uri| {
                    let sign = if uri.contains('?') { '&' } else { '?' };
                    format!("{uri}{sign}AtlasOrderNumber={no}")
                });
                let mut answer = raw(StatusCode::OK, HTML, page);
                if let Some(Ok(uri)) = joined.map(|uri| HeaderValue::from_str(&uri)) {
                    *answer.status_mut() = StatusCode::SEE_OTHER;
                    answer.headers_mut().insert(header::LOCATION, uri);
                }
                answer
            }
            Err(refusal) => {
                let text = format!("<h1>Not confirmed</h1><p>{}</p>", escape(&refusal.msg));
                raw(StatusCode::CONFLICT, HTML, frame(&text))
            }
        },
        _ => failure(StatusCode::METHOD_NOT_ALLOWED, &asked.path),
    }
}

/// What a gateway says when what is behind it is gone.
pub(super) fn gateway(status: u16) -> String {
    format!(
        "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
    )
}

fn frame(text: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Simulated airline</title>\
         <body><p><em>This airline is simulated.</em></p>{text}</body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
