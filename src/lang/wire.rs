//! What went wrong on the way to the API, in words. Texts are in `assets/lang/wire.toml`.

use super::{Lang, system, template::fill};
use crate::domain::read_error::{Page, PageKind, ProxyFault, ReadError};

/// Why a read brought nothing.
pub fn read_error(lang: Lang, error: &ReadError) -> String {
    let values = match error {
        ReadError::Unreachable { host, reason } => {
            vec![("host", host.clone()), ("reason", transport(lang, reason))]
        }
        ReadError::NoProxy { proxy, fault } => {
            vec![("proxy", proxy.clone()), ("fault", proxy_fault(lang, fault))]
        }
        ReadError::NoAnswer(reason) => vec![("reason", transport(lang, reason))],
        ReadError::NotTheApi(reason) => vec![("reason", reason.clone())],
        ReadError::Unauthorised { code, msg } => vec![("code", code.to_string()), ("msg", msg.to_string())],
        ReadError::Limited { retry_after_s } => vec![("seconds", retry_after_s.to_string())],
        ReadError::NoSuchOrder => Vec::new(),
        ReadError::Refused { status, msg } => vec![("status", status.to_string()), ("msg", msg.to_string())],
        ReadError::ForeignPage(page) => foreign(lang, page),
    };
    fill(lang, "wire", error.word(), &values)
}

/// What the system or the library says of a connection, as far as it is known what that means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Name,
    Certificate,
    Refused,
    TimedOut,
    Closed,
    Network,
}

impl Trouble {
    fn of(reason: &str) -> Option<Self> {
        let reason = reason.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        if says(&["dns", "resolve", "lookup", "name or service"]) {
            Some(Self::Name)
        } else if says(&["certificate", "tls", "handshake"]) {
            Some(Self::Certificate)
        } else if says(&["connection refused"]) {
            Some(Self::Refused)
        } else if says(&["timed out", "time-out", "timeout", "in time"]) {
            Some(Self::TimedOut)
        } else if says(&["reset", "closed", "broken pipe", "unexpected end of file", "unexpected eof"]) {
            Some(Self::Closed)
        } else if says(&["network is unreachable", "no route to host"]) {
            Some(Self::Network)
        } else {
            None
        }
    }
}

/// Why a connection failed, in words; what is not known stays as the system said it.
fn transport(lang: Lang, reason: &str) -> String {
    let Some(trouble) = Trouble::of(reason) else { return system::cause(lang, reason) };
    lang.text(match trouble {
        Trouble::Name => "transport.name",
        Trouble::Certificate => return lang.fill("transport.certificate", &[("reason", &reason)]),
        Trouble::Refused => "transport.refused",
        Trouble::TimedOut => "transport.timed_out",
        Trouble::Closed => "transport.closed",
        Trouble::Network => "transport.network",
    })
    .to_owned()
}

fn proxy_fault(lang: Lang, fault: &ProxyFault) -> String {
    match fault {
        ProxyFault::Unreachable(reason) => transport(lang, reason),
        ProxyFault::WantsPassword => lang.text("proxy.wants_password").to_owned(),
        ProxyFault::Refused => lang.text("proxy.refused").to_owned(),
        ProxyFault::Closed => lang.text("proxy.closed").to_owned(),
    }
}

fn foreign(lang: Lang, page: &Page) -> Vec<(&'static str, String)> {
    let what = match &page.kind {
        PageKind::Html => lang.text("page.html").to_owned(),
        PageKind::Redirect(None) => lang.text("page.redirect").to_owned(),
        PageKind::Redirect(Some(to)) => lang.fill("page.redirect_to", &[("to", to)]),
        PageKind::Empty => lang.text("page.empty").to_owned(),
        PageKind::Other => lang.text("page.other").to_owned(),
    };
    let kind = page.content_type.as_ref().map(ToString::to_string);
    let kind = kind.unwrap_or_else(|| lang.text("wire.no_type").to_owned());
    vec![("what", what), ("http", page.http.to_string()), ("type", kind)]
}

/// What mends it.
pub fn read_mend(lang: Lang, error: &ReadError) -> &'static str {
    lang.text(mend(error))
}

