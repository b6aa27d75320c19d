//! One line of the journal: a fact about the learner, written the moment it happens and never changed.
//!
//! Everything else about the learner is derived from these by replay (`progress`). A record repeats the chapter and the
//! concepts that it is about, so that a journal can be read without the course it was made with. Must not know where
//! records are kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::bet::{Bet, Came, Said};

/// The version that this program writes. Records of a newer one are kept as they stand and not interpreted.
pub const VERSION: u32 = 1;

/// One fact, with its name and its time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Unique over all machines: merging two journals is the union of their ids.
    pub id: String,
    /// The version of the format, [`VERSION`].
    pub v: u32,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// A step of a lesson was shown.
    Visited(Visited),
    /// A question was answered.
    Answered(Answered),
    /// An outcome was bet on and the run decided.
    Predicted(Predicted),
    /// A reading of a lab was bet on and the run decided.
    Bet(Bet),
    /// A goal was judged on its seeds.
    GoalTried(GoalTried),
    /// A hint of a goal was opened.
    HintTaken(HintTaken),
    /// A quiz or a review began.
    QuizStarted(QuizStarted),
    /// A quiz or a review ended.
    QuizFinished(QuizFinished),
    /// Where the learner is, so that the next start opens there.
    Place(Place),
    /// The learner wants to begin anew; earlier records stay in the file and no longer count.
    Reset {
        /// What no longer counts.
        scope: Scope,
    },
}

/// A step of a lesson was shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Visited {
    /// The chapter, such as `breaker`.
    pub chapter: String,
    /// The step, such as `breaker.3`.
    pub step: String,
}

/// A question was answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// The question's id.
    pub question: String,
    /// The revision of the question: a new one means something else, so older answers say nothing about it.
    pub rev: u32,
    /// The question's chapter.
    pub chapter: String,
    /// What the question is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<String>,
    /// On which occasion.
    pub mode: Mode,
    /// The quiz that it belongs to, see [`QuizStarted::session`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What was answered.
    pub answer: Answer,
    /// Whether it was right.
    pub right: bool,
    /// How sure the learner was, in percent, if asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// The misconceptions that a wrong answer shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misconceptions: Vec<String>,
    /// The misconceptions that the question tempted with and a right answer did not fall for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refuted: Vec<String>,
    /// Milliseconds from seeing the question to answering it.
    pub ms: u64,
}

/// The occasion of an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A chapter's quiz.
    Quiz,
    /// The daily repetition.
    Review,
    /// An interview drill.
    Interview,
}

/// What was answered. Positions are the course file's own, whatever order the screen showed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The options chosen.
    Options(Vec<usize>),
    /// The items in the order given.
    Order(Vec<usize>),
    /// A number.
    Number(f64),
    /// Typed words.
    Text(String),
    /// A line of code, the first being 1.
    Line(usize),
    /// For each left side, the right side given to it.
    Pairs(Vec<usize>),
    /// "I don't know": honest, and worth more than a lucky guess.
    Unknown,
}

/// An outcome was bet on and the run decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Predicted {
    /// The prediction's id.
    pub prediction: String,
    /// Its chapter.
    pub chapter: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<String>,
    /// The seed of the run.
    pub seed: u64,
    /// The outcome bet on.
    pub chosen: usize,
    /// How sure the learner was, in percent, 50 to 99.
    pub confidence: u8,
    /// Whether it came.
    pub right: bool,
    /// The outcome that came.
    pub came: usize,
    /// Whether the outcome had been seen before, so that being sure of it says nothing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub seen: bool,
    /// The misconception behind a wrong bet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// The misconceptions behind the outcomes that a right bet left aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refuted: Vec<String>,
}

/// A goal was judged on its seeds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GoalTried {
    /// The goal's id.
    pub goal: String,
    /// Its chapter.
    pub chapter: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<String>,
    /// The learner's knob changes and perturbations, each as one line.
    pub changes: Vec<String>,
    /// On how many seeds the goal held.
    pub passed: u32,
    /// On how many it was judged.
    pub of: u32,
    /// The seeds on which it did not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<u64>,
}

impl GoalTried {
    /// Held on every seed.
    pub const fn done(&self) -> bool {
        self.of > 0 && self.passed == self.of
    }
}

/// A hint of a goal was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HintTaken {
    /// The goal's id.
    pub goal: String,
    /// Its chapter.
    pub chapter: String,
    /// Which one, the first being 1.
    pub n: u32,
}

/// A quiz or a review began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuizStarted {
    /// The session's own id, which its answers repeat.
    pub session: String,
    /// The chapter, or none for a quiz over all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
    /// The occasion.
    pub mode: Mode,
    /// Decides the order of the options.
    pub seed: u64,
    /// The questions, in the order asked.
    pub questions: Vec<String>,
}

