//! Keys that no hand typed, keys of other layouts, and what a key may do on each screen.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use paydesk::{
    console::{
        Effect, Message,
        form::PayForm,
        keymap::{ACTIONS, Action},
        state::Layer,
    },
    desk::handle::Command,
    domain::{
        attempt::{Attempt, AttemptId, Doubt, Quiet, State},
        lineage::Lineage,
        method::PaymentMethod,
        moment::{Boot, Moment},
        order::OrderStatus,
    },
    lang::Lang,
};
use rig::{Rig, Sketch, case, money, number, strokes};

const MS: Duration = Duration::from_millis(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Between two keys of a paste, as terminals and lines deliver it.
const PASTES: [u32; 6] = [0, 2, 5, 10, 20, 25];

/// A screen, with the keys that lead on from there by hand.
struct Screen {
    name: &'static str,
    open: fn() -> Rig,
    keys: &'static str,
    led: fn(&Rig) -> bool,
}

fn sketch() -> Sketch {
    Sketch { methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc], airline: "5J", ..Sketch::default() }
}

fn table() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&sketch());
    rig.pass(SECOND);
    rig.effects.clear();
    rig
}

fn form() -> Rig {
    let mut rig = table();
    rig.press("$");
    rig.pass(SECOND);
    rig.feed(vec![case(&sketch(), rig.now)]);
    rig
}

fn card_form() -> Rig {
    let mut rig = form();
    rig.press("3");
    rig
}

/// The confirmation of USD 119.55, on screen long enough.
fn confirmation() -> Rig {
    let mut rig = form();
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig
}

fn cancelled() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() });
    rig
}

fn question_of_remaking() -> Rig {
    let mut rig = cancelled();
    rig.press("t Enter");
    rig
}

fn question_of_leaving() -> Rig {
    let mut rig = table();
    rig.state.health.in_flight = 1;
    rig.press("q");
    rig
}

/// A doubt that a person may end, with the decision asked for.
fn decision() -> Rig {
    let mut rig = Rig::new((80, 24));
    let before = |seconds: u32| Moment {
        at: rig.now - SignedDuration::from_secs(i64::from(seconds)),
        boot: Boot(1),
        up: Duration::from_secs(5_000) - Duration::from_secs(u64::from(seconds)),
    };
    let attempt = Attempt {
        id: AttemptId::generate(),
        lineage: number(1),
        order: number(1),
        method: PaymentMethod::Deposit,
        amount: money("119.55", "USD"),
        card: None,
        reusable: false,
        claimed_at: before(200).at,
        sent: Some(before(200)),
        changed_at: rig.now,
        state: State::InDoubt(Doubt::NoAnswer),
        answer: None,
        quiet: Quiet { answers: 3, last: Some(before(1)), counted: Some(before(1)) },
    };
    let mut case = case(&Sketch::default(), rig.now);
    case.lineage = Arc::new(Lineage { attempts: vec![attempt], ..Lineage::new(number(1)) });
    rig.feed(vec![case]);
    rig.press("t d");
    rig
}

fn sends(rig: &Rig, wanted: fn(&Command) -> bool) -> bool {
    rig.effects.iter().any(|effect| matches!(effect, Effect::Send(command) if wanted(command)))
}

fn quits(rig: &Rig) -> bool {
    rig.effects.iter().any(|effect| matches!(effect, Effect::Quit))
}

fn pays(rig: &Rig) -> bool {
    rig.payments() > 0
}

fn decides(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Decide { .. }))
}

fn remakes(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Regenerate { .. }))
}

fn opens_form(rig: &Rig) -> bool {
    rig.state.form().is_some()
}

fn asks_for_the_amount(rig: &Rig) -> bool {
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 24));
    paydesk::console::view::draw(&rig.state, &mut buffer);
    rig::lines(&buffer).join("\n").contains("Type the amount")
}

