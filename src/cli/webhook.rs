//! `paydesk webhook`: the secret path, and registering an address with the vendor for the whole account.

use jiff::Timestamp;

use super::{
    args::{WebhookArgs, WebhookCommand},
    confirm::Asker,
    exit::{Exit, Failure},
    output::line,
    session,
};
use crate::{
    atlas::CallOutcome,
    config::Settings,
    desk::hub::{Command, Handle},
    domain::{story::OperatorAction, text::Text},
    journal::{BlockingJournal, Fact},
    webhook::{self, Secrets, SecretsError},
};

/// The secrets of the settings' environment.
fn secrets(settings: &Settings) -> Result<Secrets, SecretsError> {
    Secrets::open(&settings.journal_dir().join("webhook-path"))
}

/// Starts the listener if the configuration asks for one. Why it did not start hinders nothing, and is for the caller
/// to say.
pub(super) fn listen(settings: &Settings, handle: &Handle) -> Result<(), String> {
    let Some(address) = settings.webhook.as_ref() else { return Ok(()) };
    let listen = **address;
    let ear = handle.clone();
    let started = secrets(settings).map_err(|error| error.to_string()).and_then(|secrets| {
        // A desk that has ended needs no hints.
        let on_notification = move |notice| {
            let _ended = ear.send(Command::Notification(Box::new(notice)));
        };
        let counter = handle.clone();
        let refuse = move |refusal| {
            let _ended = counter.send(Command::CallRefused(refusal));
        };
        webhook::spawn(webhook::Options { listen, secrets }, on_notification, refuse)
            .map_err(|error| error.to_string())
    });
    started.map(drop).map_err(|reason| format!("{listen}: {reason}"))
}

/// Shows the path, or registers an address.
pub(super) fn run(args: &WebhookArgs, settings: &Settings) -> Result<Exit, Failure> {
    let secrets =
        secrets(settings).map_err(|error| Failure::new(Exit::Usage, "webhook", error.to_string(), ""))?;
    match &args.what {
        WebhookCommand::Path => {
            line(secrets.path())?;
            Ok(Exit::Done)
        }
        WebhookCommand::Register { url, yes } => register(settings, &secrets, url, *yes),
    }
}

fn register(settings: &Settings, secrets: &Secrets, url: &str, yes: bool) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(Failure::new(
            Exit::Refused,
            "read_only",
            lang.text("pay.read_only"),
            lang.text("pay.read_only_mend"),
        ));
    }
    let parsed =
        reqwest::Url::parse(url).ok().filter(|url| url.scheme() == "https" && url.host_str().is_some());
    let Some(parsed) = parsed else {
        let message = lang.fill("webhook.not_https", &[("url", &url)]);
        return Err(Failure::new(Exit::Usage, "webhook", message, ""));
    };
    if !secrets.opens(parsed.path()) {
        let message = lang.fill("webhook.other_path", &[("path", &"paydesk webhook path")]);
        return Err(Failure::new(Exit::Usage, "webhook", message, ""));
    }
    let host = parsed.host_str().unwrap_or_default().to_owned();
    let what = lang.fill("webhook.replaces", &[("stage", &settings.environment.stage), ("host", &host)]);
    if yes {
        eprintln!("{what}");
    } else {
        let Some(mut asker) = Asker::open(false) else {
            let (message, mend) = (lang.text("pay.nobody_to_ask"), lang.text("webhook.nobody_mend"));
            return Err(Failure::new(Exit::Usage, "confirmation_needed", message, mend));
        };
        if asker.ask(&what)?.trim() != host {
            return Err(Failure::new(Exit::Refused, "not_confirmed", lang.text("pay.not_confirmed"), ""));
        }
    }
    let client = session::client(settings)?;
    let mut journal = session::journal(settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match runtime.block_on(client.register_webhook(url)) {
        CallOutcome::Done(()) => {
            // The secret itself is not kept.
            let said = Fact::OperatorAction(OperatorAction::Registered(Text::new(&host)));
            if let Err(error) = journal.append(Timestamp::now(), None, &said) {
                eprintln!("paydesk: {error}");
            }
            // It is registered, whoever reads that.
            let _ = line(lang.fill("webhook.registered", &[("host", &host)]));
            Ok(Exit::Done)
        }
        CallOutcome::Refused { status, msg } => {
            let message = lang.fill("webhook.refused", &[("status", &status), ("msg", &msg)]);
            Err(Failure::new(Exit::Refused, "webhook", message, ""))
        }
        CallOutcome::NotSent(_) => {
            Err(Failure::new(Exit::Unreachable, "unreachable", lang.text("webhook.not_sent"), ""))
        }
        CallOutcome::Doubt(_) => {
            Err(Failure::new(Exit::Refused, "webhook_unknown", lang.text("webhook.unknown"), ""))
        }
    }
}
