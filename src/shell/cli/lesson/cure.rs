//! Remedies compared on demand: what each buys and what it costs, in sentences.

use super::{Reader, broken};
use crate::app::curing;
use crate::course::Cure;
use crate::labs::cure::{Better, Kind, Plan, Table};
use crate::labs::sweep::Stopped;
use crate::shell::cli::output::Failure;
use crate::shell::cli::progress::Progress;
use crate::shell::cure;

impl Reader<'_> {
    /// Tells what there is to compare.
    pub fn tell_cure(&mut self, cure: &Cure) -> Result<(), Failure> {
        let names: Vec<&str> = cure.remedies.iter().map(|it| it.name.value.as_str()).collect();
        self.console.say(&format!(
            "Remedies: {}: {}. Type remedies to run them on {} seeds.",
            cure.title,
            names.join(", "),
            cure.seeds.count()
        ))
    }

    /// Runs the remedies, and tells what each buys and costs.
    pub fn cure(&mut self, wanted: &Cure) -> Result<(), Failure> {
        let plan = curing::plan(wanted).map_err(|wrong| broken(&wrong))?;
        self.console.say(&format!(
            "{}. {} runs on {} seeds.",
            wanted.title,
            plan.runs(),
            plan.seed_count()
        ))?;
        self.console.flush()?;
        let progress = Progress::of("runs");
        let compared = cure::compare(&plan, &|done, all| progress.tell(done, all), &|| true);
        progress.clear();
        match compared {
            Ok(table) => self.tell_remedies(&plan, &table),
            Err(Stopped::Endless(sentence)) => Err(Failure::Usage(sentence)),
            Err(Stopped::Cancelled) => Err(Failure::Interrupted),
        }
    }

    fn tell_remedies(&mut self, plan: &Plan, table: &Table) -> Result<(), Failure> {
        for (kind, what) in [(Kind::Cured, "What is to be cured"), (Kind::Paid, "What is paid")] {
            let named = plan.axes.iter().filter(|axis| axis.kind == kind).map(|axis| {
                let better = match axis.better {
                    Better::More => "more",
                    Better::Less => "less",
                };
                let says = if axis.says.is_empty() { String::new() } else { format!(" {}", axis.says) };
                format!("{}: {better} is better.{says}", axis.name)
            });
            self.console.say(&format!("{what}:"))?;
            named.into_iter().try_for_each(|line| self.console.item("- ", &line))?;
        }
        self.console.say("The middle run of each is told first, then where eight of ten lie.")?;
        for row in 0..plan.rows() {
            self.console.gap()?;
            let remedy = row.checked_sub(1).and_then(|at| plan.remedies.get(at));
            match remedy {
                None => self.console.say("No remedy:")?,
                Some(remedy) => {
                    let changes = remedy.changes.join(", ");
                    self.console.say(&format!("{}: {} Set: {changes}.", remedy.name, remedy.says))?;
                }
            }
            for axis in 0..plan.axes.len() {
                self.console.item("- ", &plan.told(table, row, axis))?;
            }
            if remedy.is_some() {
                self.console.say(&format!("In short, it {}.", plan.verdict(table, row)))?;
            }
        }
        Ok(())
    }
}