fn screens() -> Vec<Screen> {
    let screen = |name, open, keys, led| Screen { name, open, keys, led };
    vec![
        screen("table, quit and more", table, "q Enter", quits),
        screen("table, pay", table, "$ Enter", opens_form),
        screen("table, C-c", table, "C-c C-c", quits),
        screen(
            "filter",
            || {
                let mut rig = table();
                rig.press("/");
                rig
            },
            "TESTA Enter q",
            quits,
        ),
        screen("method line", form, "1 Enter", asks_for_the_amount),
        screen("confirmation", confirmation, "119 Enter", pays),
        screen("confirmation, whole amount", confirmation, "119.55 Enter", pays),
        screen("plan", cancelled, "t Enter y", remakes),
        screen("question of remaking", question_of_remaking, "y Enter", remakes),
        screen("question of leaving", question_of_leaving, "y Enter", quits),
        screen("decision", decision, "0001 Space the Space vendor Enter", decides),
    ]
}

#[test]
fn a_paste_without_brackets_does_and_answers_nothing_on_any_screen_and_a_hand_does_all_of_it() {
    for screen in screens() {
        for gap in PASTES {
            let mut rig = (screen.open)();
            rig.burst(screen.keys, gap * MS);
            assert!(!(screen.led)(&rig), "{} at {gap} ms:\n{}", screen.name, rig.screen());
            // Twice, since the first may have changed what the second lands in.
            rig.burst(screen.keys, gap * MS);
            assert!(!(screen.led)(&rig), "{} at {gap} ms, again:\n{}", screen.name, rig.screen());
            for any in [pays, decides, remakes, quits] {
                assert!(!any(&rig), "{} at {gap} ms:\n{}", screen.name, rig.screen());
            }
        }
        let mut rig = (screen.open)();
        rig.press(screen.keys);
        assert!((screen.led)(&rig), "{} by hand:\n{}", screen.name, rig.screen());
    }
}

#[test]
fn an_answer_that_comes_late_behind_its_paste_is_none_either() {
    for stall in [40, 100, 200, 290] {
        let mut rig = confirmation();
        for key in strokes("119") {
            rig.strike(key, MS);
        }
        rig.wait(stall * MS);
        rig.burst("Enter", MS);
        assert!(!pays(&rig), "{stall} ms");
    }
}

#[test]
fn a_line_that_bunches_what_a_hand_typed_costs_the_answer_alone_and_says_so_in_both_languages() {
    for (lang, amount, text) in
        [(Lang::En, "Press Enter again", "the text is kept"), (Lang::ZhCn, "请再按一次 Enter", "文字已保留")]
    {
        let mut rig = confirmation();
        rig.state.setup.lang = lang;
        rig.burst("119 Enter", Duration::ZERO);
        let screen = rig.screen();
        assert!(screen.contains(amount) && screen.contains("119"), "{screen}");
        assert!(!pays(&rig));
        rig.wait(300 * MS);
        rig.press("Enter");
        assert!(pays(&rig), "the amount was kept");

        let mut rig = table();
        rig.state.setup.lang = lang;
        rig.press("/");
        rig.burst("TESTA Enter", Duration::ZERO);
        let screen = rig.screen();
        assert!(screen.contains("/TESTA") && screen.contains(text), "{screen}");
        rig.wait(300 * MS);
        rig.press("Enter");
        assert!(rig.state.layers.is_empty());
    }
}

#[test]
fn a_hand_that_rolls_over_the_digits_pays_with_the_enter_that_follows() {
    let mut rig = confirmation();
    for (key, gap) in strokes("119").into_iter().zip([60, 35, 120]) {
        rig.strike(key, gap * MS);
    }
    rig.press("Enter");
    assert!(pays(&rig));
}

#[test]
fn a_key_that_is_held_moves_and_confirms_nothing() {
    for gap in [10, 16, 30, 33] {
        let mut rig = Rig::new((80, 24));
        rig.feed((0..50).map(|n| case(&Sketch { n, ..Sketch::default() }, rig.now)).collect());
        rig.press("g");
        let first = rig.state.list.position();
        rig.burst("jjjjjjjjjj", gap * MS);
        assert_eq!(rig.state.list.position(), first.map(|at| at + 10), "{gap} ms");
        let mut rig = form();
        for _ in 0..100 {
            rig.burst("Enter", gap * MS);
            rig.draw();
            rig.pass(SignedDuration::from_millis(30));
        }
        assert!(!pays(&rig));
    }
}

