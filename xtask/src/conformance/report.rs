//! How the scenarios went: a table by area, what is marked, what disagrees.

use super::build::Observed;
use super::scenario::{Case, agrees};
use crate::tree;
use anyhow::Result;
use layerwise::Outcome;
use std::collections::BTreeMap;
use std::path::Path;

/// A scenario with both answers.
pub struct Row<'c> {
    pub case: &'c Case,
    /// What the model says of each step.
    pub predicted: Vec<(String, Outcome)>,
    /// What the engine did.
    pub observed: Observed,
}

/// All rows so far.
#[derive(Default)]
pub struct Report<'c>(Vec<Row<'c>>);

impl Row<'_> {
    /// The outcomes in the order of the model's steps; none where the builds failed or the steps
    /// are others.
    fn outcomes(&self) -> Option<Vec<Outcome>> {
        let mut seen = self.observed.clone().ok()?;
        let mut outcomes = Vec::new();
        for (text, _) in &self.predicted {
            let at = seen.iter().position(|step| step.text == *text)?;
            outcomes.push(seen.remove(at).outcome);
        }
        seen.is_empty().then_some(outcomes)
    }

    /// Whether the engine did what the model says and the scenario expects.
    fn agrees(&self) -> bool {
        let Some(outcomes) = self.outcomes() else { return false };
        let said = self.predicted.iter().zip(&outcomes);
        let expected = self.case.steps.iter().zip(&self.predicted).zip(&outcomes);
        self.case.steps.len() == self.predicted.len()
            && said.into_iter().all(|((_, said), did)| agrees(*said, *did))
            && expected.into_iter().all(|((step, (text, said)), did)| {
                (&step.text, step.predicted, step.observed) == (text, *said, *did)
            })
    }

    /// Step by step what was expected, said and done.
    fn print(&self) {
        let did = match &self.observed {
            Err(error) => {
                println!("    {error}");
                return;
            }
            Ok(steps) => steps,
        };
        let wide = |outcome: Option<Outcome>| outcome.map_or("-", Outcome::id);
        println!("    {:9}{:9}{:9}", "expected", "model", "engine");
        for step in &self.case.steps {
            let said = self.predicted.iter().find(|(text, _)| *text == step.text);
            let done = did.iter().find(|seen| seen.text == step.text);
            let expected = wide(Some(step.observed));
            let said = wide(said.map(|(_, said)| *said));
            println!(
                "    {expected:9}{said:9}{:9}{}",
                wide(done.map(|seen| seen.outcome)),
                step.text
            );
        }
        for seen in
            did.iter().filter(|seen| self.case.steps.iter().all(|step| step.text != seen.text))
        {
            println!("    {:18}{:9}{}", "", seen.outcome.id(), seen.text);
        }
    }
}

impl<'c> Report<'c> {
    /// Adds a row.
    pub fn add(&mut self, row: Row<'c>) {
        self.0.push(row);
    }

    /// Whether a row disagrees that is not marked.
    pub fn disagrees(&self) -> bool {
        self.0.iter().any(|row| row.case.differs.is_none() && !row.agrees())
    }

    /// Prints all there is to say.
    pub fn print(&self) {
        println!("\n{:12}{:>8}{:>8}{:>11}", "", "agree", "marked", "disagree");
        let mut areas: Vec<&str> = self.0.iter().map(|row| row.case.area.as_str()).collect();
        areas.dedup();
        for area in areas.into_iter().map(Some).chain([None]) {
            let rows = self.0.iter().filter(|row| area.is_none_or(|area| row.case.area == area));
            let mut counts = [0; 3];
            for row in rows {
                counts[match (row.agrees(), &row.case.differs) {
                    (true, _) => 0,
                    (false, Some(_)) => 1,
                    (false, None) => 2,
                }] += 1;
            }
            let [agree, marked, disagree] = counts;
            println!("{:12}{agree:8}{marked:8}{disagree:11}", area.unwrap_or("all"));
        }
        for row in self.0.iter().filter(|row| !row.agrees()) {
            let name = format!("{}/{}", row.case.area, row.case.id);
            match &row.case.differs {
                Some(reason) => println!("\n  marked: {name}: {reason}"),
                None => println!("\n  DISAGREES: {name}"),
            }
            row.print();
        }
        for row in self.0.iter().filter(|row| row.agrees() && row.case.differs.is_some()) {
            println!("\n  marked, but agrees on this engine: {}/{}", row.case.area, row.case.id);
        }
        println!();
    }

    /// Writes down what the engine did, as `tests/conformance.rs` reads it. What was written of
    /// other scenarios in `all`, their areas and ids, stays.
    pub fn record(&self, path: &Path, all: &[(String, String)]) -> Result<()> {
        let mut recorded: BTreeMap<String, BTreeMap<String, String>> = match path.exists() {
            true => toml::from_str(&tree::read(path)?)?,
            false => BTreeMap::new(),
        };
        for row in &self.0 {
            let outcomes = match row.outcomes() {
                Some(all) => all.into_iter().map(Outcome::id).collect::<Vec<_>>().join(" "),
                None => "failed".to_string(),
            };
            recorded
                .entry(row.case.area.clone())
                .or_default()
                .insert(row.case.id.clone(), outcomes);
        }
        let mut text = "# What an engine did: `cargo xtask conformance --record`.\n".to_string();
        let mut open = "";
        for (area, id) in all {
            let Some(outcomes) = recorded.get(area).and_then(|area| area.get(id)) else { continue };
            if area != open {
                open = area;
                text += &format!("\n[{area}]\n");
            }
            text += &format!("\"{id}\" = \"{outcomes}\"\n");
        }
        tree::write(path, text)
    }
}
