//! What every template owes its reader, looked at over many seeds: the tests of each folder of templates call these.

use std::collections::{BTreeMap, BTreeSet};

use super::{Generated, Part, Template, WIDEST};

const SEEDS: u64 = 2000;

/// What templates write, by their names.
pub(super) type Written = Vec<(&'static str, Vec<Generated>)>;

/// The questions of `templates` on all seeds.
pub(super) fn written(templates: &[&'static Template]) -> Written {
    let of = |template: &&'static Template| {
        let one = |seed| template.generate(seed).unwrap_or_else(|| panic!("{}~{seed}", template.name));
        (template.name, (1..=SEEDS).map(one).collect())
    };
    templates.iter().map(of).collect()
}

/// Each fits a small screen, has one right answer, and draws on misconceptions that begin like one of `prefixes`.
pub(super) fn assert_sound(written: &Written, prefixes: &[&str]) {
    for (name, all) in written {
        for it in all {
            let name = format!("{name}~{}", it.seed);
            let texts: BTreeSet<&str> = it.options.iter().map(|option| option.text.as_str()).collect();
            assert!((3..=4).contains(&texts.len()) && texts.len() == it.options.len(), "{name}");
            assert_eq!(it.options.iter().filter(|option| option.wrong.is_none()).count(), 1, "{name}");
            assert!((20..=500).contains(&it.why.len()), "{name}: {} {}", it.why.len(), it.why);
            for option in &it.options {
                assert!(option.text.len() <= 70, "{name}: {}", option.text);
                if let Some(wrong) = &option.wrong {
                    assert!((20..=300).contains(&wrong.why.len()), "{name}: {}", wrong.why);
                    let of_chapter = prefixes.iter().any(|of| wrong.misconception.starts_with(of));
                    assert!(of_chapter, "{name}: {}", wrong.misconception);
                }
            }
            let mut rows = 4;
            for part in &it.prompt {
                match part {
                    Part::Text(text) => {
                        assert!(text.len() <= 420, "{name}: {} {text}", text.len());
                        rows += 1 + text.len().div_ceil(72);
                    }
                    Part::Lines(lines) => {
                        assert!(lines.iter().all(|line| line.len() <= WIDEST), "{name}: {lines:#?}");
                        rows += 1 + lines.len();
                    }
                }
            }
            assert!(rows + it.options.len() <= 22, "{name} takes {rows} rows");
            assert!(format!("{it:?}").is_ascii(), "{name}");
        }
        let four = all.iter().filter(|it| it.options.len() == 4).count();
        assert!(four * 2 >= all.len(), "{name}: {four} of {} have four options", all.len());
        let levels: BTreeSet<u8> = all.iter().map(|it| it.level).collect();
        assert!(levels.len() > 1, "{name}: always the same level");
    }
}

/// Neither the place of an option, nor its length, nor what it says gives it away.
pub(super) fn assert_not_to_be_guessed(written: &Written) {
    for (name, all) in written {
        let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
        let mut said: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let (mut places, mut longest, mut shortest, mut chance) = ([0; 4], 0, 0, 0.0);
        for it in all {
            let right = it.right().unwrap();
            places[right] += 1;
            chance += 1.0 / it.options.len() as f64;
            let lengths = || it.options.iter().map(|option| option.text.len());
            let own = it.options[right].text.len();
            longest += usize::from(lengths().filter(|length| *length >= own).count() == 1);
            shortest += usize::from(lengths().filter(|length| *length <= own).count() == 1);
            for (at, option) in it.options.iter().enumerate() {
                let (times, of) = said.entry(&option.text).or_default();
                *times += usize::from(at == right);
                *of += 1;
            }
        }
        let places = places.map(|times| share(times, all.len()));
        assert!(places[..3].iter().all(|place| (0.2..0.32).contains(place)), "{name}: {places:?}");
        let lengths = (share(longest, all.len()), share(shortest, all.len()));
        assert!(lengths.0 < 0.3 && lengths.1 < 0.3, "{name}: longest, shortest: {lengths:?}");
        let chance = chance / all.len() as f64;
        for (text, (times, of)) in said {
            let times = share(times, of);
            assert!(of < 100 || times < chance + 0.25, "{name}: `{text}` is right {times} of {of} times");
        }
    }
}

/// No misconception of a template is a rarity.
pub(super) fn assert_all_tempt(written: &Written) {
    for (name, all) in written {
        let mut tempts: BTreeMap<&str, usize> = BTreeMap::new();
        for wrong in all.iter().flat_map(|it| &it.options).filter_map(|option| option.wrong.as_ref()) {
            *tempts.entry(wrong.misconception).or_default() += 1;
        }
        assert!(tempts.len() >= 4, "{name}: {tempts:?}");
        assert!(tempts.values().all(|times| *times >= all.len() / 100), "{name}: {tempts:?}");
    }
}
