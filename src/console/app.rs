//! The console without a terminal: the model, the Ui, and the one way in for whatever happens.

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    aside::Aside,
    message::{Effect, Message},
    model::{Model, Setup, When},
    picture::Picture,
    theme::Rgb,
    ui::Ui,
    update::{left, restore, update},
    view::{self, layout},
    wake,
    workspace::Workspace,
};
use crate::{
    desk::hub::Update,
    domain::{attempt::AttemptId, case::Case},
};

/// Where ids of payments come from. Each one is given out once.
type Ids = Box<dyn FnMut() -> AttemptId>;

/// So many orders of memory are taken in between two keys.
const REMEMBERED_AT_ONCE: usize = 8_192;

/// The console's core.
pub struct Console {
    /// What the desk said, the set-up, and the time.
    pub model: Model,
    /// What the operator is doing.
    pub ui: Ui,
    /// What the terminal said that it paints.
    background: Option<Rgb>,
    /// What the desk remembers and was not taken in yet: a slice at a time, so that no key waits for all of it.
    memory: VecDeque<Arc<Case>>,
    ids: Ids,
}

impl Console {
    /// A console that knows nothing yet, on a terminal of `size` columns and rows. A payment takes its id from `ids`.
    pub fn new(
        setup: Setup,
        size: (u16, u16),
        now: Timestamp,
        ids: impl FnMut() -> AttemptId + 'static,
    ) -> Self {
        let mut ui = Ui::new(setup.lang, size);
        ui.mouse.is_ours = setup.mouse;
        ui.list.set_up(setup.queues.clone(), setup.zone.clone(), now);
        Self {
            model: Model::new(setup, now),
            ui,
            background: None,
            memory: VecDeque::new(),
            ids: Box::new(ids),
        }
    }

    /// What is looked at is kept from now on, and begins as it was left, if that is known.
    pub fn restore(&mut self, before: Option<&Workspace>) {
        if !restore(&mut self.ui, &self.model, before) {
            let text = self.ui.lang.text("left.in_part").to_owned();
            self.ui.log(text, true, self.model.now());
        }
    }

    /// What has not been kept yet, as the console is left.
    pub fn left(&mut self) -> Option<Workspace> {
        left(&mut self.ui, &self.model)
    }

    /// Something happened; returns what is to be done outside.
    pub fn on_message(&mut self, message: Message, when: When) -> Vec<Effect> {
        self.model.time = when;
        if let Message::Aside(Aside::Story(turn)) = &message {
            self.model.on_story(*turn);
        }
        if let Message::Aside(Aside::Reloaded(reload)) = &message {
            self.model.on_reload(reload, self.background);
        }
        update(&mut self.ui, &self.model, message, &mut self.ids)
    }

    /// The desk said something; returns what is to be done outside.
    pub fn on_news(&mut self, news: Update, when: When) -> Vec<Effect> {
        self.model.time = when;
        self.memory.extend(news.remembered);
        let slice = self.memory.drain(..self.memory.len().min(REMEMBERED_AT_ONCE)).collect();
        if self.memory.is_empty() {
            self.memory = VecDeque::new();
        }
        let changes = self.model.apply(Update { remembered: slice, ..news });
        self.on_message(Message::Changed(Box::new(changes)), when)
    }

    /// True while the list has more to do than a key should wait for.
    pub fn has_more_to_do(&self) -> bool {
        !self.memory.is_empty() || self.ui.list.has_more_to_do()
    }

    /// Does a slice of that; returns what is to be done outside, if it was the last that changes the picture.
    pub fn go_on(&mut self, when: When) -> Option<Vec<Effect>> {
        self.model.time = when;
        if !self.memory.is_empty() {
            return Some(self.on_news(Update::default(), when));
        }
        let was_looking = self.ui.list.is_looking();
        self.ui.list.go_on(&self.model.standstill);
        (was_looking && !self.ui.list.is_looking()).then(|| self.on_message(Message::Looked, when))
    }

    /// The terminal has said what its background is.
    pub fn on_background(&mut self, background: Rgb) {
        self.background = Some(background);
        let setup = &mut self.model.setup;
        let theme = setup.by_background.take().map(|themes| themes.on(background));
        if let Some(theme) = theme.filter(|theme| *theme != setup.theme) {
            setup.theme = theme;
            self.ui.redraw();
        }
    }

    /// Something that the loop itself has to say.
    pub fn say(&mut self, text: String, is_error: bool) {
        self.ui.say(text, is_error, self.model.now());
        self.ui.redraw();
    }

    /// What is to be drawn.
    pub fn picture(&self) -> Picture<'_> {
        Picture { model: &self.model, ui: &self.ui }
    }

    /// Draws the whole screen; returns where the cursor stands, if a field has the focus.
    pub fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        view::draw(self.picture(), buffer)
    }

    /// True if the table may be drawn before, or without, what belongs to the selected order, see [`Self::draw_table`].
    pub fn has_only_moved(&self) -> bool {
        let areas = layout::areas(self.picture());
        // Below it, the detail has its upper frame in common with it.
        self.ui.only_moved && (areas.beside || areas.detail.is_none())
    }

    /// True while all but the table waits for the selection to come to rest.
    pub fn is_moving(&self) -> bool {
        self.ui.resting.is_some() && self.has_only_moved()
    }

    /// Draws the table anew over the last frame.
    pub fn draw_table(&self, buffer: &mut Buffer) {
        view::draw_table(self.picture(), buffer);
    }

    /// Where the eye is while a key moves the selection: the table.
    pub fn first_seen(&self) -> Rect {
        layout::areas(self.picture()).table
    }

    /// The next moment at which the picture changes by itself; none if it never does.
    pub fn next_wake(&self) -> Option<Timestamp> {
        wake::next_wake(self.picture())
    }
}
