//! How an order usually goes: the assumptions that `paydesk plan` reckons with, and that the simulation plays. Pure.

use std::time::Duration;

/// So many of a hundred orders are paid, most of them within twenty minutes; the others lapse.
const PAID: f64 = 0.7;

/// An order that nobody pays is cancelled so long after it was made.
const HELD_S: f64 = 1_800.0;

/// The earliest and the latest payment.
const PAID_AFTER_S: [f64; 2] = [60.0, 1_200.0];

/// Of a hundred payments so many are ticketed within so many seconds: the vendor promises ninety within five minutes and
/// ninety-eight within an hour; the rest takes up to six.
const TICKETED_WITHIN: [(f64, f64); 4] = [(0.0, 30.0), (0.9, 300.0), (0.98, 3_600.0), (1.0, 21_600.0)];

/// The life of an order, reckoned from when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// When it is paid, if it is.
    pub paid: Option<Duration>,
    /// When it is ticketed, or cancelled since nobody paid it.
    pub over: Duration,
}

impl Life {
    /// A life by chance: two numbers from 0 to 1.
    pub fn new(fate: f64, speed: f64) -> Self {
        if fate >= PAID {
            return Self { paid: None, over: Duration::from_secs_f64(HELD_S) };
        }
        let [first, last] = PAID_AFTER_S;
        let paid = first + (last - first) * speed;
        let ticketed = paid + between(&TICKETED_WITHIN, fate / PAID);
        Self { paid: Some(Duration::from_secs_f64(paid)), over: Duration::from_secs_f64(ticketed) }
    }

    /// The life of the `n`th order of a desk on which everything goes as usual: all kinds of lives, evenly spread.
    pub fn nth(n: u32) -> Self {
        // Multiples of these two fill the square evenly, whatever `n` begins with.
        let part = |step: f64| (f64::from(n) * step).fract();
        Self::new(part(0.754_877_666_246_693), part(0.569_840_290_998_053))
    }

    /// How many requests for its details a list costs that shows it go this way: one for its price, and one for each state
    /// that the list shows and no answer has confirmed.
    pub fn details(self) -> u32 {
        if self.paid.is_some() { 3 } else { 2 }
    }
}

/// The value at `share` on a line through these points.
fn between(points: &[(f64, f64)], share: f64) -> f64 {
    let part = points.windows(2).find(|part| share <= part[1].0);
    part.map_or(0.0, |part| {
        let (from, to) = (part[0], part[1]);
        from.1 + (to.1 - from.1) * (share - from.0) / (to.0 - from.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_keep_to_what_the_vendor_promises() {
        let lives: Vec<Life> = (0..10_000).map(Life::nth).collect();
        let took: Vec<Duration> = lives.iter().filter_map(|life| life.over.checked_sub(life.paid?)).collect();
        let share = |minutes: u64| {
            let within = took.iter().filter(|took| **took <= Duration::from_secs(minutes * 60)).count();
            100 * within / took.len()
        };
        assert_eq!((100 * took.len() / lives.len(), share(5), share(60), share(360)), (70, 90, 98, 100));
        assert!(lives.iter().filter_map(|life| life.paid).all(|paid| paid <= Duration::from_secs(1_200)));
    }
}
