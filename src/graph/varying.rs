//! Variables whose values change from build to build, and which steps read none of them.

use super::copy::variables;
use super::{CommandEffects, Effect, Graph, Needs, Run, Stage, Step, StepAt};
use crate::build::texts_on_builds;
use crate::context::Context;
use crate::ecosystem::{
    ActionKind, Use, changes_in_every_build, given_anew, is_label_of_a_build, is_obeyed,
};
use crate::limits;
use crate::report::Builder;
use crate::sort::sort_by;
use crate::syntax::{Arguments, Dockerfile, Instruction, Keyword};
use crate::text::has_word;

/// The arguments of which labels, or what builds the file, tell that each build has another value:
/// `LABEL org.opencontainers.image.created=$CREATED`.
pub(super) fn told(dockerfile: &Dockerfile<'_>, context: &Context) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for instruction in &dockerfile.instructions {
        if let (Arguments::Pairs(pairs), Some(Keyword::Label)) =
            (&instruction.arguments, instruction.keyword)
        {
            let of_a_build = pairs.iter().filter(|pair| is_label_of_a_build(&pair.key.text));
            told.extend(of_a_build.flat_map(|pair| variables(&pair.value.text)));
        }
    }
    told.extend(texts_on_builds(context).flat_map(given_anew).map(str::to_owned));
    told.truncate(limits::TARGETS_NAMED);
    told
}

/// Follows ENV and ARG: keeps in `varying` the names whose values change from build to build, and
/// says whether the instruction sets one. Of which that is `told`, see [`Graph::told`].
pub fn follow(varying: &mut Vec<String>, instruction: &Instruction<'_>, told: &[String]) -> bool {
    let set: Vec<(&str, bool)> = match &instruction.arguments {
        Arguments::Args(declared) => {
            let varies = declared.iter().map(|argument| {
                let (name, default) = (argument.name.text.as_ref(), argument.default.as_ref());
                let default = default.map(|value| value.text.as_ref());
                let named = default.is_some_and(|text| names_any(text, varying));
                (name, named || changes_in_every_build(name, default, told))
            });
            varies.collect()
        }
        Arguments::Pairs(pairs) => {
            let varies = pairs
                .iter()
                .map(|pair| (pair.key.text.as_ref(), names_any(&pair.value.text, varying)));
            varies.collect()
        }
        _ => return false,
    };
    for &(name, varies) in &set {
        varying.retain(|other| other != name);
        if varies && varying.len() < limits::VARYING {
            varying.push(name.to_owned());
        }
    }
    set.iter().any(|(_, varies)| *varies)
}

/// Whether what an instruction sets is part of the keys of steps behind it.
pub fn counts_in_keys(builder: Builder, keyword: Option<Keyword>) -> bool {
    match builder {
        Builder::Buildkit => keyword != Some(Keyword::Label),
        Builder::Classic => true,
        Builder::Buildah => keyword != Some(Keyword::Arg),
    }
}

/// Whether one of the names stands in a text.
pub fn names_any(text: &str, names: &[String]) -> bool {
    names.iter().any(|name| has_word(text, name, is_of_name))
}

/// Whether a character may be part of the name of a variable.
fn is_of_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

/// What these name, a shell expands when the container runs.
pub const AT_RUN_TIME: [Option<Keyword>; 3] =
    [Some(Keyword::Cmd), Some(Keyword::Entrypoint), Some(Keyword::Healthcheck)];

/// What prints all variables.
const PRINTING: &[&str] = &["declare", "env", "environ", "export", "printenv"];

/// Read by more tools than any table knows. <https://reproducible-builds.org/docs/source-date-epoch/>
const OF_ALL_TOOLS: &str = "SOURCE_DATE_EPOCH";

/// Whether a text has `set` by itself, which prints all variables; `set -e` does not.
fn prints_all(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let ends = |next: &&str| next.starts_with(['>', '|', ';', '&']);
        if word == "set;" || word == "set" && words.peek().is_none_or(ends) {
            return true;
        }
    }
    PRINTING.iter().any(|word| has_word(text, word, is_of_name))
}

