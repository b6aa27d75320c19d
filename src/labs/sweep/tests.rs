//! Plans, what they come to, and what is refused.

#![allow(clippy::float_cmp, reason = "the same numbers, and no rounding between")]

use super::*;
use crate::labs::catalogue;

fn base() -> Scenario {
    Scenario::first(catalogue::find("server").unwrap())
}

fn plan(vary: &[&str], seeds: RangeInclusive<u64>) -> Result<Plan, String> {
    let base = base();
    let varied = vary.iter().map(|text| Varied::read(text, &base.knobs).unwrap()).collect();
    let readings = vec![reading("done", base.lab.spec).unwrap(), reading("queue", base.lab.spec).unwrap()];
    Plan::new(base, Time::from_secs(3), seeds, varied, readings)
}

fn figures(sample: &[f64]) -> [f64; 10] {
    Figures::of(sample).unwrap().values()
}

#[test]
fn quantiles_are_values_that_were_seen() {
    let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
    assert_eq!(figures(&hundred), [1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0, 50.5]);
    assert_eq!(figures(&[3.0, 1.0, 2.0]), [1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0]);
    assert_eq!(figures(&[7.0]), [7.0; 10]);
    assert_eq!(Figures::of(&[]), None);
    let ten: Vec<f64> = (0..10).map(f64::from).collect();
    assert_eq!(figures(&ten), [0.0, 0.0, 2.0, 4.0, 7.0, 8.0, 9.0, 9.0, 9.0, 4.5]);
}

#[test]
fn what_never_came_to_be_is_counted_and_is_in_no_quantile() {
    let spec = &base().lab.spec.readings[0];
    let samples = [Value::Number(1.0), Value::None, Value::Number(3.0), Value::Number(f64::INFINITY)];
    let summary = Summary::new(Vec::new(), spec, samples.to_vec());
    assert_eq!((summary.n(), summary.missing), (4, 2));
    assert_eq!(summary.figures().unwrap().values()[..4], [1.0, 1.0, 1.0, 1.0]);
    let nothing = Summary::new(Vec::new(), spec, vec![Value::None; 3]);
    assert_eq!((nothing.missing, nothing.figures()), (3, None));
}

#[test]
fn states_are_counted_by_word() {
    let entry = catalogue::find("breaker").unwrap();
    let spec = &entry.spec.readings[reading("breaker.A", entry.spec).unwrap()];
    let samples = vec![Value::Word("open"), Value::Word("closed"), Value::Word("open")];
    let summary = Summary::new(Vec::new(), spec, samples);
    assert_eq!(summary.outcome, Outcome::Words(vec![("closed", 1), ("open", 2)]));
}

