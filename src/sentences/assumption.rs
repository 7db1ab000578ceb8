//! What an assumed fix rests on: whole sentences, which the user can check.

use super::{BaseName, Quoted, sentences};

sentences! {
    /// What has to hold for a fix to keep the image as it is.
    Assumption {
        // What a command reads.
        ReadsNothing { command: String } =
            "The script that `{command}` runs reads no file of the project.";
        ReadsOnlyNamed { command: String, names: Quoted } =
            "`{command}` reads no file of the project but those named {names}.";
        OnlySetsVariables { command: String } = "`{command}` only sets variables, and runs no command.";
        IgnoresVariables { command: String, names: Quoted } =
            "`{command}` reads none of the variables {names}.";
        NotThereToRerun { names: Quoted } = "Nobody sets {names} to have these steps run again.";
        NoSettings { command: String, names: Quoted } =
            "No {names} of the context changes what `{command}` does.";

        // What a command writes, or leaves as it is.
        LeavesFile { command: String, name: String } =
            "Nothing needs what `{command}` may change in `{name}`.";
        FillsOtherNames { command: String, directory: String } =
            "Nothing that `{command}` puts into `{directory}` has the name of a file of the context.";
        FillsOtherNamesHere { command: String } =
            "Nothing that `{command}` puts into the working directory has the name of a file of the context.";
        PackagesSpareSite { root: String } =
            "No package that is installed writes below `{root}`.";
        PackagesSparePrograms { programs: Quoted } =
            "No package that is installed runs {programs}, or brings a program of that name.";

        // A build, and what goes in front of it.
        BuildsApart { build: String, command: String } =
            "`{build}` neither changes what `{command}` reads, nor reads what it writes.";
        BuildsTheSameWithPackages { build: String, command: String } =
            "`{build}` does the same whether or not `{command}` has run.";
        BuildsTheSameWithDownloads { build: String, command: String } =
            "`{build}` does the same whether or not `{command}` has downloaded anything.";
        BuildLeavesFiles { build: String, command: String } =
            "`{build}` changes no file that `{command}` reads.";

        // What the build context has.
        InContext { path: String } = "The build context has `{path}`.";
        NotInContext { paths: Quoted } = "The build context has no {paths}.";
        NotInContextOrIgnored { path: String } =
            "The build context has no `{path}`, or `.dockerignore` excludes it.";
        Ignored { paths: Quoted } = "`.dockerignore` excludes {paths}, which the image makes for itself.";
        NoSuchDirectoryBelow { name: String } =
            "No directory below the project has `{name}` in the build context, or `.dockerignore` excludes it.";
        NoOthersInContext { found: Quoted, pattern: &'static str } =
            "Beside {found} the build context has no other `{pattern}`.";
        NoneInDirectories { pattern: String, name: String } =
            "No directory that `{pattern}` fits holds a `{name}`: its files land beside the others.";
        ManifestsOfContext =
            "The manifests that come out of another stage are those of the build context.";
        CopyLacks { destination: String, path: String } =
            "What is copied to `{destination}` holds no `{path}`.";
        LandsApart { image: BaseName } =
            "The working directory of the {image}, which is not known, is none of the system's, such as `/usr`.";

        // The image, the stage and the builder.
        HomeInImage { image: BaseName, home: String } = "The {image} has `{home}`.";
        NothingThere { image: BaseName, path: String } =
            "The {image} has nothing at `{path}`.";
        RunsAsRoot { image: BaseName } = "The {image} runs as root.";
        HasFind { image: String } =
            "`{image}` has `find` and runs as root; otherwise the build works, but the step runs as often as before.";
        NotPassed { name: String } = "No build passes `--build-arg {name}`.";
        KeepsDefault { name: String, value: String } =
            "No build passes `--build-arg {name}`: it stays `{value}`.";
        NoTarget { stage: String } = "Nobody builds the stage `{stage}` as a target of its own.";
        TriggersMayRunSo = "Builds on this image may run its triggers (ONBUILD) in the new order.";
        FetchesFrontend { frontend: &'static str } =
            "The builder can fetch `{frontend}`, 1.20 or later.";
        FrontendIsToday { frontend: String } =
            "`{frontend}` is version 1.20 or later, as it is today.";
        IndexMayBeNewer =
            "The packages may come from an index as new as the day they are installed on.";
        ContextIs { directory: String } = "The build context is `{directory}`.";
        InstallsDifferently { names: Quoted } =
            "The install may come to another result with {names}, as it does in the project.";
        HasUsualMode { path: String } =
            "`{path}` of the context is a file with the mode 644 or 755.";
        IsFile { path: String } = "`{path}` of the context is a file, and no directory.";
        NothingElseNeeds { place: String } =
            "Nothing but this step needs what lies at `{place}`.";
        MountStaysFull { target: String } =
            "It does no harm that what is mounted at `{target}` is kept.";
        BuildsWait = "Builds that run at the same time may wait for each other at this step.";

        // A RUN that is cut in two, and a download of its own.
        DoesNotFail { command: String } =
            "`{command}` does not fail: what follows would run all the same.";
        MayGrow { command: String } =
            "The image may grow: `{command}` changes what was installed, in a layer of its own.";
        UsesNothingTakenAway { command: String } =
            "What follows the install uses nothing that `{command}` takes away.";
        FetchesWithout { fetch: String, command: String } =
            "`{fetch}` works without what `{command}` does before it.";
        FetchesForAll { fetch: String } =
            "`{fetch}` can fetch and read every package of the lock file, also those for other platforms and for tests.";
        HoldsAllFetched { command: String } =
            "It does no harm that the image also holds what `{command}` leaves beside what the build uses: further packages, logs, counters.";

        // A compile of the dependencies of its own.
        CompileAlone = "The dependencies compile without the source of the project, and to the same result.";
        OnlyToolReads { tool: &'static str, place: String } =
            "Beside the programs that it makes, nothing but {tool} reads what lies in `{place}`.";

        // What a tool's table or a reader of its manifests says.
        Told { text: String } = "{text}";
    }
}

impl Assumption {
    /// Whether `other` says nothing more: a file that is not there stays as it is.
    pub fn covers(&self, other: &Assumption) -> bool {
        match (self, other) {
            (Assumption::NotInContext { paths }, Assumption::LeavesFile { name, .. }) => {
                paths.names.iter().any(|path| path.rsplit('/').next() == Some(name))
            }
            (
                Assumption::NoSuchDirectoryBelow { name },
                Assumption::NotInContextOrIgnored { path },
            ) => path.rsplit('/').next() == Some(name),
            _ => false,
        }
    }

    /// A sentence that a tool's table or a reader of its manifests says.
    pub fn told(text: impl Into<String>) -> Assumption {
        Assumption::Told { text: text.into() }
    }
}
