//! `paydesk webhook`.

use clap::{Args, Subcommand};

/// `paydesk webhook`
#[derive(Args, Debug)]
pub struct WebhookArgs {
    /// What to do
    #[command(subcommand)]
    pub what: WebhookCommand,
}

/// What to do about webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// The secret path of this desk's listener, to be put behind the address of your reverse proxy
    Path,
    /// Have the vendor send the account's events to an address; it replaces the one that was registered before
    Register {
        /// The whole address: https, and with the secret path
        url: String,
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
}
