//! The shipped course: every file of `lessons/` and `quizzes/`, inside the binary.
//!
//! A new file needs a line here; a test compares the list with the folders.

use super::text::SourceFile;

/// One [`SourceFile`] for each path, its text taken in at build time.
macro_rules! shipped {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*]
    };
}

/// The shipped files, in the order of the course.
const FILES: &[(&str, &str)] = &shipped![
    "lessons/00-welcome/chapter.toml",
    "lessons/00-welcome/01-welcome.md",
    "lessons/01-breaker/chapter.toml",
    "lessons/01-breaker/01-breaker.md",
    "lessons/01-breaker/scenarios/bad-client.toml",
    "lessons/01-breaker/scenarios/flaky.toml",
    "lessons/01-breaker/scenarios/hang.toml",
    "lessons/01-breaker/scenarios/herd.toml",
    "lessons/01-breaker/scenarios/hystrix.toml",
    "lessons/01-breaker/scenarios/one-shard.toml",
    "lessons/01-breaker/scenarios/probes.toml",
    "lessons/01-breaker/scenarios/quiet.toml",
    "lessons/01-breaker/scenarios/recovery.toml",
    "lessons/01-breaker/scenarios/retry.toml",
    "lessons/01-breaker/scenarios/shop.toml",
    "lessons/01-breaker/scenarios/slow.toml",
    "lessons/01-breaker/scenarios/triple.toml",
    "lessons/02-retries/chapter.toml",
    "lessons/02-retries/01-timeouts.md",
    "lessons/02-retries/02-retries.md",
    "lessons/02-retries/scenarios/r-budget.toml",
    "lessons/02-retries/scenarios/r-closed.toml",
    "lessons/02-retries/scenarios/r-layers.toml",
    "lessons/02-retries/scenarios/r-lossy.toml",
    "lessons/02-retries/scenarios/r-once.toml",
    "lessons/02-retries/scenarios/r-storm.toml",
    "lessons/02-retries/scenarios/r-waits.toml",
    "lessons/02-retries/scenarios/t-attempts.toml",
    "lessons/02-retries/scenarios/t-chain-stuck.toml",
    "lessons/02-retries/scenarios/t-chain.toml",
    "lessons/02-retries/scenarios/t-choose.toml",
    "lessons/02-retries/scenarios/t-expired.toml",
    "lessons/02-retries/scenarios/t-late.toml",
    "lessons/02-retries/scenarios/t-short.toml",
    "lessons/02-retries/scenarios/t-silent.toml",
    "lessons/02-retries/scenarios/t-unknown.toml",
    "lessons/03-failover/chapter.toml",
    "lessons/03-failover/01-failover.md",
    "lessons/03-failover/02-paxos.md",
    "lessons/03-failover/scenarios/f-behind.toml",
    "lessons/03-failover/scenarios/f-clock.toml",
    "lessons/03-failover/scenarios/f-collector.toml",
    "lessons/03-failover/scenarios/f-costs.toml",
    "lessons/03-failover/scenarios/f-crash.toml",
    "lessons/03-failover/scenarios/f-deaf.toml",
    "lessons/03-failover/scenarios/f-doubles.toml",
    "lessons/03-failover/scenarios/f-figure-8.toml",
    "lessons/03-failover/scenarios/f-lease.toml",
    "lessons/03-failover/scenarios/f-pause.toml",
    "lessons/03-failover/scenarios/f-return.toml",
    "lessons/03-failover/scenarios/f-stale.toml",
    "lessons/03-failover/scenarios/f-tail.toml",
    "lessons/03-failover/scenarios/f-two-three.toml",
    "lessons/03-failover/scenarios/p-apart.toml",
    "lessons/03-failover/scenarios/p-chosen.toml",
    "lessons/03-failover/scenarios/p-duel.toml",
    "lessons/03-failover/scenarios/p-flexible.toml",
    "lessons/03-failover/scenarios/p-forget.toml",
    "lessons/03-failover/scenarios/p-late.toml",
    "lessons/03-failover/scenarios/p-leader.toml",
    "lessons/03-failover/scenarios/p-lost.toml",
    "lessons/03-failover/scenarios/p-master.toml",
    "lessons/03-failover/scenarios/p-network.toml",
    "lessons/03-failover/scenarios/p-reports.toml",
    "lessons/03-failover/scenarios/p-skip.toml",
    "lessons/03-failover/scenarios/p-value.toml",
    "lessons/04-locks/chapter.toml",
    "lessons/04-locks/01-locks.md",
    "lessons/04-locks/02-redlock.md",
    "lessons/04-locks/scenarios/l-after-step-3.toml",
    "lessons/04-locks/scenarios/l-choose.toml",
    "lessons/04-locks/scenarios/l-costs.toml",
    "lessons/04-locks/scenarios/l-del.toml",
    "lessons/04-locks/scenarios/l-etcd.toml",
    "lessons/04-locks/scenarios/l-failover.toml",
    "lessons/04-locks/scenarios/l-forget.toml",
    "lessons/04-locks/scenarios/l-herd.toml",
    "lessons/04-locks/scenarios/l-jump.toml",
    "lessons/04-locks/scenarios/l-keeper.toml",
    "lessons/04-locks/scenarios/l-lease.toml",
    "lessons/04-locks/scenarios/l-long.toml",
    "lessons/04-locks/scenarios/l-no-ttl.toml",
    "lessons/04-locks/scenarios/l-pause.toml",
    "lessons/04-locks/scenarios/l-redlock.toml",
    "lessons/04-locks/scenarios/l-replies.toml",
    "lessons/04-locks/scenarios/l-session.toml",
    "lessons/04-locks/scenarios/l-starve.toml",
    "lessons/04-locks/scenarios/l-step-3.toml",
    "lessons/04-locks/scenarios/l-ttl.toml",
    "lessons/04-locks/scenarios/l-watchdog.toml",
    "quizzes/breaker-drills.toml",
    "quizzes/breaker.toml",
    "quizzes/concepts.toml",
    "quizzes/failover-drills.toml",
    "quizzes/failover.toml",
    "quizzes/locks-drills.toml",
    "quizzes/locks.toml",
    "quizzes/misconceptions.toml",
    "quizzes/paxos.toml",
    "quizzes/retries-drills.toml",
    "quizzes/retries.toml",
    "quizzes/timeouts.toml",
];

