//! .NET: the SDK's own commands and those before it. Windows stages run the same commands.

use super::{
    Action, ActionKind, Arguments, Cache, First, Manifest, OPTIONS, OptionTable, Presence, Source,
    TOOL, Tool, Unlisted, action, first, local, maybe, of_project, optional, said,
};

pub(super) const TOOLS: &[Tool] = &[DOTNET, DOTNET_TOOL, MSBUILD, NUGET];

const fn manifests(action: Action) -> Action {
    Action { arguments: Arguments::Manifests, ..action }
}

const fn compile(words: &'static [&'static str]) -> Action {
    manifests(Action { first: Some(&RESTORE), ..action(words, ActionKind::Compile) })
}

// What else the command would restore for, its own restore adds. All that says where packages come from
// is a part of it: <https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-restore#options>.
const RESTORE: First = First {
    carries: "-r --runtime -s --source -p /p -property /property --property --configfile --packages \
              --disable-parallel --force-evaluate --ignore-failed-sources --interactive --locked-mode \
              --lock-file-path --no-cache --no-http-cache --use-lock-file",
    arguments: true,
    // A build restores again what differs from `obj/project.assets.json`.
    is_checked: true,
    ..first("restore")
};

const PROJECT: &[Manifest] = &[
    Manifest { path: "*.csproj", presence: Presence::Required, unlisted: Unlisted::As("*.csproj") },
    said("*.dcproj"),
    said("*.fsproj"),
    said("*.sln"),
    said("*.slnf"),
    said("*.slnx"),
    said("*.vbproj"),
    said("Directory.Build.props"),
    said("Directory.Build.rsp"),
    said("Directory.Build.targets"),
    said("Directory.Packages.props"),
    said("NuGet.Config"),
    said("NuGet.config"),
    said("global.json"),
    said("nuget.config"),
    said("packages.lock.json"),
];

/// What a restore evaluates, wherever it lies; packages of local sources too.
const FILES: &str = "*.*proj *.nupkg *.projitems *.props *.rsp *.sln* *.targets NuGet.Config \
                     NuGet.config global.json nuget.config packages.*";

/// Those of them whose text names more.
const PROJECT_TEXTS: &str = "*.*proj *.*proj.user *.projitems *.props *.rsp *.sln* *.targets *uGet*.Config *uGet*.config *uget*.config \
                             global.json";

// <https://learn.microsoft.com/en-us/nuget/consume-packages/managing-the-global-packages-and-cache-folders>
const CACHES: &[Cache] = &[
    Cache { path: "~/.nuget/packages", variable: "NUGET_PACKAGES" },
    Cache { path: "~/.local/share/NuGet/http-cache", variable: "NUGET_HTTP_CACHE_PATH" },
];

const DOTNET: Tool = Tool {
    name: "dotnet",
    source: Source::at("https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-restore"),
    programs: &["dotnet"],
    options: OptionTable {
        values: "-c --configuration -f --framework -r --runtime -a --arch --os -v --verbosity \
                 -p /p -property /property --property --version-suffix --filter --logger -l -e \
                 --environment /t -t -target /target --version",
        reads: "--configfile -s --source --add-source --settings",
        writes: "-o --output --packages --lock-file-path --artifacts-path --tool-path \
                 --results-directory",
        flags: "-nologo --nologo -restore /restore -interactive /nologo /m -m -f --force",
        switches: "--self-contained --sc --use-current-runtime --ucr",
        projects: "--project",
        noted: "-c --configfile --configuration",
        slashes: true,
        ..OPTIONS
    },
    actions: &[
        manifests(action(&["restore"], ActionKind::Install)),
        // Nothing is downloaded: it relies on a restore before.
        Action {
            flags: "--no-restore --no-build",
            ..action(&["build|pack|publish|run|test"], ActionKind::Everything)
        },
        // A test assembly is no project.
        Action { unless: ".dll", ..compile(&["build|pack|publish|test"]) },
        action(&["run"], ActionKind::Compile),
        action(&["workload", "install|update"], ActionKind::Named),
        Action { writes: &["~/.aspnet"], ..action(&["dev-certs"], ActionKind::Upkeep) },
        action(&["nuget", "locals|list"], ActionKind::Upkeep),
        // The nearest settings: those of the project, where it has some.
        Action {
            writes: &["./NuGet.Config", "./NuGet.config", "./nuget.config"],
            ..of_project(&["nuget", "add|disable|enable|remove|update"])
        },
        action(&["build-server|help"], ActionKind::Upkeep),
        Action {
            flags: "--info --version --list-sdks --list-runtimes",
            ..action(&[], ActionKind::Upkeep)
        },
    ],
    manifests: PROJECT,
    writes: &["./obj", "~/.dotnet", "~/.local/share/NuGet", "~/.nuget", "/tmp/NuGetScratch"],
    // A workload is installed for the SDK, from the sources, that files above choose.
    settings: &["NuGet.Config", "NuGet.config", "nuget.config", "global.json"],
    caches: CACHES,
    scattered: FILES,
    inspect: Some(local::dotnet),
    texts: PROJECT_TEXTS,
    // <https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files#locking-dependencies>
    rewrites: "packages.lock.json",
    frozen: "--locked-mode -p:RestoreLockedMode=true /p:RestoreLockedMode=true",
    ..TOOL
};

