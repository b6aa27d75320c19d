//! Numbers that are measured in a run: those that a claim speaks about, so that what many runs gave can be shown against
//! its limit, and those that are asked for alone.

use super::judge::{ceil, whole};
use super::{Claim, Comparison, Condition, Over, Relation, Side, Test, When};
use crate::engine::time::{Span, Time};
use crate::labs::lab::{Lab, Spec};
use crate::labs::reading::Quantity;
use crate::labs::text::Misread;

/// A number that is wanted of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    asked: Asked,
    unit: &'static str,
}

/// What is asked.
#[derive(Clone, PartialEq, Debug)]
enum Asked {
    /// Readings, added up: the tests' left sides; nothing is compared. Whether one is a moment, which may never come.
    Readings(Vec<Test>, bool),
    /// How long it takes from an instant until this holds for so long.
    Until(Test, Time, Span),
}

impl Measure {
    /// Reads a measure about a lab of this kind.
    pub fn read(text: &str, spec: &'static Spec) -> Result<Self, Misread> {
        super::parse::measure(text, spec)
    }

    /// Readings of the same kind at the same time, added up; at least one.
    pub(super) fn readings(sides: Vec<Side>, kind: Quantity, when: When) -> Self {
        let unit = match (sides.first(), kind) {
            // A rate, summed over seconds, counts.
            (Some(Side::Reading { over: Some(Over::Sum), .. }), Quantity::Rate(_))
            | (_, Quantity::Total | Quantity::State(_)) => "",
            (_, Quantity::Rate(_)) => "/s",
            (_, Quantity::PerSecond(unit) | Quantity::Level(unit)) => unit,
            (_, Quantity::Moment) => "s",
        };
        let is = || Relation::Compare(Comparison::AtLeast, Side::Number(0.0));
        let tests = sides.into_iter().map(|left| Test { left, is: is(), when }).collect();
        Self { asked: Asked::Readings(tests, kind == Quantity::Moment), unit }
    }

    pub(super) fn until(left: Side, is: Relation, after: Time, lasts: Option<Span>) -> Self {
        let when = When::Throughout { after, lasts };
        let lasts = lasts.unwrap_or(Span::from_secs(1));
        Self { asked: Asked::Until(Test { left, is, when }, after, lasts), unit: "s" }
    }

    /// Its unit as a screen shows it, or empty.
    pub const fn unit(&self) -> &'static str {
        self.unit
    }

    /// The latest instant that it looks at, besides the end of the run.
    pub fn latest(&self) -> Time {
        let test = match &self.asked {
            Asked::Readings(tests, _) => tests.first(),
            Asked::Until(test, ..) => Some(test),
        };
        test.map_or(Time::ZERO, |test| Condition::Test(test.clone()).latest())
    }

    /// The number that the finished run `lab` gives. What never came is beyond every number; `NaN` where there was nothing
    /// to measure.
    pub fn of(&self, lab: &dyn Lab) -> f64 {
        match &self.asked {
            Asked::Readings(tests, is_moment) => {
                let number = |test: &Test| {
                    let number = test.number(lab, Comparison::AtLeast, &Side::Number(0.0));
                    number.map_or(f64::NAN, |(_, number)| number)
                };
                let number: f64 = tests.iter().map(number).sum();
                if number.is_nan() && *is_moment { f64::INFINITY } else { number }
            }
            Asked::Until(test, after, lasts) => {
                let holds = |wait: &u64| {
                    let when =
                        When::Throughout { after: *after + Span::from_secs(*wait), lasts: Some(*lasts) };
                    Condition::Test(Test { when, ..test.clone() }).holds(lab)
                };
                let most = (lab.now().whole_secs()).saturating_sub(after.whole_secs());
                (0..most).find(holds).map_or(f64::INFINITY, |wait| wait as f64)
            }
        }
    }
}

/// A number that a claim speaks about, as one run gave it.
#[derive(Clone, PartialEq, Debug)]
pub struct Measured {
    /// What it is: `ok_per_s`, `lowest ok_per_s`, `a less 2 x b`.
    pub what: String,
    /// The number; `NaN` where there was nothing to measure.
    pub number: f64,
    /// What the claim wants of it, where that is a number.
    pub limit: Option<(Comparison, f64)>,
}

impl Claim {
    /// The numbers that it speaks about, as the finished run `lab` gave them, in the order of its text.
    pub fn measure(&self, lab: &dyn Lab) -> Vec<Measured> {
        match self {
            Self::EachRun(condition) | Self::Share { condition, .. } => condition.measure(lab),
            Self::Readings { over, index, compare, than, .. } => {
                let name = lab.spec().readings.get(*index).map_or("", |spec| spec.name);
                let number = lab.reading(*index).number().unwrap_or(f64::NAN);
                // The limit holds for the runs together; it is shown where it lies among them all the same.
                let what = format!("{name} (the claim is about {})", over.word());
                vec![Measured { what, number, limit: Some((*compare, *than)) }]
            }
        }
    }
}

