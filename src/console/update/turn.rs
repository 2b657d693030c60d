//! A message while it is handled: what it meets, what it may use, and what it leads to.

use std::fmt::Display;

use crate::{
    console::{
        action::ONE_AT_A_TIME, layer::pay::PayForm, message::Effect, model::Model, picture::Picture, ui::Ui,
        undo::Done,
    },
    desk::hub::Command,
    domain::{attempt::AttemptId, context::PaymentContext},
};

/// One message, being handled.
pub(super) struct Turn<'a> {
    /// What the operator is doing.
    pub(super) ui: &'a mut Ui,
    /// What the desk said, the set-up, and the time.
    pub(super) model: &'a Model,
    /// Gives the payment that this message may begin an id that no other has.
    pub(super) ids: &'a mut dyn FnMut() -> AttemptId,
    /// What is to be done outside.
    pub(super) effects: Vec<Effect>,
    /// It is a key that at most moves the selection.
    pub(super) only_moves: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn picture(&self) -> Picture<'_> {
        Picture { model: self.model, ui: self.ui }
    }

    /// The pay form with what the rules need, if one is open and its order is known.
    pub(super) fn form(&mut self) -> Option<(&mut PayForm, PaymentContext<'a>)> {
        let model = self.model;
        let form = self.ui.layers.form_mut()?;
        let case = model.case(form.order)?;
        Some((form, model.payment_context(case)))
    }

    /// Tells the desk something without that being something to take back.
    pub(super) fn tell(&mut self, command: Command) {
        self.effects.push(Effect::Send(command));
    }

    pub(super) fn send(&mut self, command: Command) {
        if let Some(done) = Done::by(&command, self.model) {
            self.ui.undo.push(done);
        }
        self.tell(command);
    }

    /// Says the text of `key`, at the foot and in the log.
    pub(super) fn say(&mut self, key: &'static str, is_error: bool) {
        let text = self.ui.lang.text(key).to_owned();
        self.say_text(text, is_error);
    }

    /// The same with values in the text.
    pub(super) fn say_with(&mut self, key: &'static str, values: &[(&str, &dyn Display)], is_error: bool) {
        let text = self.ui.lang.fill(key, values);
        self.say_text(text, is_error);
    }

    /// Says why an action is not possible, and what would make it so.
    pub(super) fn say_why(&mut self, why: &'static str) {
        let text = self.picture().why(why);
        // Esc is to clear the marks at once, not this remark first.
        self.say_text(text, why != ONE_AT_A_TIME);
    }

    pub(super) fn say_text(&mut self, text: String, is_error: bool) {
        self.ui.say(text, is_error, self.model.now());
    }

    /// Says something about a key, which is of no interest later.
    pub(super) fn hint(&mut self, text: String) {
        self.ui.hint(text, self.model.now());
    }

    /// Writes a line into the log alone.
    pub(super) fn log(&mut self, text: String, is_error: bool) {
        self.ui.log(text, is_error, self.model.now());
    }
}
