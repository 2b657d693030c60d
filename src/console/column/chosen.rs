//! The columns as an operator wants them: which, in what order, how wide; and the columns that a table shows in the end, with
//! their widths.

use super::{
    AIRLINE, COLUMNS, Column, FLIGHT, MARGIN, ORDER, PASSENGERS, PAYMENT, SHORT_ORDER, SPARE, STATE, Set,
    TICKETING, URGENCY,
};

/// A column is at least so wide, and at most.
pub const WIDTHS: std::ops::RangeInclusive<u16> = 3..=40;

/// A column in an operator's choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Which.
    pub column: &'static Column,
    /// It is shown, where there is room.
    pub is_shown: bool,
    /// So wide; by itself if it is not said.
    pub width: Option<u16>,
}

/// An operator's choice: every column once, in the order in which those that are shown stand. The sign before each row is
/// none of them, since every table has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen(Vec<Pick>);

impl Chosen {
    /// The columns of a table as they are, the others behind them.
    pub fn like(shown: &Fitted) -> Self {
        let shown = shown.iter().map(|(column, _)| Pick { column, is_shown: true, width: None });
        Self::of(shown)
    }

    /// These, each once, and the others behind them.
    pub fn of(picks: impl Iterator<Item = Pick>) -> Self {
        let mut all: Vec<Pick> = Vec::with_capacity(COLUMNS.len());
        let others = COLUMNS.into_iter().map(|column| Pick { column, is_shown: false, width: None });
        for pick in picks.chain(others) {
            if *pick.column != URGENCY && all.iter().all(|other| other.column != pick.column) {
                let width = pick.width.map(|width| width.clamp(*WIDTHS.start(), *WIDTHS.end()));
                all.push(Pick { width, ..pick });
            }
        }
        Self(all)
    }

    /// All columns, from left to right.
    pub fn picks(&self) -> &[Pick] {
        &self.0
    }

    /// Shows a column, or hides it. The last one stays.
    pub fn tick(&mut self, at: usize) {
        let shown = self.0.iter().filter(|pick| pick.is_shown).count();
        if let Some(pick) = self.0.get_mut(at).filter(|pick| !pick.is_shown || shown > 1) {
            pick.is_shown ^= true;
        }
    }

    /// Moves a column by one place; returns where it stands then.
    pub fn shift(&mut self, at: usize, is_down: bool) -> usize {
        let to = if is_down { at + 1 } else { at.saturating_sub(1) };
        if at < self.0.len() && to < self.0.len() {
            self.0.swap(at, to);
            return to;
        }
        at
    }

    /// Makes a column wider by so much, or narrower, than it is seen.
    pub fn resize(&mut self, at: usize, by: i16, seen: Option<u16>) {
        // By itself a column may be wider than anybody can make it.
        let is_widest = by > 0 && seen.is_some_and(|seen| seen >= *WIDTHS.end());
        if let Some(pick) = self.0.get_mut(at).filter(|_| !is_widest) {
            let width = seen.or(pick.width).unwrap_or(pick.column.width[0]).saturating_add_signed(by);
            pick.width = Some(width.clamp(*WIDTHS.start(), *WIDTHS.end()));
        }
    }

    /// True when the field of a filter is about a column that was taken out, and no other one shows the same.
    pub fn hides(&self, field: &str) -> bool {
        let same: &[&Column] = match field {
            "order" => &[&ORDER, &SHORT_ORDER],
            "airline" => &[&AIRLINE, &FLIGHT],
            "payment" => &[&PAYMENT, &STATE],
            "ticketing" => &[&TICKETING, &STATE],
            "state" => &[&STATE, &PAYMENT, &TICKETING],
            _ => &[],
        };
        let is_about = |pick: &&Pick| pick.column.id == field || same.contains(&pick.column);
        let mut about = self.0.iter().filter(is_about).peekable();
        about.peek().is_some() && about.all(|pick| !pick.is_shown)
    }
}

/// The columns that a table shows, each with its width.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted(Vec<(&'static Column, u16)>);

impl Fitted {
    /// Those of a choice that have room in `room` columns of the screen, in its order; what has none is passed over.
    pub fn of(chosen: &Chosen, room: u16) -> Self {
        let mut left = (room + 1).saturating_sub(MARGIN);
        let mut columns = Vec::new();
        for Pick { column, width, .. } in chosen.picks().iter().filter(|pick| pick.is_shown) {
            let width = width.unwrap_or(column.width[0]);
            if width < left {
                left -= width + 1;
                columns.push((*column, width));
            }
        }
        // What is to spare goes to those of which nobody has said how wide they are.
        for (column, width) in &mut columns {
            let is_free = chosen.picks().iter().any(|pick| pick.column == *column && pick.width.is_none());
            let most = if **column == PASSENGERS { column.width[1] + SPARE } else { column.width[1] };
            let more = most.saturating_sub(*width).min(left);
            if is_free {
                *width += more;
                left -= more;
            }
        }
        Self(columns)
    }

    /// Those of a set.
    pub fn set(set: &Set, room: u16) -> Self {
        Self(set.columns.iter().map(|column| (*column, set.width(column, room))).collect())
    }

    /// From left to right.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Column, u16)> {
        self.0.iter().copied()
    }

    /// True when it shows this one.
    pub fn shows(&self, column: &Column) -> bool {
        self.0.iter().any(|(shown, _)| *shown == column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen() -> Chosen {
        Chosen::like(&Fitted::set(Set::fitting(76), 76))
    }

    fn ids(fitted: &Fitted) -> Vec<&'static str> {
        fitted.iter().map(|(column, _)| column.id).collect()
    }

    #[test]
    fn a_choice_holds_every_column_once_and_begins_as_the_table_is() {
        let chosen = chosen();
        assert_eq!(chosen.picks().len(), COLUMNS.len() - 1);
        let again = Chosen::of(chosen.picks().iter().chain(chosen.picks()).copied());
        assert_eq!(again, chosen);
        assert_eq!(ids(&Fitted::of(&chosen, 76)), ids(&Fitted::set(Set::fitting(76), 76)));
    }

    #[test]
    fn whatever_is_chosen_no_table_is_wider_than_its_room() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut chosen = chosen();
        for _ in 0..2_000 {
            let at = random.usize(..chosen.picks().len());
            match random.u8(..4) {
                0 => chosen.tick(at),
                1 => drop(chosen.shift(at, random.bool())),
                2 => chosen.resize(at, random.i16(-5..=5), None),
                _ => chosen.resize(at, 1, Some(random.u16(..60))),
            }
            let room = random.u16(20..200);
            let fitted = Fitted::of(&chosen, room);
            let taken: u16 = fitted.iter().map(|(_, width)| width + 1).sum();
            assert!(MARGIN + taken <= room + 1, "{taken} in {room}: {fitted:?}");
            assert!(chosen.picks().iter().any(|pick| pick.is_shown));
            assert_eq!(chosen.picks().len(), COLUMNS.len() - 1);
        }
    }

    #[test]
    fn a_field_is_hidden_when_nothing_shows_it() {
        let mut chosen = chosen();
        assert!(!chosen.hides("amount") && !chosen.hides("state") && !chosen.hides("ticketing"));
        assert!(!chosen.hides("order") && !chosen.hides("airline"), "their twins show them");
        assert!(!chosen.hides("code") && !chosen.hides("note"), "they are no columns");
        assert!(chosen.hides("fee") && chosen.hides("method"));
        let at = chosen.picks().iter().position(|pick| pick.column.id == "amount").unwrap();
        chosen.tick(at);
        assert!(chosen.hides("amount"));
    }
}