impl Condition {
    fn measure(&self, lab: &dyn Lab) -> Vec<Measured> {
        match self {
            Self::Test(test) => test.measure(lab).into_iter().collect(),
            Self::Not(inner) => inner.measure(lab),
            Self::And(a, b) | Self::Or(a, b) => {
                let mut all = a.measure(lab);
                all.extend(b.measure(lab));
                all
            }
        }
    }
}

impl Over {
    /// As it is written: `p50`, `mean`.
    pub fn word(self) -> String {
        match self {
            Self::Mean => "mean".into(),
            Self::Min => "min".into(),
            Self::Max => "max".into(),
            Self::Sum => "sum".into(),
            Self::Quantile(q) => format!("p{}", (q * 1000.0).round() / 10.0),
        }
    }
}

impl Test {
    fn measure(&self, lab: &dyn Lab) -> Option<Measured> {
        let Side::Reading { index, name, .. } = self.left else { return None };
        let Relation::Compare(compare, right) = &self.is else {
            // A state is no number; a moment that came, or did not, is one.
            let number = lab.reading(index).number();
            let came = matches!(self.is, Relation::Nothing).then_some(number.unwrap_or(f64::NAN));
            return came.map(|number| Measured { what: name.to_owned(), number, limit: None });
        };
        let (of, limit) = match right {
            Side::Number(limit) => (String::new(), *limit),
            Side::Reading { times, name, .. } if (*times - 1.0).abs() < f64::EPSILON => {
                (format!(" less {name}"), 0.0)
            }
            Side::Reading { times, name, .. } => (format!(" less {times} x {name}"), 0.0),
        };
        let (prefix, number) = self.number(lab, *compare, right)?;
        Some(Measured { what: format!("{prefix}{name}{of}"), number, limit: Some((*compare, limit)) })
    }

    /// The number that decides, and what was done to get it.
    fn number(&self, lab: &dyn Lab, compare: Comparison, right: &Side) -> Option<(String, f64)> {
        let seconds = lab.seconds();
        let in_second =
            |second: usize| self.less(right, |side| value(side, |index| lab.sampled(index, second)));
        let (from, to) = match self.when {
            When::End => {
                return Some((String::new(), self.less(right, |side| value(side, |i| lab.reading(i)))));
            }
            When::At(at) if at >= lab.now() => {
                return Some((String::new(), self.less(right, |side| value(side, |i| lab.reading(i)))));
            }
            When::At(at) => return Some((String::new(), in_second(whole(at).saturating_sub(1)))),
            When::Throughout { after, lasts } => {
                (ceil(after), lasts.map_or(seconds, |lasts| ceil(after + lasts)).min(seconds))
            }
            When::Within { of, span } => (ceil(of), ceil(of + span).min(seconds)),
            When::Never => (0, seconds),
        };
        if let Side::Reading { over: Some(over), .. } = self.left {
            let put_together = |side: &Side| match side {
                Side::Number(x) => *x,
                Side::Reading { times, index, over, .. } => {
                    let seen = (from..to).filter_map(|second| lab.sampled(*index, second).number()).collect();
                    times * over.unwrap_or(Over::Mean).of(seen)
                }
            };
            return Some((format!("{} ", over.word()), self.less(right, put_together)));
        }
        let wants_much = match compare {
            Comparison::More | Comparison::AtLeast => true,
            Comparison::Less | Comparison::AtMost => false,
            Comparison::Equal | Comparison::Differs => return None,
        };
        let seen: Vec<f64> = (from..to).map(in_second).filter(|it| !it.is_nan()).collect();
        // Throughout, the worst decides; within and never, the best.
        let is_worst = matches!(self.when, When::Throughout { .. });
        let (word, over) =
            if wants_much == is_worst { ("lowest ", Over::Min) } else { ("highest ", Over::Max) };
        Some((word.to_owned(), over.of(seen)))
    }

    /// The left side, less the right one where that is no plain number.
    fn less(&self, right: &Side, value: impl Fn(&Side) -> f64) -> f64 {
        match right {
            Side::Number(_) => value(&self.left),
            Side::Reading { .. } => value(&self.left) - value(right),
        }
    }
}

