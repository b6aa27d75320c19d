//! The hands of the interactive program: carries out the effects that the app asks for.

use std::io;
use std::path::Path;

use jiff::{Timestamp, Unit};
use tokio::sync::mpsc::UnboundedSender;

use super::event_loop::Edge;
use super::journal::{Appended, Journal, Notice};
use super::work::Works;
use super::{clipboard, new_file, signals, terminal};
use crate::app::{Effect, Message};
use crate::study::record::{Entry, Kind, Record};

/// The real outside: the journal, the terminal and the job control of the user's shell.
pub struct Outside {
    journal: Journal,
    /// Where background work tells what came of it.
    outbox: UnboundedSender<Message>,
    works: Works,
}

impl Outside {
    /// With this journal, open, and the way by which background work reaches the program.
    pub fn new(journal: Journal, outbox: UnboundedSender<Message>) -> Self {
        Self { journal, outbox, works: Works::default() }
    }

    /// Tries once more to save what is not saved; what to say if that fails, too. The last thing before leaving.
    pub fn finish(mut self) -> Option<Notice> {
        self.journal.save().err()?;
        self.journal.unsaved()
    }

    fn record(&mut self, kind: Kind) -> Vec<Message> {
        let now = Timestamp::now();
        // Nanoseconds say nothing here and make every line longer.
        let appended = self.journal.append(kind, now.round(Unit::Millisecond).unwrap_or(now));
        answers(appended)
    }
}

/// The app learns of the record whether it is on the disk or not, behind those that stand before it in the journal.
fn answers(appended: Appended) -> Vec<Message> {
    let Appended { record, news, saved } = appended;
    let known = |entry: &Entry| entry.known().cloned();
    let records: Vec<Record> = news.entries.iter().filter_map(known).chain([record]).collect();
    let told = news.notices.iter().map(|notice| Message::Notice(notice.to_string()));
    let saved = saved.map_err(|trouble| trouble.to_string());
    [Message::Recorded(records), Message::Saved(saved)].into_iter().chain(told).collect()
}

/// What could not be done, as something to tell. A terminal that is gone shows at the next frame.
fn told(what: &str, done: io::Result<()>) -> Vec<Message> {
    done.err().map(|error| Message::Notice(format!("{what} ({error})."))).into_iter().collect()
}

impl Edge for Outside {
    fn carry_out(&mut self, effect: Effect) -> Vec<Message> {
        match effect {
            Effect::Record(kind) => self.record(kind),
            Effect::Suspend => told("The program could not be suspended", signals::ask_job_to_stop()),
            Effect::Copy(text) => told("The text could not be copied", clipboard::copy(&text)),
            Effect::Save { path, text } => {
                let written = new_file::write(Path::new(&path), &text);
                let told = written.map(|()| format!("Saved in {path}, {} bytes.", text.len()));
                vec![Message::Written(told.map_err(|trouble| trouble.to_string()))]
            }
            Effect::CaptureMouse(on) => told("The mouse could not be switched", terminal::capture_mouse(on)),
            Effect::Work(ticket, work) => {
                self.works.begin(ticket, *work, self.outbox.clone());
                Vec::new()
            }
            Effect::CallOff(ticket) => {
                self.works.call_off(ticket);
                Vec::new()
            }
            Effect::Quit => Vec::new(),
        }
    }

    fn stop(&mut self) -> io::Result<()> {
        terminal::leave()?;
        signals::stop_this_process()
    }

    fn resume(&mut self) -> io::Result<()> {
        terminal::reenter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::record::Scope;

    #[test]
    fn a_record_comes_back_even_where_it_cannot_be_saved() {
        let (journal, _) = Journal::open(Err("no home directory".to_owned()));
        let mut outside = Outside::new(journal, tokio::sync::mpsc::unbounded_channel().0);
        let kind = Kind::Reset { scope: Scope::All };
        let messages = outside.carry_out(Effect::Record(kind.clone()));
        let [Message::Recorded(records), Message::Saved(Err(sentence))] = &messages[..] else {
            panic!("{messages:?}")
        };
        assert_eq!(records.iter().map(|record| &record.kind).collect::<Vec<_>>(), [&kind]);
        assert!(sentence.starts_with("Nothing is saved"), "{sentence}");
        assert!(outside.finish().is_some());
    }

    #[test]
    fn a_saved_record_leaves_nothing_to_say() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, _) = Journal::open(Ok(folder.path().to_owned()));
        let mut outside = Outside::new(journal, tokio::sync::mpsc::unbounded_channel().0);
        let messages = outside.carry_out(Effect::Record(Kind::Reset { scope: Scope::All }));
        assert_eq!(messages[1..], [Message::Saved(Ok(()))]);
        assert_eq!(outside.finish(), None);
    }
}
