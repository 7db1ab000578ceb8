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

/// The tool whose installs bring what this one would download: what `setup.py install` needs,
/// `pip install -r requirements.txt` may have brought.
pub fn brought_by(tool: &str) -> &str {
    if tool == "setuptools" { "pip" } else { tool }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::{Action, Arguments, First, listed};

    /// Programs that several tables know, with the tables in the order in which they are asked:
    /// the first with an action that fits counts.
    const SHARED: &[(&str, &str)] = &[
        ("R", "renv rscript"),
        ("Rscript", "renv rscript"),
        ("cargo", "cargo cargo versions"),
        ("dart", "dart versions"),
        ("dep", "go dep"),
        ("dotnet", "dotnet dotnet-tool"),
        ("go", "go versions"),
        ("mix", "mix mix"),
        ("npm", "npm npm"),
        ("pnpm", "pnpm pnpm"),
        ("stack", "stack stack setup"),
        ("swift", "swift versions"),
        ("uv", "uv uv uv"),
        ("yarn", "yarn yarn"),
        ("yarnpkg", "yarn yarn"),
    ];

    #[test]
    fn tables_are_sorted_and_sourced() {
        for family in FAMILIES {
            assert!(family.is_sorted_by_key(|tool| tool.name));
        }
        for tool in tools() {
            assert!(tool.source.address.starts_with("https://"), "{} has no source", tool.name);
            assert!(!tool.programs.is_empty(), "{}", tool.name);
        }
    }

    /// Every field that holds a little language, read as its comment says.
    #[test]
    fn fields_say_what_their_comments_say() {
        for tool in tools() {
            let name = tool.name;
            let options = &tool.options;
            let mut lists = vec![tool.variables, tool.offline, tool.scattered, tool.texts];
            lists.extend([options.values, options.directories, options.files, options.projects]);
            lists.extend([options.holders, options.reads, options.writes, options.arguments]);
            lists.extend([options.flags, options.switches, options.alone, options.opaque]);
            lists.push(options.noted);
            for action in tool.actions {
                lists.extend([action.goals, action.unless, action.flags, action.all_flags]);
                assert!(!listed(action.flags, |flag| !is_option(flag)), "{name}: {}", action.flags);
                assert!(action.words.iter().all(|word| !word.is_empty()), "{name}");
                let mut spellings = action.words.iter().flat_map(|word| word.split('|'));
                assert!(spellings.all(|word| !word.is_empty()), "{name}");
                if let Some(first) = action.first {
                    lists.extend([first.flags, first.carries, first.drops]);
                    first_is_well_formed(name, first);
                }
            }
            for list in lists {
                let blanks = list.split(' ').filter(|entry| entry.is_empty()).count();
                assert_eq!(blanks, usize::from(list.is_empty()), "{name}: {list:?}");
            }
            let actions = tool.actions.iter().flat_map(|action| action.writes);
            let caches = tool.caches.iter().map(|cache| &cache.path);
            for path in tool.writes.iter().chain(actions).chain(caches) {
                let rooted = ["./", "~/", "/"].iter().any(|start| path.starts_with(start));
                assert!(rooted && !path.contains('*'), "{name} writes {path}");
            }
            let is_name = |name: &str| {
                let inside = name.strip_prefix("*/").and_then(|name| name.strip_suffix("/*"));
                !inside.unwrap_or(name).contains('/')
            };
            assert!(!listed(tool.scattered, |name| !is_name(name)), "{name}: {}", tool.scattered);
            assert!(!listed(tool.offline, |setting| !setting.contains('=')), "{name}");
            let plain = |path: &&str| {
                let pattern = path.contains('*') && path.contains('/');
                !pattern && !path.contains(' ') && !path.starts_with(['/', '~'])
            };
            assert!(tool.settings.iter().all(plain), "{name}: {:?}", tool.settings);
            assert!(tool.inspect.is_some() || tool.texts.is_empty(), "{name}");
        }
    }

    fn first_is_well_formed(name: &str, first: &First) {
        assert!(!listed(first.carries, |option| !is_option(option)), "{name}: {}", first.carries);
        let drops = |entry: &str| {
            is_option(entry)
                || entry.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        assert!(!listed(first.drops, |entry| !drops(entry)), "{name}: {}", first.drops);
        if first.since.is_empty() {
            return;
        }
        let (image, versions) = first.since.split_once(' ').unwrap();
        assert!(!image.contains([':', '/']), "{name}: {}", first.since);
        let is_version = |version: &str| {
            version.split_once('.').is_some_and(|(major, minor)| {
                major.parse::<u32>().is_ok() && minor.parse::<u32>().is_ok()
            })
        };
        let known = versions.split(' ').filter(|version| is_version(version)).count();
        assert_eq!((known, versions.split(' ').count()), (2, 2), "{name}: {}", first.since);
    }

    fn is_option(word: &str) -> bool {
        word.starts_with(['-', '/'])
    }

    #[test]
    fn tables_of_one_program_are_asked_in_this_order() {
        let mut programs: Vec<(&str, Vec<&str>)> = Vec::new();
        for tool in tools() {
            for &program in tool.programs {
                match programs.iter_mut().find(|(known, _)| *known == program) {
                    Some((_, tools)) => tools.push(tool.name),
                    None => programs.push((program, vec![tool.name])),
                }
            }
        }
        programs.retain(|(_, tools)| tools.len() > 1);
        programs.sort();
        let found: Vec<(&str, String)> =
            programs.into_iter().map(|(program, tools)| (program, tools.join(" "))).collect();
        let wanted: Vec<(&str, String)> =
            SHARED.iter().map(|(program, tools)| (*program, tools.to_string())).collect();
        assert_eq!(found, wanted);
    }

    /// An action that an earlier one of the same tool always comes before would never count.
    #[test]
    fn no_action_hides_a_later_one() {
        let open = |action: &Action| {
            [action.goals, action.unless, action.flags, action.all_flags] == [""; 4]
                && !matches!(action.arguments, Arguments::None | Arguments::Goals)
                && !(action.words.is_empty() && action.arguments == Arguments::Ignored)
        };
        let takes = |earlier: &str, later: &str| {
            later.split('|').all(|word| earlier == "*" || earlier.split('|').any(|w| w == word))
        };
        for tool in tools() {
            for (at, later) in tool.actions.iter().enumerate() {
                let hidden = tool.actions[..at].iter().any(|earlier| {
                    open(earlier)
                        && earlier.words.len() <= later.words.len()
                        && earlier.words.iter().zip(later.words).all(|(e, l)| takes(e, l))
                });
                assert!(!hidden, "{}: {:?} never counts", tool.name, later.words);
            }
        }
    }
}
