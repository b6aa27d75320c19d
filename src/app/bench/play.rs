//! What a key does to a playing lab, on the bench and in a lesson alike.

use crate::app::keymap::LabCommand;
use crate::app::player::{Player, Way};

/// Whether a key would do anything to a playing lab.
pub fn allows(player: &Player, command: LabCommand) -> bool {
    match command {
        LabCommand::Break(n) => usize::from(n) < player.spec().buttons.len(),
        LabCommand::Undo => player.lab().can_undo(),
        LabCommand::ResetKnob => player.is_changed(player.chosen()),
        LabCommand::Swap | LabCommand::Parting => player.side().is_some(),
        LabCommand::Explain => false,
        _ => true,
    }
}

/// Does to a playing lab what a key asks for; false for what needs a screen.
pub fn play(player: &mut Player, command: LabCommand) -> bool {
    match command {
        LabCommand::Run => player.toggle(),
        LabCommand::StepOn => player.step(),
        LabCommand::StepBack => player.step_back(),
        LabCommand::Rewind => player.jump(Way::Back),
        LabCommand::Ahead => player.jump(Way::Forward),
        LabCommand::MarkBack => player.jump_to_mark(Way::Back),
        LabCommand::MarkAhead => player.jump_to_mark(Way::Forward),
        LabCommand::Break(n) => player.press(usize::from(n) + 1),
        LabCommand::KnobNext => player.choose(Way::Forward),
        LabCommand::KnobPrevious => player.choose(Way::Back),
        LabCommand::KnobDown => player.turn(Way::Back),
        LabCommand::KnobUp => player.turn(Way::Forward),
        LabCommand::ResetKnob => player.reset_knob(),
        LabCommand::Undo => player.undo(),
        LabCommand::Restart => player.restart(),
        LabCommand::NewSeed => player.reseed(),
        LabCommand::Slower => player.change_speed(Way::Back),
        LabCommand::Faster => player.change_speed(Way::Forward),
        LabCommand::Fork => player.fork(),
        LabCommand::Twin => player.twin(),
        LabCommand::Swap => player.swap(),
        LabCommand::Parting => player.jump_to_divergence(),
        LabCommand::Branches
        | LabCommand::Presets
        | LabCommand::Say
        | LabCommand::Explain
        | LabCommand::Share => return false,
    }
    true
}
