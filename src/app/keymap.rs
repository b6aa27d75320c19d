//! One table of keys: it dispatches, fills the footer with what works now, and builds `?`.
//!
//! A screen names the contexts it is in, most specific first ([`Screen::contexts`]); the first binding of the key that the
//! screen allows wins. A key means one thing in one context, and where two contexts share a key the more specific one
//! hides the other, in the footer and in help as well. Must not know what a command does.
//!
//! [`Screen::contexts`]: super::screen::Screen::contexts

mod table;

pub use table::TABLE;

use super::key::{Code, Key};

/// What a key asks for. A screen does with it what fits, or does not allow it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Command {
    /// Show the keys.
    Help,
    /// Find anything by name.
    Palette,
    /// Put what is chosen into the line that is typed into.
    Complete,
    /// Close what is open, or go back to the screen before.
    Back,
    /// Leave the program.
    Leave,
    /// Hand the terminal to the shell until continued.
    Suspend,
    /// Do the obvious thing: open, commit, continue.
    Accept,
    /// Say yes.
    Yes,
    /// Say no.
    No,

    /// Up one.
    Up,
    /// Down one.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up a page.
    PageUp,
    /// Down a page.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To the next part of the screen.
    NextFocus,
    /// To the part before.
    PreviousFocus,

    /// The quiz of the chapter at hand.
    Quiz,
    /// Forget what was done in the chapter at hand.
    ResetChapter,
    /// Forget everything that was done.
    ResetAll,
    /// What is wrong in the course folder.
    Problems,

    /// The next step.
    NextStep,
    /// The step before.
    PreviousStep,
    /// The next sentence that a run proves.
    NextClaim,
    /// Where the step's facts come from, and its links.
    Sources,
    /// Bet on what the run will do.
    Predict,
    /// The goal; with the goal open, judge it.
    Goal,
    /// What the remedies of this step buy and cost.
    Remedies,
    /// The next hint, and after the last one the solution.
    Hint,
    /// A seed on which the goal did not hold.
    OpenFailing,
    /// Why it happened: the number or the fact under the cursor.
    Why,

    /// Look for words.
    Search,
    /// To what led to this.
    Cause,
    /// Everything, or only what is notable.
    Every,

    /// Choose the option under the cursor, or let go of it.
    Toggle,
    /// Move the item under the cursor up.
    MoveUp,
    /// Move the item under the cursor down.
    MoveDown,
    /// Give what the cursor is on another name.
    Rename,
    /// Forget what the cursor is on.
    Delete,
    /// Say to be surer.
    Surer,
    /// Say to be less sure.
    LessSure,
    /// Say "I don't know".
    DontKnow,
    /// See in a lab what the question is about.
    See,
    /// Read the step that teaches it.
    Reread,
    /// The answer with this letter, `a` being 0.
    Choose(u8),
    /// The answer with this digit, `1` being 0.
    Digit(u8),
    /// Save what is shown in a file.
    Save,
    /// To do with the lab.
    Lab(LabCommand),
}

/// What a key asks of a lab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LabCommand {
    /// Run, or pause.
    Run,
    /// One event on.
    StepOn,
    /// One event back.
    StepBack,
    /// A little back in time.
    Rewind,
    /// A little ahead in time.
    Ahead,
    /// To the mark before.
    MarkBack,
    /// To the next mark.
    MarkAhead,
    /// The fault with this digit, `1` being 0.
    Break(u8),
    /// The next knob.
    KnobNext,
    /// The knob before.
    KnobPrevious,
    /// Turn the knob down.
    KnobDown,
    /// Turn the knob up.
    KnobUp,
    /// Put the knob back to where it was set up.
    ResetKnob,
    /// Take back the latest act.
    Undo,
    /// From the start, with the same seed.
    Restart,
    /// From the start, with another seed.
    NewSeed,
    /// Let time run slower.
    Slower,
    /// Let time run faster.
    Faster,
    /// Keep the run as it stands, and go on in a copy.
    Fork,
    /// Show a copy of the run next to it, or only one again.
    Twin,
    /// To the other one of two runs.
    Swap,
    /// To where two runs part.
    Parting,
    /// The branches of the run.
    Branches,
    /// Run the chosen knob over a range, on many seeds.
    Vary,
    /// Choose a preset.
    Presets,
    /// Say a fault in words; no key asks for it, the palette does.
    Say,
    /// Say what this line means.
    Explain,
    /// Show the run as a line of text, to be copied or saved.
    Share,
}

