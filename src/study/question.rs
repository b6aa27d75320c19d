//! A question as far as answering it goes: what is right, what each wrong answer shows, and nothing of its text.
//!
//! Options, items, pairs and traps go by their position in the course file, so that whoever shows the question finds the
//! words and the reason there.

use super::record::Answer;

/// A question without its words.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// Its revision.
    pub rev: u32,
    /// Its chapter.
    pub chapter: String,
    /// What it is about.
    pub concepts: Vec<String>,
    /// The misconception that it tests as a whole, where the wrong answers don't name their own.
    pub misconception: Option<String>,
    /// How it is answered.
    pub ask: Ask,
}

/// How a question is answered, with the answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Ask {
    /// One option is to be chosen.
    Single(Vec<Choice>),
    /// All right options are to be chosen, and no other.
    Several(Vec<Choice>),
    /// So many items are to be put in order; the course file has them in the right one.
    Order(usize),
    /// A number is to be given.
    Number {
        /// The right one.
        answer: f64,
        /// How far off is still right.
        tolerance: f64,
        /// Wrong numbers, each with the misconception that leads to it.
        traps: Vec<(f64, String)>,
    },
    /// A word or two are to be typed.
    Text {
        /// What is accepted.
        accept: Vec<String>,
        /// Wrong answers, each with the misconception that leads to it.
        traps: Vec<(String, String)>,
    },
    /// A line is to be found, the first being 1.
    Line(usize),
    /// Each left side is to be given its right side. For each pair, which right sides read the same: equal numbers may
    /// stand for each other.
    Match(Vec<usize>),
}

/// An option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// It is right.
    Right,
    /// It is wrong, and this misconception leads to it.
    Wrong(String),
}

/// How an answer was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Whether it was right.
    pub right: bool,
    /// Each thing that was wrong.
    pub wrong: Vec<Wrong>,
    /// The misconceptions that the answer shows, each once.
    pub misconceptions: Vec<String>,
    /// The misconceptions that the question tempts with and a right answer did not fall for, each once.
    pub refuted: Vec<String>,
}

/// A thing that was wrong with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// What.
    pub fault: Fault,
    /// The misconception behind it, where one is known.
    pub misconception: Option<String>,
}

/// What was wrong; the position leads to the words in the course file that say why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// This option was chosen and is wrong.
    Chosen(usize),
    /// This option is right and was not chosen.
    Missed(usize),
    /// This item stands in another place.
    Misplaced(usize),
    /// The number or text of this trap was given.
    Trap(usize),
    /// The number is too small.
    TooSmall,
    /// The number is too large.
    TooLarge,
    /// The text is not one of those accepted.
    OtherText,
    /// It is not this line.
    Line(usize),
    /// This left side has another right side.
    Pair(usize),
    /// Nothing was answered, or something of another kind.
    NotAnswered,
}

impl Question {
    /// Judges an answer.
    pub fn judge(&self, answer: &Answer) -> Verdict {
        let wrong = self.faults(answer);
        let mut misconceptions = Vec::new();
        for misconception in wrong.iter().filter_map(|wrong| wrong.misconception.clone()) {
            push_once(&mut misconceptions, misconception);
        }
        let right = wrong.is_empty();
        let refuted = if right { self.tempts_with() } else { Vec::new() };
        Verdict { right, wrong, misconceptions, refuted }
    }

    /// A right answer, to show beside a wrong one.
    pub fn solution(&self) -> Answer {
        match &self.ask {
            Ask::Single(choices) | Ask::Several(choices) => {
                let right = choices.iter().enumerate().filter(|(_, choice)| **choice == Choice::Right);
                Answer::Options(right.map(|(at, _)| at).collect())
            }
            Ask::Order(items) => Answer::Order((0..*items).collect()),
            Ask::Number { answer, .. } => Answer::Number(*answer),
            Ask::Text { accept, .. } => Answer::Text(accept.first().cloned().unwrap_or_default()),
            Ask::Line(line) => Answer::Line(*line),
            Ask::Match(same) => Answer::Pairs((0..same.len()).collect()),
        }
    }

    /// Every misconception that a wrong answer to this question may show, each once.
    pub fn tempts_with(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut add = |id: &String| push_once(&mut all, id.clone());
        match &self.ask {
            Ask::Single(choices) | Ask::Several(choices) => {
                for choice in choices {
                    if let Choice::Wrong(id) = choice {
                        add(id);
                    }
                }
            }
            Ask::Number { traps, .. } => traps.iter().for_each(|(_, id)| add(id)),
            Ask::Text { traps, .. } => traps.iter().for_each(|(_, id)| add(id)),
            Ask::Order(_) | Ask::Line(_) | Ask::Match(_) => {}
        }
        self.misconception.iter().for_each(add);
        all
    }

