//! {name}.

use super::{ActionKind, Source, TOOL, Tool, action, optional, required};

pub(super) const TOOLS: &[Tool] = &[{NAME}];

const {NAME}: Tool = Tool {
    name: "{name}",
    source: Source::at("https://example.com/{name}"),
    programs: &["{name}"],
    actions: &[
        action(&["install"], ActionKind::Install),
        action(&["build"], ActionKind::Compile),
        action(&["version"], ActionKind::Upkeep),
    ],
    manifests: &[required("{name}.toml"), optional("{name}.lock")],
    writes: &["~/.cache/{name}"],
    assumes: &["`{name}.toml` names no local package."],
    ..TOOL
};
