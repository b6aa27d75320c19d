//! The facts of a run that a learner looks for: the notable ones or all of them, narrowed by words.
//!
//! A run may have a hundred thousand facts at hand, and more with every frame. So what was found is kept, and each look
//! takes in only what is new; sentences are made only for facts that words have to be found in.

use std::collections::VecDeque;

use super::lab::{Lab, Occurrence, Told};

/// Words that must all be found in a fact: in its part, its kind or its sentence.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Words {
    words: Vec<String>,
}

impl Words {
    /// The words of a text; capitals make no difference.
    pub fn read(text: &str) -> Self {
        Self { words: text.split_whitespace().map(str::to_lowercase).collect() }
    }

    /// Whether there are none, so that everything fits.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every word is found.
    pub fn fit(&self, told: &Told) -> bool {
        let texts = [told.part.as_str(), told.kind, &told.sentence];
        self.words.iter().all(|word| texts.iter().any(|text| contains(text, word)))
    }

    /// Whether everything that fits `self` fits `wider` as well.
    fn narrow(&self, wider: &Self) -> bool {
        wider.words.iter().all(|old| self.words.iter().any(|new| new.contains(old.as_str())))
    }
}

/// Whether a text holds this word, which is in small letters. Sentences are ASCII but for a few, so nothing is copied.
fn contains(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len().max(1)).any(|here| here.eq_ignore_ascii_case(word))
}

/// A line of the log: a fact, or an invariant that broke.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Line {
    /// How many facts had been reported before it.
    before: u64,
    /// The invariant that broke there, plus one; 0 for a fact, which stands after what broke before it.
    broke: Broke,
}

/// What a line stands for; what broke stands before the fact that was reported next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Broke {
    Invariant(usize),
    Nothing,
}

impl Line {
    /// The line of fact `number`.
    pub const fn of_fact(number: u64) -> Self {
        Self { before: number, broke: Broke::Nothing }
    }

    /// The number of its fact; none for an invariant that broke.
    pub const fn fact(self) -> Option<u64> {
        match self.broke {
            Broke::Nothing => Some(self.before),
            Broke::Invariant(_) => None,
        }
    }

    /// What the line says; none if the fact is no longer at hand. An invariant that broke is told like a fact, as caused
    /// by the fact before it.
    pub fn told(self, lab: &dyn Lab) -> Option<Occurrence> {
        let Broke::Invariant(index) = self.broke else { return lab.fact(self.before) };
        let standings = lab.invariants();
        let standing = standings.get(index)?;
        let broken = standing.broken?;
        let name = standing.invariant.name;
        let sentence =
            format!("Breaks: {name}. {}. It must hold: {}", broken.facts, standing.invariant.meaning);
        let told = Told { kind: "check-broken", part: name.to_owned(), sentence, notable: true };
        let cause = broken.told.checked_sub(1);
        Some(Occurrence { at: broken.at, number: self.before, cause, told })
    }
}

/// Which lines are looked for, and those found so far.
#[derive(Clone, Default, Debug)]
pub struct Search {
    words: Words,
    every: bool,
    /// Every line that the words have to be found in, in order.
    scope: VecDeque<Line>,
    /// Those of them that they are found in; unused without words.
    found: VecDeque<Line>,
    /// Facts below this number have been looked at.
    upto: u64,
    /// How many invariants were broken at the last look.
    broken: usize,
}

impl Search {
    /// Looks for these words from now on, in every fact or only in the notable ones.
    pub fn look_for(&mut self, words: Words, every: bool, lab: &dyn Lab) {
        if every != self.every {
            self.forget();
        }
        let narrower = words.narrow(&self.words) && !self.words.is_empty();
        (self.words, self.every) = (words, every);
        let (words, fits) =
            (&self.words, |line: &Line, words: &Words| line.told(lab).is_some_and(|it| words.fit(&it.told)));
        if words.is_empty() {
            self.found.clear();
        } else if narrower {
            self.found.retain(|line| fits(line, words));
        } else {
            self.found = self.scope.iter().copied().filter(|line| fits(line, words)).collect();
        }
        self.look(lab);
    }

    /// The words that are looked for.
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Whether every fact is looked at, not only the notable ones.
    pub const fn every(&self) -> bool {
        self.every
    }

    /// The lines that were found, oldest first.
    pub const fn lines(&self) -> &VecDeque<Line> {
        if self.words.is_empty() { &self.scope } else { &self.found }
    }

    /// How many lines the words were looked for in.
    pub fn all(&self) -> usize {
        self.scope.len()
    }

    /// The place of a line among those that were found, or of the one after it.
    pub fn place(&self, line: Line) -> usize {
        self.lines().partition_point(|it| *it < line)
    }

