//! Questions that the simulator writes, as questions of a course: so that they are asked, judged and told like the written
//! ones. Which of them a chapter asks stands in its `chapter.toml`.

use crate::course::model::StepId;
use crate::course::place::{Name, Place, Placed};
use crate::course::prose::{Block, Code, Inlines, Language, Run, Style};
use crate::course::quiz::{Ask, Choice, Question, Skill, Verdict};
use crate::course::setup::{See, SetUp, Setting};
use crate::course::{Chapter, Course};
use crate::engine::random::Random;
use crate::engine::time::Time;
use crate::labs::questions::{self, Generated, Part, Template};
use crate::study::generated::{COUNTED, GeneratedId};
use crate::study::progress::Progress;

/// One question in so many is generated.
const ONE_IN: usize = 4;

/// The question with that id, if the course has a chapter that asks such questions.
pub fn question(id: &str, course: &Course) -> Option<Question> {
    let id: GeneratedId = id.parse().ok()?;
    let chapter = course
        .chapters
        .iter()
        .find(|chapter| chapter.generators.iter().any(|name| name.value == id.template))?;
    let template = questions::find(&id.template)?;
    written(template, &template.generate(id.seed)?, chapter, course)
}

/// The generated questions among these ids.
pub fn among(ids: &[String], course: &Course) -> Vec<Question> {
    ids.iter().filter_map(|id| question(id, course)).collect()
}

/// Fresh questions for a quiz of so many on these chapters. Templates take turns, those that were asked least come first.
/// Without a seed of its own the quiz gets questions that the learner has never seen; with one, always the same.
pub fn fresh(
    chapters: &[&Chapter],
    course: &Course,
    progress: &Progress,
    count: usize,
    seed: Option<u64>,
) -> Vec<Question> {
    let mut names: Vec<&str> =
        chapters.iter().flat_map(|chapter| &chapter.generators).map(|name| name.value.as_str()).collect();
    match seed {
        Some(seed) => {
            let stream = Random::new(seed).stream("templates");
            names.sort_by_cached_key(|name| stream.draw(hash(name), 0).bits());
        }
        // A stable sort: where two were asked as often, the course's order decides.
        None => names.sort_by_key(|name| progress.next_seed(name)),
    }
    let wanted = count / ONE_IN;
    let ids =
        names.iter().cycle().take(if names.is_empty() { 0 } else { wanted }).enumerate().map(|(at, name)| {
            let round = u64::try_from(at / names.len().max(1)).unwrap_or(0);
            let first = match seed {
                Some(seed) => {
                    COUNTED + Random::new(seed).stream("seeds").draw(hash(name), round).below(COUNTED)
                }
                None => progress.next_seed(name) + round,
            };
            GeneratedId { template: (*name).to_owned(), seed: first }.to_string()
        });
    ids.filter_map(|id| question(&id, course)).collect()
}

/// FNV-1a over a name.
fn hash(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn written(template: &Template, from: &Generated, chapter: &Chapter, course: &Course) -> Option<Question> {
    let skill = Skill::ALL.into_iter().find(|skill| skill.word() == template.skill)?;
    let taught = template.concepts.iter().find_map(|id| course.concept(id)).map(|it| it.step.value.clone());
    let first = || chapter.lessons.first().map(|it| StepId { lesson: it.id.value.clone(), number: 1 });
    let options = from.options.iter().map(|option| Choice {
        text: inlines(&option.text),
        verdict: match &option.wrong {
            None => Verdict::Right,
            Some(wrong) => {
                Verdict::Wrong { misconception: name(wrong.misconception), why: inlines(&wrong.why) }
            }
        },
    });
    let id = GeneratedId { template: template.name.to_owned(), seed: from.seed };
    Some(Question {
        id: name(id.to_string()),
        chapter: chapter.id.clone(),
        rev: template.rev,
        level: from.level,
        skill,
        concepts: template.concepts.iter().map(|id| name(*id)).collect(),
        prompt: from.prompt.iter().map(block).collect(),
        ask: Ask::Single { options: options.collect() },
        step: Placed::new(taught.or_else(first)?, Place::default()),
        why: inlines(&from.why),
        see: from.see.as_ref().map(see),
        misconception: None,
        place: Place::default(),
    })
}

fn name(text: impl Into<String>) -> Name {
    Placed::new(text.into(), Place::default())
}

fn block(part: &Part) -> Block {
    match part {
        Part::Text(text) => Block::Paragraph(inlines(text)),
        Part::Lines(lines) => {
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            Block::Code(Code { language: Language::Text, text, place: Place::default() })
        }
    }
}

/// Text with `` `names` `` in backticks.
fn inlines(text: &str) -> Inlines {
    let runs = text.split('`').enumerate().filter(|(_, text)| !text.is_empty()).map(|(at, text)| Run {
        text: text.to_owned(),
        style: Style { code: at % 2 == 1, ..Style::default() },
        link: None,
    });
    Inlines(runs.collect())
}

fn see(from: &questions::See) -> See {
    let set = from.set.iter().map(|(knob, value)| Setting { knob: name(*knob), value: name(value.clone()) });
    See {
        setup: SetUp {
            lab: name(from.lab),
            preset: Some(name(from.preset)),
            seed: from.seed,
            set: set.collect(),
            at: from.at.iter().map(|sentence| name(sentence.clone())).collect(),
            scenario: None,
            place: Place::default(),
        },
        from: Time::from_secs(from.from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::record::{Kind, Mode, QuizStarted, Record, VERSION};

    fn shipped() -> Course {
        crate::course::load(&crate::course::embedded::files()).course
    }

    fn ids(questions: &[Question]) -> Vec<String> {
        questions.iter().map(|it| it.id.value.clone()).collect()
    }

    #[test]
    fn a_learner_never_gets_the_same_one_twice() {
        let course = shipped();
        let chapter = course.find_chapter("breaker").unwrap();
        let mut progress = Progress::default();
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..12_u8 {
            let questions = fresh(&[chapter], &course, &progress, 10, None);
            assert_eq!(questions.len(), 2);
            for id in ids(&questions) {
                assert!(seen.insert(id.clone()), "{id} twice");
            }
            let started = QuizStarted {
                session: number.to_string(),
                chapter: None,
                mode: Mode::Quiz,
                seed: 1,
                questions: ids(&questions),
            };
            let at = jiff::Timestamp::from_second(i64::from(number)).unwrap();
            let kind = Kind::QuizStarted(started);
            progress.apply(&Record { id: number.to_string(), v: VERSION, at, kind });
        }
    }

    #[test]
    fn a_quiz_with_a_seed_is_the_same_for_everybody() {
        let course = shipped();
        let chapter = course.find_chapter("breaker").unwrap();
        let of = |seed| ids(&fresh(&[chapter], &course, &Progress::default(), 40, Some(seed)));
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert_eq!(of(7).len(), 10);
    }

    #[test]
    fn every_name_of_a_generated_question_is_known_to_the_course() {
        let course = shipped();
        for template in questions::TEMPLATES {
            for seed in 1..=50 {
                let id = GeneratedId { template: template.name.to_owned(), seed }.to_string();
                let question = question(&id, &course).unwrap();
                assert!(question.concepts.iter().all(|it| course.concept(it).is_some()), "{id}");
                let bare = crate::app::bank::question(&question);
                assert!(bare.judge(&bare.solution()).right, "{id}");
                let tempts = bare.tempts_with();
                assert!(tempts.iter().all(|it| course.misconception(it).is_some()), "{id}: {tempts:?}");
            }
        }
    }
}
