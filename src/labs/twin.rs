//! Twins: two runs side by side on the same randomness, and the first place where they part.
//!
//! Draws belong to what they are about, so two runs that differ in one knob see the same arrivals and the same service
//! times. What is compared is what they tell, fact by fact; what was done to them is not, for that is the difference.

use super::lab::{Lab, Occurrence};
use super::reading::{ReadingSpec, Value};
use crate::engine::time::Time;

/// Where two runs part: the facts that differ, either of which may be missing by then.
#[derive(Clone, PartialEq, Debug)]
pub struct Divergence {
    /// The instant of the earlier one.
    pub at: Time,
    /// What the first run tells, if it does at that instant.
    pub a: Option<Occurrence>,
    /// What the second run tells, if it does at that instant.
    pub b: Option<Occurrence>,
}

/// Two runs, compared as far as both have gone.
#[derive(Clone, Default, Debug)]
pub struct Twin {
    every: Search,
    notable: Search,
}

/// A reading of two runs at the same instant.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    /// Which.
    pub spec: &'static ReadingSpec,
    /// In the first run.
    pub a: Value,
    /// In the second run.
    pub b: Value,
}

/// How far the facts of both runs were found to be the same.
#[derive(Clone, Default, Debug)]
struct Search {
    /// The numbers of the next facts to compare.
    next: [u64; 2],
    found: Option<Divergence>,
}

impl Twin {
    /// Compares on, up to where both runs are. After either of them was changed begin anew.
    pub fn compare(&mut self, a: &dyn Lab, b: &dyn Lab) {
        self.every.go_on(a, b, |_| true);
        self.notable.go_on(a, b, |fact| fact.told.notable);
    }

    /// The first fact that differs.
    pub const fn first(&self) -> Option<&Divergence> {
        self.every.found.as_ref()
    }

    /// The first fact that differs among those worth a mark: never before [`Twin::first`].
    pub const fn first_notable(&self) -> Option<&Divergence> {
        self.notable.found.as_ref()
    }
}

impl Search {
    fn go_on(&mut self, a: &dyn Lab, b: &dyn Lab, wanted: impl Fn(&Occurrence) -> bool) {
        // At the present instant itself more may be to come.
        let end = a.now().min(b.now());
        self.catch_up(a, b);
        while self.found.is_none() {
            let (first, second) =
                (next(a, &mut self.next[0], end, &wanted), next(b, &mut self.next[1], end, &wanted));
            match (first, second) {
                (None, None) => return,
                (Some(first), Some(second)) if first.at == second.at && first.told == second.told => {
                    self.next = self.next.map(|number| number + 1);
                }
                (first, second) => self.found = Some(Divergence::of(first, second)),
            }
        }
    }

    /// Skips facts that either run has let go of, in both.
    fn catch_up(&mut self, a: &dyn Lab, b: &dyn Lab) {
        let oldest = |lab: &dyn Lab, next: u64| {
            lab.occurrence(0).filter(|fact| fact.number > next).map(|fact| fact.at)
        };
        let Some(from) = oldest(a, self.next[0]).max(oldest(b, self.next[1])) else { return };
        for (lab, next) in [(a, 0), (b, 1)] {
            let later = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i)).find(|fact| fact.at > from);
            self.next[next] = later.map_or(lab.reported(), |fact| fact.number).max(self.next[next]);
        }
    }
}

/// The next fact of `lab` from number `from` on that is wanted and lies before `end`; `from` becomes its number.
fn next(
    lab: &dyn Lab,
    from: &mut u64,
    end: Time,
    wanted: impl Fn(&Occurrence) -> bool,
) -> Option<Occurrence> {
    while let Some(fact) = lab.fact(*from).filter(|fact| fact.at < end) {
        if !fact.told.is_of_an_act() && wanted(&fact) {
            return Some(fact);
        }
        *from += 1;
    }
    None
}

