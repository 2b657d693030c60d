//! Why a check brought nothing, as it is written.

use serde::{Deserialize, Serialize};

use crate::domain::{
    read_error::{Page, PageKind, ProxyFault, ReadError},
    text::Text,
};

/// A [`ReadError`], field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ReadErrorRecord {
    /// See [`ReadError::Unreachable`].
    Unreachable {
        /// Host and port.
        host: String,
        /// What the connection said.
        reason: String,
    },
    /// See [`ReadError::NoProxy`].
    NoProxy {
        /// Host and port.
        proxy: String,
        /// What it did instead.
        fault: FaultRecord,
    },
    /// See [`ReadError::NoAnswer`].
    NoAnswer {
        /// What the connection said.
        reason: String,
    },
    /// See [`ReadError::Unauthorised`].
    Unauthorised {
        /// The status that said so.
        code: i64,
        /// The vendor's words.
        msg: String,
    },
    /// See [`ReadError::Limited`].
    Limited {
        /// Seconds to be silent.
        seconds: u32,
    },
    /// See [`ReadError::NoSuchOrder`].
    NoSuchOrder,
    /// See [`ReadError::Refused`].
    Refused {
        /// `status` of the body.
        status: i64,
        /// The vendor's words.
        msg: String,
    },
    /// See [`ReadError::ForeignPage`].
    ForeignPage {
        /// Its HTTP status.
        http: u16,
        /// Its content type.
        content_type: Option<String>,
        /// What it is.
        page: PageRecord,
        /// Seconds to be silent.
        seconds: Option<u32>,
    },
    /// See [`ReadError::NotTheApi`].
    NotTheApi {
        /// What is wrong with it.
        reason: String,
    },
}

/// A [`ProxyFault`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultRecord {
    /// With what the connection said.
    Unreachable(String),
    /// It wants a user and a password.
    WantsPassword,
    /// It refused.
    Refused,
    /// It closed the connection.
    Closed,
}

/// A [`PageKind`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PageRecord {
    /// A web page.
    Html,
    /// A redirect, with the host that it leads to.
    Redirect(Option<String>),
    /// No body.
    Empty,
    /// Something else.
    Other,
}

impl ReadErrorRecord {
    pub(super) fn of(error: &ReadError) -> Self {
        let text = |text: &Text| text.to_string();
        match error.clone() {
            ReadError::Unreachable { host, reason } => Self::Unreachable { host, reason },
            ReadError::NoProxy { proxy, fault } => {
                let fault = match fault {
                    ProxyFault::Unreachable(reason) => FaultRecord::Unreachable(reason),
                    ProxyFault::WantsPassword => FaultRecord::WantsPassword,
                    ProxyFault::Refused => FaultRecord::Refused,
                    ProxyFault::Closed => FaultRecord::Closed,
                };
                Self::NoProxy { proxy, fault }
            }
            ReadError::NoAnswer(reason) => Self::NoAnswer { reason },
            ReadError::Unauthorised { code, msg } => Self::Unauthorised { code, msg: text(&msg) },
            ReadError::Limited { retry_after_s } => Self::Limited { seconds: retry_after_s },
            ReadError::NoSuchOrder => Self::NoSuchOrder,
            ReadError::Refused { status, msg } => Self::Refused { status, msg: text(&msg) },
            ReadError::ForeignPage(Page { http, content_type, kind, retry_after_s }) => {
                let page = match kind {
                    PageKind::Html => PageRecord::Html,
                    PageKind::Redirect(to) => PageRecord::Redirect(to.as_ref().map(text)),
                    PageKind::Empty => PageRecord::Empty,
                    PageKind::Other => PageRecord::Other,
                };
                let content_type = content_type.as_ref().map(text);
                Self::ForeignPage { http, content_type, page, seconds: retry_after_s }
            }
            ReadError::NotTheApi(reason) => Self::NotTheApi { reason },
        }
    }

    pub(super) fn read(&self) -> ReadError {
        let text = |text: String| Text::new(&text);
        match self.clone() {
            Self::Unreachable { host, reason } => ReadError::Unreachable { host, reason },
            Self::NoProxy { proxy, fault } => {
                let fault = match fault {
                    FaultRecord::Unreachable(reason) => ProxyFault::Unreachable(reason),
                    FaultRecord::WantsPassword => ProxyFault::WantsPassword,
                    FaultRecord::Refused => ProxyFault::Refused,
                    FaultRecord::Closed => ProxyFault::Closed,
                };
                ReadError::NoProxy { proxy, fault }
            }
            Self::NoAnswer { reason } => ReadError::NoAnswer(reason),
            Self::Unauthorised { code, msg } => ReadError::Unauthorised { code, msg: text(msg) },
            Self::Limited { seconds } => ReadError::Limited { retry_after_s: seconds },
            Self::NoSuchOrder => ReadError::NoSuchOrder,
            Self::Refused { status, msg } => ReadError::Refused { status, msg: text(msg) },
            Self::ForeignPage { http, content_type, page, seconds } => {
                let kind = match page {
                    PageRecord::Html => PageKind::Html,
                    PageRecord::Redirect(to) => PageKind::Redirect(to.map(text)),
                    PageRecord::Empty => PageKind::Empty,
                    PageRecord::Other => PageKind::Other,
                };
                let content_type = content_type.map(text);
                ReadError::ForeignPage(Page { http, content_type, kind, retry_after_s: seconds })
            }
            Self::NotTheApi { reason } => ReadError::NotTheApi(reason),
        }
    }
}
