//! Why a step is not freed: a kind, which reports name, and a sentence.
//!
//! The sentences have no capital and no stop; `Refusal::into_sentence` gives them both.

use super::{Mismatch, Opaque, sentences};
use crate::issue::{Refusal, RefusalReason};

/// The same, with the sentences grouped by the kind that reports name.
macro_rules! reasons {
    ($(#[$meta:meta])* $name:ident {
        $($kind:ident {
            $($variant:ident $({ $($field:ident: $type:ty),* })? = $text:literal;)*
        })*
    }) => {
        sentences! {
            $(#[$meta])*
            $name {
                $($($variant $({ $($field: $type),* })? = $text;)*)*
                Told { kind: RefusalReason, text: String } = "{text}";
            }
        }

        impl $name {
            /// The kind of reason, as reports name it.
            pub fn kind(&self) -> RefusalReason {
                match self {
                    $($($name::$variant { .. })|* => RefusalReason::$kind,)*
                    $name::Told { kind, .. } => *kind,
                }
            }
        }
    };
}

reasons! {
    /// Why a fix is not offered.
    Reason {
        OpaqueCommand {
            NeedsEverything { command: String, line: u32, why: Opaque } =
                "`{command}` on line {line} may need any file: {why}";
            NeedsEverythingBetween { command: String, line: u32, why: Opaque } =
                "`{command}` on line {line} stands between, and may need any file: {why}";
            FilesUnknown { command: String } = "it is not known which files `{command}` reads";
        }
        SharedShellState {
            NotAShellLine = "the step is not a plain shell line, and cannot be cut in two";
            NotOneLine = "the two steps are not plain lines that run in the same environment";
            CommandsMixed = "the commands of the step cannot be told apart";
            NotJoined { command: String } =
                "`{command}` is not joined by && to what comes before it";
            RunsAfterFailure { command: String } =
                "`{command}` runs also where what comes first fails";
            SetsShellState { command: String } =
                "`{command}` sets shell state that the rest of the step may use";
            UsesIndex { command: String } =
                "`{command}` uses the index that the step refreshes; in a step of its own the index may be out of date";
            MountHolds { target: String } =
                "what the step writes to the mount at `{target}` may be gone in a step of its own";
            NotAlone { command: String } =
                "`{command}` is not the first that a plain step without mounts does";
            TakesAway { command: String } =
                "`{command}` takes away what the step made before; cut in two, the image would grow";
            StepTakesAway = "the step takes away what it made; cut in two, the image would grow";
        }
        HostArtifacts {
            WouldOverwrite { path: String, command: String } =
                "the context brings `{path}`, which would overwrite what `{command}` writes; exclude it in `.dockerignore`";
        }
        OrderDecidesImage {
            Reads { command: String, path: String } =
                "`{command}` reads `{path}`, which the copy brings";
            ReadsUnlisted { command: String, path: String } =
                "`{command}` reads `{path}`, which the copy brings where a build has it";
            Writes { command: String, path: String } =
                "`{command}` writes `{path}`, which the copy brings too";
            WritesBelow { command: String, directory: String, path: String } =
                "`{command}` may write anywhere below `{directory}`, where the copy brings `{path}`";
            ChangesAccounts { command: String, owner: String } =
                "`{command}` may change whom `{owner}` names, to whom the copy gives its files";
            Removes { command: String } = "`{command}` removes what the copy may bring";
            NeedsDirectory { command: String, path: String } =
                "`{command}` needs `{path}`, which the copy makes";
            NeedsNoFile { command: String, path: String } =
                "`{command}` needs the directory `{path}`, and the copy may bring a file there";
            MakesDirectory { command: String, path: String } =
                "`{command}` would make `{path}` in place of the copy, with another owner";
            OwnerOfDirectory { path: String } =
                "`{path}` would belong to another user: the copy that stands first makes it";
            FileOrDirectory { path: String } =
                "`{path}` is a directory because the first copy makes it, and would become a file: end the destination with a slash";
            ReachesThroughLink { command: String, destination: String } =
                "`{command}` reaches what is copied to `{destination}` through a link";
            FindsSettings { command: String, other: String, path: String } =
                "`{command}` may find settings in `{path}`, which `{other}` writes";
            OnSystem { path: String, command: String } =
                "the copy lands in `{path}`, where `{command}` may read or write";
            AmongSettings { path: String, command: String } =
                "the copy lands in `{path}`, where `{command}` may find settings";
            SameFiles { one: String, other: String } =
                "`{one}` and `{other}` may touch the same files";
            UsesInstalled { command: String, install: String } =
                "`{command}` may use what `{install}` changes in the system";
            ChangesReads { command: String, other: String } =
                "`{command}` may change what `{other}` reads";
            ReadsChanged = "it may change what the other reads";
            TouchesCopied = "it touches what the copy brings";
            CopiesShare = "the two copies share a place";
            NotUnderstood { line: u32 } = "line {line} is not understood";
            SetsVariable { line: u32 } = "line {line} sets a variable that the copy uses";
            SetsState { line: u32, run: u32 } =
                "the step on line {run} would have to go below line {line}, which changes what it runs with (its user, shell, variables or directory)";
            DirectoryUnknown { line: u32 } =
                "line {line} changes to a directory that is not known";
            DirectoryOfCopy { line: u32 } =
                "line {line} changes the directory that the copy goes to";
            WouldMakeDirectory { line: u32 } =
                "WORKDIR on line {line} would make the directory in place of the copy, with another owner";
            WorkdirOnFile { line: u32, path: String } =
                "the copy may bring a file `{path}`, and WORKDIR on line {line} would make a directory there";
            WorkdirMoved = "WORKDIR has moved";
            StaysBehindCopy { command: String, line: u32 } =
                "`{command}` on line {line} stands between, and has to stay behind what is copied before it";
            Stays { line: u32 } = "line {line} stands between and has to stay there";
            NoCopyAbove =
                "the source is not copied directly above the step, in the same environment";
            NoOrder = "no order of the steps was found that keeps the image";
        }
        Unresolved {
            LandingUnknown { destination: String } = "where `{destination}` lands is not known";
            LandingOfLineUnknown { line: u32 } =
                "where the copy on line {line} lands is not known";
            NeededDirectoryUnknown { command: String } =
                "which directory `{command}` needs is not known";
            ProjectUnknown { command: String } = "the directory of `{command}` is not known";
        }
        UnknownManifests {
            NotCopied { path: String } = "`{path}` is not among the files that are copied";
            NotInContext { path: String } = "`{path}` is not in the build context";
            NotPlain { path: String } = "the name `{path}` cannot be written as a plain source";
            BehindLink { path: String, link: String } =
                "`{path}` lies behind a link: a copy would make `{link}` a directory";
            FromElsewhere { path: String } = "`{path}` may come from another stage or image";
            Flattened { path: String, other: String } =
                "`{path}` may come from `{other}`: a pattern brings what is in the directories it fits";
            Written { path: String } =
                "a step writes `{path}`, and what it names is not known";
            OriginUnknown { path: String } = "where `{path}` comes from is not known";
            TwoOrigins { path: String, first: String, second: String } =
                "`{path}` may come from `{first}` or from `{second}`";
            FilesNotListed = "the files of the context are not all known";
            NothingToDownload = "there is nothing to download";
            NoNetwork = "the step runs without a network (`--network=none`): it downloads nothing";
        }
        LocalDependency {
            TwoScattered = "two tools read manifests in directories that are not known";
        }
        NoDependencyOnlyInstall {
            ChangesManifest { command: String } =
                "`{command}` changes the manifest of the project, and has to stay behind its copy";
            NeedsProject { command: String } =
                "`{command}` needs the project itself, and no command is known that installs its dependencies alone";
            FetchedAhead { command: String } =
                "`{command}` stands ahead of the source already, where the dependencies could be compiled instead";
            FillsLostMount { command: String } =
                "`{command}` would download into a cache mount, which the builder does not keep";
            MountsSource { command: String } =
                "the step mounts files of the build context, which `{command}` would change, or run again for";
            MayNeedSource { command: String } =
                "`{command}` may need the source, and no command is known that installs its dependencies alone";
            ImageTooOld { command: String } =
                "the image, or the version of the tool that is named, is too old for `{command}`, or its projects may lack what that reads";
            WordUnknown { command: String, word: String } =
                "it is not known what `{word}` of `{command}` means for a compile of the dependencies alone";
            ImageUnknown { image: String } =
                "`{image}` may hold settings that say where the result lies";
            SetsElsewhere { line: u32 } =
                "line {line} may bring settings that say where the result lies";
            TextUnknown { text: String } =
                "with `{text}` it is not known how empty sources would be compiled";
            ToolMayBeOld { tool: &'static str } =
                "an old version of {tool} may leave what it compiled of empty sources";
            StubMayExist { command: String, path: String } =
                "`{command}` looks for sources, and {path} may be there already";
            StubOfShell { command: String } =
                "`{command}` looks for sources, and the shell of the step has no `touch`";
            StubNotWritable { command: String, user: String, path: String } =
                "`{command}` looks for sources, and `{user}` may not make any in `{path}`";
        }
        VolumeOrTrigger {
            CopiedIsVolume { line: u32 } = "line {line} makes the copied directory a volume";
            BelowVolume = "a step has moved below a VOLUME";
            VolumeMoved = "VOLUME has moved";
            TriggersFirst =
                "triggers (ONBUILD) of the base image copy files before the stage's own steps do";
            TriggersUnread = "triggers (ONBUILD) written so cannot be put in another order";
        }
        SharedStage {
            ValueOfStage { stage: String } =
                "each stage built on `{stage}` begins with the value";
            StageUsed { stage: String } =
                "the copy is in the stage `{stage}`, whose own files are used, too";
            Shipped { place: String } =
                "what lies in `{place}` is part of the image, which would grow";
            TakenFrom { line: u32, place: String } =
                "line {line} takes more of what is downloaded, or compiled into `{place}`, than programs by their names";
            StageKeepsCopy { stage: String } =
                "the copy is in the stage `{stage}`, and cannot leave it for those that are built on it";
        }
        OtherFixFirst {
            OtherFixFirst = "another fix changes the same lines: apply that one first";
        }
        NotVerified {
            NotVerified { mismatch: Mismatch } = "{mismatch}";
            SyntaxError = "the file has a syntax error";
            TooManyCopies { most: usize } = "the stage has more than {most} copies";
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Refusal {
        Refusal { reason: reason.kind(), message: reason.to_string() }
    }
}
