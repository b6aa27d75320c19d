//! Everything that can be found from where the learner is, what is nearest first. What cannot be used now is not offered.

use super::branches::{Branch, branches};
use super::entry::{Does, Entry, Kind};
use super::sentence::Tongue;
use crate::app::bench;
use crate::app::keymap::{Binding, Command, LabCommand, TABLE};
use crate::app::player::Player;
use crate::app::screen::{Go, Screen};
use crate::app::shared::Shared;
use crate::course::StepId;
use crate::labs::catalogue::LABS;
use crate::labs::fault::Takes;

/// What is asked what there is.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The screen on top.
    pub screen: &'a Screen,
    /// What all screens share.
    pub shared: &'a Shared,
    /// The keys that work.
    pub keys: &'a [&'static Binding],
}

impl Around<'_> {
    /// The lab that takes faults here.
    pub fn player(&self) -> Option<&Player> {
        let takes = self.screen.allows(Command::Lab(LabCommand::Say), self.shared);
        self.screen.player().filter(|_| takes)
    }

    /// The step that is shown.
    fn step(&self) -> Option<&StepId> {
        if let Screen::Lesson(lesson) = self.screen { Some(&lesson.at) } else { None }
    }

    fn is_bench(&self) -> bool {
        matches!(self.screen, Screen::Bench(_))
    }
}

/// What comes first where nothing is typed, and among equals.
fn order(screen: &Screen) -> [Kind; 9] {
    use Kind::{Branch, Command, Fault, Knob, Lab, Lesson, Preset, Quiz, Step};
    match screen {
        Screen::Home(_) => [Lesson, Quiz, Lab, Command, Preset, Step, Fault, Knob, Branch],
        Screen::Lesson(_) => [Fault, Knob, Step, Branch, Command, Lesson, Quiz, Lab, Preset],
        Screen::Bench(_) => [Fault, Preset, Knob, Branch, Command, Lab, Lesson, Quiz, Step],
        Screen::Quiz(_) | Screen::Problems(_) | Screen::Calibration(_) => {
            [Command, Lesson, Quiz, Lab, Preset, Step, Fault, Knob, Branch]
        }
    }
}