    /// Forgets what was found: the run may be another one.
    pub fn forget(&mut self) {
        self.scope.clear();
        self.found.clear();
        (self.upto, self.broken) = (0, 0);
    }

    /// Takes in what happened since the last look, and lets go of what is undone or no longer at hand.
    pub fn look(&mut self, lab: &dyn Lab) {
        let reported = lab.reported();
        let first = reported - lab.fact_count() as u64;
        let standings = lab.invariants();
        let broken = standings.iter().filter_map(|standing| standing.broken).count();
        if self.upto < first || broken != self.broken {
            self.forget();
        } else if self.upto > reported {
            for lines in [&mut self.scope, &mut self.found] {
                lines.truncate(lines.partition_point(|line| *line < Line::of_fact(reported)));
            }
            self.upto = reported;
        }
        let oldest = Line { before: first, broke: Broke::Invariant(0) };
        for lines in [&mut self.scope, &mut self.found] {
            while lines.front().is_some_and(|line| *line < oldest) {
                lines.pop_front();
            }
        }
        // What broke is taken in when everything is.
        let mut broke: Vec<Line> = Vec::new();
        if self.upto == 0 {
            let lines = standings.iter().enumerate().filter_map(|(index, standing)| {
                standing.broken.map(|it| Line { before: it.told, broke: Broke::Invariant(index) })
            });
            broke.extend(lines);
            broke.sort_unstable();
        }
        let mut broke = broke.into_iter().peekable();
        for number in self.upto.max(first)..reported {
            while let Some(line) = broke.next_if(|line| line.before <= number) {
                self.take(line, lab);
            }
            let index = usize::try_from(number - first).unwrap_or(usize::MAX);
            if self.every || lab.is_notable(index) {
                self.take(Line::of_fact(number), lab);
            }
        }
        broke.for_each(|line| self.take(line, lab));
        (self.upto, self.broken) = (reported, broken);
    }

