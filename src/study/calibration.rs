//! How well stated confidence agrees with what came: the Brier score, and how often one is right when so sure.
//!
//! Derived from the records of bets, predictions and answers that say how sure the learner was. Only what was not known
//! before counts: the first bet on a prediction, and an answer to a question that was not answered within half a day. Where
//! there are too few, the numbers are not told, but how many are missing.

use std::collections::BTreeMap;

use super::ledger::Tally;

/// Below so many no rate and no score is told.
pub const LEAST: u32 = 10;
/// What a Brier score is, in a line.
pub const BRIER: &str = "0 is perfect, 0.25 is a coin toss";
/// The ends of the groups of confidence, in percent.
const GROUPS: [(u8, u8); 5] = [(50, 59), (60, 69), (70, 79), (80, 89), (90, 99)];

/// Something that the learner was so sure of, and whether it was right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forecast {
    /// What it was about; none if nobody says.
    pub about: Vec<Topic>,
    /// How sure, in percent, 50 to 99.
    pub confidence: u8,
    /// Whether it was right.
    pub right: bool,
}

/// What forecasts are told apart by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    /// A concept of the course.
    Concept(String),
    /// A chapter, where no concept is named.
    Chapter(String),
    /// A lab, bet on freely.
    Lab(String),
}

impl Topic {
    /// What kind it is, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Concept(_) => "concept",
            Self::Chapter(_) => "chapter",
            Self::Lab(_) => "lab",
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Concept(id) | Self::Chapter(id) | Self::Lab(id) => id,
        }
    }
}

/// The forecasts of about the same confidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bucket {
    /// The least confidence among them, in percent.
    pub from: u8,
    /// The greatest confidence among them, in percent.
    pub to: u8,
    /// How they went.
    pub tally: Tally,
}

/// A number of forecasts and how good they were.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Score {
    /// How they went.
    pub tally: Tally,
    /// The sum of the squares of confidence minus truth, in ten-thousandths.
    squares: u64,
    /// The sum of the confidences, in percent.
    stated: u64,
    /// The sum of confidence times its complement, in ten-thousandths: the variance of the count of right ones if the
    /// confidences are true.
    spread: u64,
    buckets: [Option<Bucket>; GROUPS.len()],
}

/// Whether stated confidence agrees with the truth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lean {
    /// Right less often than stated, beyond what luck explains.
    TooSure,
    /// Right more often than stated, beyond what luck explains.
    TooUnsure,
    /// Within what luck explains.
    Fair,
}

/// The forecasts of a learner.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Calibration {
    /// All of them.
    pub all: Score,
    /// Those about each topic.
    pub by: BTreeMap<Topic, Score>,
}

impl Calibration {
    /// What these forecasts come to.
    pub fn of<'a>(forecasts: impl IntoIterator<Item = &'a Forecast>) -> Self {
        let mut all = Self::default();
        forecasts.into_iter().for_each(|it| all.count(it));
        all
    }

    /// One more.
    pub fn count(&mut self, forecast: &Forecast) {
        self.all.count(forecast.confidence, forecast.right);
        for topic in &forecast.about {
            self.by.entry(topic.clone()).or_default().count(forecast.confidence, forecast.right);
        }
    }

    /// One line about those as sure as this, to be told beside a bet.
    pub fn beside(&self, confidence: u8) -> String {
        let near = self.all.near(confidence).map(Bucket::told).unwrap_or_default();
        match self.all.brier() {
            Some(brier) => {
                format!("{near} Brier score of all {}: {brier:.2} ({BRIER}).", self.all.tally.all())
            }
            // Said once where they are the same.
            None if self.all.near(confidence).is_some_and(|it| it.tally == self.all.tally) => near,
            None => format!("{near} In all, {}", self.all.told()),
        }
        .trim()
        .to_owned()
    }
}

impl Score {
    /// One more forecast, of this confidence in percent.
    pub fn count(&mut self, confidence: u8, right: bool) {
        let stated = confidence.clamp(50, 99);
        let off = u64::from(if right { 100 - stated } else { stated });
        self.tally.count(right);
        self.squares += off * off;
        self.stated += u64::from(stated);
        self.spread += u64::from(stated) * u64::from(100 - stated);
        let group = GROUPS.iter().position(|(from, to)| (*from..=*to).contains(&stated));
        if let Some(bucket) = group.and_then(|at| self.buckets.get_mut(at)) {
            let bucket = bucket.get_or_insert(Bucket { from: stated, to: stated, tally: Tally::default() });
            (bucket.from, bucket.to) = (bucket.from.min(stated), bucket.to.max(stated));
            bucket.tally.count(right);
        }
    }