fn value(side: &Side, look: impl Fn(usize) -> crate::labs::reading::Value) -> f64 {
    match side {
        Side::Number(x) => *x,
        Side::Reading { times, index, .. } => times * look(*index).number().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Time;
    use crate::labs::catalogue;
    use crate::labs::scenario::{Scenario, Wanted};

    #[test]
    fn each_comparison_gives_the_number_that_decides_it() {
        let mut scenario = Scenario::first(catalogue::find("server").unwrap());
        scenario.knobs.set("rate", "150").unwrap();
        let lab = scenario.run(Time::from_secs(10));
        for text in [
            "queue > 100",
            "queue > 100 at 4s",
            "queue > 100 after 2s",
            "queue > 100 within 8s of 0s",
            "mean(queue) < 200 after 2s",
            "arrivals_per_s >= 2 * done_per_s after 2s",
            "refused < 1 and not queue < 3",
        ] {
            let claim = Claim::read(text, scenario.lab.spec).unwrap();
            let holds = claim.find(1, &*lab).verdict.holds;
            let measured = claim.measure(&*lab);
            let mut told = measured.iter().map(|it| {
                let (compare, limit) = it.limit.unwrap();
                compare.holds(it.number, limit)
            });
            if text.contains(" and ") {
                assert_eq!(
                    (measured.len(), told.collect::<Vec<_>>()),
                    (2, vec![true, false]),
                    "{measured:?}"
                );
            } else {
                assert_eq!(told.next(), Some(holds), "{text}: {measured:?}");
            }
        }
        let what = |text: &str| Claim::read(text, scenario.lab.spec).unwrap().measure(&*lab)[0].what.clone();
        assert_eq!(what("queue > 100 after 2s"), "lowest queue");
        assert_eq!(
            what("arrivals_per_s >= 2 * done_per_s after 2s"),
            "lowest arrivals_per_s less 2 x done_per_s"
        );
        assert_eq!(what("p50(queue) < 3 on seeds"), "queue (the claim is about p50)");
    }

    #[test]
    fn a_number_is_measured_at_a_moment_over_seconds_and_until_something_holds() {
        let at = ["10s slow server x5 for 10s".to_owned()];
        let wanted = Wanted { lab: "server", preset: Some("calm"), set: &[], seed: 1, at: &at };
        let lab = Scenario::read(&wanted).unwrap().run(Time::from_secs(60));
        let of = |text: &str| Measure::read(text, lab.spec()).unwrap_or_else(|e| panic!("{}", e.point(text)));
        let number = |text: &str| of(text).of(&*lab);
        let rate = lab.spec().readings.iter().position(|it| it.name == "arrivals_per_s").unwrap();
        let came: f64 = (10..20).map(|second| lab.sampled(rate, second).number().unwrap()).sum();
        assert!((number("sum(arrivals_per_s) for 10s after 10s") - came).abs() < 1e-9);
        assert!((10.0 * number("mean(arrivals_per_s) for 10s after 10s") - came).abs() < 1e-9);
        assert!(number("arrivals at 20s") - number("arrivals at 10s") - came < 1e-9);
        let both = number("sum(arrivals_per_s) - sum(done_per_s) for 10s after 10s");
        assert!((both - number("queue at 20s") - number("busy at 20s")).abs() < 20.0, "{both}");
        assert!(number("queue at 20s") > 50.0 && number("queue") < 50.0);
        // It fills at once, stays full while the fault lasts, and takes a while to be empty again.
        assert!(number("until queue > 10 after 10s") <= 3.0);
        let wait = number("until queue <= 5 after 20s");
        assert!(wait > 1.0 && wait < 40.0, "{wait}");
        assert!(number("until queue <= 5 for 3s after 20s") >= wait);
        assert!(number("until queue > 1e6 after 20s").is_infinite());
        let units =
            ["sum(arrivals_per_s)", "mean(arrivals_per_s)", "p50_s", "until queue > 3 after 1s", "done"];
        assert_eq!(units.map(|text| of(text).unit()), ["", "/s", "s", "s", ""]);
        assert_eq!(of("mean(queue) for 5s after 20s").latest(), Time::from_secs(25));
        assert_eq!(of("until queue > 1 for 5s after 20s").latest(), Time::from_secs(25));
    }

    #[test]
    fn a_measure_that_is_no_number_is_refused_at_its_word() {
        let spec = catalogue::find("breaker").unwrap().spec;
        for (text, word, message) in [
            ("ok_per_s for 5s after 3s", "for", "one number is wanted of these seconds"),
            ("mean(ok_per_s) at 5s", "at", "these seconds are written"),
            ("breaker.A", "breaker.A", "this reading is a state"),
            ("mean(ok_per_sec)", "ok_per_sec", "lab `breaker` has no reading `ok_per_sec`"),
            ("until ok_per_s > 3", "until", "`until` wants to know from when"),
            ("ok_per_s >= 3", ">=", "the end was expected"),
            ("3", "3", "a reading comes first"),
            ("ok + mean(rejected_per_s)", "mean", "either every reading or none"),
            ("ok + ", "", "a reading was expected"),
            ("ok + p50_s", "p50_s", "readings that are added up are of one kind"),
        ] {
            let err = Measure::read(text, spec).unwrap_err();
            assert_eq!(&text[err.at.clone()], word, "{text}");
            assert!(err.message.starts_with(message), "{text}: {}", err.message);
        }
    }
}
