//! .NET.

use super::{
    Action, Arguments, Cache, First, Kind, Manifest, OPTIONS, OptionTable, Presence, TOOL, Tool,
    Unlisted, action, first, local, optional, required,
};

pub(super) const TOOLS: &[Tool] = &[DOTNET_TOOLS, DOTNET, MSBUILD, NUGET];

const OPTIONS_OF_DOTNET: OptionTable = OptionTable {
    values: "-c --configuration -f --framework -r --runtime -v --verbosity -a --arch --os \
             --version-suffix -s --source --add-source --version --name -n --username -u \
             --password --manifest --launch-profile --logger -l --filter --settings --target -t \
             --artifacts-path --sdk-version",
    projects: "--project",
    reads: "--configfile",
    writes: "-o --output --packages --tool-path --results-directory",
    opaque: "--lock-file-path --root",
    slashes: true,
    ..OPTIONS
};

const fn compile(words: &'static [&'static str]) -> Action {
    Action {
        first: Some(First {
            arguments: true,
            carries: "-r --runtime -a --arch --os -p /p --property --configfile --source \
                      --packages",
            ..first("restore")
        }),
        arguments: Arguments::Manifests,
        ..action(words, Kind::Compile)
    }
}

/// Local tools, from a manifest of their own.
const DOTNET_TOOLS: Tool = Tool {
    name: "dotnet",
    source: "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-tool-restore",
    programs: &["dotnet"],
    options: OPTIONS_OF_DOTNET,
    actions: &[action(&["tool", "restore"], Kind::Install)],
    manifests: &[required(".config/dotnet-tools.json"), optional("NuGet.config")],
    writes: &["~/.nuget", "~/.dotnet"],
    ..TOOL
};

const DOTNET: Tool = Tool {
    name: "dotnet",
    source: "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-restore",
    programs: &["dotnet"],
    options: OPTIONS_OF_DOTNET,
    actions: &[
        Action { arguments: Arguments::Manifests, ..action(&["restore"], Kind::Install) },
        Action {
            flags: &["--no-restore", "--no-build"],
            ..action(&["build|publish|pack|test|run|msbuild"], Kind::Everything)
        },
        // A test assembly is no project.
        Action { unless: &[".dll"], ..compile(&["build|publish|pack|test"]) },
        action(&["run"], Kind::Compile),
        Action {
            flags: &["-g", "--global", "--tool-path"],
            arguments: Arguments::Packages,
            ..action(&["tool", "install|update"], Kind::Named)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["workload", "install|update"], Kind::Named)
        },
        Action {
            writes: &["./nuget.config", "./NuGet.config", "./NuGet.Config"],
            ..action(&["nuget", "add|disable|enable|list|locals|remove|update"], Kind::Upkeep)
        },
        action(&["dev-certs|build-server|help"], Kind::Upkeep),
        Action {
            flags: &["--info", "--version", "--list-sdks", "--list-runtimes", "--help"],
            ..action(&[], Kind::Upkeep)
        },
    ],
    manifests: PROJECTS,
    writes: &["./obj", "~/.nuget", "~/.dotnet", "~/.local/share/NuGet"],
    caches: &[Cache { path: "~/.nuget/packages", variable: "NUGET_PACKAGES" }],
    inspect: Some(local::dotnet),
    ..TOOL
};

/// The project or solution of a directory.
const PROJECTS: &[Manifest] = &[
    Manifest { path: "*.csproj", presence: Presence::Optional, unlisted: Unlisted::As("*.csproj") },
    optional("*.fsproj"),
    optional("*.vbproj"),
    optional("*.sln"),
    optional("*.slnx"),
    optional("Directory.Build.props"),
    optional("Directory.Build.targets"),
    optional("Directory.Packages.props"),
    optional("NuGet.config"),
    optional("NuGet.Config"),
    optional("nuget.config"),
    optional("global.json"),
    optional("packages.lock.json"),
];

const MSBUILD: Tool = Tool {
    name: "msbuild",
    source: "https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-command-line-reference",
    programs: &["msbuild", "MSBuild"],
    options: OptionTable { slashes: true, ..OPTIONS },
    actions: &[
        Action {
            flags: &["-version", "/version", "-ver", "/ver", "-help", "/help"],
            ..action(&[], Kind::Upkeep)
        },
        Action { arguments: Arguments::Manifests, ..action(&[], Kind::Compile) },
    ],
    manifests: PROJECTS,
    inspect: Some(local::dotnet),
    ..TOOL
};

const NUGET: Tool = Tool {
    name: "nuget",
    source: "https://learn.microsoft.com/en-us/nuget/reference/cli-reference/cli-ref-restore",
    programs: &["nuget", "NuGet"],
    options: OptionTable {
        values: "-Source -Verbosity -MSBuildVersion -Version -Framework -FallbackSource",
        reads: "-ConfigFile -SolutionDirectory",
        writes: "-PackagesDirectory -OutputDirectory",
        ..OPTIONS
    },
    actions: &[
        Action { arguments: Arguments::Manifests, ..action(&["restore"], Kind::Install) },
        Action { unless: &[".config"], ..action(&["install"], Kind::Named) },
        action(&["locals|sources|config|help|update"], Kind::Upkeep),
    ],
    manifests: &[
        optional("*.sln"),
        optional("*.csproj"),
        optional("packages.config"),
        optional("NuGet.config"),
    ],
    writes: &["./packages", "./obj", "~/.nuget"],
    inspect: Some(local::dotnet),
    ..TOOL
};