#[test]
fn what_is_typed_before_a_confirmation_takes_keys_is_not_taken_and_that_is_said() {
    let mut rig = form();
    rig.press("Enter");
    let screen = rig.screen();
    assert!(screen.contains("not taking keys yet"), "{screen}");
    rig.pass(SignedDuration::from_millis(299));
    rig.press("1");
    let screen = rig.screen();
    assert!(
        screen.contains("Type the amount from its first digit") && screen.contains("not taking keys"),
        "{screen}"
    );
    // The rest of what came too early is not taken for the amount.
    rig.pass(SignedDuration::from_millis(100));
    rig.press("19");
    let screen = rig.screen();
    assert!(screen.contains("Type the amount from its first digit"), "{screen}");
    rig.pass(SignedDuration::from_millis(300));
    assert!(rig.screen().contains("nothing typed yet"), "{}", rig.screen());
    rig.pass(SECOND);
    rig.press("119 Enter");
    assert!(pays(&rig));
}

#[test]
fn enter_counts_once_a_confirmation_could_be_read_and_not_before() {
    for (age, paid) in [(300, false), (699, false), (700, true)] {
        let mut rig = form();
        rig.press("Enter");
        rig.draw();
        rig.pass(SignedDuration::from_millis(300));
        rig.press("119");
        rig.pass(SignedDuration::from_millis(age - 300));
        rig.press("Enter");
        assert_eq!(pays(&rig), paid, "{age} ms");
        assert_eq!(rig.screen().contains("too soon"), !paid, "{}", rig.screen());
    }
}

#[test]
fn no_part_of_the_amount_is_taken_for_the_amount() {
    for typed in ["1", "11", "119.", "119.5", "119.550", "0119", "19.55", "9.55", ".55", "1.19", ","] {
        let mut rig = confirmation();
        rig.press(typed);
        rig.press("Enter");
        assert!(!pays(&rig), "{typed}");
    }
}

/// The open form, to be asked what the console itself would not.
fn with_form<T>(rig: &mut Rig, ask: impl FnOnce(&mut PayForm) -> T) -> T {
    let form = rig.state.layers.iter_mut().find_map(|layer| match layer {
        Layer::Pay(form) => Some(form),
        _ => None,
    });
    ask(form.unwrap())
}

#[test]
fn nothing_but_what_was_reviewed_is_confirmed_whoever_tells_of_the_change() {
    type Change = fn(&mut paydesk::desk::case::Case);
    let changes: [(&str, Change); 5] = [
        ("nothing", |_| {}),
        ("fare", |case| {
            case.order.details.as_mut().unwrap().options[0].ticket_fare.as_mut().unwrap().money =
                money("117.54", "USD");
        }),
        ("deadline", |case| case.order.details.as_mut().unwrap().deadline = Some(rig::noon() + SECOND * 300)),
        ("status", |case| case.order.status = OrderStatus::Ticketing),
        ("fee", |case| case.order.details.as_mut().unwrap().options[0].service_fee = None),
    ];
    for (what, change) in changes {
        let mut rig = confirmation();
        rig.press("119.55");
        let mut changed = case(&sketch(), rig.now);
        change(&mut changed);
        let now = rig.now;
        let setup = rig.state.setup.clone();
        let (balances, refusals) = (Arc::clone(&rig.state.balances), Arc::clone(&rig.state.refusals));
        let situation = paydesk::console::state::situation(&setup, &balances, &refusals, now, &changed);
        let confirmed = with_form(&mut rig, |form| form.confirm(&situation, now).is_some());
        assert_eq!(confirmed, what == "nothing", "{what}");
    }
}

