//! The handover of the shift, as the console knows it.

use crate::{
    console::picture::Picture,
    domain::{
        handover::{Handed, Handover, Shift},
        triage::Day,
    },
    export::handover::Pack,
};

impl Picture<'_> {
    /// What the next shift must know, of all orders as they are now, whatever stands in the rows.
    pub(super) fn with_handover<T>(self, say: impl FnOnce(&Pack<'_>) -> T) -> T {
        let (model, wall) = (self.model, self.model.now());
        let setup = &model.setup;
        let today = Day::of(model.server_now(), &setup.zone);
        let orders = model.cases().map(|case| Handed {
            case,
            made: model.successor(case).map(|made| &**made),
            now: model.shown_clocks(case),
        });
        let shift = Shift { who: &setup.author.who, since: today.begins_at(), today: &today, wall };
        say(&Pack {
            stage: setup.stage.word(),
            who: &setup.author.who,
            since: shift.since,
            handover: Handover::new(orders, &shift),
            alerts: self.ui.alerts.watch.unacknowledged(&model.raised, wall),
            troubles: &model.troubles,
            lang: self.lang(),
            zone: &setup.zone,
            now: model.clocks(),
        })
    }
}
