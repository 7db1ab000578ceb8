//! Projects and solutions, and what a restore of them reads.

use super::super::tests::{also, findings, refuses, unknown};
use super::*;

const PLAIN: &str = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup/></Project>";

#[test]
fn references_lead_to_projects_and_the_settings_above_them() {
    let app = "<Project><Import Project=\"$(MSBuildThisFileDirectory)..\\common.props\"/>\
               <ItemGroup><ProjectReference Include=\"..\\Core\\Core.csproj\"/></ItemGroup>\
               </Project>";
    let files = [
        ("src/App/App.csproj", app),
        ("src/Core/Core.csproj", PLAIN),
        ("src/Other/Other.csproj", PLAIN),
        ("src/common.props", PLAIN),
        ("src/Core/packages.lock.json", "{}"),
        ("Directory.Build.props", PLAIN),
        ("nuget.config", "<configuration/>"),
        ("global.json", "{}"),
    ];
    let mut found = also(dotnet, 1, &files);
    found.sort();
    assert_eq!(
        found,
        [
            "Directory.Build.props",
            "global.json",
            "nuget.config",
            "src/Core/Core.csproj",
            "src/Core/packages.lock.json",
            "src/common.props",
        ]
    );
}

#[test]
fn solutions_name_their_projects_and_not_their_folders() {
    let line = |kind: &str, path: &str| {
        format!("Project(\"{{{kind}}}\") = \"n\", \"{path}\", \"{{1}}\"\r\nEndProject\r\n")
    };
    let solution = line("9A19103F-16F7-4668-BE54-9A1E7A4F7556", "src\\A\\A.csproj")
        + &line("2150E333-8FDC-42A3-9474-1A3956D46DE8", "docs");
    let files = [("X.sln", solution.as_str()), ("src/A/A.csproj", PLAIN)];
    assert_eq!(also(dotnet, 1, &files), ["src/A/A.csproj"]);
    let slnx =
        "<Solution><Folder Name=\"/s/\"><Project Path=\"src/A/A.csproj\"/></Folder></Solution>";
    let files = [("X.slnx", slnx), ("src/A/A.csproj", PLAIN)];
    assert_eq!(also(dotnet, 1, &files), ["src/A/A.csproj"]);
}