/// A quiz or a review ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuizFinished {
    /// The session.
    pub session: String,
    /// Its chapter, as it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
    /// How many questions it had.
    pub asked: u32,
    /// How many were right at the first try.
    pub right_first: u32,
    /// Left before its end: it is not offered again.
    #[serde(default)]
    pub abandoned: bool,
}

/// Where the learner is.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The screen.
    pub screen: Screen,
    /// The chapter, where the screen has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
    /// The step of the lesson, such as `breaker.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// How many rows of the step's text are scrolled away above.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub row: usize,
    /// The quiz in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The run in the lab, as the text of a run file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lab: Option<String>,
}

/// Whether there is nothing to write down.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_false(seen: &bool) -> bool {
    !*seen
}

/// Whether there is nothing to write down.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(row: &usize) -> bool {
    *row == 0
}

/// A screen that can be returned to.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// A lesson, with or without its lab.
    Lesson,
    /// A lab on its own.
    Lab,
    /// A quiz.
    Quiz,
    /// The daily repetition.
    Review,
    /// An interview drill.
    Interview,
    /// How far the learner is.
    Progress,
    /// The list of chapters; also whatever screen another version had and this one has not.
    #[default]
    #[serde(other)]
    Home,
}

/// What a reset is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One chapter.
    Chapter(String),
    /// Everything.
    All,
}

/// What a line of a journal holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Entry {
    /// A record that this program understands.
    Known(Box<Record>),
    /// A record of a kind or a version that this program does not know: kept, merged and exported as it stands.
    Foreign {
        /// Its id.
        id: String,
        /// The whole line, without its newline.
        line: String,
    },
}

