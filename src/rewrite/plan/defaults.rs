//! Build arguments that a repair takes for their defaults: `COPY ${SERVICE} .` becomes
//! `COPY api/package.json ./`, which is wrong where another service is built.

use super::walk::Walk;
use crate::graph::Run;
use crate::repair::{ManifestCopy, Operation, inserted_copies};
use crate::sentences::Assumption;
use crate::syntax::Arguments;

impl<'a> Walk<'_, 'a> {
    /// What has to hold where manifests were found by the default of a build argument, which the
    /// copy they come from or the commands of `run` use.
    pub(super) fn keeps_defaults(
        &self,
        operations: &[Operation],
        run: &Run<'a>,
    ) -> Vec<Assumption> {
        let dockerfile = self.graph.dockerfile;
        let copies: Vec<&ManifestCopy> = inserted_copies(operations).collect();
        let commands = run.commands.iter().map(|command| command.span.of(dockerfile.source));
        let commands: Vec<&str> = commands.filter(|text| text.contains('$')).collect();
        let varies = |copy: &&ManifestCopy| !self.graph.copy_at(copy.from).variables.is_empty();
        if commands.is_empty() && !copies.iter().any(varies) {
            return Vec::new();
        }
        let declared = dockerfile.instructions.iter().flat_map(|i| match &i.arguments {
            Arguments::Args(declarations) => declarations.as_slice(),
            _ => &[],
        });
        let mut found = Vec::new();
        for declaration in declared {
            let name = declaration.name.text.as_ref();
            let Some(default) = &declaration.default else { continue };
            let value = default.text.trim_matches(['"', '\'', '/']);
            let uses = |text: &&str| {
                text.contains(&format!("${name}")) || text.contains(&format!("${{{name}"))
            };
            let names = |source: &String| source.contains(value);
            let kept = !value.is_empty()
                && !self.graph.options.build_args.contains_key(name)
                && copies.iter().any(|copy| {
                    let variables = &self.graph.copy_at(copy.from).variables;
                    let used = variables.iter().any(|v| v == name) || commands.iter().any(uses);
                    used && copy.sources.iter().any(names)
                });
            if kept {
                let (name, value) = (name.to_owned(), value.to_owned());
                found.push(Assumption::KeepsDefault { name, value });
            }
        }
        found
    }
}
