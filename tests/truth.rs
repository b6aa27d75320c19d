//! Recorded behaviour of real systems, replayed: every trace, every step, every column.
//!
//! `tests/truth/README.md` says what the traces are. `HALFOPEN_TRUTH=DIR` adds another folder of the same shape
//! (`DIR/breaker/*.jsonl` and `DIR/breaker/textbook/**/*.json`); files of other kinds are ignored.

#[path = "truth/hystrix.rs"]
mod hystrix;
#[path = "truth/opossum.rs"]
mod opossum;
#[path = "truth/pybreaker.rs"]
mod pybreaker;
#[path = "truth/replay.rs"]
mod replay;
#[path = "truth/resilience4j.rs"]
mod resilience4j;
#[path = "truth/trace.rs"]
mod trace;

use std::path::PathBuf;

use replay::{Subject, replay};
use trace::{Trace, load};

/// The system of a trace, by its `impl`, and the names of its columns.
fn subject(trace: &Trace) -> Result<(Box<dyn Subject>, &'static [&'static str]), String> {
    Ok(match trace.system.as_str() {
        "resilience4j-2.4.0" => (Box::new(resilience4j::Driven::new(trace)?), resilience4j::COLUMNS),
        "hystrix-core-1.5.18" | "hystrix-core-master-7c03bafe" => {
            (Box::new(hystrix::Driven::new(trace)?), hystrix::COLUMNS)
        }
        "opossum-9.0.0" => (Box::new(opossum::Driven::new(trace)?), opossum::COLUMNS),
        "pybreaker-1.4.1" => (Box::new(pybreaker::Driven::new(trace)?), pybreaker::COLUMNS),
        other => return Err(format!("no system is known for impl {other:?}")),
    })
}

/// The folders to read: the one in the repository, and the one that the environment adds.
#[expect(clippy::disallowed_methods, reason = "the one variable that this test reads")]
fn folders() -> Vec<PathBuf> {
    let shipped = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/truth");
    let added = std::env::var_os("HALFOPEN_TRUTH").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    [Some(shipped), added].into_iter().flatten().collect()
}

#[test]
fn every_recorded_step_is_reproduced() {
    let (mut traces, mut steps, mut failures) = (0, 0, Vec::new());
    for folder in folders() {
        let loaded = load(&folder.join("breaker"));
        assert!(!loaded.is_empty(), "no traces in {}", folder.display());
        for (place, trace) in loaded {
            traces += 1;
            let result = trace.and_then(|trace| {
                steps += trace.steps.len();
                let (mut subject, columns) = subject(&trace)?;
                replay(&trace, &mut *subject, columns).map_err(|why| format!("{}: {why}", trace.id))
            });
            if let Err(why) = result {
                failures.push(format!("{place}: {why}"));
            }
        }
    }
    println!("{traces} traces, {steps} steps");
    assert!(failures.is_empty(), "{} of {traces} traces differ:\n{}", failures.len(), failures.join("\n"));
}