    fn take(&mut self, line: Line, lab: &dyn Lab) {
        self.scope.push_back(line);
        if !self.words.is_empty() && line.told(lab).is_some_and(|it| self.words.fit(&it.told)) {
            self.found.push_back(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Time;
    use crate::labs::catalogue::find;
    use crate::labs::scenario::Scenario;

    fn lab() -> Box<dyn Lab> {
        let mut scenario = Scenario::first(find("breaker").unwrap());
        scenario.use_preset("tuned").unwrap();
        let mut lab = scenario.open();
        lab.advance(Time::from_secs(5), u64::MAX);
        lab.act_on("hang payments for 5s").unwrap();
        lab
    }

    /// What a search that looks at everything at once finds.
    fn afresh(text: &str, every: bool, lab: &dyn Lab) -> Vec<Line> {
        let words = Words::read(text);
        let all = (0..lab.fact_count()).filter_map(|index| lab.occurrence(index));
        let fits = |fact: &Occurrence| (every || fact.told.notable) && words.fit(&fact.told);
        all.filter(fits).map(|fact| Line::of_fact(fact.number)).collect()
    }

    #[test]
    fn what_is_found_while_the_run_goes_on_is_what_a_fresh_look_finds() {
        for every in [false, true] {
            let mut lab = lab();
            let mut search = Search::default();
            let mut text = String::new();
            for letter in " opens A".chars() {
                text.push(letter);
                search.look_for(Words::read(&text), every, &*lab);
                let to = lab.now() + crate::engine::time::Span::from_secs(2);
                lab.advance(to, u64::MAX);
                search.look(&*lab);
                assert_eq!(search.lines().iter().copied().collect::<Vec<_>>(), afresh(&text, every, &*lab));
            }
            assert!(!search.lines().is_empty());
            for back in [15, 8] {
                lab.seek(Time::from_secs(back));
                search.look(&*lab);
                assert_eq!(search.lines().iter().copied().collect::<Vec<_>>(), afresh(&text, every, &*lab));
            }
        }
    }

    #[test]
    fn all_words_must_be_found_in_part_kind_or_sentence() {
        let told = Told {
            kind: "breaker-opened",
            part: "A".into(),
            sentence: "A opens: 12 of 20 (60 %) of its results failed.".into(),
            notable: true,
        };
        for (text, fits) in [("", true), ("OPENED 60", true), ("opened 61", false), ("a results", true)] {
            assert_eq!(Words::read(text).fit(&told), fits, "{text}");
        }
    }

    /// How long the log takes with as many facts as a run keeps: to open it, to type a letter, to take in a frame.
    #[test]
    fn a_hundred_thousand_facts_are_searched_in_a_blink() {
        let mut lab = lab();
        while lab.fact_count() < 95_000 {
            let to = lab.now() + crate::engine::time::Span::from_secs(60);
            lab.advance(to, u64::MAX);
        }
        let mut search = Search::default();
        search.look(&*lab);
        let notable = search.all();
        search.look_for(Words::read(""), true, &*lab);
        assert!(search.all() > 90_000 && notable < search.all());
        let mut found = usize::MAX;
        for text in ["r", "re", "req", "request", "request 1", "request 12"] {
            search.look_for(Words::read(text), true, &*lab);
            assert!(search.lines().len() <= found, "{text}");
            found = search.lines().len();
        }
        assert!(found > 100 && found < search.all());
    }

    mod leak {
        //! A world that breaks its invariant at its third event.

        use super::super::*;
        use crate::engine::random::Random;
        use crate::engine::time::{Span, Time};
        use crate::engine::world::{Context, World};
        use crate::labs::fault::{Act, Target};
        use crate::labs::knob::Knobs;
        use crate::labs::lab::{About, Invariant, Model, Preset, Promise, Spec};
        use crate::labs::reading::Row;
        use crate::labs::scene::Scene;

        pub static SPEC: Spec = Spec {
            name: "leak",
            version: 1,
            title: "Leak",
            summary: "A leak.",
            knobs: &[],
            presets: &[Preset { name: "only", meaning: "", source: "", set: &[] }],
            faults: &[],
            buttons: &[],
            readings: &[],
            strips: &[],
            invariants: &[Invariant { name: "tight", kind: Promise::Sanity, meaning: "Nothing leaks." }],
        };

        #[derive(Clone, Debug)]
        pub struct Leak {
            knobs: Knobs,
            drops: u64,
        }

        impl World for Leak {
            type Event = ();
            type Act = Act;
            type Occurrence = u64;

            fn start(&mut self, cx: &mut Context<'_, Self>) {
                cx.after(Span::from_secs(1), ());
            }

            fn handle(&mut self, (): (), cx: &mut Context<'_, Self>) {
                self.drops += 1;
                cx.report(self.drops);
                if self.drops == 3 {
                    cx.broken(0, || "3 drops fell, but none may".into());
                }
                cx.after(Span::from_secs(1), ());
            }

            fn act(&mut self, _: &Act, _: &mut Context<'_, Self>) -> Result<(), String> {
                Ok(())
            }

            fn sample(&mut self, _: Time, _: &[f64], _: &mut Vec<f64>) {}

            fn bytes(&self) -> usize {
                size_of::<Self>()
            }
        }

        impl Model for Leak {
            fn spec() -> &'static Spec {
                &SPEC
            }

            fn build(knobs: &Knobs, _: Random) -> Self {
                Self { knobs: knobs.clone(), drops: 0 }
            }

            fn parts(_: &Knobs) -> Vec<Target> {
                Vec::new()
            }

            fn knobs(&self) -> &Knobs {
                &self.knobs
            }

            fn levels(&self, _: Time, _: &mut Row) {}

            fn second(&mut self, _: &mut Row) {}

            fn tell(&self, fact: &u64) -> Told {
                let sentence = format!("Drop {fact} falls.");
                Told { kind: "drop", part: "tap".into(), sentence, notable: true }
            }

            fn about(&self, _: &str) -> Option<About<'_, u64>> {
                None
            }

            fn scene(&self, _: Time) -> Scene {
                Scene::new()
            }
        }
    }

    #[test]
    fn a_broken_invariant_stands_at_its_moment_with_the_facts_that_contradict() {
        let entry = crate::labs::catalogue::Entry {
            spec: &leak::SPEC,
            open: crate::labs::running::open::<leak::Leak>,
            parts: <leak::Leak as crate::labs::lab::Model>::parts,
            search: None,
        };
        let entry: &'static crate::labs::catalogue::Entry = Box::leak(Box::new(entry));
        let mut lab = Scenario::first(entry).open();
        let mut search = Search::default();
        for second in 1..=5 {
            lab.advance(Time::from_secs(second), u64::MAX);
            search.look(&*lab);
        }
        let told: Vec<_> = search.lines().iter().filter_map(|line| line.told(&*lab)).collect();
        let kinds: Vec<_> = told.iter().map(|fact| (fact.at.whole_secs(), fact.told.kind)).collect();
        assert_eq!(
            kinds,
            [(1, "drop"), (2, "drop"), (3, "drop"), (3, "check-broken"), (4, "drop"), (5, "drop")]
        );
        let broken = &told[3];
        assert_eq!(
            broken.told.sentence,
            "Breaks: tight. 3 drops fell, but none may. It must hold: Nothing leaks."
        );
        assert_eq!(broken.cause, Some(2));
        lab.seek(Time::from_secs(2));
        search.look(&*lab);
        assert_eq!(search.lines().len(), 2);
    }
}
