//! Figures of runs and sweeps, and the files that they become.

#![allow(clippy::float_cmp, reason = "the same numbers, and no rounding between")]

use super::*;
use crate::engine::time::Time;
use crate::labs::catalogue;
use crate::labs::scenario::{Scenario, Wanted};
use crate::labs::sweep::{Plan, Varied, reading, shown};

/// The tags of a well-formed document, in their order. Panics where it is not.
fn tags(svg: &str) -> Vec<String> {
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(!text.contains('&') || text.contains(';'), "{piece}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap().to_owned();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            seen.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

fn hang() -> Figure {
    let at = ["20s hang payments for 10s".to_owned()];
    let wanted = Wanted { lab: "breaker", preset: Some("tuned"), set: &[], seed: 1, at: &at };
    let lab = Scenario::read(&wanted).unwrap().run(Time::from_secs(60));
    of_run(&*lab, &shown(lab.spec()))
}

fn swept(vary: &[&str], names: &[&str]) -> Figure {
    let base = Scenario::first(catalogue::find("server").unwrap());
    let varied = vary.iter().map(|text| Varied::read(text, &base.knobs).unwrap()).collect();
    let readings = names.iter().map(|name| reading(name, base.lab.spec).unwrap()).collect();
    let plan = Plan::new(base, Time::from_secs(3), 1..=12, varied, readings).unwrap();
    of_sweep(&plan, &plan.sweep().unwrap())
}

#[test]
fn a_run_is_drawn_with_what_was_done_to_it() {
    let figure = hang();
    assert_eq!(figure.panels.len(), 7);
    let done: Vec<&Mark> = figure.marks.iter().filter(|mark| mark.kind == MarkKind::Done).collect();
    assert_eq!((done.len(), done[0].at, done[0].until), (1, 20.0, Some(30.0)));
    assert_eq!(done[0].sentence, "20 s: hang payments for 10s");
    assert!(figure.marks.iter().any(|mark| mark.sentence.contains("opens")));
    let state = &figure.panels[6];
    let words: Vec<&str> = state.y.ticks.iter().map(|(_, word)| word.as_str()).collect();
    assert_eq!(words, ["closed", "half-open", "open"]);
    let svg = figure.svg(Theme::Auto);
    let tags = tags(&svg);
    assert_eq!(tags.iter().filter(|tag| *tag == "svg").count(), 1);
    assert!(svg.contains("time [s]") && svg.contains("prefers-color-scheme"));
    assert_eq!(svg, hang().svg(Theme::Auto), "the same run gives the same bytes");
    assert!(!figure.svg(Theme::Light).contains("prefers-color-scheme"));
}

#[test]
fn a_sweep_is_drawn_as_curves_boxes_or_a_distribution() {
    let curves = swept(&["workers=1,10", "rate=50,70,90"], &["done", "queue"]);
    assert_eq!((curves.order, curves.panels.len(), curves.legend.len()), (Order::Stacked, 2, 3));
    assert_eq!(curves.panels[0].x.ticks.len(), 2, "the first knob with numbers goes to the right");
    let bands = curves.panels[0].layers.iter().take_while(|layer| matches!(layer, Layer::Band { .. }));
    assert_eq!(bands.count(), 3, "bands lie behind the curves");
    let boxes = swept(&["service_distribution=exponential,constant"], &["done"]);
    assert!(matches!(boxes.panels[0].layers[0], Layer::Boxes(_)));
    let alone = swept(&[], &["done", "refused"]);
    let Layer::Bars(bars) = &alone.panels[0].layers[0] else { panic!("{:?}", alone.panels[0]) };
    assert_eq!(bars.iter().map(|bar| bar.2).sum::<f64>(), 12.0);
    for figure in [curves, boxes, alone] {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            tags(&figure.svg(theme));
        }
    }
}

#[test]
fn every_text_is_escaped() {
    let mut figure = swept(&[], &["done"]);
    figure.title = "a < b & \"c\" > \u{1b}[31m".to_owned();
    figure.notes = vec!["<script>".to_owned()];
    let svg = figure.svg(Theme::Light);
    tags(&svg);
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot; &gt; [31m") && svg.contains("&lt;script&gt;"));
}

#[test]
fn ticks_are_round_and_few() {
    let labels = |axis: &Axis| axis.ticks.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&Axis::exact("", 0.0, 60.0, 6)), ["0", "10", "20", "30", "40", "50", "60"]);
    assert_eq!(labels(&Axis::round("", 0.02, 0.43, 4)), ["0", "0.2", "0.4", "0.6"]);
    assert_eq!(labels(&Axis::round("", 95.0, 104.0, 3)), ["95", "100", "105"]);
    assert_eq!(labels(&Axis::exact("", 0.0, 40_000.0, 4)), ["0", "10k", "20k", "30k", "40k"]);
    let nothing = Axis::round("", 0.0, 0.0, 3);
    assert!(nothing.to > nothing.from && !nothing.ticks.is_empty());
    assert!(Axis::of_values("", &[(1.0, "1".into()), (100.0, "100".into())]).log);
}
