//! What the graph thinks of a Dockerfile, as text: of each command what it needs, reads and
//! writes, of each step what it runs in, what invalidates it, and what the planner asked about it
//! and another one. The first thing to read where a fix is refused that should not be.
//!
//! Nothing is decided here; every line says what another room found.

mod commands;

use crate::build::{Given, Stages};
use crate::cache::cost::costs;
use crate::cache::model::Model;
use crate::cache::scenarios::Changes;
use crate::graph::content::Content;
use crate::graph::{Asked, Base, Copy, Effect, Graph, Invalidated, Origin, Stage, Step, StepAt};
use crate::report::Options;
use crate::rewrite::{Verdict, Wanted, repair};
use crate::sentences::BaseName;
use crate::syntax;
use crate::text::Span;
use std::fmt;

/// What is known of a file: an entry a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Inspection {
    /// The stages, in the order of the file.
    pub stages: Vec<InspectedPart>,
}

/// What is known of a stage, a step of it, or a command of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct InspectedPart {
    /// The line it starts on, from 1.
    #[cfg_attr(feature = "wasm", serde(skip))]
    pub line: u32,
    /// Where it stands.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// Its first line.
    pub text: String,
    /// What is known of it.
    pub facts: Vec<InspectedFact>,
    /// The steps of a stage, the commands of a step.
    pub parts: Vec<InspectedPart>,
}

/// One thing that is known: `needs`, "the manifests of /app".
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct InspectedFact {
    /// What it is about.
    pub name: &'static str,
    /// What is known.
    pub text: String,
}

/// What is known of `dockerfile`, stage by stage.
pub fn inspect(dockerfile: &str, options: &Options) -> Inspection {
    let (tree, errors) = syntax::parse_part(dockerfile, options.fragment);
    let build = Stages::read(&tree, Given::of(options));
    let context =
        crate::context::Context::of(options, crate::graph::names::named_manifests(&build));
    let mut graph = Graph::of(build, &context, options);
    graph.has_errors |= !errors.is_empty();
    graph.listen();
    let invalidated = graph.invalidated();
    let costs = costs(&graph, None);
    let mut model = Model::new(&graph);
    let changes = Changes::new(&mut model, &costs);
    let wanted: Vec<Wanted<'_>> = invalidated.iter().map(Wanted::Freed).collect();
    let verdicts = repair(&changes, &wanted).verdicts;
    let known = Known { graph: &graph, asked: graph.asked(), invalidated: &invalidated, verdicts };
    Inspection { stages: graph.stages.iter().map(|stage| known.of_stage(stage)).collect() }
}

/// What the other rooms found.
struct Known<'g, 'a> {
    graph: &'g Graph<'a>,
    asked: Vec<Asked>,
    invalidated: &'g [Invalidated],
    /// What came of each of `invalidated`.
    verdicts: Vec<Verdict>,
}

impl Known<'_, '_> {
    fn of_stage(&self, stage: &Stage<'_>) -> InspectedPart {
        let graph = self.graph;
        let mut entry = instruction(graph, stage.from);
        let base = match stage.base {
            Base::Image => format!("the {}", BaseName::from(&stage.image)),
            Base::Stage(base) => match &graph.stages[base].name {
                Some(name) => format!("the stage `{name}`"),
                None => format!("stage {base}"),
            },
            Base::Scratch => "nothing".to_owned(),
        };
        entry.fact("is built on", base);
        if !stage.needed {
            entry.fact("is needed", "no: the target does not use it".to_owned());
        }
        if stage.triggered {
            entry.fact("starts with", "triggers (ONBUILD) that bring files".to_owned());
        }
        let steps = stage.steps.iter().enumerate();
        let steps =
            steps.map(|(at, step)| self.of_step(StepAt { stage: stage.index, step: at }, step));
        entry.parts = steps.collect();
        entry
    }

