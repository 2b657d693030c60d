//! LIVE, SANDBOX or DEMO in a word, on whatever is drawn.

use paydesk::{
    config::Stage,
    console::{Message, action::Context, theme::Theme},
    lang::Lang,
};

use crate::actions::places;

#[test]
fn the_word_of_the_stage_is_on_every_frame_of_every_layer_at_every_size_without_colour_too() {
    let sizes = [(80, 24), (120, 40), (200, 50), (79, 23), (40, 6), (30, 4)];
    for context in Context::ALL {
        for mut rig in places(context) {
            for (stage, word) in [(Stage::Live, "LIVE"), (Stage::Sandbox, "SANDBOX"), (Stage::Demo, "DEMO")] {
                for size in sizes {
                    for lang in [Lang::En, Lang::ZhCn] {
                        rig.console.model.setup.stage = stage;
                        rig.console.model.setup.theme = Theme::mono();
                        rig.console.ui.lang = lang;
                        rig.message(Message::Resized(size.0, size.1));
                        let screen = rig.screen();
                        assert!(screen.contains(word), "{context:?} at {size:?} says no {word}:\n{screen}");
                    }
                }
            }
        }
    }
}
