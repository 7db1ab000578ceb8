//! Every family of tools.

use super::{
    Tool, assets, conda, dotnet, go, infrastructure, javascript, javascript_runtimes, jvm,
    languages, native, plain, python, rust, scripting, settings, system,
};

const FAMILIES: &[&[Tool]] = &[
    assets::TOOLS,
    conda::TOOLS,
    dotnet::TOOLS,
    go::TOOLS,
    infrastructure::TOOLS,
    javascript::TOOLS,
    javascript_runtimes::TOOLS,
    jvm::TOOLS,
    languages::TOOLS,
    native::TOOLS,
    plain::TOOLS,
    python::TOOLS,
    rust::TOOLS,
    scripting::TOOLS,
    settings::TOOLS,
    system::TOOLS,
];

/// Every tool, family by family.
pub fn tools() -> impl Iterator<Item = &'static Tool> {
    FAMILIES.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::listed;

    #[test]
    fn tables_are_sorted_and_sourced() {
        for family in FAMILIES {
            assert!(family.is_sorted_by_key(|tool| tool.name));
        }
        for tool in tools() {
            assert!(tool.source.address.starts_with("https://"), "{} has no source", tool.name);
            assert!(!tool.programs.is_empty(), "{}", tool.name);
            let lists = tool
                .actions
                .iter()
                .flat_map(|action| [action.goals, action.unless, action.flags, action.all_flags]);
            for list in lists.chain([tool.variables, tool.offline]) {
                let blanks = list.split(' ').filter(|entry| entry.is_empty()).count();
                assert_eq!(blanks, usize::from(list.is_empty()), "{}: {list}", tool.name);
            }
            assert!(!listed(tool.offline, |setting| !setting.contains('=')), "{}", tool.name);
        }
    }
}