#[test]
fn a_wipe_takes_number_and_security_code() {
    let filled = || {
        let mut rig = card_form();
        rig.press("4532015112830366 Tab 08 Tab 29 Tab 123");
        rig
    };
    let held = |rig: &mut Rig| with_form(rig, |form| (form.draft.number.len(), form.draft.cvv.len()));
    let mut rig = filled();
    assert_eq!(held(&mut rig), (16, 3));
    rig.pass(SECOND * 61);
    assert_eq!(held(&mut rig), (0, 0), "nobody touched it");
    let mut rig = filled();
    rig.message(Message::Suspending);
    assert_eq!(held(&mut rig), (0, 0), "the program was stopped");
    assert!(rig.screen().contains("the card was wiped"), "{}", rig.screen());
    let mut rig = filled();
    rig.message(Message::Continued(80, 24));
    assert_eq!(held(&mut rig), (0, 0), "it was stopped without being told");
    let mut rig = card_form();
    rig.press("Tab Tab Tab 123");
    rig.pass(SECOND * 61);
    assert_eq!(held(&mut rig), (0, 0), "a code alone");
}

#[test]
fn a_stop_takes_a_confirmation_back_and_what_was_held_counts_for_nothing() {
    let mut rig = confirmation();
    rig.press("119");
    rig.message(Message::Key(strokes("Enter")[0]));
    rig.message(Message::Suspending);
    rig.message(Message::Continued(80, 24));
    rig.wait(SECOND.unsigned_abs());
    assert!(!pays(&rig) && !asks_for_the_amount(&rig), "{}", rig.screen());
    assert!(rig.screen().contains("was stopped"), "{}", rig.screen());
    let mut rig = question_of_remaking();
    rig.message(Message::Suspending);
    rig.message(Message::Continued(80, 24));
    rig.wait(SECOND.unsigned_abs());
    rig.press("y");
    assert!(!remakes(&rig));
}

#[test]
fn c_z_stops_on_every_screen_and_asks_again_while_a_payment_is_in_flight() {
    let stops = |rig: &Rig| rig.effects.iter().filter(|effect| matches!(effect, Effect::Suspend)).count();
    for screen in screens() {
        let mut rig = (screen.open)();
        rig.state.health.in_flight = 0;
        rig.press("C-z");
        assert_eq!(stops(&rig), 1, "{}", screen.name);
        let mut rig = (screen.open)();
        rig.state.health.in_flight = 1;
        rig.press("C-z");
        assert_eq!(stops(&rig), 0, "{}", screen.name);
        assert!(rig.screen().contains("in flight"), "{}:\n{}", screen.name, rig.screen());
        rig.press("C-z");
        assert_eq!(stops(&rig), 1, "{}", screen.name);
        let mut rig = (screen.open)();
        rig.burst("C-z C-z C-z", MS);
        assert_eq!(stops(&rig), 0, "{}", screen.name);
    }
}

#[test]
fn a_method_is_chosen_by_its_digit_on_its_own_line_and_the_keys_go_on_to_its_first_field() {
    let mut rig = form();
    rig.press("3 4532015112830366");
    let screen = rig.screen();
    assert!(screen.contains("> [3] VCC") && screen.contains("************0366"), "{screen}");
    // Digits in a box to tick choose nothing.
    let mut rig = Rig::new((80, 24));
    let sketch = Sketch { airline: "FR", ..sketch() };
    rig.sketch(&sketch);
    rig.press("$ 1 3");
    let screen = rig.screen();
    assert!(screen.contains("> [1] Deposit") && screen.contains("3 does nothing here"), "{screen}");
    rig.press("Space");
    assert!(rig.screen().contains("[x]"), "{}", rig.screen());
    // Without a field they stay.
    let mut rig = form();
    rig.press("1 3 1");
    assert!(rig.screen().contains("> [3] VCC"), "{}", rig.screen());
}

fn number_of(rig: &mut Rig) -> String {
    with_form(rig, |form| String::from_utf8(form.draft.number.expose().to_vec()).unwrap())
}