#[test]
fn filters_and_settings_of_users_lead_further() {
    let solution = "<Solution><Project Path='A/A.csproj' /></Solution>";
    let filter = r#"{"solution": {"path": "..\\X.slnx", "projects": ["A\\A.csproj"]}}"#;
    let files = [
        ("f/X.slnf", filter),
        ("X.slnx", solution),
        ("A/A.csproj", PLAIN),
        ("A/A.csproj.user", "<Project><Import Project='b.props'/></Project>"),
        ("A/b.props", PLAIN),
    ];
    let found = also(dotnet, 1, &files);
    assert_eq!(found, ["X.slnx", "A/A.csproj", "A/A.csproj.user", "A/b.props"]);
    assert!(refuses(dotnet, 1, &[("X.slnf", r#"{"solution": {"path": "Y.sln"}}"#)]));
    assert!(refuses(dotnet, 1, &[("X.slnf", "{")]));
}

#[test]
fn references_are_found_however_they_are_written() {
    for text in [
        "<Project><ItemGroup><ProjectReference\n Include = '..\\B\\B.csproj' /></ItemGroup></Project>",
        "<Project><ItemGroup><projectreference include=\"..&#47;B/B.csproj\">\n<Private>false</Private></projectreference></ItemGroup></Project>",
        "<Project xmlns=\"m\"><Choose><When Condition=\"'$(a)' > 1\"><ItemGroup>\
         <ProjectReference Include=\"../B/B.csproj\"/></ItemGroup></When></Choose></Project>",
    ] {
        let files = [("A/A.csproj", text), ("B/B.csproj", PLAIN)];
        assert_eq!(also(dotnet, 1, &files), ["B/B.csproj"], "{text}");
    }
    let comment = "<Project><!-- <ProjectReference Include=\"../B/B.csproj\"/> --></Project>";
    assert_eq!(also(dotnet, 1, &[("A/A.csproj", comment), ("B/B.csproj", PLAIN)]), [""; 0]);
    assert!(refuses(dotnet, 1, &[("A.csproj", "<Project>")]));
}

#[test]
fn a_plain_project_needs_nothing_else() {
    let provided = "<Project><Import Project=\"$(MSBuildExtensionsPath)\\x.props\"/>\
                    <Target Name=\"A\" BeforeTargets=\"Build\"/>\
                    <RestoreSources>$(RestoreSources);https://x/y</RestoreSources></Project>";
    for text in [PLAIN, provided] {
        assert_eq!(findings(dotnet, 1, &[("A.csproj", text), ("B.cs", "")]), [], "{text}");
    }
}

#[test]
fn files_that_a_condition_asks_for_come_along() {
    let text = "<Project><ItemGroup Condition=\"Exists('Pages\\x.cs')\"><PackageReference Include=\"a\"/></ItemGroup><PropertyGroup>\
                <NuGetLockFilePath>../locks/a.json</NuGetLockFilePath></PropertyGroup></Project>";
    let files = [("A/A.csproj", text), ("A/Pages/x.cs", ""), ("locks/a.json", "{}")];
    assert_eq!(also(dotnet, 1, &files), ["A/Pages/x.cs", "locks/a.json"]);
    assert_eq!(also(dotnet, 1, &files[..1]), [""; 0]);
    let unknown = "<Project><ItemGroup Condition=\"Exists('$(X)')\"><PackageReference \
                   Include=\"a\"/></ItemGroup></Project>";
    assert!(refuses(dotnet, 1, &[("A.csproj", unknown)]));
    // Near miss: what is compiled is read later.
    let sources = unknown.replace("PackageReference", "Compile");
    assert_eq!(findings(dotnet, 1, &[("A.csproj", &sources)]), []);
    // What a target does is done later.
    let target = "<Project><Target Name=\"A\" Condition=\"Exists('$(X)')\"/></Project>";
    assert_eq!(findings(dotnet, 1, &[("A.csproj", target)]), []);
}

#[test]
fn what_a_restore_may_read_refuses() {
    for text in [
        "<Project><Import Project=\"$(Shared)/x.props\"/></Project>",
        "<Project><Version>$([System.IO.File]::ReadAllText('v'))</Version></Project>",
        "<Project><Target Name=\"A\" BeforeTargets=\"Restore\"/></Project>",
        "<Project><RestoreSources>../packages</RestoreSources></Project>",
        "<Project",
    ] {
        assert!(refuses(dotnet, 1, &[("A.csproj", text)]), "{text}");
    }
    assert!(refuses(dotnet, 1, &[("A.csproj", PLAIN), ("obj/project.assets.json", "")]));
    assert!(refuses(dotnet, 0, &[("a.cs", "")]));
}

#[test]
fn local_sources_of_packages_are_read() {
    let config = "<configuration><packageSources><clear/><add key=\"n\" value=\"https://x\"/>\
                  <add key=\"l\" value=\".\\local\"/></packageSources></configuration>";
    let files = [("A.csproj", PLAIN), ("nuget.config", config), ("local/x.nupkg", "")];
    assert_eq!(also(dotnet, 1, &files), ["nuget.config", "local/"]);
}

#[test]
fn packages_that_the_context_brings_are_left_where_they_are() {
    let config = |key: &str| {
        format!(
            "<configuration><config><add key=\"{key}\" value=\"pkg\"/></config></configuration>"
        )
    };
    for (key, brought, expected) in [
        ("globalPackagesFolder", "pkg/x/x.dll", true),
        ("repositoryPath", "pkg/x/x.dll", true),
        ("globalPackagesFolder", "other/x.dll", false),
        ("http_proxy", "pkg/x/x.dll", false),
    ] {
        let files = [("A.csproj", PLAIN), ("nuget.config", &config(key)), (brought, "")];
        assert_eq!(refuses(dotnet, 1, &files), expected, "{key} {brought}");
    }
}

#[test]
fn a_solution_is_read_with_what_stands_before_and_after_it() {
    let files = [("A.sln", ""), ("before.A.sln.targets", PLAIN), ("before.B.sln.targets", PLAIN)];
    assert_eq!(also(dotnet, 1, &files), ["before.A.sln.targets"]);
}

#[test]
fn unknown_texts_are_assumed_to_refer_to_what_is_listed() {
    let found = findings(dotnet, 1, &[("A.sln", "?"), ("a/A.csproj", "?"), ("x.props", "?")]);
    assert!(found.contains(&Finding::Also("a/A.csproj".into())), "{found:?}");
    assert!(found.contains(&Finding::Also("x.props".into())), "{found:?}");
    assert!(found.iter().any(|finding| matches!(finding, Finding::Assume(_))));
}

#[test]
fn tools_are_restored_from_sources_as_well() {
    let manifest = (".config/dotnet-tools.json", "{}");
    let config = "<configuration><packageSources><add key=\"l\" value=\"feed\"/></packageSources>\
                  </configuration>";
    let files = [manifest, ("nuget.config", config), ("feed/x.nupkg", "")];
    assert_eq!(also(dotnet_tool, 2, &files), ["feed/"]);
    assert_eq!(findings(dotnet_tool, 1, &[manifest]), []);
    let unlisted = Project { manifests: &[manifest.0.into()], ..unknown() };
    assert!(matches!(dotnet_tool(&unlisted)[..], [Finding::Assume(_)]));
}