/// Everything there is, what is nearest first.
pub(super) fn all(around: Around<'_>) -> Vec<Entry> {
    let mut near: Vec<Entry> = around.player().map(|player| at_hand(player, around)).unwrap_or_default();
    near.extend(commands(around.keys));
    let mut far = Vec::new();
    steps(around, &mut near, &mut far);
    lessons(around.shared, &mut far);
    labs(around, &mut near, &mut far);
    let order = order(around.screen);
    let place = |kind: Kind| order.iter().position(|it| *it == kind);
    // On the map nothing is nearer than the course itself.
    let rank = |entry: &Entry, is_far: bool| {
        (is_far && !matches!(around.screen, Screen::Home(_)), place(entry.kind))
    };
    let mut ranked: Vec<_> = near.into_iter().map(|entry| (rank(&entry, false), entry)).collect();
    ranked.extend(far.into_iter().map(|entry| (rank(&entry, true), entry)));
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// The faults, knobs, presets and branches of the lab at hand.
fn at_hand(player: &Player, around: Around<'_>) -> Vec<Entry> {
    let spec = player.spec();
    let tongue = Tongue::of(player);
    let mut entries: Vec<Entry> = Vec::new();
    for ((_, sentence), number) in spec.buttons.iter().zip(1_u8..=9) {
        let Some(written) = tongue.written(sentence) else { continue };
        let does = Does::Say((*sentence).to_owned());
        let entry = Entry::new(Kind::Fault, written.clone(), "", does);
        let entry = if bench::allows(player, LabCommand::Break(number - 1)) {
            entry.beside(number.to_string())
        } else {
            entry
        };
        entries.push(entry.completing(format!("{written} ")));
    }
    for (fault, part) in tongue.faults() {
        let sentence = format!("{} {part}", fault.verb.word());
        let Some(written) = tongue.written(&sentence) else { continue };
        let adds = match fault.amount {
            Takes::Nothing if fault.verb.is_instant() => "",
            Takes::Nothing => "Tab to add for 10s.",
            Takes::Factor(_) => "Tab to add x3, for 10s.",
            Takes::Share => "Tab to add 50%, first 5, for 10s.",
            Takes::By(_) => "Tab to add by 1s.",
        };
        let meaning = format!("{} {adds}", fault.meaning).trim_end().to_owned();
        // A button that begins like this one means the same for a while.
        for button in entries.iter_mut().filter(|it| it.meaning.is_empty() && it.name.starts_with(&sentence))
        {
            button.meaning.clone_from(&meaning);
        }
        if !entries.iter().any(|it| it.name == written) {
            let does = Does::Say(sentence.clone());
            let entry = Entry::new(Kind::Fault, written, meaning, does);
            entries.push(entry.completing(format!("{sentence} ")));
        }
    }
    entries.extend(player.lab().knobs().iter().enumerate().map(|(index, (knob, value))| {
        let entry = Entry::new(Kind::Knob, knob.name, knob.meaning, Does::Knob(index)).called("set");
        let fixed = if player.is_locked(index) { " fixed" } else { "" };
        entry.beside(format!("{}{fixed}", knob.show(value))).completing(format!("set {} ", knob.name))
    }));
    if around.is_bench() {
        let preset = |preset: &crate::labs::lab::Preset| {
            let meaning = format!("{} Starts again at 0 s.", preset.meaning);
            let entry = Entry::new(Kind::Preset, preset.name, meaning, Does::Preset(preset.name));
            if preset.name == player.setup().preset { entry.beside("now") } else { entry }
        };
        entries.extend(spec.presets.iter().map(preset));
        let branch = |it: Branch| Entry::new(Kind::Branch, it.name, it.meaning, Does::Branch(it.number));
        entries.extend(branches(player).into_iter().map(branch));
    }
    entries
}

/// What the working keys do, but for those that only move about, choose by number, or open this palette.
fn commands(keys: &[&'static Binding]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for binding in keys.iter().filter(|binding| !binding.meaning.is_empty() && !moves(binding.command)) {
        for (command, key, meaning) in halves(binding) {
            let help = format!("The key {key} does the same.");
            let entry = Entry::new(Kind::Command, meaning, help, Does::Command(command)).called(binding.hint);
            if !entries.iter().any(|it| it.name == meaning) {
                entries.push(entry.beside(key));
            }
        }
    }
    entries
}

/// A line of the key table that speaks for two keys, as one for each: `. ,` `one event on, one event back`.
fn halves(binding: &'static Binding) -> Vec<(Command, &'static str, &'static str)> {
    let whole = vec![(binding.command, binding.label, binding.meaning)];
    let place = TABLE.iter().position(|it| std::ptr::eq(it, binding));
    let other = place.and_then(|at| TABLE.get(at + 1)).filter(|it| it.label.is_empty());
    let Some((other, (first, second))) = other.zip(binding.meaning.split_once(", ")) else { return whole };
    let key = |it: &'static Binding| it.keys.split(' ').next().unwrap_or_default();
    let first_key = key(binding);
    // The label names the keys in the order of their meanings, which may not be that of the table.
    let (one, two) = if binding.label.starts_with(first_key) { (binding, other) } else { (other, binding) };
    vec![(one.command, key(one), first), (two.command, key(two), second)]
}

/// Whether a command says nothing without seeing what it moves or chooses.
const fn moves(command: Command) -> bool {
    use Command as C;
    use LabCommand as L;
    matches!(
        command,
        C::Up
            | C::Down
            | C::Left
            | C::Right
            | C::PageUp
            | C::PageDown
            | C::First
            | C::Last
            | C::MoveUp
            | C::MoveDown
            | C::Toggle
            | C::Choose(_)
            | C::Digit(_)
            | C::Palette
            | C::Lab(L::Break(_) | L::KnobNext | L::KnobPrevious | L::KnobUp | L::KnobDown)
    )
}

/// The steps: those of the lesson that is open are near.
fn steps(around: Around<'_>, near: &mut Vec<Entry>, far: &mut Vec<Entry>) {
    let here = around.step();
    for (_, lesson) in around.shared.course.lessons() {
        let is_here = here.is_some_and(|here| lesson.id == here.lesson.as_str());
        let others =
            lesson.steps.iter().filter(|step| !(is_here && here.is_some_and(|it| it.number == step.number)));
        let entries = others.map(|step| {
            let id = StepId { lesson: lesson.id.value.clone(), number: step.number };
            let meaning = format!("Step {} of {} of \"{}\".", step.number, lesson.steps.len(), lesson.title);
            let called = id.to_string();
            Entry::new(Kind::Step, step.title.clone(), meaning, Does::Go(Go::Step(id))).called(&called)
        });
        if is_here { near.extend(entries) } else { far.extend(entries) }
    }
}

/// The lessons and quizzes, the way back to the map, and what is wrong in the course folder.
fn lessons(shared: &Shared, far: &mut Vec<Entry>) {
    for chapter in &shared.course.chapters {
        let heading = match &chapter.label {
            Some(label) => format!("{label} {}", chapter.title),
            None => chapter.title.clone(),
        };
        far.extend(chapter.lessons.iter().map(|lesson| {
            let meaning =
                format!("{heading}: {} steps, about {} minutes.", lesson.steps.len(), lesson.minutes);
            let does = Does::Read(lesson.id.value.clone());
            Entry::new(Kind::Lesson, lesson.title.clone(), meaning, does).called(&lesson.id.value)
        }));
        if !chapter.questions.is_empty() {
            let count = chapter.questions.len();
            let meaning = format!("{heading}: {count} question{}.", if count == 1 { "" } else { "s" });
            let does = Does::Go(Go::Quiz(Some(chapter.id.clone())));
            far.push(Entry::new(Kind::Quiz, chapter.title.clone(), meaning, does).called(&chapter.id));
        }
    }
}

/// Every lab and, but for those of the lab at hand, its presets; and the ways to the map and to what is wrong.
fn labs(around: Around<'_>, near: &mut Vec<Entry>, far: &mut Vec<Entry>) {
    let own = around.player().filter(|_| around.is_bench()).map(|player| player.spec().name);
    for spec in LABS.iter().map(|entry| entry.spec) {
        let does = Does::Go(Go::Play(spec.name, None));
        far.push(Entry::new(Kind::Lab, spec.title, spec.summary, does).called(spec.name));
        if own == Some(spec.name) {
            continue;
        }
        far.extend(spec.presets.iter().map(|preset| {
            // The preset's name comes first: who types the lab's name rather means the lab.
            let name = format!("{} ({})", preset.name, spec.name);
            let meaning = format!("{} Opens the lab {}.", preset.meaning, spec.name);
            let does = Does::Go(Go::Play(spec.name, Some(preset.name)));
            Entry::new(Kind::Preset, name, meaning, does)
        }));
    }
    if !matches!(around.screen, Screen::Home(_)) {
        near.push(Entry::new(
            Kind::Command,
            "the course map",
            "Leaves everything that is open.",
            Does::Go(Go::Map),
        ));
    }
    if around.shared.progress.calibration().all.tally.all() > 0
        && !matches!(around.screen, Screen::Calibration(_))
    {
        let (name, help) = ("how sure you are, and how right", "Brier score and calibration of every bet.");
        near.push(Entry::new(Kind::Command, name, help, Does::Go(Go::Calibration)).called("calibration"));
    }
    if !around.shared.problems.is_empty() && !matches!(around.screen, Screen::Problems(_) | Screen::Home(_)) {
        let (name, help) =
            ("what is wrong in the course folder", "Every line of it that was left out, and why.");
        near.push(Entry::new(Kind::Command, name, help, Does::Go(Go::Problems)));
    }
}
