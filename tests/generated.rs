//! Questions that the simulator writes: thousands of them are sound, and their answers agree with a second reckoning.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use halfopen::labs::questions::{Generated, Part, TEMPLATES, Template, WIDEST};

/// How many are generated over all templates.
const MANY: u64 = 10_000;

/// All of them, made once for all tests.
fn of_each() -> impl Iterator<Item = (&'static Template, &'static Generated)> {
    static ALL: OnceLock<Vec<(&Template, Generated)>> = OnceLock::new();
    ALL.get_or_init(|| generate().collect()).iter().map(|(template, question)| (*template, question))
}

fn generate() -> impl Iterator<Item = (&'static Template, Generated)> {
    let each = MANY.div_ceil(TEMPLATES.len() as u64);
    TEMPLATES.into_iter().flat_map(move |template| {
        (1..=each).map(move |seed| {
            let question = template.generate(seed);
            (template, question.unwrap())
        })
    })
}

#[test]
fn ten_thousand_have_one_right_option_each() {
    for (template, question) in of_each() {
        let name = format!("{}~{}", template.name, question.seed);
        let rights = question.options.iter().filter(|option| option.wrong.is_none()).count();
        assert_eq!(rights, 1, "{name}");
        assert!((3..=4).contains(&question.options.len()), "{name} has {} options", question.options.len());
        let texts: BTreeSet<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(texts.len(), question.options.len(), "{name} has two options that read the same");
        assert!((1..=3).contains(&question.level), "{name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_question() {
    for (again, (_, first)) in generate().zip(of_each()) {
        assert_eq!(again.1, *first);
    }
}

#[test]
fn seeds_differ_and_so_do_the_places_of_the_right_option() {
    let mut seen: BTreeMap<&str, Vec<&Generated>> = BTreeMap::new();
    for (template, question) in of_each() {
        seen.entry(template.name).or_default().push(question);
    }
    for (name, questions) in seen {
        let all = questions.len() as f64;
        let texts: BTreeSet<(String, BTreeSet<&str>)> = questions
            .iter()
            .map(|it| (format!("{:?}", it.prompt), it.options.iter().map(|it| it.text.as_str()).collect()))
            .collect();
        let levels: BTreeSet<u8> = questions.iter().map(|it| it.level).collect();
        let mut places: BTreeMap<usize, u32> = BTreeMap::new();
        for question in &questions {
            *places.entry(question.right().unwrap()).or_default() += 1;
        }
        assert!(texts.len() as f64 > all * 0.9, "{name}: {} texts of {all}", texts.len());
        for place in 0..3 {
            let share = f64::from(*places.get(&place).unwrap_or(&0)) / all;
            assert!((0.15..0.45).contains(&share), "{name}: place {place} is right in {share}");
        }
        assert!(levels.len() > 1, "{name}: always the same level");
    }
}

#[test]
fn texts_fit_the_quiz_screen() {
    for (template, question) in of_each() {
        let name = format!("{}~{}", template.name, question.seed);
        // Rows at 80 columns: two for the head, the prompt with its gaps, the options, and how sure one is.
        let mut rows = 2 + 2;
        for part in &question.prompt {
            rows += 1 + match part {
                Part::Text(text) => {
                    assert!(text.len() <= 420, "{name}: {text}");
                    text.len().div_ceil(72)
                }
                Part::Lines(lines) => {
                    for line in lines {
                        assert!(line.chars().count() <= WIDEST, "{name}: `{line}`");
                    }
                    lines.len()
                }
            };
        }
        for option in &question.options {
            assert!(option.text.len() <= 140, "{name}: {}", option.text);
            rows += option.text.len().div_ceil(70);
            if let Some(wrong) = &option.wrong {
                assert!((20..=300).contains(&wrong.why.len()), "{name}: {}", wrong.why);
            }
        }
        assert!(rows <= 22, "{name} takes {rows} rows");
        assert!((20..=500).contains(&question.why.len()), "{name}: {}", question.why);
        let all = format!("{question:?}");
        assert!(all.is_ascii(), "{name} has characters that a plain terminal cannot show");
        assert!(!all.contains("  ,") && !all.contains("NaN"), "{name}: {all}");
    }
}