/// Where a binding holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Context {
    /// On every screen where no text is typed.
    Everywhere,
    /// On every screen, also where text is typed.
    Always,
    /// In a list with a cursor.
    List,
    /// On the course map.
    Home,
    /// In a lesson.
    Lesson,
    /// In a lesson with text and lab.
    Halves,
    /// In a lesson, what is seldom needed.
    Aside,
    /// In a lesson, with the text in focus.
    Text,
    /// In a lesson, with the cursor on the mark of a claim.
    Claim,
    /// With a claim open that is run.
    Proof,
    /// With remedies compared.
    Cure,
    /// With a prediction open.
    Bet,
    /// With a prediction of two outcomes open.
    OfTwo,
    /// With a prediction of three outcomes open.
    OfThree,
    /// With a prediction of four outcomes open.
    OfFour,
    /// With a prediction open and an outcome chosen.
    Weigh,
    /// While a run decides a prediction.
    Watch,
    /// With a goal open that is reached.
    Reached,
    /// With a goal open.
    Goal,
    /// On the bench, with the lab of a goal.
    Zoomed,
    /// Where a lab plays.
    Lab,
    /// On the bench: a lab on the whole screen.
    Bench,
    /// On the bench, with the stage in focus.
    Stage,
    /// With a part of the stage open.
    Inspect,
    /// On the bench, with the log in focus.
    Log,
    /// With the log over the stage.
    LogView,
    /// While words are typed that the log is searched for.
    Search,
    /// On the bench, with the numbers in focus.
    Readings,
    /// In the list of presets.
    Presets,
    /// On the bench, with the timeline in focus.
    Timeline,
    /// On the bench, with two runs side by side.
    Twins,
    /// In the list of branches.
    Branches,
    /// With a sweep open.
    Sweep,
    /// With a bet open, looking for a reading.
    BetPick,
    /// With a bet open, choosing an outcome.
    BetSay,
    /// With a bet open, typing a number.
    BetNumber,
    /// With a bet open, saying how sure one is.
    BetSure,
    /// With a bet told.
    BetTold,
    /// With the answer open to why something happened.
    Why,
    /// Where a name is typed.
    Name,
    /// In the palette.
    Palette,
    /// With the run shown as a line of text.
    Share,
    /// In a quiz, with a question open.
    Question,
    /// In a question with one option to choose.
    Single,
    /// In a question with options to choose.
    Several,
    /// In a question with items to put in order.
    Order,
    /// In a question that is answered by typing.
    Typed,
    /// In a question about a line of code.
    Code,
    /// In a question with pairs to match.
    Match,
    /// At the result of a quiz.
    Result,
    /// In a quiz, with the verdict shown.
    Verdict,
    /// In the help.
    Help,
    /// Where a yes or no is asked for.
    Confirm,
    /// In a text over the screen.
    Reader,
}

/// The headings of the help.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// Moving about.
    Move,
    /// Reading a lesson.
    Lesson,
    /// Answering.
    Answer,
    /// Playing in a lab.
    Lab,
    /// The program.
    Program,
}

impl Group {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Lesson, Self::Answer, Self::Lab, Self::Move, Self::Program];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Lesson => "Lesson",
            Self::Answer => "Answering",
            Self::Lab => "Lab",
            Self::Program => "Program",
        }
    }
}

/// A line of the key table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys, separated by spaces, as [`Key`] writes them.
    pub keys: &'static str,
    /// The keys as footer and help show them; empty for the other half of the line before, which speaks for both.
    pub label: &'static str,
    /// What they ask for; digits and letters fill in their number.
    pub command: Command,
    /// One or two words for the footer; empty for keys that the footer leaves to the help.
    pub hint: &'static str,
    /// A few words for the help.
    pub meaning: &'static str,
    /// Its heading in the help.
    pub group: Group,
}