#[test]
fn a_card_that_is_pasted_replaces_what_was_there_and_what_does_not_fit_is_refused_whole() {
    const OLD: &str = "4916931584764308";
    const NEW: &str = "4532015112830366";
    type Paste = fn(&mut Rig, &str);
    let ways: [(&str, Paste); 2] = [
        ("in brackets", |rig, text| rig.message(Message::Paste(text.into()))),
        ("as keys", |rig, text| {
            for c in text.chars() {
                let code = match c {
                    '\n' => crossterm::event::KeyCode::Enter,
                    '\t' => crossterm::event::KeyCode::Tab,
                    c => crossterm::event::KeyCode::Char(c),
                };
                rig.strike(crossterm::event::KeyEvent::new(code, crossterm::event::KeyModifiers::NONE), MS);
            }
            rig.wait(400 * MS);
        }),
    ];
    for (way, paste) in ways {
        let filled = || {
            let mut rig = card_form();
            rig.press(OLD);
            rig
        };
        for text in [NEW, "4532 0151 1283 0366\n", "4532-0151-1283-0366", "４５３２０１５１１２８３０３６６"]
        {
            let mut rig = filled();
            paste(&mut rig, text);
            assert_eq!(number_of(&mut rig), NEW, "{way}: {text:?}");
        }
        for text in ["45320151128303661234", "4532015112830366x", "hello", "9", "4532"] {
            let mut rig = filled();
            let expected = if way == "in brackets" && text == "9" || text == "4532" && way == "in brackets" {
                text
            } else {
                OLD
            };
            let expected = if way == "as keys" && text == "9" { "49169315847643089" } else { expected };
            paste(&mut rig, text);
            assert_eq!(number_of(&mut rig), expected, "{way}: {text:?}");
            if expected == OLD {
                assert!(rig.screen().contains("Not taken"), "{way}: {text:?}\n{}", rig.screen());
            }
        }
        // The code, and the date in one piece.
        let mut rig = card_form();
        rig.press("Tab");
        paste(&mut rig, "09/28");
        rig.press("Tab Tab 999");
        paste(&mut rig, "123");
        let texts = with_form(&mut rig, |form| {
            use paydesk::domain::draft::Field;
            let code = String::from_utf8(form.draft.cvv.expose().to_vec()).unwrap();
            (
                form.draft.text(Field::ExpiryMonth).to_owned(),
                form.draft.text(Field::ExpiryYear).to_owned(),
                code,
            )
        });
        assert_eq!(texts, ("09".into(), "2028".into(), "123".into()), "{way}");
        paste(&mut rig, "12345");
        assert!(rig.screen().contains("Not taken"), "{way}: {}", rig.screen());
    }
}

#[test]
fn a_line_with_a_whole_card_fills_its_fields_from_any_of_them_however_it_comes() {
    use paydesk::domain::draft::Field;
    for line in
        ["4532015112830366 09/28 123", "4532015112830366\t2028-09\t123\n", "4532015112830366, 0928, 123"]
    {
        for (fields, as_keys) in [(0, false), (0, true), (1, false), (3, true)] {
            let mut rig = card_form();
            rig.press("4916");
            (0..fields).for_each(|_| rig.press("Tab"));
            if as_keys {
                let code = |c| match c {
                    '\t' => crossterm::event::KeyCode::Tab,
                    '\n' => crossterm::event::KeyCode::Enter,
                    c => crossterm::event::KeyCode::Char(c),
                };
                for c in line.chars() {
                    let none = crossterm::event::KeyModifiers::NONE;
                    rig.strike(crossterm::event::KeyEvent::new(code(c), none), 5 * MS);
                }
                rig.wait(400 * MS);
            } else {
                rig.message(Message::Paste(line.into()));
            }
            assert_eq!(number_of(&mut rig), "4532015112830366", "{line:?}");
            let expiry = with_form(&mut rig, |form| {
                format!("{}/{}", form.draft.text(Field::ExpiryMonth), form.draft.text(Field::ExpiryYear))
            });
            assert_eq!((expiry.as_str(), with_form(&mut rig, |form| form.draft.cvv.len())), ("09/2028", 3));
            let screen = rig.screen();
            assert!(screen.contains("read into the fields") && !screen.contains("4532"), "{screen}");
        }
    }
}

