//! `halfopen labs`: what there is to play with.

use std::fmt::Write;
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::TextOrJson;
use super::output::{Failure, print};
use crate::labs::catalogue::{self, LABS};
use crate::labs::fault::{FaultSpec, Takes};
use crate::labs::knob::{Effect, Knobs};
use crate::labs::lab::{Promise, Spec};
use crate::labs::reading::Quantity;

/// Lists every lab, or tells what `name` is made of.
pub fn list(name: Option<&str>, format: TextOrJson) -> Result<ExitCode, Failure> {
    let Some(name) = name else {
        return match format {
            TextOrJson::Text => print(&overview()),
            TextOrJson::Json => print(&pretty(&LABS.iter().map(|entry| lab_json(entry.spec)).collect())),
        };
    };
    let entry = catalogue::find(name).map_err(Failure::usage)?;
    match format {
        TextOrJson::Text => print(&lab_text(entry.spec, &(entry.parts)(&Knobs::defaults(entry.spec.knobs)))),
        TextOrJson::Json => print(&pretty(&lab_json(entry.spec))),
    }
}

fn pretty(json: &Json) -> String {
    format!("{json:#}\n")
}

fn overview() -> String {
    let mut text = String::new();
    for entry in &LABS {
        let _ = writeln!(
            text,
            "{:<width$}  {}",
            entry.spec.name,
            entry.spec.summary,
            width = catalogue::widest()
        );
    }
    text.push_str("\nhalfopen labs NAME tells what a lab is made of; halfopen lab NAME opens it.\n");
    text
}

fn lab_text(spec: &Spec, parts: &[crate::labs::fault::Target]) -> String {
    let mut text = format!("{}: {}\n", spec.name, spec.summary);
    text.push_str("\nPRESETS\n");
    for preset in spec.presets {
        let source = if preset.source.is_empty() { String::new() } else { format!(" [{}]", preset.source) };
        let _ = writeln!(text, "  {:<18} {}{source}", preset.name, preset.meaning);
    }
    text.push_str("\nKNOBS (default), * = needs a new run\n");
    let mut group = "";
    for knob in spec.knobs {
        if knob.group != group {
            group = knob.group;
            let _ = writeln!(text, "  {group}");
        }
        let star = if knob.effect == Effect::Restart { "*" } else { "" };
        let name = format!("{}{star}", knob.name);
        let _ = writeln!(text, "    {name:<22} {:<12} {}", knob.default, knob.meaning);
        let _ = writeln!(text, "    {:<22} {:<12} {}", "", "", knob.range());
    }
    text.push_str("\nFAULTS: TIME VERB [TARGET] [xN | P% | by D] [first N] [for D]\n");
    for fault in spec.faults {
        let targets = fault.aims(parts);
        let _ = writeln!(text, "  {:<10} {}", fault_head(fault), fault.meaning);
        let _ = writeln!(text, "  {:<10} {}", "", targets.join(", "));
    }
    let _ =
        writeln!(text, "  {:<10} Sets a knob that can change while the lab runs: 20s set KNOB VALUE", "set");
    text.push_str("\nREADINGS\n");
    for reading in spec.readings {
        let _ = writeln!(text, "  {:<24} {:<8} {}", reading.name, kind(reading.kind), reading.meaning);
    }
    text.push_str("\nINVARIANTS\n");
    for invariant in spec.invariants {
        let _ =
            writeln!(text, "  {:<24} {:<10} {}", invariant.name, promise(invariant.kind), invariant.meaning);
    }
    text
}

fn fault_head(fault: &FaultSpec) -> String {
    match fault.amount {
        Takes::Nothing => fault.verb.word().into(),
        Takes::Factor(_) => format!("{} xN", fault.verb.word()),
        Takes::Share => format!("{} P%", fault.verb.word()),
        Takes::By(span) => format!("{} by {span}", fault.verb.word()),
    }
}

fn kind(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Rate(_) => "rate",
        Quantity::PerSecond(_) => "measured",
        Quantity::Total => "total",
        Quantity::Level(_) => "level",
        Quantity::Moment => "moment",
        Quantity::State(_) => "state",
    }
}

fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Sanity => "sanity",
        Promise::Guarantee => "guarantee",
        Promise::Property => "property",
    }
}

fn lab_json(spec: &Spec) -> Json {
    let set = |set: &[(&str, &str)]| {
        set.iter().map(|(k, v)| ((*k).to_string(), json!(v))).collect::<serde_json::Map<_, _>>()
    };
    json!({
        "name": spec.name,
        "title": spec.title,
        "summary": spec.summary,
        "presets": spec.presets.iter().map(|p| json!({
            "name": p.name, "meaning": p.meaning, "source": p.source, "set": set(p.set),
        })).collect::<Vec<_>>(),
        "knobs": spec.knobs.iter().map(|k| json!({
            "name": k.name, "group": k.group, "default": k.default, "takes": k.range(), "meaning": k.meaning,
            "live": k.effect == Effect::Live,
        })).collect::<Vec<_>>(),
        "perturbations": spec.faults.iter().map(|f| json!({
            "verb": f.verb.word(), "targets": f.targets, "meaning": f.meaning,
            "takes": match f.amount { Takes::Nothing => "nothing", Takes::Factor(_) => "factor", Takes::Share => "share", Takes::By(_) => "span" },
        })).collect::<Vec<_>>(),
        "readings": spec.readings.iter().map(|r| json!({
            "name": r.name, "kind": kind(r.kind), "unit": r.unit(), "meaning": r.meaning,
        })).collect::<Vec<_>>(),
        "invariants": spec.invariants.iter().map(|i| json!({
            "name": i.name, "kind": promise(i.kind), "meaning": i.meaning,
        })).collect::<Vec<_>>(),
    })
}