#[test]
fn a_knob_is_varied_around_where_it_stands() {
    let around = |lab: &str, name: &str, value: &str| {
        let knobs = Scenario::first(catalogue::find(lab).unwrap()).knobs;
        let (index, knob) = knobs.find(name).unwrap();
        let varied = Varied::around(index, knob, knob.read(value).unwrap());
        varied.values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(around("server", "rate", "70"), "25 35 50 70 95 130 180");
    assert_eq!(around("server", "workers", "1"), "1 2 3 4");
    assert_eq!(around("server", "queue_cap", "none"), "550 750 1000 none");
    assert_eq!(around("server", "service_distribution", "constant"), "exponential constant");
    assert_eq!(around("breaker", "failure_threshold", "50%"), "20% 30% 40% 50% 60% 70% 80%");
    assert_eq!(around("server", "service_time", "100ms"), "30ms 50ms 75ms 100ms 150ms 200ms 300ms");
}

#[test]
fn every_combination_is_run_on_every_seed_and_the_last_knob_changes_fastest() {
    let plan = plan(&["rate=50,70", "workers=1,2,3"], 4..=5).unwrap();
    assert_eq!((plan.combinations(), plan.runs()), (6, 12));
    let all: Vec<String> = (0..6).map(|combination| told(&plan.settings(combination))).collect();
    assert_eq!(
        all[..4],
        ["rate 50/s, workers 1", "rate 50/s, workers 2", "rate 50/s, workers 3", "rate 70/s, workers 1"]
    );
    let summaries = plan.sweep().unwrap();
    assert_eq!(summaries.len(), 12);
    let mut by_hand = base();
    by_hand.knobs.set("rate", "70").unwrap();
    by_hand.knobs.set("workers", "1").unwrap();
    let by_hand = by_hand.with_seed(5).run(Time::from_secs(3)).read("done");
    assert_eq!((summaries[6].reading.name, summaries[6].samples[1]), ("done", by_hand));
}

#[test]
fn what_is_not_wanted_any_more_stops() {
    let plan = plan(&[], 1..=1).unwrap();
    assert_eq!(plan.run(0, &|| false), Err(Stopped::Cancelled));
}

#[test]
fn too_much_is_refused_with_a_sentence() {
    assert!(plan(&[], 1..=1_000_000).unwrap_err().contains("1000000 runs are too many"));
    assert!(plan(&[], 0..=u64::MAX).unwrap_err().contains("runs are too many"));
    assert!(plan(&["rate=1,2", "rate=3"], 1..=2).unwrap_err().contains("varied twice"));
    assert!(seeds("1..2000000").unwrap_err().message.contains("too many seeds"));
    assert!(seeds("9..1").unwrap_err().message.contains("1..200"));
    assert_eq!(seeds("7"), Ok(7..=7));
}

#[test]
fn an_error_points_at_the_word() {
    let at = |text: &str| {
        let misread = Varied::read(text, &base().knobs).unwrap_err();
        (text[misread.at.clone()].to_owned(), misread.to_string())
    };
    assert_eq!(at("rat=1,2").0, "rat");
    assert!(at("rat=1,2").1.contains("did you mean `rate`?"));
    assert_eq!(at("rate=1, many,3").0, "many");
    assert_eq!(at("rate=70,80,70").1, "`70` stands twice");
    assert_eq!(at("rate=70,").0, "");
    assert_eq!(at("rate").0, "rate");
    let misread = reading("sojourn_mean", base().lab.spec).unwrap_err();
    assert!(misread.to_string().contains("did you mean `sojourn_mean_s`?"), "{misread}");
}

#[test]
fn a_sentence_that_a_combination_makes_meaningless_is_refused() {
    let mut base = Scenario::first(catalogue::find("breaker").unwrap());
    let attempt = |text: &str, base: &Scenario| {
        let parts = (base.lab.parts)(&base.knobs);
        Vocabulary { faults: base.lab.spec.faults, parts: &parts, knobs: &base.knobs }
            .read_timed(text)
            .unwrap()
    };
    base.script.push(attempt("5s hang shard-5", &base));
    let varied = vec![Varied::read("shards=2,5", &base.knobs).unwrap()];
    let refused = Plan::new(base, Time::from_secs(3), 1..=2, varied, vec![0]).unwrap_err();
    assert!(refused.starts_with("with shards 2:") && refused.ends_with("^^^^^^^"), "{refused}");
}

#[test]
fn a_box_and_its_whiskers_stand_where_they_belong() {
    let eleven: Vec<f64> = (0..=10).map(f64::from).collect();
    let it = Figures::of(&eleven).unwrap();
    assert_eq!(table::strip(&it, (0.0, 10.0), 11), ".-===|===-.");
    let one = Figures::of(&[4.0]).unwrap();
    assert_eq!(table::strip(&one, (4.0, 4.0), 11), "     |");
    assert_eq!(table::strip(&one, (0.0, 4.0), 11), "          |");
}

#[test]
fn numbers_keep_within_their_columns() {
    for (x, text) in [
        (0.0, "0"),
        (0.265, "0.265"),
        (24.84, "24.8"),
        (1043.0, "1043"),
        (1_234_567.0, "1.2e6"),
        (0.000_42, "4.2e-4"),
        (0.005, "0.005"),
        (0.004_72, "0.0047"),
        (-12_345.6, "-12346"),
    ] {
        assert_eq!(table::digits(x), text);
    }
}
