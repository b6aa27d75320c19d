//! The commands of a lab that is played line by line, in groups, and what is said of one that there is not.

use crate::labs::lab::Spec;
use crate::labs::text::nearest;
use crate::shell::cli::console::{Console, ended};
use crate::shell::cli::output::Failure;

/// A group of commands, each with what it does.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const GROUPS: [Group; 7] = [
    (
        "Time",
        &[
            (
                "run 5s",
                "goes on for that time and tells what happened; run alone: 1 s; run until 30s: to there",
            ),
            ("step", "lets one event happen; step 10: ten"),
            ("back 5s", "goes back by that time; back alone: 1 s"),
            ("back step", "goes back by one event; back step 10: by ten"),
            ("to 12.5s", "goes on, or back, to that moment; to end: the latest that was seen"),
            ("next", "goes to the next mark: something that was done, or that is worth telling"),
            ("previous", "goes to the mark before"),
        ],
    ),
    (
        "Doing something",
        &[
            ("FAULT", "does a fault now, such as those that faults lists"),
            ("set KNOB VALUE", "turns a knob; one that can't turn while the lab runs begins a new run"),
            ("undo", "takes back the latest fault or turn of a knob"),
            ("restart", "begins the run anew: the same seed, the knobs as they are turned now"),
            ("seed", "begins it anew with the next seed; seed 7: with that one"),
            ("preset NAME", "begins it anew with the knobs of that preset"),
        ],
    ),
    (
        "Betting",
        &[
            (
                "bet READING WHAT 80%",
                "bets on what a reading will be in 10 s, so sure: bet queue higher 80%; bet alone tells more",
            ),
            ("bet READING", "tells what can be said of that reading"),
        ],
    ),
    (
        "Branches",
        &[
            ("fork", "keeps this future and goes on in another; fork NAME: under that name"),
            ("branches", "lists the futures that are kept: which left which, and when"),
            ("switch NAME", "goes on in that branch, at the same moment; its number will do"),
            ("rename NAME", "gives this branch another name"),
            ("delete NAME", "forgets that branch"),
            ("compare NAME", "tells the readings of this branch and of that one, those that differ first"),
        ],
    ),
    (
        "Twins",
        &[
            ("twin", "makes a twin, B, that runs beside A; later: tells where the two part"),
            ("twin NAME", "lets that branch run beside this one"),
            ("A, B", "goes on in A, or in B: what is done is done there; swap: in the other one"),
            ("to parting", "goes to where the two part"),
            ("single", "lets one run alone again"),
        ],
    ),
    (
        "Handing it on",
        &[
            ("share", "tells this run as one line of text, which halfopen lab or run takes"),
            ("save FILE", "saves this run in a new file"),
        ],
    ),
    (
        "Looking",
        &[
            ("scene", "tells the picture"),
            (
                "inspect PART",
                "tells what there is to know about a part of it; inspect alone: which there are",
            ),
            ("log", "tells the latest of what is worth telling; log WORDS: where those words stand"),
            (
                "log all",
                "does the same with everything that happened; log all WORDS: where those words stand",
            ),
            ("why 7", "tells what led to number 7 of the log; why alone: to the latest worth telling"),
            (
                "why CONDITION",
                "tells what of the acts and knobs it came from, by running it again without them",
            ),
            ("readings", "tells every reading; readings NAME NAME: those"),
            ("events", "tells everything that happened; of many, the first and the last"),
            ("invariants", "tells what must hold, and whether it does"),
            ("faults", "lists the faults"),
            ("knobs", "lists the knobs"),
            ("presets", "lists the presets"),
            ("help", "tells this"),
            ("quit", "leaves the lab"),
        ],
    ),
];

/// Lists every command.
pub fn list(console: &mut Console) -> Result<(), Failure> {
    for (group, commands) in GROUPS {
        console.say(&format!("{group}:"))?;
        for (usage, meaning) in commands {
            console.item("- ", &format!("{usage}: {meaning}."))?;
        }
    }
    Ok(())
}

/// Says that `word` is neither a command nor a fault, and what may have been meant.
pub fn unknown(word: &str, spec: &Spec) -> Failure {
    let usages = GROUPS.iter().flat_map(|(_, commands)| commands.iter().map(|(usage, _)| *usage));
    let words = usages.filter_map(|usage| usage.split([' ', ',']).next()).filter(|word| *word != "FAULT");
    let more = ["swap", "set"].into_iter().chain(spec.faults.iter().map(|fault| fault.verb.word()));
    let help = nearest(word, words.chain(more))
        .map_or_else(|| "help lists the commands".to_owned(), |near| format!("did you mean {near}?"));
    Failure::usage(ended(&format!("\"{word}\" is no command and no fault of this lab; {help}")))
}