    /// The mean of the squares of confidence minus truth; none of too few.
    pub fn brier(&self) -> Option<f64> {
        let all = self.tally.all();
        (all >= LEAST).then(|| self.squares as f64 / 1e4 / f64::from(all))
    }

    /// Whether they were too sure; none of too few.
    pub fn lean(&self) -> Option<Lean> {
        if self.tally.all() < LEAST {
            return None;
        }
        let (right, stated) = (f64::from(self.tally.right), self.stated as f64 / 100.0);
        // Two standard deviations: of twenty learners with true confidences, one is called wrong.
        let luck = 2.0 * (self.spread as f64 / 1e4).sqrt();
        Some(match right - stated {
            off if off < -luck => Lean::TooSure,
            off if off > luck => Lean::TooUnsure,
            _ => Lean::Fair,
        })
    }

    /// The groups of confidence in which there is something, the least sure first.
    pub fn buckets(&self) -> impl Iterator<Item = &Bucket> {
        self.buckets.iter().flatten()
    }

    /// The group that this confidence belongs to.
    pub fn near(&self, confidence: u8) -> Option<&Bucket> {
        let group = GROUPS.iter().position(|(from, to)| (*from..=*to).contains(&confidence))?;
        self.buckets.get(group)?.as_ref()
    }

    /// How many are missing for a score, in a sentence; empty if none are.
    pub fn missing(&self) -> String {
        missing(self.tally.all(), "a score")
    }

    /// How good they were, in a line: `0.18 over 34 (right 24)`.
    pub fn told(&self) -> String {
        let (all, right) = (self.tally.all(), self.tally.right);
        match self.brier() {
            Some(brier) => format!("Brier score {brier:.2}, {right} of {all} right"),
            None => format!("{right} of {all} right. {}", self.missing()),
        }
    }
}

impl Lean {
    /// What it means, in a sentence.
    pub const fn told(self) -> &'static str {
        match self {
            Self::TooSure => "You are surer than you are right, by more than luck explains.",
            Self::TooUnsure => "You are right more often than you say, by more than luck explains.",
            Self::Fair => "What you say and what comes agree, within luck.",
        }
    }
}

impl Bucket {
    /// How sure: `80 %`, or `80 to 85 %`.
    pub fn sure(&self) -> String {
        if self.from == self.to {
            format!("{} %", self.from)
        } else {
            format!("{} to {} %", self.from, self.to)
        }
    }

    /// What part was right, in percent; none of too few.
    pub fn rate(&self) -> Option<u32> {
        let (right, all) = (self.tally.right, self.tally.all());
        (all >= LEAST).then(|| (200 * right + all) / (2 * all))
    }

    /// How often one was right when so sure, in a sentence.
    pub fn told(&self) -> String {
        let (right, all) = (self.tally.right, self.tally.all());
        let sure = self.sure();
        match self.rate() {
            Some(rate) => format!("At {sure} sure you are right {rate} % of the time ({right} of {all})."),
            None => {
                format!("At {sure} sure you were right in {right} of {all}. {}", missing(all, "a rate"))
            }
        }
    }
}

/// How many are missing, in a sentence; empty if none are.
fn missing(all: u32, what: &str) -> String {
    match LEAST.saturating_sub(all) {
        0 => String::new(),
        1 => format!("1 more makes {what}."),
        more => format!("{more} more make {what}."),
    }
}

/// Everything there is to tell, a line each; topics are told by the names that `name` gives them.
pub fn lines(calibration: &Calibration, name: impl Fn(&Topic) -> String) -> Vec<String> {
    let all = &calibration.all;
    let mut lines = vec![match all.brier() {
        Some(brier) => {
            format!("Brier score {brier:.2} over {} ({BRIER}).", all.tally.all())
        }
        None => format!("{} of {} right so far. {}", all.tally.right, all.tally.all(), all.missing()),
    }];
    lines.extend(all.lean().map(|lean| lean.told().to_owned()));
    lines.extend(all.buckets().map(Bucket::told));
    lines.extend(
        calibration.by.iter().map(|(topic, score)| format!("{}: {}", name(topic), ended(&score.told()))),
    );
    lines
}

fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecast(topic: &str, confidence: u8, right: bool) -> Forecast {
        Forecast { about: vec![Topic::Lab(topic.to_owned())], confidence, right }
    }

    fn of(confidence: u8, right: u32, all: u32) -> Vec<Forecast> {
        (0..all).map(|n| forecast("server", confidence, n < right)).collect()
    }

    #[test]
    fn the_brier_score_is_the_mean_square_of_what_one_is_off_by() {
        // By hand: 6 times (1 - 0.8)^2 = 0.24, 4 times 0.8^2 = 2.56; 2.80 / 10 = 0.28.
        let score = Calibration::of(&of(80, 6, 10)).all;
        assert!((score.brier().unwrap() - 0.28).abs() < 1e-12);
        // A coin toss, however it falls.
        for right in [0, 5, 10] {
            assert!((Calibration::of(&of(50, right, 10)).all.brier().unwrap() - 0.25).abs() < 1e-12);
        }
        // Ten times 99 % and right: 0.0001.
        assert!((Calibration::of(&of(99, 10, 10)).all.brier().unwrap() - 0.0001).abs() < 1e-12);
    }

    #[test]
    fn at_eighty_percent_sure_one_may_be_right_half_of_the_time() {
        let all = Calibration::of(&of(80, 11, 20));
        assert_eq!(
            all.all.near(83).unwrap().told(),
            "At 80 % sure you are right 55 % of the time (11 of 20)."
        );
        // By hand: 11 x 0.04 + 9 x 0.64 = 6.2; 6.2 / 20 = 0.31.
        assert_eq!(
            all.beside(80),
            "At 80 % sure you are right 55 % of the time (11 of 20). Brier score of all 20: 0.31 (0 is perfect, 0.25 \
             is a coin toss)."
        );
    }

    #[test]
    fn confidences_of_one_group_are_told_by_what_was_really_said() {
        let mut forecasts = of(80, 6, 8);
        forecasts.extend(of(85, 1, 2));
        let all = Calibration::of(&forecasts).all;
        assert_eq!(
            all.near(80).unwrap().told(),
            "At 80 to 85 % sure you are right 70 % of the time (7 of 10)."
        );
        assert_eq!(all.buckets().count(), 1);
    }

    #[test]
    fn too_few_are_told_as_too_few() {
        let few = Calibration::of(&of(70, 3, 4));
        assert_eq!((few.all.brier(), few.all.lean(), few.all.near(70).unwrap().rate()), (None, None, None));
        assert_eq!(few.all.told(), "3 of 4 right. 6 more make a score.");
        assert_eq!(few.beside(70), few.all.near(70).unwrap().told());
        assert_eq!(few.beside(90), "In all, 3 of 4 right. 6 more make a score.");
        assert_eq!(
            few.all.near(70).unwrap().told(),
            "At 70 % sure you were right in 3 of 4. 6 more make a rate."
        );
        assert_eq!(Calibration::of(&of(70, 9, 9)).all.missing(), "1 more makes a score.");
        assert_eq!(Calibration::default().all.missing(), "10 more make a score.");
    }

    #[test]
    fn who_is_called_too_sure_is_so_beyond_luck() {
        // 20 times 80 %: 16 are expected, the standard deviation is sqrt(20 x 0.16) = 1.79, two of them 3.58.
        let lean = |right| Calibration::of(&of(80, right, 20)).all.lean().unwrap();
        assert_eq!(lean(12), Lean::TooSure);
        assert_eq!((lean(13), lean(19)), (Lean::Fair, Lean::Fair));
        assert_eq!(lean(20), Lean::TooUnsure);
    }

    #[test]
    fn each_topic_has_a_score_of_its_own_and_a_line() {
        let mut forecasts = of(80, 8, 10);
        forecasts.push(forecast("breaker", 90, false));
        let all = Calibration::of(&forecasts);
        assert_eq!((all.all.tally.all(), all.by.len()), (11, 2));
        // By hand: 8 x 0.04 + 2 x 0.64 = 1.6; 0.16 over 10. With 0.81 of the other: 2.41 / 11 = 0.219.
        let told = lines(&all, |topic| format!("lab {}", topic.id()));
        assert_eq!(told[0], "Brier score 0.22 over 11 (0 is perfect, 0.25 is a coin toss).");
        assert!(told.contains(&"lab server: Brier score 0.16, 8 of 10 right.".to_owned()), "{told:?}");
        assert!(told.contains(&"lab breaker: 0 of 1 right. 9 more make a score.".to_owned()), "{told:?}");
    }
}
