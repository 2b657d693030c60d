//! The help is scoped to its screen and searched; the footer follows the screen.

use paydesk::{console::action::Context, lang::Lang};

use crate::{actions::places, scenes::table};

#[test]
fn a_search_leaves_the_lines_of_the_help_that_have_its_words() {
    let mut rig = table();
    rig.press("? / freeze");
    let screen = rig.screen();
    assert!(screen.contains("freeze the rows in place") && screen.contains("/freeze"), "{screen}");
    assert!(!screen.contains("next order"), "{screen}");
    rig.press("Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Overlay);
    assert!(!rig.screen().contains("next order"), "what was found stays");
    rig.press("/ Esc");
    assert!(rig.screen().contains("next order"), "{}", rig.screen());
    rig.press("/ nowhere");
    assert!(rig.screen().contains(Lang::En.text("help.nothing")));
    rig.press("Enter Esc ?");
    assert!(rig.screen().contains("next order"), "a help that is opened anew is whole");
}

#[test]
fn a_search_by_the_name_of_a_screen_leaves_its_keys() {
    let mut rig = table();
    rig.console.ui.lang = Lang::ZhCn;
    rig.press("? / 支付确认");
    let screen = rig.screen();
    assert!(screen.contains(Lang::ZhCn.text("key.confirm")) && !screen.contains("下一单"), "{screen}");
}

#[test]
fn the_log_is_searched_alike() {
    let mut rig = table();
    rig.press("r R @ / whole");
    let screen = rig.screen();
    assert!(screen.contains("Refreshing the whole list") && !screen.contains("Querying"), "{screen}");
}

#[test]
fn the_footer_of_every_screen_is_that_of_its_context() {
    // A confirmation and its fields say their keys within.
    let own = [Context::Confirm, Context::Question, Context::Note, Context::Field, Context::Tick];
    for lang in [Lang::En, Lang::ZhCn] {
        for context in Context::ALL.into_iter().filter(|context| !own.contains(context)) {
            let mut rig = places(context).remove(0);
            rig.console.ui.lang = lang;
            rig.console.ui.remark = None;
            let foot = rig.draw().pop().unwrap_or_default();
            let keymap = &rig.console.model.setup.keymap;
            let hints = keymap.hints(lang, &[context], rig.console.picture().standing());
            let first = format!(" {} {}", hints[0].keys, hints[0].text);
            assert!(foot.starts_with(&first), "{context:?} begins with {first:?}: {foot}");
        }
    }
}
