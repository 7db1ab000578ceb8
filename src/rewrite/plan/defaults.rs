//! Build arguments that a repair takes for their defaults: `COPY ${SERVICE} .` becomes
//! `COPY api/package.json ./`, which is wrong where another service is built, and so does `ARG
//! PIP_CONSTRAINT=pins.txt`, which pip reads as a variable.

use super::walk::Walk;
use crate::ecosystem::{ActionKind, Use, listed};
use crate::graph::Run;
use crate::repair::{ManifestCopy, Operation, inserted_copies};
use crate::sentences::Assumption;
use crate::syntax::{Arguments, Keyword};

impl<'a> Walk<'_, 'a> {
    /// What has to hold where manifests were found by the default of a build argument, which the
    /// copy they come from, the commands of `run` or the variables that these obey use.
    pub(super) fn keeps_defaults(
        &self,
        operations: &[Operation],
        run: &Run<'a>,
    ) -> Vec<Assumption> {
        let dockerfile = self.graph.dockerfile;
        let declared = self.graph.declared_arguments();
        if declared.is_empty() {
            return Vec::new();
        }
        let told = &self.graph.options.build_args;
        let declared = declared.iter().filter(|arg| !told.contains_key(&*arg.name.text));
        let arguments = || dockerfile.instructions.iter().map(|i| (i.keyword, &i.arguments));
        let copies: Vec<&ManifestCopy> = inserted_copies(operations).collect();
        let commands = run.commands.iter().map(|command| command.span.of(dockerfile.source));
        // The directory that the install works in: `WORKDIR /app/$NAME`.
        let places = dockerfile.instructions.iter().filter(|i| i.keyword == Some(Keyword::Workdir));
        let places = places.map(|instruction| instruction.span.of(dockerfile.source));
        let commands: Vec<&str> =
            commands.chain(places).filter(|text| text.contains('$')).collect();
        // `ENV PIP_CONSTRAINT=$PINS`
        let set = arguments().flat_map(|(keyword, arguments)| match arguments {
            Arguments::Pairs(pairs) if keyword == Some(Keyword::Env) => pairs.as_slice(),
            _ => &[],
        });
        let set: Vec<&str> = set
            .filter(|pair| names_files(run, &pair.key.text))
            .map(|pair| &*pair.value.text)
            .collect();
        let mut found = Vec::new();
        for declaration in declared {
            let name = declaration.name.text.as_ref();
            let default = declaration.default.as_ref().map_or("", |default| &default.text);
            let value = default.trim_matches(['"', '\'']);
            let uses = |text: &&str| {
                text.contains(&format!("${name}")) || text.contains(&format!("${{{name}"))
            };
            let names = |source: &String| source.contains(value.trim_matches('/'));
            let is_found_by = || {
                copies.iter().any(|copy| {
                    let variables = &self.graph.copy_at(copy.from).variables;
                    let used = variables.iter().any(|v| v == name) || commands.iter().any(uses);
                    used && copy.sources.iter().any(names)
                })
            };
            let is_obeyed = || names_files(run, name) || set.iter().any(uses);
            let name = name.to_owned();
            match value.is_empty() {
                true if is_obeyed() => found.push(Assumption::NotPassed { name }),
                false if is_found_by() || is_obeyed() => {
                    found.push(Assumption::KeepsDefault { name, value: value.to_owned() });
                }
                _ => {}
            }
        }
        found
    }
}

/// Whether an install of `run` reads the file that a variable of this name is set to. Every argument
/// is such a variable.
fn names_files(run: &Run<'_>, name: &str) -> bool {
    let reads = |used: &Use| {
        let tool = used.tool;
        matches!(used.kind, ActionKind::Install | ActionKind::Compile)
            && [tool.variables, tool.file_variables]
                .iter()
                .any(|variables| listed(variables, |variable| variable == name))
    };
    run.commands.iter().filter_map(|command| command.used.as_ref()).any(reads)
}
