//! The numbers that a claim speaks about, so that what many runs gave can be shown against its limit.

use super::judge::{ceil, whole};
use super::{Claim, Comparison, Condition, Over, Relation, Side, Test, When};
use crate::labs::lab::Lab;

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
    use crate::labs::scenario::Scenario;

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
}