/// The files of the shipped course.
pub fn files() -> Vec<SourceFile> {
    FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The files under a folder, as paths from the root of the package.
    fn on_disk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        let Ok(entries) = folder.read_dir() else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                on_disk(root, &path, found);
            } else if path.extension().is_some_and(|it| it == "md" || it == "toml") {
                let parts = path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap());
                found.push(parts.collect::<Vec<_>>().join("/"));
            }
        }
    }

    #[test]
    fn the_list_and_the_folders_agree() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        on_disk(root, &root.join("lessons"), &mut found);
        on_disk(root, &root.join("quizzes"), &mut found);
        found.sort_unstable();
        let mut listed: Vec<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        listed.sort_unstable();
        assert_eq!(listed, found, "add new files to the list in src/course/embedded.rs, take old ones out");
    }

    #[test]
    fn every_shipped_lesson_and_bank_opens() {
        let course = crate::course::load(&files()).course;
        let lessons = FILES.iter().filter(|(path, _)| !path.contains(".toml")).count();
        assert_eq!(course.lessons().count(), lessons);
        assert!(course.lessons().all(|(_, lesson)| !lesson.steps.is_empty()));
        let scenarios: usize = course.chapters.iter().map(|chapter| chapter.scenarios.len()).sum();
        assert_eq!(scenarios, FILES.iter().filter(|(path, _)| path.contains("/scenarios/")).count());
    }
}
