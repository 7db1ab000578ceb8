//! The limits of all rooms, with what each bounds: they keep time and memory linear in the input,
//! or a report readable. What is beyond one counts as not known. A leaf.

// What a text may be.
/// How deep `${a:-${b:-...}}` may nest.
pub const EXPANSION_DEPTH: u32 = 64;
/// By how many bytes a text may become longer than its source. Without a limit, a few variables
/// that double each other fill the memory.
pub const EXPANSION_GROWTH: usize = 32 << 10;
/// How many bytes of values may be matched against patterns, beyond 16 for each of the source.
pub const EXPANSION_MATCHING: usize = 1 << 20;
/// How deep ONBUILD inside ONBUILD is read (BuildKit refuses the second already).
pub const ONBUILD_DEPTH: u32 = 8;
/// The longest path, in bytes, that Linux opens. What is longer names no file, and looking at
/// each of its directories would take quadratic time.
pub const PATH_BYTES: usize = 4096;
/// How many links one path may lead through, as on Linux.
pub const LINKS_FOLLOWED: usize = 255;
/// How many directories of the context may lie in each other.
pub const PATH_DEPTH: usize = 255;

// Manifests and what they name.
/// Most files whose text a report asks for.
pub const TEXTS_WANTED: usize = 100;
/// How deep values may stand in each other. What is deeper is not understood.
pub const MANIFEST_DEPTH: u32 = 64;
/// Most names of a TOML file that are looked at to find the tables that keys belong to.
pub const TOML_NAMES_SEARCHED: u32 = 2_000_000;
/// Most keys that dots divide in one line of TOML.
pub const TOML_KEYS: usize = 16;
/// Most poms that are followed.
pub const POMS: usize = 100;
/// Most projects whose dependencies are asked for one by one.
pub const GRADLE_PROJECTS: usize = 20;
/// Most packages for which sources stand in.
pub const STUBBED_PACKAGES: usize = 20;
/// Most sources that stand in for those of a project while its dependencies are compiled.
pub const STUBS: usize = 40;
/// Most projects of .NET whose files are copied one by one; more are better copied by a stage of
/// their own.
pub const MSBUILD_PROJECTS: usize = 60;
/// How far above a project its workspace, its manifest or settings of .NET are looked for.
pub const LEVELS_ABOVE: usize = 4;
/// Most files that are looked into for one command.
pub const MENTIONED_FILES: usize = 50;

// The stages and steps of a build.
/// How many triggers (ONBUILD) the stages of one file run in all. Without a limit, stages that
/// are built on one full of triggers take quadratic time.
pub const TRIGGERS_RUN: usize = 1 << 12;
/// Most variables of a state that are kept because they may name a file, so that each step looks
/// at few.
pub const VARIABLES_NAMING: usize = 64;
/// Most stages that files of the context may name as targets.
pub const TARGETS_NAMED: usize = 200;
/// How deep scripts within scripts are followed.
pub const SCRIPT_DEPTH: u32 = 4;
/// Most functions of a script whose calls and compound commands are looked into.
pub const FUNCTIONS: usize = 100;
/// How many commands before a call are searched for the function, and before an install for what
/// writes its manifests.
pub const COMMANDS_BACK: usize = 1000;
/// How much text of functions is read for their calls: so many times that of the whole script.
/// Without a limit, functions that call each other twenty times each take hours.
pub const CALLED_TEXT: usize = 16;
/// Most variables that a script sets and that are followed.
pub const VARIABLES_SET: usize = 200;
/// Most paths that one command names; more are as good as any path.
pub const PATHS_OF_A_COMMAND: usize = 500;
/// Most installs of one command beside the first.
pub const INSTALLS_OF_A_COMMAND: usize = 8;
/// Most paths that a step is known to have made.
pub const PATHS_MADE: usize = 100;
/// Most paths that are kept of what was written before any file was copied.
pub const PATHS_WRITTEN: usize = 100;
/// Most causes that are kept of one step.
pub const CAUSES: usize = 20;
/// Most instructions of a stage that are read for words of a workspace.
pub const INSTRUCTIONS_READ: usize = 300;
/// Most patterns for which the files of a project are looked through.
pub const PATTERNS_LISTED: u32 = 100;
/// Most files that one pattern lists; more are as good as not known.
pub const FILES_OF_A_PATTERN: usize = 500;
/// Most entries of a directory that a landing lists one by one.
pub const ENTRIES_OF_A_LANDING: usize = 400;
/// Most names, and most copies, of a stage that keeps files by name.
pub const SELECTED: usize = 30;