impl Binding {
    /// What `key` asks for through this line, if it is one of its keys.
    fn command_for(&self, key: Key) -> Option<Command> {
        let hit = self.keys.split(' ').any(|name| name.parse() == Ok(key));
        hit.then(|| filled(self.command, key))
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.keys.split(' ').filter_map(|name| name.parse().ok())
    }
}

/// The command with the number that the key stands for.
fn filled(command: Command, key: Key) -> Command {
    let Code::Char(c) = key.code else { return command };
    let from = |first: char| u8::try_from(u32::from(c).saturating_sub(u32::from(first))).unwrap_or(0);
    match command {
        Command::Choose(_) => Command::Choose(from('a')),
        Command::Digit(_) => Command::Digit(from('1')),
        Command::Lab(LabCommand::Break(_)) => Command::Lab(LabCommand::Break(from('1'))),
        other => other,
    }
}

/// What `key` asks for in these contexts, most specific first.
pub fn dispatch(key: Key, contexts: &[Context], allows: impl Fn(Command) -> bool) -> Option<Command> {
    contexts.iter().find_map(|context| {
        let here = TABLE.iter().filter(|binding| binding.context == *context);
        here.filter_map(|binding| binding.command_for(key)).find(|command| allows(*command))
    })
}

/// Every line of the table that works in these contexts, most specific first, without those that another one hides.
pub fn working(contexts: &[Context], allows: impl Fn(Command) -> bool) -> Vec<&'static Binding> {
    let mut taken: Vec<Key> = Vec::new();
    let mut found = Vec::new();
    for context in contexts {
        let here =
            TABLE.iter().filter(|b| b.context == *context && b.keys().any(|k| allows(filled(b.command, k))));
        let fresh: Vec<_> = here.filter(|b| b.keys().any(|key| !taken.contains(&key))).collect();
        taken.extend(fresh.iter().flat_map(|b| b.keys()));
        found.extend(fresh);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_written_rightly_and_means_one_thing_in_its_context() {
        let mut seen = Vec::new();
        for binding in TABLE {
            for name in binding.keys.split(' ') {
                let key: Key = name.parse().unwrap_or_else(|e| panic!("{binding:?}: {e}"));
                assert_eq!(key.to_string(), name, "{binding:?}");
                assert!(!seen.contains(&(binding.context, key)), "{name} twice in {:?}", binding.context);
                seen.push((binding.context, key));
            }
            assert_eq!(binding.meaning.is_empty(), binding.label.is_empty(), "{binding:?}");
            assert!(!binding.label.is_empty() || binding.hint.is_empty(), "{binding:?}");
            assert!(binding.hint.chars().count() <= 14, "{binding:?}");
            assert!(binding.label.chars().count() <= 11, "{binding:?}");
            // So much room has the help in 60 columns.
            assert!(binding.meaning.chars().count() <= 43, "{binding:?}");
        }
    }

    #[test]
    fn the_more_specific_context_hides_the_other() {
        let contexts = [Context::Text, Context::Lesson, Context::Lab, Context::Everywhere];
        let j = Key::char('j');
        assert_eq!(dispatch(j, &contexts, |_| true), Some(Command::Down));
        assert_eq!(dispatch(j, &contexts[1..], |_| true), Some(Command::Lab(LabCommand::KnobNext)));
        let shown = working(&contexts, |_| true);
        assert!(shown.iter().all(|b| b.command != Command::Lab(LabCommand::KnobNext)));
    }

    #[test]
    fn digits_and_letters_carry_their_number() {
        let lab = [Context::Lab];
        let three = dispatch(Key::char('3'), &lab, |_| true);
        assert_eq!(three, Some(Command::Lab(LabCommand::Break(2))));
        assert_eq!(dispatch(Key::char('c'), &[Context::OfThree], |_| true), Some(Command::Choose(2)));
        assert_eq!(dispatch(Key::char('3'), &lab, |c| c != Command::Lab(LabCommand::Break(2))), None);
    }
}