    fn of_step(&self, at: StepAt, step: &Step<'_>) -> InspectedPart {
        let graph = self.graph;
        let mut entry = instruction(graph, step.instruction);
        match &step.effect {
            Effect::Copy(copy) => of_copy(&mut entry, graph, copy),
            Effect::Run(run) => {
                entry.fact("runs", runs_as(step));
                for mount in &run.mounts {
                    let target = mount.target.as_deref().unwrap_or("a directory that is not known");
                    let what = if mount.cache { "a cache" } else { "files" };
                    entry.fact("mounts", format!("{what} at {target}"));
                }
                let commands = 0..run.commands.len();
                entry.parts =
                    commands.map(|index| commands::of_command(graph, at, run, index)).collect();
            }
            Effect::Workdir(place) => {
                entry.fact("makes", place.clone().unwrap_or("a directory not known".to_owned()));
            }
            Effect::Variables(names) => entry.fact("sets", names.join(", ")),
            Effect::Volume(places) => entry.fact("makes volumes of", places.join(", ")),
            Effect::Invalid => entry.fact("is", "not understood: nothing moves".to_owned()),
            Effect::User | Effect::Shell | Effect::Onbuild | Effect::Config => {}
        }
        let own = |own: &Invalidated| own.stage == at.stage && own.step == at.step;
        if let Some(index) = self.invalidated.iter().position(own) {
            let invalidated = &self.invalidated[index];
            entry.fact("is invalidated needlessly by", causes(graph, invalidated));
            entry.fact("could run without", could_run(graph, step, invalidated));
            entry.fact(
                "is repaired",
                match &self.verdicts[index] {
                    Verdict::Fixed(_) => "yes".to_owned(),
                    Verdict::Refused(reason) => format!("no: {reason}"),
                },
            );
        }
        for asked in self.asked.iter().filter(|asked| asked.sunk == step.instruction) {
            let line = graph.line(asked.passed);
            let passed = match asked.command {
                Some(span) => format!("{} on line {line}", commands::quoted(graph, span)),
                None => format!("line {line}"),
            };
            entry.fact("may go behind", format!("{passed}? {}", asked.answer));
        }
        entry
    }
}

/// "in /app as `node`": where a RUN starts.
fn runs_as(step: &Step<'_>) -> String {
    let cwd = match step.cwd.as_deref() {
        None => "in a directory that is not known",
        Some("") => "in the image's directory",
        Some(cwd) => cwd,
    };
    let cwd = if cwd.starts_with("in ") { cwd.to_owned() } else { format!("in {cwd}") };
    match &step.user {
        Some(user) => format!("{cwd} as `{user}`"),
        None => format!("{cwd} as the image's user"),
    }
}

fn of_copy(entry: &mut InspectedPart, graph: &Graph<'_>, copy: &Copy) {
    let from = match copy.origin {
        Origin::Context => "the build context".to_owned(),
        Origin::Stage(stage) => {
            format!("the stage on line {}", graph.line(graph.stages[stage].from))
        }
        Origin::Image => "another image".to_owned(),
        Origin::Elsewhere => "the Dockerfile or an address".to_owned(),
    };
    let content = match copy.content {
        Content::Nothing => "nothing that changes",
        Content::Manifests => "manifests and lock files",
        Content::Helpers => "scripts and settings, which change rarely",
        Content::Artifacts => "what was built before, which changes as often as the source",
        Content::Source => "source files, which change often",
    };
    entry.fact("brings", format!("{content}, from {from}"));
    let landing = commands::paths(&copy.landing);
    let exact = if copy.landing_is_exact { "" } else { " and what names the source has" };
    entry.fact("lands at", format!("{landing}{exact}"));
    if copy.unresolved {
        entry.fact("is unresolved", "a variable or pattern in it is not known".to_owned());
    }
}

fn causes(graph: &Graph<'_>, invalidated: &Invalidated) -> String {
    let lines = invalidated.causes.iter().map(|cause| {
        let step = &graph.stages[cause.stage].steps[cause.step];
        format!("line {}", graph.line(step.instruction))
    });
    lines.collect::<Vec<_>>().join(", ")
}