/// Most directories of the context of which it is asked whether the image makes them for itself.
pub const ARTIFACTS: usize = 200;

// Copies that are looked through.
/// Most copies that are looked through for one path: the nearest ones.
pub const COPIES_LOOKED_AT: usize = 300;
/// Most copies before an install that are looked at, the nearest ones.
pub const COPIES_BEFORE_INSTALL: usize = 20;
/// Most copies before a command that adds to a manifest that are looked at; with more, it is left
/// alone.
pub const COPIES_BEFORE_ADDITION: usize = 20;
/// Copies of a stage that are looked at one by one: with so few, an index costs more.
pub const COPIES_WITHOUT_INDEX: usize = 16;
/// Most copies that the index gives; where more may bring a path, one of the nearest does.
pub const COPIES_OF_INDEX: usize = 32;

// What a rebuild is asked.
/// Most files of one source that are looked at.
pub const FILES_SAMPLED: usize = 2000;
/// Most build arguments and base images that get a scenario each.
pub const SCENARIOS_OF_A_KIND: usize = 5;
/// Most sources of copies of which an edit is compared before and after a fix.
pub const EDITS_COMPARED: usize = 20;
/// Most files that one step is said to run again for: a commit that changes more is no file's fault.
pub const FILES_BLAMED: usize = 1000;
/// Most files that stages keep by name of which it is asked in all what they are.
pub const KEPT_FILES: usize = 20_000;

// Rules.
/// How many commands and other steps before a command are looked at for what it changes.
pub const STEPS_BACK: usize = 100;

/// Most issues of a rule for which a repair beside the order is looked for; the others are advice.
pub const REPAIRS_OF_A_RULE: usize = 40;
/// Most steps that no step of the other file says the same as, for which flags and commands that
/// differ are looked at.
pub const STEPS_THAT_DIFFER: usize = 200;
/// Most variables of a stage that are followed because their values change in every build.
pub const VARYING: usize = 16;

// A repair.
/// How many rewritten files are read again at most, so that the time stays linear.
pub const VERIFICATIONS: u32 = 64;
/// How many bytes of rewritten files are read again at most, beside the first.
pub const VERIFIED_BYTES: usize = 8 << 20;
/// How many stages at most may stand on each other below one that copies leave.
pub const DERIVED_LEVELS: u32 = 4;
/// Most stages that a copy is handed to.
pub const DERIVED_STAGES: usize = 20;
/// More lines than people write and keep up to date by hand; and an image has 127 layers at most.
pub const ADDED_LINES: usize = 12;

// What a text is.
/// How many bytes of a text are looked at to tell whether it is UTF-8.
pub const HEAD: usize = 64;

// What a report lists.
/// Most stages of a file whose triggers are looked into, so that the time stays linear.
pub const STAGES_WITH_TRIGGERS: usize = 4;
/// Most steps that are listed of one issue.
pub const RERUNS_LISTED: usize = 20;
/// How many places, beside the first of each, the issues of a report list in all: the causes and
/// reruns of 16,000 issues, twenty of each, are 130 MB of JSON.
pub const PLACES_LISTED: usize = 5000;
/// Most fixes of which each is read by itself for what it saves.
pub const FIXES_PRICED: usize = 8;
/// Most paths that a sentence names.
pub const PATHS_NAMED: usize = 3;
/// Most copies that are listed for one step, the nearest ones.
pub const COPIES_LISTED: usize = 20;
