//! stub
#![allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Live,
    Sandbox,
    Demo,
}
impl Stage {
    pub fn word(self) -> &'static str {
        "DEMO"
    }
}