/// Why a line is no record.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not a JSON object.
    #[error("it is not a JSON object")]
    NotJson,
    /// Without `id` or `kind`.
    #[error("it has no `id` or no `kind`")]
    NoRecord,
    /// A kind of this version that lacks something.
    #[error("its kind is `{kind}`, but {reason}")]
    Damaged {
        /// The kind that it names.
        kind: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The kinds that [`Kind`] can read. A test holds the two together.
const KINDS: [&str; 10] = [
    "visited",
    "answered",
    "predicted",
    "bet",
    "goal-tried",
    "hint-taken",
    "quiz-started",
    "quiz-finished",
    "place",
    "reset",
];

impl Record {
    /// The record as a line of a journal, without its newline.
    ///
    /// # Errors
    /// Where a number is not finite, which JSON can't hold.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

impl Entry {
    /// Reads one line, without its newline.
    pub fn from_line(line: &str) -> Result<Self, Unreadable> {
        // The envelope first: a newer version may have changed everything but the id, the version and the kind.
        let value: serde_json::Value = serde_json::from_str(line).map_err(|_| Unreadable::NotJson)?;
        let object = value.as_object().ok_or(Unreadable::NotJson)?;
        let text = |name: &str| object.get(name).and_then(serde_json::Value::as_str);
        let (Some(id), Some(kind)) = (text("id"), text("kind")) else { return Err(Unreadable::NoRecord) };
        let newer =
            object.get("v").and_then(serde_json::Value::as_u64).is_some_and(|v| v > u64::from(VERSION));
        if newer || !KINDS.contains(&kind) {
            return Ok(Self::Foreign { id: id.to_owned(), line: line.to_owned() });
        }
        match serde_json::from_str::<Record>(line) {
            Ok(record) => Ok(Self::Known(Box::new(record))),
            Err(error) => Err(Unreadable::Damaged { kind: kind.to_owned(), reason: error.to_string() }),
        }
    }

    /// The id that makes it one and the same in every journal.
    pub fn id(&self) -> &str {
        match self {
            Self::Known(record) => &record.id,
            Self::Foreign { id, .. } => id,
        }
    }

    /// The record, where this program understands it.
    pub fn known(&self) -> Option<&Record> {
        match self {
            Self::Known(record) => Some(record),
            Self::Foreign { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<Kind> {
        let chapter = || "breaker".to_owned();
        vec![
            Kind::Visited(Visited { chapter: chapter(), step: "breaker.3".to_owned() }),
            Kind::Answered(Answered {
                question: "q".to_owned(),
                rev: 2,
                chapter: chapter(),
                concepts: vec!["half-open".to_owned()],
                mode: Mode::Quiz,
                session: Some("s".to_owned()),
                answer: Answer::Options(vec![0, 2]),
                right: false,
                confidence: Some(70),
                misconceptions: vec!["m".to_owned()],
                refuted: vec![],
                ms: 1234,
            }),
            Kind::Predicted(Predicted {
                prediction: "p".to_owned(),
                chapter: chapter(),
                concept: None,
                seed: u64::MAX,
                chosen: 1,
                confidence: 99,
                right: true,
                came: 1,
                seen: true,
                misconception: None,
                refuted: vec!["m".to_owned()],
            }),
            Kind::Bet(Bet {
                lab: "server".to_owned(),
                run: "lab server, preset calm, seed 1".to_owned(),
                reading: "done_per_s".to_owned(),
                concept: Some("queueing".to_owned()),
                made_ms: 1000,
                at_ms: 11_000,
                said: Said::Number { number: 60.0, low: 54.0, high: 66.0 },
                confidence: 80,
                came: Came::Number(71.0),
                right: false,
            }),
            Kind::GoalTried(GoalTried {
                goal: "g".to_owned(),
                chapter: chapter(),
                concept: None,
                changes: vec!["set breaker tuned".to_owned()],
                passed: 18,
                of: 20,
                failed: vec![1003, 1017],
            }),
            Kind::HintTaken(HintTaken { goal: "g".to_owned(), chapter: chapter(), n: 1 }),
            Kind::QuizStarted(QuizStarted {
                session: "s".to_owned(),
                chapter: Some(chapter()),
                mode: Mode::Quiz,
                seed: 7,
                questions: vec!["q".to_owned()],
            }),
            Kind::QuizFinished(QuizFinished {
                session: "s".to_owned(),
                chapter: None,
                asked: 8,
                right_first: 6,
                abandoned: false,
            }),
            Kind::Place(Place {
                screen: Screen::Lesson,
                step: Some("breaker.3".to_owned()),
                ..Place::default()
            }),
            Kind::Reset { scope: Scope::Chapter(chapter()) },
        ]
    }

    fn record(kind: Kind) -> Record {
        Record { id: "a1".to_owned(), v: VERSION, at: Timestamp::UNIX_EPOCH, kind }
    }

    #[test]
    fn every_kind_survives_the_way_to_a_line_and_back() {
        let mut names = Vec::new();
        for kind in every_kind() {
            let record = record(kind);
            let line = record.to_line().unwrap();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Entry::from_line(&line), Ok(Entry::Known(Box::new(record))), "{line}");
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            names.push(value["kind"].as_str().unwrap().to_owned());
        }
        assert_eq!(names, KINDS);
    }

    #[test]
    fn the_line_is_one_flat_object_with_its_kind_beside_its_id() {
        let line = record(every_kind().swap_remove(0)).to_line().unwrap();
        assert_eq!(
            line,
            r#"{"id":"a1","v":1,"at":"1970-01-01T00:00:00Z","kind":"visited","chapter":"breaker","step":"breaker.3"}"#
        );
    }

    #[test]
    fn every_answer_survives() {
        for answer in [
            Answer::Order(vec![2, 0, 1]),
            Answer::Number(0.1),
            Answer::Text("half-open \"yes\"\n".to_owned()),
            Answer::Line(4),
            Answer::Pairs(vec![1, 0]),
            Answer::Unknown,
        ] {
            let text = serde_json::to_string(&answer).unwrap();
            assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), answer, "{text}");
        }
    }

    #[test]
    fn unknown_kinds_and_newer_versions_are_kept_as_they_stand() {
        for line in [
            r#"{"id":"a","v":1,"at":"1970-01-01T00:00:00Z","kind":"sang","song":"x"}"#,
            r#"{"id":"b","v":2,"kind":"visited","where":{"deep":[1,2]}}"#,
        ] {
            let entry = Entry::from_line(line).unwrap();
            assert!(matches!(&entry, Entry::Foreign { line: kept, .. } if kept == line), "{entry:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_record_says_why() {
        let case = |line: &str| Entry::from_line(line).unwrap_err().to_string();
        assert_eq!(case("hello"), "it is not a JSON object");
        assert_eq!(case("[1]"), "it is not a JSON object");
        assert_eq!(case(r#"{"a":1}"#), "it has no `id` or no `kind`");
        let damaged = case(r#"{"id":"a","v":1,"at":"1970-01-01T00:00:00Z","kind":"visited","step":"x.1"}"#);
        assert!(damaged.contains("its kind is `visited`, but missing field `chapter`"), "{damaged}");
    }

    #[test]
    fn a_screen_of_another_version_is_the_home_screen() {
        let place: Place = serde_json::from_str(r#"{"screen":"aquarium"}"#).unwrap();
        assert_eq!(place.screen, Screen::Home);
    }

    #[test]
    fn a_field_of_a_later_minor_change_does_no_harm() {
        let line = r#"{"id":"a","v":1,"at":"1970-01-01T00:00:00Z","kind":"visited","chapter":"c","step":"c.1","mood":"good"}"#;
        assert!(Entry::from_line(line).unwrap().known().is_some());
    }
}