/// "its first 2 of 3 commands, for `npm`".
fn could_run(graph: &Graph<'_>, step: &Step<'_>, invalidated: &Invalidated) -> String {
    let all = step.run().map_or(0, |run| run.commands.len());
    let which = match invalidated.commands {
        0 => "only a download of its dependencies".to_owned(),
        count if count == all => "the whole step".to_owned(),
        count => format!("its first {count} of {all} commands"),
    };
    let stays = invalidated.stays.iter().filter_map(|&at| {
        let command = step.run()?.commands.get(at)?;
        Some(commands::quoted(graph, command.span))
    });
    let stays: Vec<String> = stays.collect();
    let but = match stays.is_empty() {
        true => String::new(),
        false => format!(", but not {}", stays.join(", ")),
    };
    format!("{which}{but}, for {}", invalidated.tool)
}

/// An entry for an instruction, without facts.
fn instruction(graph: &Graph<'_>, index: usize) -> InspectedPart {
    let span = graph.dockerfile.instructions[index].span;
    InspectedPart::new(graph, graph.line(index), span)
}

impl InspectedPart {
    fn new(graph: &Graph<'_>, line: u32, span: Span) -> InspectedPart {
        let text = span.of(graph.dockerfile.source);
        let text = text.lines().next().unwrap_or_default().trim_end_matches(['\\', '`', ' ']);
        InspectedPart { line, span, text: text.to_owned(), facts: Vec::new(), parts: Vec::new() }
    }

    fn fact(&mut self, name: &'static str, text: String) {
        self.facts.push(InspectedFact { name, text });
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        writeln!(f, "{indent}line {}: {}", self.line, self.text)?;
        for fact in &self.facts {
            writeln!(f, "{indent}  - {}: {}", fact.name, fact.text)?;
        }
        self.parts.iter().try_for_each(|part| part.write(f, depth + 1))
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stages.iter().try_for_each(|stage| stage.write(f, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(dockerfile: &str) -> String {
        inspect(dockerfile, &Options::default()).to_string()
    }

    #[test]
    fn an_install_behind_the_source() {
        let text = shown("FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && ./after.sh\n");
        for line in [
            "line 1: FROM node:22\n",
            "  line 2: WORKDIR /app\n",
            "    - brings: source files, which change often, from the build context\n",
            "    - runs: in /app as the image's user\n",
            "    - is invalidated needlessly by: line 3\n",
            "    - may go behind: `npm ci` on line 4? if: ",
            "    - could run without: its first 1 of 2 commands, for npm\n",
            "    line 4: npm ci\n      - is known as: npm, install\n",
            "      - needs: the manifests of /app: /app/package.json, ",
            "    line 4: ./after.sh\n",
        ] {
            assert!(text.contains(line), "{line:?} is missing from\n{text}");
        }
    }

    #[test]
    fn why_a_command_is_opaque() {
        let text = shown("FROM a\nCOPY . .\nRUN ./configure\n");
        assert!(text.contains("- needs: any file: "), "{text}");
        assert!(!text.contains("invalidated"), "{text}");
        let text = shown("FROM a\nCOPY . .\nRUN date > /built\n");
        let sentence = "- needs: any file: what it writes is another text each time\n";
        assert!(text.contains(sentence), "{text}");
        // Near miss: the time is only printed.
        let text = shown("FROM a\nCOPY . .\nRUN date\n");
        assert!(text.contains("- needs: no file that was copied\n"), "{text}");
        // Near miss: a step that reads nothing.
        let text = shown("FROM a\nCOPY . .\nRUN apt-get install -y curl\n");
        assert!(text.contains("- needs: no file that was copied"), "{text}");
        assert!(text.contains("- is invalidated needlessly by: line 2"), "{text}");
    }

    #[test]
    fn a_refusal_shows_the_question_that_it_comes_from() {
        let text = shown("FROM a\nCOPY . /app\nRUN ./configure\nRUN apt-get install -y curl\n");
        for line in ["? no: `./configure` on line 3", "    - is repaired: no: "] {
            assert!(text.contains(line), "{line:?} is missing from\n{text}");
        }
        // Near miss: nothing stands between.
        let text = shown("FROM a\nCOPY . /app\nRUN apt-get install -y curl\nRUN ./configure\n");
        assert!(text.contains("    - is repaired: yes"), "{text}");
    }

    #[test]
    fn any_text_is_inspected() {
        for text in ["", "FROM", "RUN a", "FROM a\nCOPY $X $Y\nVOLUME $Z\nWORKDIR $W\nRUN cd $V"] {
            shown(text);
        }
    }
}