const DOTNET_TOOL: Tool = Tool {
    name: "dotnet-tool",
    source: Source::at("https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-tool-restore"),
    programs: &["dotnet"],
    options: OptionTable {
        values: "--version --framework -v --verbosity -a --arch",
        reads: "--configfile --add-source --source",
        writes: "--tool-path",
        files: "--tool-manifest",
        ..OPTIONS
    },
    actions: &[
        action(&["tool", "restore"], ActionKind::Install),
        Action {
            flags: "-g --global --tool-path",
            ..action(&["tool", "install|update"], ActionKind::Named)
        },
        action(&["tool", "list|search"], ActionKind::Upkeep),
    ],
    manifests: &[
        Manifest {
            path: ".config/dotnet-tools.json",
            presence: Presence::Required,
            unlisted: Unlisted::As("dotnet-tools.json"),
        },
        optional("NuGet.Config"),
        optional("NuGet.config"),
        optional("nuget.config"),
        // The tools are kept apart by the version of the SDK.
        said("global.json"),
    ],
    settings: &["NuGet.Config", "NuGet.config", "nuget.config", "global.json"],
    writes: &["~/.dotnet", "~/.local/share/NuGet", "~/.nuget", "/tmp/NuGetScratch"],
    caches: CACHES,
    inspect: Some(local::dotnet_tool),
    texts: "*uGet*.Config *uGet*.config *uget*.config",
    ..TOOL
};

const MSBUILD_OPTIONS: OptionTable = OptionTable {
    values: "-p /p -property /property -t /t -target /target -v /v -verbosity /verbosity",
    flags: "-restore /restore -r /r -nologo /nologo -m /m -version /version -ver /ver -help /help",
    slashes: true,
    ..OPTIONS
};

const VERSION: Action =
    Action { flags: "-version /version -ver /ver -help /help", ..action(&[], ActionKind::Upkeep) };

const MSBUILD: Tool = Tool {
    name: "msbuild",
    source: Source::at(
        "https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-command-line-reference",
    ),
    programs: &["msbuild", "MSBuild"],
    options: MSBUILD_OPTIONS,
    actions: &[
        VERSION,
        manifests(Action {
            flags: "-t:restore /t:restore -t:Restore /t:Restore",
            ..action(&[], ActionKind::Install)
        }),
        manifests(Action { flags: "-restore /restore -r /r", ..action(&[], ActionKind::Compile) }),
    ],
    manifests: PROJECT,
    writes: &["./obj", "~/.nuget"],
    caches: CACHES,
    scattered: FILES,
    inspect: Some(local::dotnet),
    texts: PROJECT_TEXTS,
    ..TOOL
};

const NUGET: Tool = Tool {
    name: "nuget",
    source: Source::at(
        "https://learn.microsoft.com/en-us/nuget/reference/cli-reference/cli-ref-restore",
    ),
    programs: &["nuget"],
    options: OptionTable {
        values: "-Source -source -Verbosity -verbosity -Version -version -MSBuildVersion \
                 -MSBuildPath",
        reads: "-ConfigFile -configfile",
        noted: "-ConfigFile -configfile",
        writes: "-PackagesDirectory -packagesdirectory -OutputDirectory -outputdirectory",
        flags: "-NonInteractive -noninteractive -NoCache -nocache -ExcludeVersion -Recursive",
        opaque: "-SolutionDirectory -solutiondirectory",
        ..OPTIONS
    },
    actions: &[
        manifests(action(&["restore"], ActionKind::Install)),
        Action {
            unless: ".config",
            arguments: Arguments::Packages,
            ..action(&["install"], ActionKind::Named)
        },
        action(&["locals|list|help"], ActionKind::Upkeep),
    ],
    manifests: &[
        maybe("packages.config", "packages.config"),
        optional("*.csproj"),
        optional("*.sln"),
        optional("NuGet.config"),
        optional("nuget.config"),
    ],
    writes: &["./obj", "./packages", "~/.nuget"],
    caches: CACHES,
    inspect: Some(local::nuget),
    texts: PROJECT_TEXTS,
    ..TOOL
};

#[cfg(test)]
mod tests {
    use crate::ecosystem::recognise::tests::*;

    #[test]
    fn restores_and_builds_are_told_apart() {
        kinds(
            INSTALL,
            &[
                "dotnet restore",
                "dotnet restore src/A/A.csproj -r linux-x64",
                "dotnet tool restore",
            ],
        );
        kinds(
            COMPILE,
            &["dotnet publish -c Release -o out", "dotnet build A.sln", "dotnet test src/A"],
        );
        kinds(
            EVERYTHING,
            &["dotnet publish --no-restore", "dotnet test --no-build", "dotnet build $PROJECT"],
        );
        kinds(
            NAMED,
            &["dotnet tool install -g x", "dotnet workload install wasm-tools", "nuget install x"],
        );
        kinds(UPKEEP, &["dotnet --info", "dotnet nuget add source https://x -n a"]);
        kinds(
            None,
            &["dotnet new web", "dotnet ef database update", "dotnet test a.dll", "dotnet a.dll"],
        );
        kinds(INSTALL, &["msbuild A.csproj /t:restore", "nuget restore A.sln"]);
        kinds(None, &["MSBuild.exe /p:Configuration=Release A.csproj", "dotnet tool install x"]);
    }

    #[test]
    fn projects_are_files_or_directories() {
        let found = used("dotnet restore src/A/A.csproj").unwrap();
        assert_eq!((found.files, found.directory), (vec!["src/A/A.csproj".into()], None));
        let found = used("dotnet build /src --self-contained false /nologo /p:A=b").unwrap();
        assert_eq!((found.files, found.directory.as_deref()), (vec![], Some("/src")));
    }

    #[test]
    fn a_restore_goes_first_for_the_same_project() {
        let first = |line: &str| used(line).unwrap().first.unwrap_or_default();
        assert_eq!(
            first("dotnet publish src/A/A.csproj -c Release -r linux-x64 --self-contained true"),
            "dotnet restore src/A/A.csproj -r linux-x64"
        );
        assert_eq!(first("dotnet build -f net8.0 -p:X=y -o /out"), "dotnet restore -p:X=y");
    }
}