    fn faults(&self, answer: &Answer) -> Vec<Wrong> {
        match (&self.ask, answer) {
            (Ask::Single(choices), Answer::Options(chosen)) => match chosen[..] {
                [one] => choose(choices, &[one], |_| false),
                _ => vec![self.fault(Fault::NotAnswered)],
            },
            (Ask::Several(choices), Answer::Options(chosen)) => {
                choose(choices, chosen, |choice| *choice == Choice::Right)
            }
            (Ask::Order(items), Answer::Order(order)) => {
                let items = 0..*items;
                self.faults_in(items, order, |item, given| item == given, Fault::Misplaced)
            }
            (Ask::Match(same), Answer::Pairs(given)) => {
                let alike = |left: usize, right: usize| same.get(left) == same.get(right);
                self.faults_in(0..same.len(), given, alike, Fault::Pair)
            }
            (Ask::Number { answer, tolerance, traps }, Answer::Number(given)) => {
                number(*given, *answer, *tolerance, traps)
            }
            (Ask::Text { accept, traps }, Answer::Text(given)) => self.text(given, accept, traps),
            (Ask::Line(right), Answer::Line(given)) if right == given => Vec::new(),
            (Ask::Line(_), Answer::Line(given)) => vec![self.fault(Fault::Line(*given))],
            // "I don't know" shows no misconception, whatever the question tempts with.
            _ => vec![Wrong { fault: Fault::NotAnswered, misconception: None }],
        }
    }

    /// A fault that has no misconception of its own shows the question's.
    fn fault(&self, fault: Fault) -> Wrong {
        let misconception = if fault == Fault::NotAnswered { None } else { self.misconception.clone() };
        Wrong { fault, misconception }
    }

    fn faults_in(
        &self,
        places: std::ops::Range<usize>,
        given: &[usize],
        fits: impl Fn(usize, usize) -> bool,
        fault: impl Fn(usize) -> Fault,
    ) -> Vec<Wrong> {
        if given.len() != places.len() {
            return vec![self.fault(Fault::NotAnswered)];
        }
        let pairs = places.zip(given).filter(|(place, given)| !fits(*place, **given));
        pairs.map(|(place, _)| self.fault(fault(place))).collect()
    }

    fn text(&self, given: &str, accept: &[String], traps: &[(String, String)]) -> Vec<Wrong> {
        let letters = letters(given);
        if letters.is_empty() {
            return vec![self.fault(Fault::NotAnswered)];
        }
        if accept.iter().any(|accepted| self::letters(accepted) == letters) {
            return Vec::new();
        }
        let trap = traps.iter().position(|(trap, _)| self::letters(trap) == letters);
        let wrong = match trap.and_then(|at| Some((at, traps.get(at)?))) {
            Some((at, (_, id))) => Wrong { fault: Fault::Trap(at), misconception: Some(id.clone()) },
            None => Wrong { fault: Fault::OtherText, misconception: None },
        };
        vec![wrong]
    }
}

fn number(given: f64, answer: f64, tolerance: f64, traps: &[(f64, String)]) -> Vec<Wrong> {
    // What is typed and what is written differ in the last bit where neither is exact: 0.3 is 0.1 + 0.2.
    let near = |target: f64, by: f64| (given - target).abs() <= by + 1e-9 * target.abs().max(1.0);
    if near(answer, tolerance) {
        return Vec::new();
    }
    if let Some((at, (_, id))) = traps.iter().enumerate().find(|(_, (trap, _))| near(*trap, tolerance)) {
        return vec![Wrong { fault: Fault::Trap(at), misconception: Some(id.clone()) }];
    }
    // Any number may be a slip: without a trap it shows no misconception.
    let fault = if given < answer { Fault::TooSmall } else { Fault::TooLarge };
    vec![Wrong { fault, misconception: None }]
}

