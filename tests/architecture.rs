//! Dependencies go one way. A folder is not a boundary by itself, so this reads the `use` lines.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "it reads the sources")]

use std::path::{Path, PathBuf};

/// Each layer of the crate and the layers that it may use.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("engine", &[]),
    ("patterns", &["engine"]),
    ("labs", &["patterns", "engine"]),
    ("course", &["engine"]),
    ("study", &["engine"]),
    ("app", &["study", "course", "labs", "engine"]),
    ("ui", &["app", "study", "course", "labs", "engine"]),
    ("shell", &["app", "ui", "study", "course", "labs", "patterns", "engine"]),
];

/// Crates that only these layers may use.
const RESERVED: [(&str, &[&str]); 6] = [
    ("ratatui", &["ui", "shell"]),
    ("crossterm", &["shell"]),
    ("tokio", &["shell"]),
    ("rayon", &["shell"]),
    ("clap", &["shell"]),
    ("std::fs", &["shell"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Each file's layer, path and text before its tests.
fn files() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let read = |path: &PathBuf| {
        let inside = path.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let layer = first.trim_end_matches(".rs").to_string();
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap().to_string();
        (layer, inside.display().to_string(), code)
    };
    paths.iter().map(read).collect()
}

/// The code without comments, in which a name stands only where it is used.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn no_arrow_runs_the_wrong_way() {
    let mut wrong = Vec::new();
    for (layer, path, text) in files() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == layer) else { continue };
        for (n, line) in code_lines(&text) {
            for (other, _) in MAY_USE.iter().filter(|(other, _)| *other != layer && !allowed.contains(other))
            {
                if line.contains(&format!("crate::{other}::")) || line.contains(&format!("crate::{other};")) {
                    wrong.push(format!("src/{path}:{n}: {layer} uses {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn patterns_know_only_time_and_randomness_of_the_engine() {
    for (_, path, text) in files().into_iter().filter(|(layer, ..)| layer == "patterns") {
        for (n, line) in code_lines(&text).filter(|(_, line)| line.contains("crate::engine::")) {
            let fine = line.contains("engine::time") || line.contains("engine::random");
            assert!(fine, "src/{path}:{n}: {line}");
        }
    }
}

#[test]
fn the_edge_stays_at_the_edge() {
    let mut wrong = Vec::new();
    for (layer, path, text) in files() {
        for (krate, allowed) in RESERVED.iter().filter(|(_, allowed)| !allowed.contains(&layer.as_str())) {
            for (n, line) in code_lines(&text).filter(|(_, line)| line.contains(&format!("{krate}::"))) {
                wrong.push(format!("src/{path}:{n}: only {} may use {krate}: {line}", allowed.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_is_known_and_every_file_says_what_it_is() {
    for (layer, path, text) in files() {
        let known =
            MAY_USE.iter().any(|(name, _)| *name == layer) || ["lib", "main"].contains(&layer.as_str());
        assert!(known, "src/{path} belongs to no layer");
        assert!(text.starts_with("//!"), "src/{path} does not open with what it is");
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for (_, path, text) in files() {
        let lines = text.lines().count();
        assert!(lines <= 420, "src/{path} has {lines} lines before its tests");
    }
}