impl Graph<'_> {
    /// Whether the text of a file that `run`, the step at `at`, reads names one of these variables:
    /// `"postinstall": "echo $GIT_SHA"`.
    pub fn inputs_name(&self, at: StepAt, run: &Run<'_>, names: &[String]) -> bool {
        (0..run.commands.len()).any(|command| {
            let mut files = self.wanted(run, command, at).files.iter();
            files.any(|file| {
                let source = self.context_path(at, &file.place);
                let text = source.and_then(|source| self.context.text(&source));
                text.is_some_and(|text| names_any(text, names))
            })
        })
    }
}

impl Graph<'_> {
    /// The steps of the stages built on `stage` that download and use none of these variables, with
    /// which they begin: of each those in front of the first that may use one.
    pub fn downloads_below(&self, stage: &Stage<'_>, names: &[String]) -> Vec<StepAt> {
        let (mut found, mut open) = (Vec::new(), stage.derived.clone());
        while let Some(index) = open.pop().filter(|_| found.len() < limits::CAUSES) {
            let stage = &self.stages[index];
            let passes = |step: usize| self.ignores(StepAt { stage: index, step }, names);
            let end = (0..stage.steps.len()).find(|&step| !passes(step));
            let downloads =
                |step: &Step<'_>| step.run().is_some_and(|run| run.downloading().next().is_some());
            let steps = stage.steps.iter().enumerate().take(end.unwrap_or(stage.steps.len()));
            let steps = steps.filter(|(_, step)| downloads(step));
            found.extend(steps.map(|(step, _)| StepAt { stage: index, step }));
            if end.is_none() {
                open.extend(&stage.derived);
            }
        }
        sort_by(&mut found, |a, b| a.cmp(b));
        found
    }

    /// Whether a step uses none of these variables, and sets none.
    fn ignores(&self, at: StepAt, names: &[String]) -> bool {
        let step = &self.stages[at.stage].steps[at.step];
        let text = self.span(at).of(self.dockerfile.source);
        match &step.effect {
            Effect::Run(run) => run.ignores(text, names) && !self.inputs_name(at, run, names),
            Effect::Invalid => false,
            Effect::Config => {
                let keyword = self.dockerfile.instructions[step.instruction].keyword;
                AT_RUN_TIME.contains(&keyword) || !names_any(text, names)
            }
            _ => !names_any(text, names),
        }
    }
}

impl Run<'_> {
    /// Whether it is understood, and names none of these variables: `text` is the instruction.
    pub fn ignores(&self, text: &str, names: &[String]) -> bool {
        self.commands.iter().all(|command| {
            let known = command.used.as_ref().is_some_and(|used| {
                matches!(used.kind, ActionKind::Install | ActionKind::Named | ActionKind::Upkeep)
            });
            (known || command.only_sets() && !command.sources)
                && !command.fetched
                && !command.is_script
                && !command.writes.everything
                && !matches!(command.needs, Needs::Everything(_))
        }) && !names_any(text, names)
            && !names.iter().any(|name| name == OF_ALL_TOOLS || is_obeyed(name))
            && !prints_all(text)
    }

    /// Its commands that download, each with what the tables know of it.
    pub fn downloading(&self) -> impl Iterator<Item = (&CommandEffects, &Use)> {
        let known =
            self.commands.iter().filter_map(|command| Some((command, command.used.as_ref()?)));
        known.filter(|(_, used)| matches!(used.kind, ActionKind::Install | ActionKind::Named))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::context::ContextInput;
    use crate::syntax::parse;

    #[test]
    fn labels_and_workflows_tell() {
        let text =
            "FROM a\nARG CREATED\nLABEL org.opencontainers.image.created=$CREATED name=$NAME\n";
        let workflow = "build-args: |\n  BUILT=${{ steps.now.outputs.iso }}\n  A=${{ inputs.a }}\n";
        let files =
            [".github/workflows/build.yml", "a.md"].map(|path| (path, Some(workflow.to_owned())));
        let (tree, options) = (parse(text).0, Options::default());
        let context = Context::new(ContextInput::listed(files));
        assert_eq!(Graph::new(&tree, &context, &options).told, ["CREATED", "BUILT"]);
    }
}
