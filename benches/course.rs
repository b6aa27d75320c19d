//! How long a large course takes to load.

use halfopen::course::{self, SourceFile, embedded};

fn main() {
    divan::main();
}

/// The shipped breaker chapter, as often as it takes to have so many lessons; ids differ.
fn library(lessons: usize) -> Vec<SourceFile> {
    let shipped = embedded::files();
    let text =
        |ending: &str| shipped.iter().find(|file| file.path.ends_with(ending)).map_or("", |file| &file.text);
    let (chapter, lesson) = (text("01-breaker/chapter.toml"), text("01-breaker.md"));
    let scenarios = || shipped.iter().filter(|file| file.path.contains("/scenarios/"));
    let mut files = Vec::new();
    for n in 0..lessons {
        let folder = format!("lessons/{:02}-copy-{}", n / 100, n / 100);
        if n % 100 == 0 {
            files.push(SourceFile::new(format!("{folder}/chapter.toml"), chapter.to_string()));
            files.extend(scenarios().map(|file| {
                let name = file.path.rsplit('/').next().unwrap_or_default();
                SourceFile::new(format!("{folder}/scenarios/{name}"), file.text.clone())
            }));
        }
        let own = lesson.replace("id = \"", &format!("id = \"n{n}-")).replace("needs = ", "#");
        files.push(SourceFile::new(format!("{folder}/{:02}-copy.md", n % 100), own));
    }
    files
}

#[divan::bench]
fn the_shipped_course() -> usize {
    course::load(&embedded::files()).course.steps().count()
}

#[divan::bench(args = [10, 100, 1000], sample_count = 5)]
fn lessons(bencher: divan::Bencher, count: usize) {
    let files = library(count);
    assert_eq!(
        course::load(&files).course.steps().count(),
        18 * count,
        "a bench of lessons that are left out"
    );
    bencher.bench_local(|| course::load(&files).course.steps().count());
}
