//! The promises of the journal: nothing that was done is lost, nothing that is there is harmed, and whatever goes wrong is
//! said in a sentence that helps.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the journal is a file")]

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use halfopen::shell::journal::{ExportError, FILE_NAME, ImportError, Journal, News};
use halfopen::study::record::{Entry, Kind, Visited};
use jiff::Timestamp;
use tempfile::TempDir;

const FOREIGN: &str = r#"{"id":"f1","v":1,"at":"2026-01-01T00:00:00Z","kind":"sang","song":"la"}"#;
const NEWER: &str = r#"{"id":"f2","v":9,"kind":"visited","where":{"step":"breaker.3"}}"#;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &Path) -> (Journal, News) {
    Journal::open(Ok(folder.to_owned()))
}

fn file(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

fn text(folder: &Path) -> String {
    fs::read_to_string(file(folder)).unwrap()
}

fn step(n: usize) -> Kind {
    Kind::Visited(Visited { chapter: "breaker".to_owned(), step: format!("breaker.{n}") })
}

fn visit(journal: &mut Journal, n: usize) -> halfopen::shell::journal::Appended {
    journal.append(step(n), Timestamp::UNIX_EPOCH)
}

fn steps(entries: &[Entry]) -> Vec<String> {
    let step = |entry: &Entry| match &entry.known()?.kind {
        Kind::Visited(visited) => Some(visited.step.clone()),
        _ => None,
    };
    entries.iter().filter_map(step).collect()
}

fn notices(news: &News) -> Vec<String> {
    news.notices.iter().map(ToString::to_string).collect()
}

/// A journal with the steps 1 to `n`.
fn with_steps(n: usize) -> TempDir {
    let folder = folder();
    let (mut journal, _) = open(folder.path());
    for n in 1..=n {
        assert_eq!(visit(&mut journal, n).saved, Ok(()));
    }
    folder
}

fn add(folder: &Path, bytes: &[u8]) {
    fs::OpenOptions::new().append(true).create(true).open(file(folder)).unwrap().write_all(bytes).unwrap();
}

#[test]
fn what_is_written_is_read_again_in_its_order() {
    let folder = with_steps(3);
    let (_, news) = open(folder.path());
    assert_eq!(steps(&news.entries), ["breaker.1", "breaker.2", "breaker.3"]);
    assert!(news.notices.is_empty(), "{:?}", notices(&news));
    assert_eq!(text(folder.path()).lines().count(), 3);
}

#[test]
fn nothing_is_made_before_there_is_something_to_keep() {
    let folder = folder();
    let inner = folder.path().join("a/b");
    let (mut journal, news) = open(&inner);
    assert_eq!(news, News::default());
    assert!(!folder.path().join("a").exists());
    assert_eq!(visit(&mut journal, 1).saved, Ok(()));
    assert!(file(&inner).exists());
}

#[test]
fn a_torn_last_line_is_cut_when_the_next_record_is_written_and_told() {
    let folder = with_steps(2);
    let whole = text(folder.path());
    add(folder.path(), br#"{"id":"abc","v":1,"at":"2026"#);
    let (mut journal, news) = open(folder.path());
    assert_eq!(steps(&news.entries), ["breaker.1", "breaker.2"]);
    assert!(text(folder.path()).ends_with("2026"), "reading changes nothing");
    let appended = visit(&mut journal, 3);
    assert_eq!(appended.saved, Ok(()));
    let name = file(folder.path());
    assert_eq!(
        notices(&appended.news),
        [format!(
            "The last line of {} had been cut off while it was written, so 28 bytes were removed. Everything before \
             it is kept.",
            name.display()
        )]
    );
    assert!(text(folder.path()).starts_with(&whole));
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.2", "breaker.3"]);
}

#[test]
fn a_journal_whose_first_line_is_torn_begins_anew() {
    let folder = folder();
    add(folder.path(), br#"{"id":"ab"#);
    let (mut journal, news) = open(folder.path());
    assert_eq!(news, News::default());
    assert_eq!(visit(&mut journal, 1).saved, Ok(()));
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1"]);
}

#[test]
fn zeros_that_a_power_cut_left_behind_are_cut() {
    let folder = with_steps(1);
    add(folder.path(), &[0; 64]);
    let (mut journal, _) = open(folder.path());
    assert_eq!(visit(&mut journal, 2).news.notices.len(), 1);
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.2"]);
}

#[test]
fn a_last_line_that_only_lacks_its_newline_counts_and_gets_it() {
    let folder = with_steps(2);
    let mut whole = text(folder.path());
    whole.pop();
    fs::write(file(folder.path()), &whole).unwrap();
    let (mut journal, news) = open(folder.path());
    assert_eq!(steps(&news.entries), ["breaker.1", "breaker.2"]);
    let appended = visit(&mut journal, 3);
    assert_eq!(appended.news, News::default());
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.2", "breaker.3"]);
}

#[test]
fn unknown_kinds_and_newer_versions_are_kept_and_told() {
    let folder = with_steps(1);
    add(folder.path(), format!("{FOREIGN}\n{NEWER}\n").as_bytes());
    let (mut journal, news) = open(folder.path());
    assert_eq!(news.entries.len(), 3);
    let name = file(folder.path());
    assert_eq!(
        notices(&news),
        [format!(
            "2 records in {} made by another version of this program: kept, and not counted here.",
            name.display()
        )]
    );
    assert_eq!(visit(&mut journal, 2).saved, Ok(()));
    let text = text(folder.path());
    assert!(text.contains(FOREIGN) && text.contains(NEWER), "{text}");
}

#[test]
fn bad_lines_in_the_middle_are_skipped_named_and_left() {
    let folder = with_steps(1);
    add(folder.path(), b"hello\n\n");
    add(folder.path(), &[0xff, 0xfe, b'\n']);
    let (mut journal, news) = open(folder.path());
    let name = file(folder.path());
    assert_eq!(
        notices(&news),
        [format!(
            "{}: lines 2, 4 can't be read (line 2: it is not a JSON object); they are left in the file and skipped. \
             Everything else counts.",
            name.display()
        )]
    );
    let appended = visit(&mut journal, 2);
    assert_eq!((appended.saved, appended.news.notices.len()), (Ok(()), 0), "told once");
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.2"]);
    assert!(fs::read(file(folder.path())).unwrap().windows(2).any(|two| two == [0xff, 0xfe]));
}

#[test]
fn a_file_that_is_something_else_is_named_and_never_touched() {
    for garbage in
        [&b"my shopping list\nmilk\n"[..], b"no newline", &[0, 159, 146, 150, b'\n', 7], b"[1,2]\n{}\n"]
    {
        let folder = folder();
        add(folder.path(), garbage);
        let (mut journal, news) = open(folder.path());
        let name = file(folder.path());
        let sentence = format!(
            "{} is no journal of this program: not one of its lines is a record. It is left as it is and nothing is \
             saved. Move it away, or set HALFOPEN_DATA to another folder.",
            name.display()
        );
        assert_eq!(notices(&news), std::slice::from_ref(&sentence));
        let appended = visit(&mut journal, 1);
        assert_eq!(appended.saved.unwrap_err().to_string(), sentence);
        assert!(appended.news.notices.is_empty(), "told once");
        assert_eq!(fs::read(&name).unwrap(), garbage);
        // Moved away while the program runs: what waited is written.
        fs::remove_file(&name).unwrap();
        let appended = visit(&mut journal, 2);
        assert_eq!(appended.saved, Ok(()));
        assert_eq!(notices(&appended.news), ["Saved again: 1 record that had waited is written."]);
        assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.2"]);
    }
}

#[test]
fn an_empty_file_is_an_empty_journal() {
    let folder = folder();
    add(folder.path(), b"");
    let (mut journal, news) = open(folder.path());
    assert_eq!(news, News::default());
    assert_eq!(visit(&mut journal, 1).saved, Ok(()));
}

#[test]
fn a_folder_in_the_journals_place_is_named() {
    let folder = folder();
    fs::create_dir(file(folder.path())).unwrap();
    let (mut journal, news) = open(folder.path());
    let name = file(folder.path());
    assert_eq!(
        notices(&news),
        [format!(
            "Your progress in {} can't be read (it is not a regular file). It is left as it is. Move it away, or set \
             HALFOPEN_DATA to another folder.",
            name.display()
        )]
    );
    assert!(visit(&mut journal, 1).saved.is_err());
}

/// Below a regular file nobody can make a folder, not even the superuser.
#[test]
fn where_nothing_can_be_written_the_program_goes_on_and_says_so_once() {
    let folder = folder();
    let blocked = folder.path().join("occupied");
    fs::write(&blocked, "").unwrap();
    let (mut journal, news) = open(&blocked.join("data"));
    assert_eq!(news, News::default());
    let first = visit(&mut journal, 1);
    let sentence = format!(
        "Not saved: {} can't be written (Not a directory). 1 record waits in memory. Mend that, or set HALFOPEN_DATA \
         to another folder.",
        file(&blocked.join("data")).display()
    );
    assert_eq!(notices(&first.news), [sentence]);
    let second = visit(&mut journal, 2);
    assert!(second.saved.is_err());
    assert!(second.news.notices.is_empty(), "told once");
    assert!(journal.unsaved().unwrap().to_string().contains("2 records wait in memory"));
    // Mended while the program runs: nothing was lost.
    fs::remove_file(&blocked).unwrap();
    assert_eq!(
        notices(&visit(&mut journal, 3).news),
        ["Saved again: 2 records that had waited are written."]
    );
    assert_eq!(journal.unsaved(), None);
    assert_eq!(steps(&open(&blocked.join("data")).1.entries), ["breaker.1", "breaker.2", "breaker.3"]);
}

/// The superuser writes read-only files, so the refusal is put in by hand; the sentence is what matters.
#[test]
fn a_read_only_journal_is_read_and_the_way_out_is_named() {
    let folder = with_steps(1);
    let refuse = Box::new(|_: &mut fs::File, _: &[u8]| Err(io::ErrorKind::PermissionDenied.into()));
    let (mut journal, news) = Journal::open_with(Ok(folder.path().to_owned()), refuse);
    assert_eq!(steps(&news.entries), ["breaker.1"]);
    let told = notices(&visit(&mut journal, 2).news);
    assert!(told[0].ends_with("Make it writable, or set HALFOPEN_DATA to a folder of yours."), "{told:?}");
}

#[test]
fn without_a_home_the_program_goes_on_in_memory_and_says_so_once() {
    let (mut journal, news) = Journal::open(Err("no home directory".to_owned()));
    assert_eq!(
        notices(&news),
        [
            "Nothing is saved: there is no place for your progress (no home directory). Set HALFOPEN_DATA to a folder to \
             keep it."
        ]
    );
    let appended = visit(&mut journal, 1);
    assert!(appended.saved.is_err());
    assert!(appended.news.notices.is_empty(), "told once");
    // What was done can still be carried away.
    let folder = folder();
    let target = folder.path().join("rescued.jsonl");
    assert_eq!(journal.export(&target), Ok(1));
    assert!(fs::read_to_string(target).unwrap().contains("breaker.1"));
}

#[test]
fn on_a_full_disk_nothing_is_lost_while_the_program_runs() {
    let folder = with_steps(1);
    let before = text(folder.path());
    let mut room = 2;
    let put = Box::new(move |file: &mut fs::File, bytes: &[u8]| {
        room -= 1;
        if room == 0 || room == -1 {
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        file.write_all(bytes)
    });
    let (mut journal, _) = Journal::open_with(Ok(folder.path().to_owned()), put);
    assert_eq!(visit(&mut journal, 2).saved, Ok(()));
    let with_two = text(folder.path());
    let full = visit(&mut journal, 3);
    let told = notices(&full.news);
    assert!(
        told[0].contains("1 record waits in memory. Free some space; they are written with the next one."),
        "{told:?}"
    );
    assert!(visit(&mut journal, 4).news.notices.is_empty(), "told once");
    assert_eq!(text(folder.path()), with_two, "no half line stays");
    assert_eq!(
        notices(&visit(&mut journal, 5).news),
        ["Saved again: 2 records that had waited are written."]
    );
    assert!(text(folder.path()).starts_with(&before));
    let names: Vec<String> = (1..=5).map(|n| format!("breaker.{n}")).collect();
    assert_eq!(steps(&open(folder.path()).1.entries), names);
}

#[test]
fn two_copies_read_each_others_records_when_they_write() {
    let folder = with_steps(1);
    let (mut one, _) = open(folder.path());
    let (mut two, _) = open(folder.path());
    assert!(visit(&mut one, 2).news.entries.is_empty());
    assert_eq!(steps(&visit(&mut two, 3).news.entries), ["breaker.2"]);
    assert_eq!(steps(&one.catch_up().entries), ["breaker.3"]);
    assert!(one.catch_up().entries.is_empty());
    assert!(visit(&mut two, 4).news.entries.is_empty());
    assert_eq!(steps(&visit(&mut one, 5).news.entries), ["breaker.4"]);
    assert_eq!(steps(&open(folder.path()).1.entries).len(), 5);
}

#[test]
fn a_journal_that_was_replaced_is_read_anew() {
    let folder = with_steps(2);
    let other = with_steps(1);
    add(other.path(), format!("{}{FOREIGN}\n", text(folder.path())).as_bytes());
    let (mut journal, _) = open(folder.path());
    fs::rename(file(other.path()), file(folder.path())).unwrap();
    let appended = visit(&mut journal, 3);
    assert_eq!(appended.news.entries.len(), 2, "the other one's step and the foreign record");
    assert_eq!(steps(&open(folder.path()).1.entries), ["breaker.1", "breaker.1", "breaker.2", "breaker.3"]);
}

#[test]
fn import_is_the_union_by_id_and_keeps_what_it_does_not_know() {
    let (here, there) = (with_steps(2), with_steps(3));
    add(there.path(), format!("{FOREIGN}\nnonsense\n{NEWER}").as_bytes());
    let (mut journal, _) = open(here.path());
    let imported = journal.import(&file(there.path())).unwrap();
    assert_eq!((imported.added, imported.known), (5, 0));
    assert_eq!(imported.bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5]);
    assert_eq!(imported.news.entries.len(), 5);
    let before = text(here.path());
    assert!(before.contains(FOREIGN) && before.contains(NEWER) && !before.contains("nonsense"));
    let again = journal.import(&file(there.path())).unwrap();
    assert_eq!((again.added, again.known), (0, 5));
    let own = journal.import(&file(here.path())).unwrap();
    assert_eq!((own.added, own.known), (0, 7));
    assert_eq!(text(here.path()), before);
}

#[test]
fn an_import_that_cannot_be_says_why_and_changes_nothing() {
    let here = with_steps(1);
    let (mut journal, _) = open(here.path());
    let name = here.path().join("list.txt");
    let missing = journal.import(&name).unwrap_err();
    assert_eq!(
        missing.to_string(),
        format!(
            "{} can't be read (No such file or directory). Nothing was imported: check the name and the permissions.",
            name.display()
        )
    );
    fs::write(&name, "milk\n").unwrap();
    let alien = journal.import(&name).unwrap_err();
    assert!(matches!(alien, ImportError::NotAJournal { .. }));
    assert!(alien.to_string().contains("holds no record of this program, so nothing was imported"));
    let (mut nowhere, _) = Journal::open(Err("no home directory".to_owned()));
    assert!(matches!(nowhere.import(&file(here.path())), Err(ImportError::NotSaved(_))));
    assert_eq!(nowhere.unsaved(), None);
}

#[test]
fn export_is_a_copy_that_imports_whole_and_overwrites_nothing() {
    let here = with_steps(2);
    add(here.path(), format!("junk\n{FOREIGN}\n").as_bytes());
    let (mut journal, _) = open(here.path());
    let target = here.path().join("copy.jsonl");
    assert_eq!(journal.export(&target), Ok(3));
    assert_eq!(journal.export(&target), Err(ExportError::Exists { path: target.clone() }));
    assert!(journal.export(&file(here.path())).is_err(), "not onto itself");
    let there = folder();
    let (mut other, _) = open(there.path());
    let imported = other.import(&target).unwrap();
    assert_eq!((imported.added, imported.bad.len()), (3, 0));
}

#[test]
fn threads_that_write_at_once_lose_nothing() {
    let folder = folder();
    let write = |offset: usize| {
        let (mut journal, _) = open(folder.path());
        (0..50).for_each(|n| {
            visit(&mut journal, offset + n);
        });
        assert_eq!(journal.save(), Ok(()));
    };
    std::thread::scope(|scope| {
        for offset in [0, 1000, 2000] {
            scope.spawn(move || write(offset));
        }
    });
    let (_, news) = open(folder.path());
    assert_eq!(steps(&news.entries).into_iter().collect::<BTreeSet<_>>().len(), 150);
    assert!(news.notices.is_empty(), "{:?}", notices(&news));
}

/// Not a test of its own: the others run it in a process of its own. Says the id of each record once it is saved.
#[test]
fn child_that_writes() {
    let Some(folder) = env::var_os("JOURNAL_TEST_FOLDER") else { return };
    let count: usize = env::var("JOURNAL_TEST_COUNT").unwrap().parse().unwrap();
    let (mut journal, _) = open(Path::new(&folder));
    let mut out = io::stdout();
    for n in 0..count {
        let appended = visit(&mut journal, n);
        if appended.saved.is_ok() {
            writeln!(out, "\nsaved {}", appended.record.id).unwrap();
        }
    }
    assert_eq!(journal.save(), Ok(()));
}

fn spawn_child(folder: &Path, count: usize) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_that_writes", "--nocapture"])
        .env("JOURNAL_TEST_FOLDER", folder)
        .env("JOURNAL_TEST_COUNT", count.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    let folder = folder();
    let children: Vec<Child> = (0..3).map(|_| spawn_child(folder.path(), 60)).collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let (_, news) = open(folder.path());
    assert_eq!(news.entries.len(), 180);
    assert!(news.notices.is_empty(), "{:?}", notices(&news));
}

#[test]
fn what_was_saved_before_a_kill_is_there_after_it() {
    for saved in [1, 7, 40] {
        let folder = folder();
        let mut child = spawn_child(folder.path(), usize::MAX);
        // Kept open until after the kill: the child must die of nothing else.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let said = lines.by_ref().filter_map(|line| Some(line.strip_prefix("saved ")?.to_owned()));
        let ids: Vec<String> = said.take(saved).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        drop(lines);
        let (mut journal, news) = open(folder.path());
        let found: BTreeSet<&str> = news.entries.iter().map(Entry::id).collect();
        assert!(ids.iter().all(|id| found.contains(id.as_str())), "{ids:?} in {found:?}");
        assert_eq!(visit(&mut journal, 1).saved, Ok(()), "and it goes on");
    }
}

/// The system's own refusal: a file may not grow beyond one or two kilobytes.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_of_the_system_is_survived() {
    let folder = folder();
    let exe = env::current_exe().unwrap();
    let script = r#"trap "" XFSZ; ulimit -f 2; exec "$0" --exact child_that_writes --nocapture"#;
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(exe)
        .env("JOURNAL_TEST_FOLDER", folder.path())
        .env("JOURNAL_TEST_COUNT", "30")
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("FileTooLarge") || said.contains("File too large"), "{said}");
    let (mut journal, news) = open(folder.path());
    assert!(news.notices.is_empty() && !news.entries.is_empty(), "{news:?}");
    assert!(text(folder.path()).ends_with('\n'), "no half line stays");
    assert_eq!(visit(&mut journal, 99).saved, Ok(()));
}

#[cfg(unix)]
#[test]
fn a_device_or_a_pipe_is_not_waited_for() {
    let folder = folder();
    std::os::unix::fs::symlink("/dev/full", file(folder.path())).unwrap();
    let (mut journal, news) = open(folder.path());
    assert_eq!(news.notices.len(), 1);
    assert!(visit(&mut journal, 1).saved.is_err());
}
