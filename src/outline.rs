//! The stages and steps of a report: what each step runs in, and what it needs of the
//! copies before it, with the reason.

use crate::graph::{Base, Effect, Graph, Needs, Run, Stage as GraphStage, StepAt};
use crate::issue::Cost;
use crate::limits;
use crate::report::{CopyNeed, Need, Stage, Step};

/// The outline of a build, with the cost of every step by stage.
pub fn outline(graph: &Graph<'_>, costs: &[Vec<Cost>]) -> Vec<Stage> {
    let stages = graph.stages.iter().zip(costs);
    stages.map(|(stage, costs)| self::stage(graph, stage, costs)).collect()
}

fn stage(graph: &Graph<'_>, stage: &GraphStage<'_>, costs: &[Cost]) -> Stage {
    let steps = stage.steps.iter().enumerate().map(|(at, step)| {
        let instruction = &graph.dockerfile.instructions[step.instruction];
        let needs = match &step.effect {
            Effect::Run(run) => needs(graph, StepAt { stage: stage.index, step: at }, run),
            _ => Vec::new(),
        };
        let known = |path: &String| path.starts_with('/');
        Step {
            keyword: instruction.name.text.to_ascii_uppercase(),
            span: instruction.span,
            cwd: step.cwd.clone().filter(known),
            user: step.user.clone(),
            cost: costs[at],
            needs,
        }
    });
    Stage {
        name: stage.name.clone(),
        base: stage.image.clone(),
        base_stage: match stage.base {
            Base::Stage(base) => Some(base),
            _ => None,
        },
        needed: stage.needed,
        span: graph.dockerfile.instructions[stage.from].span,
        steps: steps.collect(),
    }
}

fn needs(graph: &Graph<'_>, at: StepAt, run: &Run<'_>) -> Vec<CopyNeed> {
    let copies: Vec<_> = graph.copies_before(at).take(limits::COPIES_LISTED).collect();
    if copies.is_empty() {
        return Vec::new();
    }
    let mut wanted: Vec<&str> = Vec::new();
    let mut why = None;
    let mut everything = None;
    for (index, command) in run.commands.iter().enumerate() {
        match &command.needs {
            Needs::Everything(reason) => {
                let shown = crate::commutes::shown_command(graph, command);
                everything
                    .get_or_insert_with(|| format!("`{shown}` may read any of it: {reason}."));
            }
            Needs::Nothing => {}
            Needs::Paths(_) | Needs::Project { .. } => {
                let files = &graph.wanted(run, index, at).files;
                wanted.extend(files.iter().map(|file| file.place.as_str()));
                let shown = crate::commutes::shown_command(graph, command);
                why.get_or_insert_with(|| format!("`{shown}` reads only these."));
            }
        }
        wanted.extend(command.reads.paths.iter().map(|path| path.as_ref()));
    }
    let mut needs: Vec<CopyNeed> = copies
        .into_iter()
        .map(|(copy_at, copy)| {
            let step = &graph.stages[copy_at.stage].steps[copy_at.step];
            let span = graph.dockerfile.instructions[step.instruction].span;
            let mut paths: Vec<String> = Vec::new();
            if let Some(because) = &everything {
                return CopyNeed {
                    copy: span,
                    need: Need::Everything,
                    paths,
                    because: because.clone(),
                };
            }
            for place in &wanted {
                if let Some(path) = copy.source_of(place, graph.context)
                    && !graph.context.exists(&path).is_no()
                    && !paths.contains(&path)
                {
                    paths.push(path);
                }
            }
            match paths.is_empty() {
                true => CopyNeed {
                    copy: span,
                    need: Need::Nothing,
                    paths,
                    because: "None of its commands reads where this lands.".into(),
                },
                false => CopyNeed {
                    copy: span,
                    need: Need::Paths,
                    paths,
                    because: why.clone().unwrap_or_else(|| "Its commands name these.".into()),
                },
            }
        })
        .collect();
    needs.reverse();
    needs
}