/// Every wrong option that was chosen, and those that should have been.
fn choose(choices: &[Choice], chosen: &[usize], needed: impl Fn(&Choice) -> bool) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    for (at, choice) in choices.iter().enumerate() {
        match (choice, chosen.contains(&at)) {
            (Choice::Wrong(id), true) => {
                wrong.push(Wrong { fault: Fault::Chosen(at), misconception: Some(id.clone()) });
            }
            (choice, false) if needed(choice) => {
                wrong.push(Wrong { fault: Fault::Missed(at), misconception: None });
            }
            _ => {}
        }
    }
    if chosen.iter().any(|at| *at >= choices.len()) {
        wrong.push(Wrong { fault: Fault::NotAnswered, misconception: None });
    }
    wrong
}

/// What counts in a short text: not case, nor spaces, hyphens and underscores.
fn letters(text: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_');
    text.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

fn push_once(all: &mut Vec<String>, id: String) {
    if !all.contains(&id) {
        all.push(id);
    }
}

/// The number that a learner typed, with or without its unit: `64`, `1 000`, `1,000`, `0,5`, `-3e4`, `64 calls`. For a
/// unit of `%` the sign is optional, as any other unit.
pub fn read_number(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_suffix(unit).filter(|_| !unit.is_empty()).unwrap_or(text);
    let mut digits: String =
        digits.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '\'')).collect();
    if digits.contains(',') {
        let groups: Vec<&str> = digits.split(',').collect();
        // `1,000` and `1,000,000` are thousands, `0,5` and `12,25` are decimals.
        let thousands =
            groups.iter().skip(1).all(|group| group.split('.').next().is_some_and(|whole| whole.len() == 3))
                && !matches!(groups.first(), Some(&("" | "0" | "-0")));
        match (thousands, groups.len()) {
            (true, _) => digits = groups.concat(),
            (false, 2) if !digits.contains('.') => digits = groups.join("."),
            (false, _) => return None,
        }
    }
    let begins_with_digit =
        digits.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    digits.parse().ok().filter(|number: &f64| number.is_finite() && begins_with_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(ask: Ask) -> Question {
        Question {
            id: "q".to_owned(),
            rev: 1,
            chapter: "breaker".to_owned(),
            concepts: vec![],
            misconception: Some("whole".to_owned()),
            ask,
        }
    }

    fn wrong(id: &str) -> Choice {
        Choice::Wrong(id.to_owned())
    }

    /// The faults and the misconceptions that they show.
    fn judged(ask: Ask, answer: &Answer) -> (Vec<Fault>, Vec<String>) {
        let verdict = question(ask).judge(answer);
        assert_eq!(verdict.right, verdict.wrong.is_empty());
        assert!(verdict.right || verdict.refuted.is_empty());
        (verdict.wrong.iter().map(|wrong| wrong.fault).collect(), verdict.misconceptions)
    }

    #[track_caller]
    fn right(ask: Ask, answer: &Answer) {
        assert_eq!(judged(ask, answer), (vec![], vec![]));
    }

    #[track_caller]
    fn faulty(ask: Ask, answer: &Answer, faults: &[Fault], misconceptions: &[&str]) {
        let (found, shown) = judged(ask, answer);
        assert_eq!(
            (&found[..], shown.iter().map(String::as_str).collect::<Vec<_>>()),
            (faults, misconceptions.to_vec())
        );
    }

    #[test]
    fn single() {
        let ask = || Ask::Single(vec![wrong("a"), Choice::Right, wrong("b")]);
        right(ask(), &Answer::Options(vec![1]));
        faulty(ask(), &Answer::Options(vec![2]), &[Fault::Chosen(2)], &["b"]);
        for nothing in [vec![], vec![0, 1]] {
            faulty(ask(), &Answer::Options(nothing), &[Fault::NotAnswered], &[]);
        }
        faulty(ask(), &Answer::Options(vec![7]), &[Fault::NotAnswered], &[]);
        assert_eq!(question(ask()).judge(&Answer::Options(vec![1])).refuted, ["a", "b", "whole"]);
    }

    #[test]
    fn several_names_each_wrong_choice_and_each_missed_one() {
        let ask = || Ask::Several(vec![Choice::Right, wrong("a"), Choice::Right, wrong("a")]);
        right(ask(), &Answer::Options(vec![2, 0]));
        let faults = [Fault::Chosen(1), Fault::Missed(2), Fault::Chosen(3)];
        faulty(ask(), &Answer::Options(vec![3, 0, 1]), &faults, &["a"]);
        faulty(ask(), &Answer::Options(vec![]), &[Fault::Missed(0), Fault::Missed(2)], &[]);
    }

    #[test]
    fn order() {
        right(Ask::Order(3), &Answer::Order(vec![0, 1, 2]));
        faulty(
            Ask::Order(3),
            &Answer::Order(vec![0, 2, 1]),
            &[Fault::Misplaced(1), Fault::Misplaced(2)],
            &["whole"],
        );
        faulty(Ask::Order(3), &Answer::Order(vec![0]), &[Fault::NotAnswered], &[]);
    }

    #[test]
    fn number() {
        let ask = |tolerance| Ask::Number { answer: 64.0, tolerance, traps: vec![(27.0, "a".to_owned())] };
        right(ask(0.0), &Answer::Number(64.0));
        right(ask(1.0), &Answer::Number(63.0));
        faulty(ask(0.0), &Answer::Number(63.9), &[Fault::TooSmall], &[]);
        faulty(ask(1.0), &Answer::Number(65.1), &[Fault::TooLarge], &[]);
        faulty(ask(0.0), &Answer::Number(27.0), &[Fault::Trap(0)], &["a"]);
        right(Ask::Number { answer: 0.3, tolerance: 0.0, traps: vec![] }, &Answer::Number(0.1 + 0.2));
    }

    #[test]
    fn text() {
        let ask = || Ask::Text {
            accept: vec!["half-open".to_owned()],
            traps: vec![("closed".to_owned(), "a".to_owned())],
        };
        for accepted in ["half-open", "Half Open", "HALF_OPEN", " halfopen "] {
            right(ask(), &Answer::Text(accepted.to_owned()));
        }
        faulty(ask(), &Answer::Text("Closed".to_owned()), &[Fault::Trap(0)], &["a"]);
        faulty(ask(), &Answer::Text("ajar".to_owned()), &[Fault::OtherText], &[]);
        faulty(ask(), &Answer::Text(" - ".to_owned()), &[Fault::NotAnswered], &[]);
    }

    #[test]
    fn line() {
        right(Ask::Line(4), &Answer::Line(4));
        faulty(Ask::Line(4), &Answer::Line(3), &[Fault::Line(3)], &["whole"]);
    }

    #[test]
    fn pairs_with_the_same_words_may_stand_for_each_other() {
        let ask = || Ask::Match(vec![0, 1, 0]);
        right(ask(), &Answer::Pairs(vec![0, 1, 2]));
        right(ask(), &Answer::Pairs(vec![2, 1, 0]));
        faulty(ask(), &Answer::Pairs(vec![1, 0, 2]), &[Fault::Pair(0), Fault::Pair(1)], &["whole"]);
        faulty(ask(), &Answer::Pairs(vec![9, 1, 0]), &[Fault::Pair(0)], &["whole"]);
    }

    #[test]
    fn the_solution_is_right() {
        for ask in [
            Ask::Single(vec![wrong("a"), Choice::Right]),
            Ask::Several(vec![Choice::Right, wrong("a"), Choice::Right]),
            Ask::Order(3),
            Ask::Number { answer: 1.5, tolerance: 0.0, traps: vec![] },
            Ask::Text { accept: vec!["half-open".to_owned()], traps: vec![] },
            Ask::Line(2),
            Ask::Match(vec![0, 0, 2]),
        ] {
            let question = question(ask);
            assert!(question.judge(&question.solution()).right, "{question:?}");
        }
    }

    #[test]
    fn not_knowing_is_wrong_and_shows_no_misconception() {
        for ask in [
            Ask::Single(vec![wrong("a"), Choice::Right]),
            Ask::Order(2),
            Ask::Line(1),
            Ask::Match(vec![0, 1]),
        ] {
            faulty(ask, &Answer::Unknown, &[Fault::NotAnswered], &[]);
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, unit, number) in [
            ("64", "calls", Some(64.0)),
            (" 64 calls ", "calls", Some(64.0)),
            ("50%", "%", Some(50.0)),
            ("1 000", "", Some(1000.0)),
            ("1_000", "", Some(1000.0)),
            ("1,000", "", Some(1000.0)),
            ("1,234,567.5", "", Some(1_234_567.5)),
            ("0,5", "", Some(0.5)),
            ("0,125", "", Some(0.125)),
            ("12,25", "s", Some(12.25)),
            ("-3e4", "", Some(-30000.0)),
            (".5", "", Some(0.5)),
            ("1,2,3", "", None),
            ("", "", None),
            ("calls", "calls", None),
            ("NaN", "", None),
            ("inf", "", None),
            ("1e999", "", None),
        ] {
            assert_eq!(read_number(text, unit), number, "{text:?} {unit:?}");
        }
    }
}
