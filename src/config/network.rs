//! The way to the API: a proxy, and authorities besides those of the system. Both are off unless somebody says so;
//! variables such as `HTTPS_PROXY`, which are meant for any program, are not obeyed.

use std::{fmt, io, path::PathBuf};

use reqwest::Url;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use toml::Value;

use super::readable::Readable;

/// The variables in which other programs find a proxy.
pub const PROXY_VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The address of a proxy. Its user and password are shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(Url);

impl Proxy {
    /// Reads `http://proxy.example:3128`, `https://…`, or the same without a scheme; with a user and a password or not.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let url = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&url).ok()?;
        let is_an_address = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        is_an_address.then_some(Self(url))
    }

    /// The whole address, with user and password if it has them.
    pub fn url(&self) -> &Url {
        &self.0
    }

    fn has_secret(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = if self.has_secret() { "***@" } else { "" };
        let host = self.0.host_str().unwrap_or_default();
        write!(f, "{}://{secret}{host}", self.0.scheme())?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Readable for Proxy {
    fn expected() -> String {
        "the address of a proxy such as \"http://proxy.example:3128\" (http or https, no path; a user and a password only in PAYDESK_PROXY)".into()
    }
    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?).filter(|proxy| !proxy.has_secret())
    }
    fn describe(value: &Value) -> Option<String> {
        // A password may stand in it.
        value.as_str().is_some_and(|text| text.contains('@')).then(|| "an address with a user".into())
    }
}

/// Certificates of authorities that are trusted besides the system's.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorities {
    /// The file that they were read from.
    pub path: PathBuf,
    /// The certificates.
    pub certificates: Vec<CertificateDer<'static>>,
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.path.display(), self.certificates.len())
    }
}

impl Authorities {
    /// Reads a PEM file with one certificate or more. The error says what is wrong with it.
    pub(super) fn read(path: PathBuf) -> Result<Self, String> {
        let wrong = |what: &dyn fmt::Display| {
            Err(format!("{}: {what}; expected a PEM file with certificates of authorities", path.display()))
        };
        let pem = match std::fs::read(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return wrong(&"there is no such file"),
            Err(error) => return wrong(&error),
        };
        let Ok(certificates) = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>() else {
            return wrong(&"a certificate in it cannot be read");
        };
        let mut store = RootCertStore::empty();
        if certificates.iter().any(|certificate| store.add(certificate.clone()).is_err()) {
            return wrong(&"a certificate in it cannot be read");
        }
        if certificates.is_empty() {
            return wrong(&"there is no certificate in it");
        }
        Ok(Self { path, certificates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address_and_its_password_is_never_shown() {
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(
                Proxy::parse(text).map(|proxy| format!("{proxy} {proxy:?}")).as_deref(),
                want,
                "{text}"
            );
        };
        check("http://proxy.example:3128", Some("http://proxy.example:3128 http://proxy.example:3128"));
        check(" proxy.example:3128/ ", Some("http://proxy.example:3128 http://proxy.example:3128"));
        check("https://proxy.example", Some("https://proxy.example https://proxy.example"));
        check("http://me:hush@10.0.0.1:80", Some("http://***@10.0.0.1 http://***@10.0.0.1"));
        check("[::1]:3128", Some("http://[::1]:3128 http://[::1]:3128"));
        for text in
            ["", "http://", "socks5://proxy.example:1080", "http://proxy.example/path", "http://p?x", "a b"]
        {
            check(text, None);
        }
    }
}
