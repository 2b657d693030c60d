//! Whether money is real: the word that stands on every screen.

use std::{fmt, net::IpAddr};

use reqwest::Url;

/// The vendor's test system.
pub const SANDBOX_HOST: &str = "sandbox.atriptech.com";

/// How real the money is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Real orders, real money.
    Live,
    /// A test system: the vendor's sandbox, a machine of one's own, or an environment that says `live = false`.
    Sandbox,
    /// The embedded simulator of `paydesk demo`.
    Demo,
}

impl Stage {
    /// The stage of an address: live unless the host is this machine or the vendor's sandbox, or the environment
    /// says itself that it is not live. An environment may also call a loopback address (a tunnel) live.
    pub fn of(base_url: &Url, live: Option<bool>) -> Self {
        let is_known_test_system = is_loopback(base_url) || base_url.host_str() == Some(SANDBOX_HOST);
        if live.unwrap_or(!is_known_test_system) { Self::Live } else { Self::Sandbox }
    }

    /// The word on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "LIVE",
            Self::Sandbox => "SANDBOX",
            Self::Demo => "DEMO",
        }
    }

    /// True when a payment costs money.
    pub fn is_live(self) -> bool {
        self == Self::Live
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// True when the host is this very machine, by a name or address that no resolver can bend elsewhere. The client
/// judges by a rule of its own, since it would be wrong for it to trust ours.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_live_unless_proven_otherwise() {
        let check = |url: &str, live: Option<bool>, want: Stage| {
            assert_eq!(Stage::of(&Url::parse(url).unwrap(), live), want, "{url} {live:?}");
        };
        check("https://api-sg.atriptech.com", None, Stage::Live);
        check("https://sandbox.atriptech.com", None, Stage::Sandbox);
        check("https://SANDBOX.atriptech.com/", None, Stage::Sandbox);
        check("https://sandbox.atriptech.com:8443", None, Stage::Sandbox);
        check("https://sandbox.atriptech.com.evil.example", None, Stage::Live);
        check("https://my-sandbox.atriptech.com", None, Stage::Live);
        check("https://sandbox.atriptech.com@api-sg.atriptech.com", None, Stage::Live);
        check("http://127.0.0.1:8080", None, Stage::Sandbox);
        check("http://127.9.9.9", None, Stage::Sandbox);
        check("http://[::1]:8080", None, Stage::Sandbox);
        check("http://localhost:1", None, Stage::Sandbox);
        check("http://localhost.example:1", None, Stage::Live);
        check("http://10.0.0.1:1", None, Stage::Live);
        check("https://staging.example", Some(false), Stage::Sandbox);
        check("http://127.0.0.1:8080", Some(true), Stage::Live);
        check("https://sandbox.atriptech.com", Some(true), Stage::Live);
    }
}