fn mend(error: &ReadError) -> &'static str {
    match error {
        ReadError::Unreachable { reason, .. } => match Trouble::of(reason) {
            Some(Trouble::Name) => "mend_wire.dns",
            Some(Trouble::Certificate) => "mend_wire.tls",
            Some(Trouble::Refused) => "mend_wire.nobody",
            Some(Trouble::TimedOut | Trouble::Closed | Trouble::Network) | None => "mend_wire.network",
        },
        ReadError::NoProxy { fault, .. } => match fault {
            ProxyFault::Unreachable(_) => "mend_wire.proxy",
            ProxyFault::WantsPassword => "mend_wire.proxy_password",
            ProxyFault::Refused | ProxyFault::Closed => "mend_wire.proxy_refused",
        },
        ReadError::ForeignPage(page) if page.http == 407 => "mend_wire.proxy_password",
        ReadError::ForeignPage(page) if page.http >= 500 => "mend_wire.gateway",
        ReadError::ForeignPage(_) => "mend_wire.page",
        ReadError::Unauthorised { .. } => "mend_wire.unauthorised",
        ReadError::NotTheApi(_) => "mend_wire.not_the_api",
        ReadError::Limited { .. } => "mend_wire.limited",
        ReadError::NoSuchOrder => "mend_wire.no_such_order",
        ReadError::NoAnswer(_) => "mend_wire.again",
        ReadError::Refused { .. } => "mend_wire.refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(http: u16, kind: PageKind) -> ReadError {
        let content_type = Some("text/html".into());
        ReadError::ForeignPage(Page { http, content_type, kind, retry_after_s: None })
    }

    #[test]
    fn each_way_of_not_being_answered_has_its_mend() {
        let unreachable =
            |reason: &str| ReadError::Unreachable { host: "h:443".into(), reason: reason.into() };
        let proxy = |fault| ReadError::NoProxy { proxy: "p:3128".into(), fault };
        let check = |error: ReadError, want: &str| assert_eq!(mend(&error), want, "{error:?}");
        check(unreachable("dns error: failed to lookup address information"), "mend_wire.dns");
        check(unreachable("Connection refused (os error 111)"), "mend_wire.nobody");
        check(unreachable("invalid peer certificate: Expired"), "mend_wire.tls");
        check(unreachable("operation timed out"), "mend_wire.network");
        check(proxy(ProxyFault::Unreachable("Connection refused".into())), "mend_wire.proxy");
        check(proxy(ProxyFault::WantsPassword), "mend_wire.proxy_password");
        check(proxy(ProxyFault::Refused), "mend_wire.proxy_refused");
        check(page(403, PageKind::Html), "mend_wire.page");
        check(page(407, PageKind::Empty), "mend_wire.proxy_password");
        check(page(502, PageKind::Html), "mend_wire.gateway");
        check(ReadError::Unauthorised { code: 900, msg: "".into() }, "mend_wire.unauthorised");
        check(ReadError::NotTheApi("no status".into()), "mend_wire.not_the_api");
    }

    #[test]
    fn what_the_system_says_of_a_connection_is_said_in_words() {
        let check = |reason: &str, en: &str, zh: &str| {
            assert_eq!((&*transport(Lang::En, reason), &*transport(Lang::ZhCn, reason)), (en, zh));
        };
        check("Connection refused (os error 111)", "connection refused", "连接被拒绝");
        check("Connection reset by peer (os error 104)", "connection closed", "连接已关闭");
        check("connection closed before message completed", "connection closed", "连接已关闭");
        check("time-out", "no answer in time", "超时无答复");
        check("no connection in time", "no answer in time", "超时无答复");
        check(
            "failed to lookup address information: Name or service not known",
            "host name not found",
            "找不到主机名",
        );
        check(
            "invalid peer certificate: UnknownIssuer",
            "certificate not trusted (invalid peer certificate: UnknownIssuer)",
            "证书不受信任（invalid peer certificate: UnknownIssuer）",
        );
        check("Network is unreachable (os error 101)", "no network", "没有网络");
        check("out of files", "out of files", "out of files");
        let unreachable = ReadError::Unreachable {
            host: "h:443".into(),
            reason: "Connection refused (os error 111)".into(),
        };
        assert_eq!(read_error(Lang::En, &unreachable), "server h:443 not reachable: connection refused");
        assert_eq!(read_error(Lang::ZhCn, &unreachable), "服务器 h:443 无法连接：连接被拒绝");
    }

    #[test]
    fn every_failure_is_said_in_both_languages_and_no_gap_is_left() {
        let errors = [
            ReadError::Unreachable { host: "h".into(), reason: "no route".into() },
            ReadError::NoProxy { proxy: "p:1".into(), fault: ProxyFault::Closed },
            ReadError::NoProxy { proxy: "p:1".into(), fault: ProxyFault::Refused },
            ReadError::NoProxy { proxy: "p:1".into(), fault: ProxyFault::WantsPassword },
            ReadError::NoAnswer("cut".into()),
            ReadError::Unauthorised { code: 401, msg: "no".into() },
            ReadError::Limited { retry_after_s: 7 },
            ReadError::NoSuchOrder,
            ReadError::Refused { status: 705, msg: "slow".into() },
            page(200, PageKind::Html),
            page(302, PageKind::Redirect(Some("login.example".into()))),
            page(302, PageKind::Redirect(None)),
            page(200, PageKind::Empty),
            page(200, PageKind::Other),
            ReadError::NotTheApi("no status".into()),
        ];
        for error in errors {
            let (en, zh) = (read_error(Lang::En, &error), read_error(Lang::ZhCn, &error));
            assert_eq!(en, error.to_string(), "the log and the screen say the same");
            assert!(!zh.is_empty() && !zh.contains('{') && zh != en, "{zh}");
            assert_ne!(read_mend(Lang::En, &error), read_mend(Lang::ZhCn, &error));
        }
    }
}
