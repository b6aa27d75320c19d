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
const HALVES: (Context, Group) = (Context::Halves, Group::Lesson);
const ASIDE: (Context, Group) = (Context::Aside, Group::Lesson);
const TEXT: (Context, Group) = (Context::Text, Group::Move);
const CLAIM: (Context, Group) = (Context::Claim, Group::Lesson);
const PROOF: (Context, Group) = (Context::Proof, Group::Lesson);
const CURE: (Context, Group) = (Context::Cure, Group::Lesson);
const BET: (Context, Group) = (Context::Bet, Group::Answer);
const OF_TWO: (Context, Group) = (Context::OfTwo, Group::Answer);
const OF_THREE: (Context, Group) = (Context::OfThree, Group::Answer);
const OF_FOUR: (Context, Group) = (Context::OfFour, Group::Answer);
const WEIGH: (Context, Group) = (Context::Weigh, Group::Answer);
const WATCH: (Context, Group) = (Context::Watch, Group::Answer);
const REACHED: (Context, Group) = (Context::Reached, Group::Lesson);
const ZOOMED: (Context, Group) = (Context::Zoomed, Group::Answer);
const GOAL: (Context, Group) = (Context::Goal, Group::Answer);
const LAB: (Context, Group) = (Context::Lab, Group::Lab);
const BENCH: (Context, Group) = (Context::Bench, Group::Lab);
const LOG: (Context, Group) = (Context::Log, Group::Move);
const STAGE: (Context, Group) = (Context::Stage, Group::Move);
const INSPECT: (Context, Group) = (Context::Inspect, Group::Lab);
const LOG_VIEW: (Context, Group) = (Context::LogView, Group::Move);
const SEARCH: (Context, Group) = (Context::Search, Group::Move);
const READINGS: (Context, Group) = (Context::Readings, Group::Move);
const PRESETS: (Context, Group) = (Context::Presets, Group::Lab);
const TIMELINE: (Context, Group) = (Context::Timeline, Group::Move);
const TWINS: (Context, Group) = (Context::Twins, Group::Lab);
const SWEEP: (Context, Group) = (Context::Sweep, Group::Lab);
const BET_PICK: (Context, Group) = (Context::BetPick, Group::Answer);
const BET_SAY: (Context, Group) = (Context::BetSay, Group::Answer);
const BET_NUMBER: (Context, Group) = (Context::BetNumber, Group::Answer);
const BET_SURE: (Context, Group) = (Context::BetSure, Group::Answer);
const BET_TOLD: (Context, Group) = (Context::BetTold, Group::Answer);
const BRANCHES: (Context, Group) = (Context::Branches, Group::Lab);
const WHY: (Context, Group) = (Context::Why, Group::Lab);
const NAME: (Context, Group) = (Context::Name, Group::Lab);
const PALETTE: (Context, Group) = (Context::Palette, Group::Program);
const ALWAYS: (Context, Group) = (Context::Always, Group::Program);
const SHARE: (Context, Group) = (Context::Share, Group::Lab);
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
    bind(HELP, ("j down", "j/k"), Command::Down, ("scroll", "down, up")),
    bind(HELP, ("k up", ""), Command::Up, ("", "")),
    bind(HELP, ("pgdn space", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(HELP, ("pgup", ""), Command::PageUp, ("", "")),
    bind(HELP, ("? esc q enter", "Esc"), Command::Back, ("close", "close the help")),
    //
    bind(READER, ("j down", "j/k"), Command::Down, ("move", "down, up")),
    bind(READER, ("k up", ""), Command::Up, ("", "")),
    bind(READER, ("pgdn space", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(READER, ("pgup", ""), Command::PageUp, ("", "")),
    bind(READER, ("enter", "Enter"), Command::Accept, ("follow", "follow the link, or copy it")),
    bind(READER, ("esc q o", "Esc"), Command::Back, ("close", "close")),
    //
    bind(PALETTE, ("enter", "Enter"), Command::Accept, ("do it", "do what is typed, or what is chosen")),
    bind(PALETTE, ("tab", "Tab"), Command::Complete, ("complete", "put what is chosen into the line")),
    bind(PALETTE, ("down ctrl-n", "Up/Down"), Command::Down, ("move", "up, down; also Ctrl-P and Ctrl-N")),
    bind(PALETTE, ("up ctrl-p", ""), Command::Up, ("", "")),
    bind(PALETTE, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(PALETTE, ("pgup", ""), Command::PageUp, ("", "")),
    bind(PALETTE, ("left", "Left/Right"), Command::Left, ("", "a character back, a character on")),
    bind(PALETTE, ("right", ""), Command::Right, ("", "")),
    bind(PALETTE, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(PALETTE, ("end", ""), Command::Last, ("", "")),
    bind(PALETTE, ("esc", "Esc"), Command::Back, ("close", "close the palette")),
    //
    bind(HOME, ("enter", "Enter"), Command::Accept, ("open", "open what the cursor is on")),
    bind(LIST, ("j down", "j/k"), Command::Down, ("move", "down a line, up a line")),
    bind(LIST, ("k up", ""), Command::Up, ("", "")),
    bind(LIST, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(LIST, ("pgup", ""), Command::PageUp, ("", "")),
    bind(LIST, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(LIST, ("end", ""), Command::Last, ("", "")),
    bind(HOME, ("z", "z"), Command::Quiz, ("quiz", "the quiz of this chapter")),
    bind(HOME, ("e", "e"), Command::Problems, ("problems", "what is wrong in the course folder")),
    bind(HOME, ("x", "x"), Command::ResetChapter, ("reset", "forget what was done in this chapter")),
    bind(HOME, ("X", "X"), Command::ResetAll, ("", "forget everything that was done")),
    bind(HOME, ("q esc", "q"), Command::Back, ("leave", "leave the program")),
    //
    bind(OF_TWO, ("a b", "a/b"), Command::Choose(0), ("choose", "choose an outcome")),
    bind(OF_TWO, ("1 2", ""), Command::Digit(0), ("", "")),
    bind(OF_THREE, ("a b c", "a-c"), Command::Choose(0), ("choose", "choose an outcome")),
    bind(OF_THREE, ("1 2 3", ""), Command::Digit(0), ("", "")),
    bind(OF_FOUR, ("a b c d", "a-d"), Command::Choose(0), ("choose", "choose an outcome")),
    bind(OF_FOUR, ("1 2 3 4", ""), Command::Digit(0), ("", "")),
    bind(CURE, ("enter", "Enter"), Command::Accept, ("open a run", "open a run behind this number")),
    bind(CURE, ("j down", "j/k"), Command::Down, ("remedy", "the next remedy, the one before")),
    bind(CURE, ("k up", ""), Command::Up, ("", "")),
    bind(CURE, ("l right", "h/l"), Command::Right, ("axis", "the next thing measured, the one before")),
    bind(CURE, ("h left", ""), Command::Left, ("", "")),
    bind(CURE, ("n", "n"), Command::NextStep, ("next", "the next step")),
    bind(CURE, ("esc q m", "Esc"), Command::Back, ("close", "close it, and stop what still runs")),
    bind(BET, ("j down", "j/k"), Command::Down, ("move", "the next outcome, the one before")),
    bind(BET, ("k up", ""), Command::Up, ("", "")),
    bind(BET, ("enter", "Enter"), Command::Accept, ("take it", "choose the outcome under the cursor")),
    bind(BET, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    //
    bind(WEIGH, ("l right", "h/l"), Command::Right, ("how sure", "less sure, surer")),
    bind(WEIGH, ("h left", ""), Command::Left, ("", "")),
    bind(WEIGH, ("5 6 7 8 9", "5-9"), Command::Digit(0), ("50-90 %", "50 to 90 % sure")),
    bind(WEIGH, ("enter", "Enter"), Command::Accept, ("commit", "commit, and let the run decide")),
    bind(WEIGH, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    //
    bind(WATCH, ("enter", "Enter"), Command::Accept, ("what came", "do not wait, show what came")),
    bind(WATCH, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    //
    bind(REACHED, ("n", "n"), Command::NextStep, ("next", "the next step")),
    bind(ZOOMED, ("g", "g"), Command::Goal, ("judge", "judge the goal on runs you have not seen")),
    bind(GOAL, ("g", "g"), Command::Goal, ("judge", "judge the goal on runs you have not seen")),
    bind(GOAL, ("i", "i"), Command::Hint, ("hint", "the next hint; after the third the solution")),
    bind(GOAL, ("x", "x"), Command::OpenFailing, ("failed run", "open a run on which the goal did not hold")),
    bind(GOAL, ("esc q", "Esc"), Command::Back, ("", "back to the text")),
    //
    bind(CLAIM, ("enter", "Enter"), Command::Accept, ("run it", "run the sentence now, on all its seeds")),
    bind(PROOF, ("enter", "Enter"), Command::Accept, ("its run", "open one of its runs on the whole screen")),
    bind(PROOF, ("x", "x"), Command::OpenFailing, ("failed run", "open a run on which it did not hold")),
    bind(PROOF, ("esc q", "Esc"), Command::Back, ("text", "back to the text")),
    bind(CLAIM, ("1 2 3 4 5 6 7 8 9", "1-9"), Command::Digit(0), ("", "the claim with this number")),
    bind(LESSON, ("n", "n"), Command::NextStep, ("next", "the next step")),
    bind(LESSON, ("p", "p"), Command::Predict, ("predict", "bet on what the run will do")),
    bind(LESSON, ("g", "g"), Command::Goal, ("goal", "open the goal")),
    bind(LESSON, ("m", "m"), Command::Remedies, ("remedies", "what each remedy buys, and what it costs")),
    bind(LESSON, ("enter", "Enter"), Command::Accept, ("", "open the lab on the whole screen")),
    bind(TEXT, ("j down", "j/k"), Command::Down, ("scroll", "on in the text, back in the text")),
    bind(TEXT, ("k up", ""), Command::Up, ("", "")),
    bind(TEXT, ("l right", "h/l"), Command::NextStep, ("", "the step before, the next step")),
    bind(TEXT, ("h left", ""), Command::PreviousStep, ("", "")),
    bind(TEXT, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(TEXT, ("pgup", ""), Command::PageUp, ("", "")),
    bind(HALVES, ("tab", "Tab"), Command::NextFocus, ("text/lab", "keys go to the lab, or to the text")),
    bind(LESSON, ("c", "c"), Command::NextClaim, ("claim", "the next sentence that a run proves")),
    //
    bind(LAB, ("space", "space"), Lab(L::Run), ("run", "run, or pause")),
    bind(LAB, ("j down", "j/k"), Lab(L::KnobNext), ("knob", "the next knob, the one before")),
    bind(LAB, ("k up", ""), Lab(L::KnobPrevious), ("", "")),
    bind(LAB, ("l right", "h/l"), Lab(L::KnobUp), ("turn", "turn the knob down, up")),
    bind(LAB, ("h left", ""), Lab(L::KnobDown), ("", "")),
    bind(LAB, ("1 2 3 4 5 6 7 8 9", "1-9"), Lab(L::Break(0)), ("break", "break something")),
    bind(LAB, (".", ". ,"), Lab(L::StepOn), ("step", "one event on, one event back")),
    bind(LAB, (",", ""), Lab(L::StepBack), ("", "")),
    bind(LAB, ("[ pgup", "[ ]"), Lab(L::Rewind), ("rewind", "back in time, ahead in time")),
    bind(LAB, ("] pgdn", ""), Lab(L::Ahead), ("", "")),
    bind(LAB, ("{ home shift-pgup", "{ }"), Lab(L::MarkBack), ("", "to the mark before, to the next mark")),
    bind(LAB, ("} end shift-pgdn", ""), Lab(L::MarkAhead), ("", "")),
    bind(LAB, ("u", "u"), Lab(L::Undo), ("undo", "take back what you did last")),
    bind(LAB, ("r", "r"), Lab(L::ResetKnob), ("", "put the knob back to where it was")),
    bind(LAB, ("R", "R"), Lab(L::Restart), ("", "start again with the same seed")),
    bind(LAB, ("S", "S"), Lab(L::NewSeed), ("", "start again with another seed")),
    bind(LAB, ("s", "s"), Lab(L::Share), ("", "this run as a line of text, to copy or save")),
    bind(LAB, ("+ =", "+ -"), Lab(L::Faster), ("", "faster, slower")),
    bind(LAB, ("-", ""), Lab(L::Slower), ("", "")),
    bind(BENCH, ("f", "f"), Lab(L::Fork), ("fork", "keep this run, and go on in a copy of it")),
    bind(BENCH, ("t", "t"), Lab(L::Twin), ("twin", "a twin beside this run; once more: one run")),
    bind(BENCH, ("B", "B"), Lab(L::Branches), ("branches", "every future kept: switch, compare, rename")),
    bind(BENCH, ("p", "p"), Command::Predict, ("bet", "bet on what a number will be")),
    bind(BENCH, ("w", "w"), Command::Why, ("why", "what the chosen number or line came from")),
    bind(BENCH, ("b", "b"), Lab(L::Presets), ("presets", "choose a preset")),
    bind(BENCH, (":", ":"), Command::Palette, ("say", "break it in words, or find anything by name")),
    bind(BENCH, ("tab", "Tab"), Command::NextFocus, ("stage", "stage, log, numbers, timeline, knobs")),
    bind(BENCH, ("shift-tab", "S-Tab"), Command::PreviousFocus, ("", "the other way round")),
    bind(BENCH, ("v", "v"), Lab(L::Vary), ("vary", "vary the chosen knob, on many seeds each")),
    bind(BENCH, ("/", "/"), Command::Search, ("search", "look for words in all that happened")),
    bind(STAGE, ("enter", "Enter"), Command::Accept, ("open", "open this part: its fields, its faults")),
    bind(STAGE, ("l right", "h/l"), Command::Right, ("part", "the part before, the next part")),
    bind(STAGE, ("h left", ""), Command::Left, ("", "")),
    bind(STAGE, ("j down", "j/k"), Command::Down, ("line", "a part in the line below, above")),
    bind(STAGE, ("k up", ""), Command::Up, ("", "")),
    bind(STAGE, ("home", "Home/End"), Command::First, ("", "to the first part, to the last")),
    bind(STAGE, ("end", ""), Command::Last, ("", "")),
    bind(
        INSPECT,
        ("enter", "Enter"),
        Command::Accept,
        ("do it", "do the fault under the cursor to this part"),
    ),
    bind(INSPECT, ("j down", "j/k"), Command::Down, ("fault", "the next fault, the one before")),
    bind(INSPECT, ("k up", ""), Command::Up, ("", "")),
    bind(INSPECT, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "the fields further down, further up")),
    bind(INSPECT, ("pgup", ""), Command::PageUp, ("", "")),
    bind(INSPECT, ("esc q", "Esc"), Command::Back, ("close", "back to the stage")),
    bind(LOG_VIEW, ("enter", "Enter"), Command::Accept, ("go there", "go to the moment of this line")),
    bind(LOG_VIEW, ("w", "w"), Command::Why, ("why", "what this line came from, by rerunning")),
    bind(LOG_VIEW, ("c", "c"), Command::Cause, ("cause", "to the fact that led to this one")),
    bind(LOG_VIEW, ("a", "a"), Command::Every, ("all", "every fact, or only the notable ones")),
    bind(LOG_VIEW, ("/", "/"), Command::Search, ("search", "look for words; all of them must be found")),
    bind(LOG_VIEW, ("j down", "j/k"), Command::Down, ("move", "a later line, an earlier line")),
    bind(LOG_VIEW, ("k up", ""), Command::Up, ("", "")),
    bind(LOG_VIEW, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(LOG_VIEW, ("pgup", ""), Command::PageUp, ("", "")),
    bind(LOG_VIEW, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(LOG_VIEW, ("end", ""), Command::Last, ("", "")),
    bind(LOG_VIEW, ("esc q", "Esc"), Command::Back, ("close", "close the log and forget the words")),
    bind(SEARCH, ("enter", "Enter"), Command::Accept, ("to the list", "keep the words and go to the list")),
    bind(SEARCH, ("down", "Up/Down"), Command::Down, ("move", "an earlier line, a later line")),
    bind(SEARCH, ("up", ""), Command::Up, ("", "")),
    bind(SEARCH, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(SEARCH, ("pgup", ""), Command::PageUp, ("", "")),
    bind(SEARCH, ("left", "Left/Right"), Command::Left, ("", "a character back, a character on")),
    bind(SEARCH, ("right", ""), Command::Right, ("", "")),
    bind(SEARCH, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(SEARCH, ("end", ""), Command::Last, ("", "")),
    bind(SEARCH, ("esc", "Esc"), Command::Back, ("forget", "forget the words")),
    bind(LOG, ("c", "c"), Command::Cause, ("cause", "to the fact that led to this one")),
    bind(LOG, ("j down", "j/k"), Command::Down, ("move", "a later line, an earlier line")),
    bind(LOG, ("k up", ""), Command::Up, ("", "")),
    bind(LOG, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(LOG, ("pgup", ""), Command::PageUp, ("", "")),
    bind(LOG, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(LOG, ("end", ""), Command::Last, ("", "")),
    bind(LOG, ("w", "w"), Command::Why, ("why", "what this line came from")),
    bind(LOG, ("enter", "Enter"), Command::Accept, ("go there", "go to the moment of this line")),
    bind(READINGS, ("w", "w"), Command::Why, ("why", "what this number came from")),
    bind(READINGS, ("j down", "j/k"), Command::Down, ("move", "the next number, the one before")),
    bind(READINGS, ("k up", ""), Command::Up, ("", "")),
    bind(READINGS, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(READINGS, ("pgup", ""), Command::PageUp, ("", "")),
    bind(TIMELINE, ("l right", "h/l"), Command::Right, ("scrub", "on along the timeline, back along it")),
    bind(TIMELINE, ("h left", ""), Command::Left, ("", "")),
    bind(TIMELINE, ("pgdn", "PgUp/PgDn"), Command::PageDown, ("", "a tenth of the run back, a tenth on")),
    bind(TIMELINE, ("pgup", ""), Command::PageUp, ("", "")),
    bind(TIMELINE, ("home", "Home/End"), Command::First, ("ends", "to the start, to the latest moment seen")),
    bind(TIMELINE, ("end", ""), Command::Last, ("", "")),
    bind(TWINS, ("x", "x"), Lab(L::Swap), ("other side", "act in the other run from now on")),
    bind(TWINS, ("d", "d"), Lab(L::Parting), ("differ", "to where the two runs part")),
    bind(
        BRANCHES,
        ("enter", "Enter"),
        Command::Accept,
        ("go on in it", "go on in this branch, at the same instant"),
    ),
    bind(BRANCHES, ("j down", "j/k"), Command::Down, ("move", "the next branch, the one before")),
    bind(BRANCHES, ("k up", ""), Command::Up, ("", "")),
    bind(BRANCHES, ("t c", "t"), Lab(L::Twin), ("beside", "show this branch beside the present one")),
    bind(BRANCHES, ("r", "r"), Command::Rename, ("rename", "give this branch a name of your own")),
    bind(BRANCHES, ("x delete", "x"), Command::Delete, ("delete", "forget this branch")),
    bind(BRANCHES, ("esc q B", "Esc"), Command::Back, ("close", "close the list")),
    bind(WHY, ("j down", "j/k"), Command::Down, ("scroll", "down, up")),
    bind(WHY, ("k up", ""), Command::Up, ("", "")),
    bind(WHY, ("esc q w enter", "Esc"), Command::Back, ("close", "close it, and stop a search")),
    bind(NAME, ("enter", "Enter"), Command::Accept, ("name it", "take this name")),
    bind(NAME, ("left", "Left/Right"), Command::Left, ("", "a character back, a character on")),
    bind(NAME, ("right", ""), Command::Right, ("", "")),
    bind(NAME, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(NAME, ("end", ""), Command::Last, ("", "")),
    bind(NAME, ("esc", "Esc"), Command::Back, ("leave it", "keep the name as it is")),
    bind(SWEEP, ("l right", "h/l"), Command::Right, ("reading", "the next reading, the one before")),
    bind(SWEEP, ("h left", ""), Command::Left, ("", "")),
    bind(SWEEP, ("esc q v", "Esc"), Command::Back, ("close", "stop it, and close")),
    bind(BET_PICK, ("enter", "Enter"), Command::Accept, ("bet on it", "bet on the reading under the cursor")),
    bind(BET_PICK, ("down", "Up/Down"), Command::Down, ("move", "the next reading, the one before")),
    bind(BET_PICK, ("up", ""), Command::Up, ("", "")),
    bind(BET_PICK, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(BET_PICK, ("pgup", ""), Command::PageUp, ("", "")),
    bind(BET_PICK, ("esc", "Esc"), Command::Back, ("close", "make no bet")),
    bind(BET_SAY, ("enter", "Enter"), Command::Accept, ("take it", "take the outcome under the cursor")),
    bind(BET_SAY, ("a b c d e f g", "letter"), Command::Choose(0), ("choose", "choose an outcome")),
    bind(BET_SAY, ("l right", "h/l"), Command::Right, ("when", "a nearer moment, a later one")),
    bind(BET_SAY, ("h left", ""), Command::Left, ("", "")),
    bind(BET_SAY, ("j down", "j/k"), Command::Down, ("move", "the next outcome, the one before")),
    bind(BET_SAY, ("k up", ""), Command::Up, ("", "")),
    bind(BET_SAY, ("esc q", "Esc"), Command::Back, ("back", "to another reading")),
    bind(BET_NUMBER, ("enter", "Enter"), Command::Accept, ("take it", "take this number")),
    bind(BET_NUMBER, ("left", "Left/Right"), Command::Left, ("", "a character back, a character on")),
    bind(BET_NUMBER, ("right", ""), Command::Right, ("", "")),
    bind(BET_NUMBER, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(BET_NUMBER, ("end", ""), Command::Last, ("", "")),
    bind(BET_NUMBER, ("esc", "Esc"), Command::Back, ("back", "to the outcomes")),
    bind(BET_SURE, ("l right", "h/l"), Command::Right, ("how sure", "less sure, surer")),
    bind(BET_SURE, ("h left", ""), Command::Left, ("", "")),
    bind(BET_SURE, ("5 6 7 8 9", "5-9"), Command::Digit(0), ("50-90 %", "50 to 90 % sure")),
    bind(BET_SURE, ("enter", "Enter"), Command::Accept, ("commit", "commit, and let the run decide")),
    bind(BET_SURE, ("esc q", "Esc"), Command::Back, ("back", "to the outcomes")),
    bind(BET_TOLD, ("enter space p", "Enter"), Command::Accept, ("close", "back to the lab")),
    bind(BET_TOLD, ("esc q", "Esc"), Command::Back, ("", "back to the lab")),
    bind(PRESETS, ("enter", "Enter"), Command::Accept, ("use", "start again with this preset")),
    bind(PRESETS, ("j down", "j/k"), Command::Down, ("move", "the next preset, the one before")),
    bind(PRESETS, ("k up", ""), Command::Up, ("", "")),
    bind(PRESETS, ("esc q b", "Esc"), Command::Back, ("close", "keep the lab as it is")),
    bind(SHARE, ("enter", "Enter"), Command::Accept, ("copy", "copy the line through the terminal")),
    bind(SHARE, ("w", "w"), Command::Save, ("save", "save the run in a file")),
    bind(SHARE, ("j down", "j/k"), Command::Down, ("scroll", "down, up")),
    bind(SHARE, ("k up", ""), Command::Up, ("", "")),
    bind(SHARE, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(SHARE, ("pgup", ""), Command::PageUp, ("", "")),
    bind(SHARE, ("esc q s", "Esc"), Command::Back, ("close", "close")),
    //
    bind(ASIDE, ("N", "N"), Command::PreviousStep, ("back", "the step before")),
    bind(ASIDE, ("z", "z"), Command::Quiz, ("", "the quiz of this chapter")),
    bind(ASIDE, ("o", "o"), Command::Sources, ("sources", "sources and links")),
    //
    bind(SINGLE, ("a b c d e f g h", "a-h"), Command::Choose(0), ("choose", "choose an option")),
    bind(SINGLE, ("j down", "j/k"), Command::Down, ("move", "the next option, the one before")),
    bind(SINGLE, ("k up", ""), Command::Up, ("", "")),
    bind(SEVERAL, ("space", "space"), Command::Toggle, ("tick", "choose this option, or let go of it")),
    bind(SEVERAL, ("a b c d e f g h", "a-h"), Command::Choose(0), ("", "choose an option, or let go of it")),
    bind(SEVERAL, ("j down", "j/k"), Command::Down, ("move", "the next option, the one before")),
    bind(SEVERAL, ("k up", ""), Command::Up, ("", "")),
    bind(ORDER, ("j down", "j/k"), Command::Down, ("choose", "the next item, the one before")),
    bind(ORDER, ("k up", ""), Command::Up, ("", "")),
    bind(ORDER, ("J shift-down", "J/K"), Command::MoveDown, ("move it", "move it down, move it up")),
    bind(ORDER, ("K shift-up", ""), Command::MoveUp, ("", "")),
    bind(TYPED, ("left", "Left/Right"), Command::Left, ("", "a character back, a character on")),
    bind(TYPED, ("right", ""), Command::Right, ("", "")),
    bind(TYPED, ("home", "Home/End"), Command::First, ("", "to the first, to the last")),
    bind(TYPED, ("end", ""), Command::Last, ("", "")),
    bind(TYPED, ("esc", "Esc"), Command::Back, ("leave", "leave; the quiz waits for you")),
    bind(CODE, ("j down", "j/k"), Command::Down, ("line", "the next line, the one before")),
    bind(CODE, ("k up", ""), Command::Up, ("", "")),
    bind(MATCH, ("a b c d e f", "a-f"), Command::Choose(0), ("match", "the match for this line")),
    bind(MATCH, ("j down", "j/k"), Command::Down, ("line", "the next line, the one before")),
    bind(MATCH, ("k up", ""), Command::Up, ("", "")),
    bind(MATCH, ("l right", "h/l"), Command::Right, ("", "another match for this line")),
    bind(MATCH, ("h left", ""), Command::Left, ("", "")),
    bind(QUESTION, ("enter", "Enter"), Command::Accept, ("answer", "answer")),
    bind(QUESTION, ("tab", "Tab"), Command::Surer, ("how sure", "say how sure you are")),
    bind(QUESTION, ("shift-tab", "S-Tab"), Command::LessSure, ("", "less sure")),
    bind(QUESTION, ("i", "i"), Command::DontKnow, ("don't know", "say that you don't know")),
    bind(QUESTION, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(QUESTION, ("pgup", ""), Command::PageUp, ("", "")),
    bind(VERDICT, ("enter space", "Enter"), Command::Accept, ("next", "the next question")),
    bind(VERDICT, ("s", "s"), Command::See, ("see it happen", "open the lab at the moment that shows it")),
    bind(VERDICT, ("o", "o"), Command::Reread, ("read again", "open the step that teaches it")),
    bind(VERDICT, ("j down", "j/k"), Command::Down, ("scroll", "down, up")),
    bind(VERDICT, ("k up", ""), Command::Up, ("", "")),
    bind(VERDICT, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(VERDICT, ("pgup", ""), Command::PageUp, ("", "")),
    bind(RESULT, ("enter space", "Enter"), Command::Accept, ("done", "back to where you came from")),
    bind(RESULT, ("o", "o"), Command::Reread, ("read again", "open the step of the weakest concept")),
    bind(RESULT, ("j down", "j/k"), Command::Down, ("scroll", "down, up")),
    bind(RESULT, ("k up", ""), Command::Up, ("", "")),
    bind(RESULT, ("pgdn", "PgDn/PgUp"), Command::PageDown, ("", "a page down, a page up")),
    bind(RESULT, ("pgup", ""), Command::PageUp, ("", "")),
    //
    bind(EVERYWHERE, ("q esc", "q"), Command::Back, ("back", "close this, or go back")),
    bind(EVERYWHERE, (":", ":"), Command::Palette, ("find", "find anything by name; break a lab in words")),
    bind(EVERYWHERE, ("?", "?"), Command::Help, ("keys", "every key")),
    bind(EVERYWHERE, ("ctrl-c", "Ctrl-C"), Command::Leave, ("", "leave the program")),
    bind(EVERYWHERE, ("ctrl-z", "Ctrl-Z"), Command::Suspend, ("", "to the shell; fg comes back")),
    bind(ALWAYS, ("ctrl-p", "Ctrl-P"), Command::Palette, ("", "find anything, also while text is typed")),
];