impl Divergence {
    fn of(a: Option<Occurrence>, b: Option<Occurrence>) -> Self {
        let at = [&a, &b].into_iter().flatten().map(|fact| fact.at).min().unwrap_or(Time::ZERO);
        let then = |fact: Option<Occurrence>| fact.filter(|fact| fact.at == at);
        Self { at, a: then(a), b: then(b) }
    }

    /// In a sentence or two, the runs being called `a` and `b`.
    pub fn tell(&self, a: &str, b: &str) -> String {
        match (&self.a, &self.b) {
            (Some(first), Some(second)) => {
                format!("At {} s, in {a}: {} In {b}: {}", self.at, first.told.sentence, second.told.sentence)
            }
            (Some(fact), None) => format!("At {} s, in {a} alone: {}", self.at, fact.told.sentence),
            (None, Some(fact)) => format!("At {} s, in {b} alone: {}", self.at, fact.told.sentence),
            (None, None) => String::new(),
        }
    }
}

/// Every reading of two runs of the same lab, side by side.
pub fn compare(a: &dyn Lab, b: &dyn Lab) -> Vec<Compared> {
    let specs = a.spec().readings.iter().enumerate();
    specs.map(|(index, spec)| Compared { spec, a: a.reading(index), b: b.reading(index) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;
    use crate::labs::scenario::{Scenario, Wanted};

    fn breaker(set: &[(&str, &str)], at: &str) -> Box<dyn Lab> {
        let set: Vec<_> = set.iter().map(|(knob, value)| ((*knob).to_owned(), (*value).to_owned())).collect();
        let at = [at.to_owned()];
        let wanted = Wanted { lab: "breaker", preset: Some("tuned"), set: &set, seed: 7, at: &at };
        Scenario::read(&wanted).unwrap().run(Time::from_secs(20))
    }

    fn twin(a: &dyn Lab, b: &dyn Lab) -> Twin {
        let mut twin = Twin::default();
        twin.compare(a, b);
        twin
    }

    #[test]
    fn equal_runs_never_part() {
        let (a, b) = (breaker(&[], "5s hang payments for 5s"), breaker(&[], "5s hang payments for 5s"));
        let twin = twin(&*a, &*b);
        assert_eq!((twin.first(), twin.first_notable()), (None, None));
    }

    #[test]
    fn what_was_done_is_not_the_difference_but_what_came_of_it() {
        let (a, b) = (breaker(&[], "5s hang payments for 5s"), breaker(&[], "15s crash A"));
        let twin = twin(&*a, &*b);
        let first = twin.first().unwrap();
        assert!(first.at >= Time::from_secs(5) && first.at < Time::from_secs(6), "{first:?}");
        let notable = twin.first_notable().unwrap();
        assert!(notable.at >= first.at);
        let told = notable.tell("A", "B");
        assert!(told.contains("in A alone: ") && told.contains(" opens: "), "{told}");
    }

    #[test]
    fn a_comparison_that_is_gone_on_with_finds_the_same() {
        let entry = catalogue::find("breaker").unwrap();
        let mut other = Scenario::first(entry);
        other.knobs.set("window_size", "10").unwrap();
        let whole = twin(&*Scenario::first(entry).run(Time::from_secs(30)), &*other.run(Time::from_secs(30)));
        let (mut a, mut b) = (Scenario::first(entry).open(), other.open());
        let mut piecewise = Twin::default();
        for ms in (100..=30_000).step_by(100) {
            a.advance(Time::from_millis(ms), u64::MAX);
            b.advance(Time::from_millis(ms), u64::MAX);
            piecewise.compare(&*a, &*b);
        }
        assert_eq!((piecewise.first(), piecewise.first_notable()), (whole.first(), whole.first_notable()));
    }

    #[test]
    fn readings_stand_side_by_side() {
        let (a, b) = (breaker(&[], "5s hang payments"), breaker(&[], "15s hang payments"));
        let compared = compare(&*a, &*b);
        let timeouts = compared.iter().find(|it| it.spec.name == "timeouts").unwrap();
        assert!(timeouts.a.number() > timeouts.b.number(), "{timeouts:?}");
    }
}
