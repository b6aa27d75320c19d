//! The key table. Within a context the order is that of the footer: what matters most comes first.

use super::Command::{self, Lab};
use super::{Binding, Context, Group, LabCommand as L};

const fn bind(
    (context, group): (Context, Group),
    (keys, label): (&'static str, &'static str),
    command: Command,
    (hint, meaning): (&'static str, &'static str),
) -> Binding {
    Binding { context, keys, label, command, hint, meaning, group }
}

const CONFIRM: (Context, Group) = (Context::Confirm, Group::Answer);
const READER: (Context, Group) = (Context::Reader, Group::Move);
const HELP: (Context, Group) = (Context::Help, Group::Move);
const HOME: (Context, Group) = (Context::Home, Group::Program);
const LIST: (Context, Group) = (Context::List, Group::Move);
const LESSON: (Context, Group) = (Context::Lesson, Group::Lesson);
const TEXT: (Context, Group) = (Context::Text, Group::Move);
const BET: (Context, Group) = (Context::Bet, Group::Answer);
const GOAL: (Context, Group) = (Context::Goal, Group::Answer);
const LAB: (Context, Group) = (Context::Lab, Group::Lab);
const BENCH: (Context, Group) = (Context::Bench, Group::Lab);
const LOG: (Context, Group) = (Context::Log, Group::Move);
const READINGS: (Context, Group) = (Context::Readings, Group::Move);
const PRESETS: (Context, Group) = (Context::Presets, Group::Lab);
const PROMPT: (Context, Group) = (Context::Prompt, Group::Lab);
const QUESTION: (Context, Group) = (Context::Question, Group::Answer);
const SINGLE: (Context, Group) = (Context::Single, Group::Answer);
const SEVERAL: (Context, Group) = (Context::Several, Group::Answer);
const ORDER: (Context, Group) = (Context::Order, Group::Answer);
const TYPED: (Context, Group) = (Context::Typed, Group::Answer);
const CODE: (Context, Group) = (Context::Code, Group::Answer);
const MATCH: (Context, Group) = (Context::Match, Group::Answer);
const RESULT: (Context, Group) = (Context::Result, Group::Answer);
const VERDICT: (Context, Group) = (Context::Verdict, Group::Answer);
const EVERYWHERE: (Context, Group) = (Context::Everywhere, Group::Program);