#[test]
fn a_card_number_is_pasted_into_nothing_that_is_shown_or_kept() {
    const CARD: &str = "4532 0151 1283 0366";
    let mut rig = table();
    rig.press("/");
    rig.message(Message::Paste(CARD.into()));
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
    let mut rig = cancelled();
    rig.press("t m");
    rig.message(Message::Paste(CARD.into()));
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
    let mut rig = card_form();
    rig.press("Tab Tab Tab Tab");
    rig.burst("4532015112830366", MS);
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
}

#[test]
fn every_key_has_the_same_meaning_in_full_width_and_on_a_chinese_layout() {
    use crossterm::event::KeyCode;
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    let result = |c: char| {
        let mut rig = table();
        rig.sketch(&Sketch { n: 2, ..Sketch::default() });
        rig.press(&c.to_string());
        (rig.screen(), format!("{:?}", rig.effects))
    };
    let mut tried = 0;
    for binding in ACTIONS.iter().filter(|binding| binding.action != Action::Quit) {
        for chord in binding.chords {
            if let (KeyCode::Char(c), true) = (chord.0, chord.1.is_empty()) {
                assert_eq!(result(wide(c)), result(c), "{c}");
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "only {tried} keys were tried");
    for (typed, key) in [('￥', '$'), ('¥', '$'), ('、', '/'), ('？', '?')] {
        assert_eq!(result(typed), result(key), "{typed}");
    }
    for amount in ["１１９", "１１９．５５", "１１９。５５", "119。55"] {
        let mut rig = confirmation();
        rig.press(amount);
        rig.press("Enter");
        assert!(pays(&rig), "{amount}");
    }
    let mut rig = question_of_remaking();
    rig.press("ｙ");
    assert!(remakes(&rig));
    let mut rig = table();
    rig.press("/ ＴＲ８");
    assert!(rig.screen().contains("/ＴＲ８"), "a text is what was typed: {}", rig.screen());
}

#[test]
fn a_key_without_a_meaning_says_what_it_was_and_where_the_keys_are() {
    for (open, key, named) in [
        (table as fn() -> Rig, "x", "x does nothing here; ? shows the keys"),
        (table, "《", "< does nothing here; ? shows the keys"),
        (table, "C-x", "C-x does nothing here"),
        (form, "x", "x does nothing here; what does"),
        (confirmation, "x", "x does nothing here; what does"),
        (cancelled, "t x", "x does nothing here; what does"),
    ] {
        let mut rig = open();
        rig.press(key);
        assert!(rig.screen().contains(named), "{key}: {}", rig.screen());
    }
    let mut rig = table();
    rig.press("L x");
    assert!(rig.screen().contains("x 在此无作用"), "{}", rig.screen());
}

#[test]
fn no_question_and_no_remark_stands_under_another_screen() {
    let opened: [(&str, fn() -> Rig); 9] = [
        ("table", table),
        ("detail", || {
            let mut rig = table();
            rig.press("Enter");
            rig
        }),
        ("help", || {
            let mut rig = table();
            rig.press("?");
            rig
        }),
        ("log", || {
            let mut rig = table();
            rig.press("@");
            rig
        }),
        ("sort", || {
            let mut rig = table();
            rig.press("S");
            rig
        }),
        ("form", form),
        ("confirmation", confirmation),
        ("following", || {
            let mut rig = confirmation();
            rig.press("119 Enter");
            rig
        }),
        ("plan", question_of_remaking),
    ];
    for size in [(80, 24), (120, 40), (60, 10), (30, 12)] {
        for (name, open) in opened {
            let mut rig = open();
            rig.message(Message::Resized(size.0, size.1));
            rig.effects.clear();
            rig.state.health.in_flight = 1;
            rig.press("C-c");
            assert!(flat(&mut rig).contains("C-c again leaves"), "{name} {size:?}:\n{}", rig.screen());
            rig.press("C-c");
            let screen = flat(&mut rig);
            assert!(screen.contains("It is on disk either way. y"), "{name} {size:?}:\n{}", rig.screen());
            rig.state.say("something went wrong".into(), true);
            assert!(flat(&mut rig).contains("something went wrong"), "{name} {size:?}:\n{}", rig.screen());
            assert!(!quits(&rig));
            rig.press("n");
            assert!(!flat(&mut rig).contains("on disk either way"), "{name} {size:?}:\n{}", rig.screen());
            rig.press("Esc C-c C-c y");
            assert!(quits(&rig), "{name} {size:?}:\n{}", rig.screen());
        }
    }
}

/// The screen with its lines joined, as a text that was wrapped is read.
fn flat(rig: &mut Rig) -> String {
    let words = rig.draw().join(" ").replace('|', " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_is_confirmed_on_a_screen_that_is_too_small_to_show_it() {
    let mut rig = confirmation();
    rig.message(Message::Resized(79, 24));
    rig.press("119 Enter");
    assert!(!pays(&rig));
    assert!(flat(&mut rig).contains("paydesk needs 80x24"), "{}", rig.screen());
    rig.message(Message::Resized(80, 24));
    rig.press("119 Enter");
    assert!(pays(&rig));
}

#[test]
fn old_money_is_ticked_by_key_and_only_then_a_new_payment_is_confirmed() {
    let mut rig = Rig::new((80, 24));
    let with_old_money = |rig: &Rig| {
        let mut case = case(&sketch(), rig.now);
        let attempt = Attempt {
            id: AttemptId::generate(),
            lineage: number(9),
            order: number(9),
            method: PaymentMethod::Deposit,
            amount: money("101.00", "USD"),
            card: None,
            reusable: false,
            claimed_at: rig.now,
            sent: None,
            changed_at: rig.now,
            state: State::Reversed,
            answer: None,
            quiet: Quiet::default(),
        };
        case.lineage = Arc::new(Lineage { attempts: vec![attempt], ..Lineage::new(number(9)) });
        case
    };
    let first = with_old_money(&rig);
    rig.feed(vec![first]);
    rig.press("$");
    rig.pass(SECOND);
    let again = with_old_money(&rig);
    rig.feed(vec![again]);
    rig.press("Enter");
    assert!(!asks_for_the_amount(&rig) && rig.screen().contains("old money"), "{}", rig.screen());
    rig.press("Space");
    assert!(rig.screen().contains("[x]"), "{}", rig.screen());
    rig.press("Enter");
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn a_ceiling_above_the_desks_limit_never_reaches_the_confirmation() {
    let fill = |ceiling: &str| {
        let mut rig = card_form();
        let limit = money("7000", "PHP");
        rig.state.setup.limits.insert(limit.currency, limit);
        rig.message(Message::Paste("4532015112830366 09/28 123 RAFAEL SANTOS".into()));
        for value in ["", "", "", "", "", "PH", "MM", "Makati", "12260", "88ExampleAvenue"] {
            rig.press("Tab");
            rig.press(value);
        }
        rig.press("Tab");
        (0..8).for_each(|_| rig.press("Backspace"));
        rig.press(ceiling);
        rig.press("Enter");
        rig
    };
    let mut rig = fill("7001");
    let screen = rig.screen();
    assert!(!asks_for_the_amount(&rig) && screen.contains("over the limit PHP 7,000.00"), "{screen}");
    assert!(asks_for_the_amount(&fill("7000")));
    assert!(asks_for_the_amount(&fill("７０００")), "full width");
}

#[test]
fn a_copy_shows_the_text_and_claims_no_more_than_that_it_was_sent() {
    let mut rig = table();
    rig.press("y");
    assert!(rig.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
    let screen = rig.screen();
    assert!(screen.contains(&format!("Sent to the terminal, to copy: {}", number(1))), "{screen}");
}