/// Every key of the program.
pub static TABLE: &[Binding] = &[
    bind(CONFIRM, ("y", "y"), Command::Yes, ("yes", "do it")),
    bind(CONFIRM, ("n esc q", "n"), Command::No, ("no", "leave it as it is")),
    //
    bind(HELP, ("j down", "j/k"), Command::Down, ("scroll", "down a line")),
    bind(HELP, ("k up", "k"), Command::Up, ("", "up a line")),
    bind(HELP, ("pgdn space", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(HELP, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(HELP, ("? esc q enter", "Esc"), Command::Back, ("close", "close the help")),
    //
    bind(READER, ("j down", "j/k"), Command::Down, ("move", "down")),
    bind(READER, ("k up", "k"), Command::Up, ("", "up")),
    bind(READER, ("pgdn space", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(READER, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(READER, ("enter", "Enter"), Command::Accept, ("follow", "follow the link, or copy it")),
    bind(READER, ("esc q o", "Esc"), Command::Back, ("close", "close")),
    //
    bind(HOME, ("enter", "Enter"), Command::Accept, ("open", "open what the cursor is on")),
    bind(LIST, ("j down", "j/k"), Command::Down, ("move", "down one line")),
    bind(LIST, ("k up", "k"), Command::Up, ("", "up one line")),
    bind(LIST, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(LIST, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(LIST, ("home", "Home"), Command::First, ("", "to the top")),
    bind(LIST, ("end", "End"), Command::Last, ("", "to the end")),
    bind(HOME, ("q esc", "q"), Command::Back, ("leave", "leave the program")),
    bind(HOME, ("z", "z"), Command::Quiz, ("quiz", "the quiz of this chapter")),
    bind(HOME, ("e", "e"), Command::Problems, ("problems", "what is wrong in the course folder")),
    bind(HOME, ("x", "x"), Command::ResetChapter, ("reset", "forget what was done in this chapter")),
    bind(HOME, ("X", "X"), Command::ResetAll, ("", "forget everything that was done")),
    //
    bind(BET, ("a b c d", "a-d"), Command::Choose(0), ("choose", "choose an outcome")),
    bind(
        BET,
        ("1 2 3 4 5 6 7 8 9", "1-4"),
        Command::Digit(0),
        ("", "choose an outcome; 5-9: 50 to 90 % sure"),
    ),
    bind(BET, ("j down", "j/k"), Command::Down, ("", "the next outcome, or on in the text")),
    bind(BET, ("k up", "k"), Command::Up, ("", "the outcome before, or back in the text")),
    bind(BET, ("l right", "h/l"), Command::Right, ("how sure", "surer")),
    bind(BET, ("h left", "h"), Command::Left, ("", "less sure")),
    bind(BET, ("enter", "Enter"), Command::Accept, ("commit", "commit, and let the run decide")),
    bind(BET, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    //
    bind(GOAL, ("g", "g"), Command::Goal, ("judge", "judge the goal on runs that you have not seen")),
    bind(GOAL, ("i", "i"), Command::Hint, ("hint", "the next hint; after the third the solution")),
    bind(GOAL, ("x", "x"), Command::OpenFailing, ("failed run", "open a run on which the goal did not hold")),
    bind(GOAL, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    //
    bind(LESSON, ("n", "n"), Command::NextStep, ("next", "the next step")),
    bind(LESSON, ("N", "N"), Command::PreviousStep, ("back", "the step before")),
    bind(LESSON, ("p", "p"), Command::Predict, ("predict", "bet on what the run will do")),
    bind(LESSON, ("g", "g"), Command::Goal, ("goal", "open the goal")),
    bind(LESSON, ("enter", "Enter"), Command::Accept, ("", "open the lab on the whole screen")),
    bind(TEXT, ("j down", "j/k"), Command::Down, ("scroll", "on in the text")),
    bind(TEXT, ("k up", "k"), Command::Up, ("", "back in the text")),
    bind(TEXT, ("l right", "l"), Command::NextStep, ("", "the next step")),
    bind(TEXT, ("h left", "h"), Command::PreviousStep, ("", "the step before")),
    bind(TEXT, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(TEXT, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(LESSON, ("tab", "Tab"), Command::NextFocus, ("text/lab", "keys go to the lab, or to the text")),
    bind(LESSON, ("c", "c"), Command::NextClaim, ("claim", "the next sentence that a run proves")),
    bind(LESSON, ("z", "z"), Command::Quiz, ("", "the quiz of this chapter")),
    bind(LESSON, ("o", "o"), Command::Sources, ("sources", "sources and links")),
    //
    bind(LAB, ("space", "space"), Lab(L::Run), ("run", "run, or pause")),
    bind(LAB, ("1 2 3 4 5 6 7 8 9", "1-9"), Lab(L::Break(0)), ("break", "break something")),
    bind(LAB, ("j down", "j/k"), Lab(L::KnobNext), ("knob", "the next knob")),
    bind(LAB, ("k up", "k"), Lab(L::KnobPrevious), ("", "the knob before")),
    bind(LAB, ("l right", "h/l"), Lab(L::KnobUp), ("turn", "turn the knob up")),
    bind(LAB, ("h left", "h"), Lab(L::KnobDown), ("", "turn the knob down")),
    bind(LAB, (".", "."), Lab(L::StepOn), ("step", "one event on")),
    bind(LAB, (",", ","), Lab(L::StepBack), ("", "one event back")),
    bind(LAB, ("[ pgup", "["), Lab(L::Rewind), ("rewind", "back in time")),
    bind(LAB, ("] pgdn", "]"), Lab(L::Ahead), ("", "ahead in time")),
    bind(LAB, ("{ home shift-pgup", "{"), Lab(L::MarkBack), ("", "to the mark before")),
    bind(LAB, ("} end shift-pgdn", "}"), Lab(L::MarkAhead), ("", "to the next mark")),
    bind(LAB, ("u", "u"), Lab(L::Undo), ("undo", "take back what you did last")),
    bind(LAB, ("r", "r"), Lab(L::ResetKnob), ("", "put the knob back to where it was")),
    bind(LAB, ("R", "R"), Lab(L::Restart), ("", "start again with the same seed")),
    bind(LAB, ("S", "S"), Lab(L::NewSeed), ("", "start again with another seed")),
    bind(LAB, ("+ =", "+"), Lab(L::Faster), ("", "faster")),
    bind(LAB, ("-", "-"), Lab(L::Slower), ("", "slower")),
    bind(LAB, ("e", "e"), Lab(L::Explain), ("", "explain this line")),
    bind(LAB, ("s", "s"), Lab(L::Share), ("", "copy the run as a line of text")),
    bind(BENCH, ("b", "b"), Lab(L::Presets), ("presets", "choose a preset")),
    bind(BENCH, (":", ":"), Lab(L::Say), ("say", "break it in words: hang payments for 10s")),
    bind(BENCH, ("tab", "Tab"), Command::NextFocus, ("log", "to the log, the numbers, the knobs")),
    bind(BENCH, ("shift-tab", "S-Tab"), Command::PreviousFocus, ("", "the other way round")),
    bind(LOG, ("j down", "j/k"), Command::Down, ("move", "a later line")),
    bind(LOG, ("k up", "k"), Command::Up, ("", "an earlier line")),
    bind(LOG, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(LOG, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(LOG, ("home", "Home"), Command::First, ("", "to the first line")),
    bind(LOG, ("end", "End"), Command::Last, ("", "to the newest line")),
    bind(LOG, ("enter", "Enter"), Command::Accept, ("go there", "go to the moment of this line")),
    bind(READINGS, ("j down", "j/k"), Command::Down, ("scroll", "down")),
    bind(READINGS, ("k up", "k"), Command::Up, ("", "up")),
    bind(READINGS, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(READINGS, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(PRESETS, ("enter", "Enter"), Command::Accept, ("use", "start again with this preset")),
    bind(PRESETS, ("j down", "j/k"), Command::Down, ("move", "the next preset")),
    bind(PRESETS, ("k up", "k"), Command::Up, ("", "the preset before")),
    bind(PRESETS, ("esc q b", "Esc"), Command::Back, ("close", "keep the lab as it is")),
    bind(PROMPT, ("enter", "Enter"), Command::Accept, ("do it", "do what is typed")),
    bind(PROMPT, ("left", "Left"), Command::Left, ("", "a character back")),
    bind(PROMPT, ("right", "Right"), Command::Right, ("", "a character on")),
    bind(PROMPT, ("home", "Home"), Command::First, ("", "to the start of the line")),
    bind(PROMPT, ("end", "End"), Command::Last, ("", "to the end of the line")),
    bind(PROMPT, ("esc", "Esc"), Command::Back, ("close", "close the line")),
    //
    bind(SINGLE, ("a b c d e f g h", "a-h"), Command::Choose(0), ("choose", "choose an option")),
    bind(SINGLE, ("j down", "j/k"), Command::Down, ("move", "the next option")),
    bind(SINGLE, ("k up", "k"), Command::Up, ("", "the option before")),
    bind(SEVERAL, ("space", "space"), Command::Toggle, ("tick", "choose this option, or let go of it")),
    bind(SEVERAL, ("a b c d e f g h", "a-h"), Command::Choose(0), ("", "choose an option, or let go of it")),
    bind(SEVERAL, ("j down", "j/k"), Command::Down, ("move", "the next option")),
    bind(SEVERAL, ("k up", "k"), Command::Up, ("", "the option before")),
    bind(ORDER, ("j down", "j/k"), Command::Down, ("choose", "the next item")),
    bind(ORDER, ("k up", "k"), Command::Up, ("", "the item before")),
    bind(ORDER, ("J shift-down", "J/K"), Command::MoveDown, ("move it", "move the item down")),
    bind(ORDER, ("K shift-up", "K"), Command::MoveUp, ("", "move the item up")),
    bind(TYPED, ("left", "Left"), Command::Left, ("", "a character back")),
    bind(TYPED, ("right", "Right"), Command::Right, ("", "a character on")),
    bind(TYPED, ("home", "Home"), Command::First, ("", "to the start of the line")),
    bind(TYPED, ("end", "End"), Command::Last, ("", "to the end of the line")),
    bind(TYPED, ("esc", "Esc"), Command::Back, ("leave", "leave; the quiz waits for you")),
    bind(CODE, ("j down", "j/k"), Command::Down, ("line", "the next line")),
    bind(CODE, ("k up", "k"), Command::Up, ("", "the line before")),
    bind(MATCH, ("a b c d e f", "a-f"), Command::Choose(0), ("match", "the match for this line")),
    bind(MATCH, ("j down", "j/k"), Command::Down, ("line", "the next line")),
    bind(MATCH, ("k up", "k"), Command::Up, ("", "the line before")),
    bind(MATCH, ("l right", "l"), Command::Right, ("", "another match for this line")),
    bind(MATCH, ("h left", "h"), Command::Left, ("", "another match for this line")),
    bind(QUESTION, ("enter", "Enter"), Command::Accept, ("answer", "answer")),
    bind(QUESTION, ("tab", "Tab"), Command::Surer, ("how sure", "say how sure you are")),
    bind(QUESTION, ("shift-tab", "S-Tab"), Command::LessSure, ("", "less sure")),
    bind(QUESTION, ("i", "i"), Command::DontKnow, ("don't know", "say that you don't know")),
    bind(QUESTION, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(QUESTION, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(VERDICT, ("enter space", "Enter"), Command::Accept, ("next", "the next question")),
    bind(VERDICT, ("s", "s"), Command::See, ("see it happen", "open the lab at the moment that shows it")),
    bind(VERDICT, ("o", "o"), Command::Reread, ("read again", "open the step that teaches it")),
    bind(VERDICT, ("j down", "j/k"), Command::Down, ("scroll", "down a line")),
    bind(VERDICT, ("k up", "k"), Command::Up, ("", "up a line")),
    bind(VERDICT, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(VERDICT, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    bind(RESULT, ("enter space", "Enter"), Command::Accept, ("done", "back to where you came from")),
    bind(RESULT, ("o", "o"), Command::Reread, ("read again", "open the step of the weakest concept")),
    bind(RESULT, ("j down", "j/k"), Command::Down, ("scroll", "down a line")),
    bind(RESULT, ("k up", "k"), Command::Up, ("", "up a line")),
    bind(RESULT, ("pgdn", "PgDn"), Command::PageDown, ("", "down a page")),
    bind(RESULT, ("pgup", "PgUp"), Command::PageUp, ("", "up a page")),
    //
    bind(EVERYWHERE, ("q esc", "q"), Command::Back, ("back", "close this, or go back")),
    bind(EVERYWHERE, ("?", "?"), Command::Help, ("keys", "every key")),
    bind(EVERYWHERE, ("ctrl-c", "Ctrl-C"), Command::Leave, ("", "leave the program")),
    bind(EVERYWHERE, ("ctrl-z", "Ctrl-Z"), Command::Suspend, ("", "to the shell; fg comes back")),
];
