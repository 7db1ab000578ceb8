//! What is read out of Cargo.toml, and of the settings of cargo.

use super::super::tests::findings;
use super::*;

const A: &str = "[package]\nname = \"a\"\n";

/// The sources and manifests asked for; `None` where it refuses.
fn asked(files: &[(&str, &str)]) -> Option<Vec<String>> {
    let found = findings(cargo, 1, files).into_iter();
    found
        .filter(|finding| !matches!(finding, Finding::Assume(_)))
        .map(|finding| match finding {
            Finding::Also(path) => Some(path),
            Finding::Source { package, path } => Some(join(&package, &path)),
            _ => None,
        })
        .collect()
}

fn sources(manifest: &str, files: &[&str]) -> Option<Vec<String>> {
    let mut all = vec![("Cargo.toml", manifest)];
    all.extend(files.iter().map(|path| (*path, "")));
    asked(&all)
}

#[test]
fn sources_that_are_there_stand_in() {
    let main = ["src/main.rs"];
    let with = |more: &str| format!("{A}{more}");
    assert_eq!(sources(A, &main).unwrap(), main);
    assert_eq!(sources(A, &["src/lib.rs", "src/main.rs"]).unwrap().len(), 2);
    assert_eq!(sources(A, &["src/bin/x.rs"]).unwrap(), ["src/bin/x.rs"]);
    let named = "[[bin]]\nname = \"x\"\n[[bin]]\nname = \"a\"\n";
    let found = sources(&with(named), &["src/main.rs", "src/bin/x/main.rs"]).unwrap();
    assert_eq!(found, ["src/main.rs", "src/bin/x/main.rs"]);
    let placed = with("[[bin]]\nname = \"x\"\npath = \"x.rs\"\n");
    assert_eq!(sources(&placed, &["x.rs"]).unwrap(), [""; 0]);
    let bench = with("[[bench]]\nname = \"b\"\nharness = false\n");
    assert_eq!(sources(&bench, &["src/main.rs", "benches/b.rs"]).unwrap().len(), 2);
    let linked = sources(&with("links = \"z\"\n"), &main).unwrap();
    assert_eq!(linked, ["src/main.rs", "build.rs"]);
    assert_eq!(sources(&with("[[bench]]\nname = \"b\"\n"), &main), None);
    assert_eq!(sources(&with("[[bench]]\nname = \"a\"\n"), &main), None);
    assert_eq!(
        sources(&with("[[bin]]\nname = \"b\"\n[[bin]]\nname = \"c\"\npath = \"c.rs\""), &main),
        None
    );
    assert_eq!(sources("package = { name = \"a\" }", &main).unwrap(), main);
    assert_eq!(sources(A, &["main.rs"]), None);
}

#[test]
fn members_and_packages_by_path_bring_their_manifests() {
    let found = asked(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"x/*\"]\nexclude = [\"x/out\"]\n[workspace.dependencies]\nl = { path = \"gone\" }",
        ),
        ("x/a/Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nb.path = \"../../b\"\n"),
        ("x/a/src/main.rs", ""),
        ("x/out/Cargo.toml", A),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n"),
        ("b/src/lib.rs", ""),
    ]);
    assert_eq!(
        found.unwrap(),
        ["x/a/Cargo.toml", "x/a/src/main.rs", "b/Cargo.toml", "b/src/lib.rs"]
    );
    let missing = format!("{A}[dependencies]\nb = {{ path = \"b\" }}\n");
    assert_eq!(sources(&missing, &["src/main.rs"]), None);
}

#[test]
fn members_are_found_however_they_are_written() {
    for text in [
        "[workspace]\nmembers = [\"x\"]",
        "workspace.members = [\"x\"]",
        "workspace = { members = [\n  \"x\",\n] }",
        "[workspace]\n\"members\" = ['x'] # why",
        "[workspace]\nmembers = [\"x\"]\nexclude = [\"x\"]",
        "[dependencies.x]\npath = \"x\"",
        "[dependencies]\nx.path = \"x\"",
        "dependencies = { x = { path = \"x\" } }",
        "[target.'cfg(unix)'.dependencies]\nx = { path = \"x\" }",
        "target.\"cfg(unix)\".dev-dependencies.x.path = \"x\"",
        "[build_dependencies]\nx = { path = \"x\" }",
        "[patch.crates-io]\nx = { path = \"x\" }",
        "[replace]\n\"x:0.1.0\" = { path = \"x\" }",
    ] {
        let files = [
            ("Cargo.toml", text),
            ("x/Cargo.toml", "[package]\nname = \"x\""),
            ("x/src/lib.rs", ""),
        ];
        assert_eq!(asked(&files).unwrap(), ["x/Cargo.toml", "x/src/lib.rs"], "{text}");
    }
    // Nothing of a workspace.
    let text = "[package.metadata.x]\nmembers = [\"x\"]\nd = { path = \"x\" }";
    assert_eq!(sources(text, &["src/main.rs", "x/Cargo.toml"]).unwrap(), ["src/main.rs"]);
    for text in
        ["[workspace]\nmembers = [\"x[0-9]\"]", "[workspace", "package.workspace = \"../x\""]
    {
        assert_eq!(sources(text, &["src/main.rs"]), None, "{text}");
    }
    let above =
        [("Cargo.toml", A), ("src/main.rs", ""), ("../Cargo.toml", "workspace.members = []")];
    assert_eq!(asked(&above), None);
}

#[test]
fn settings_that_name_files() {
    let with =
        |text| asked(&[("Cargo.toml", A), ("src/main.rs", ""), (".cargo/config.toml", text)]);
    assert_eq!(with("build.target = \"x.json\"").unwrap(), ["x.json", "src/main.rs"]);
    assert_eq!(with("build.target = \"wasm32-wasip1\"").unwrap(), ["src/main.rs"]);
    for text in ["build.rustc-wrapper = \"./x.sh\"", "paths = [\"x\"]", "include = [\"x\"]", "a ="]
    {
        assert_eq!(with(text), None, "{text}");
    }
}

#[test]
fn kept_sources_leave_nothing_to_download() {
    let config = "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"";
    let files = [("Cargo.toml", A), (".cargo/config.toml", config), ("src/main.rs", "")];
    assert!(findings(cargo, 1, &files).iter().any(|f| matches!(f, Finding::Nothing(_))));
}

#[test]
fn a_member_of_a_workspace_above_brings_the_others() {
    let files = [("Cargo.toml", A), ("src/main.rs", ""), ("../Cargo.toml", "[workspace]\n")];
    assert_eq!(asked(&files), None);
    let files = [("Cargo.toml", A), ("src/main.rs", ""), ("../Cargo.toml", A)];
    assert!(asked(&files).is_some());
    let root = "[workspace]\nmembers = [\"a\", \"b\"]\n";
    let files = [
        ("Cargo.toml", A),
        ("src/main.rs", ""),
        // The same file, as the workspace has it.
        ("../a/Cargo.toml", A),
        ("../Cargo.toml", root),
        ("../Cargo.lock", ""),
        ("../rust-toolchain.toml", ""),
        ("../b/Cargo.toml", "[package]\nname = \"b\"\n"),
        ("../b/src/lib.rs", ""),
    ];
    let wanted = [
        "../rust-toolchain.toml",
        "../Cargo.lock",
        "src/main.rs",
        "../Cargo.toml",
        "../b/Cargo.toml",
        "../b/src/lib.rs",
    ];
    assert_eq!(asked(&files).unwrap(), wanted);
}

#[test]
fn an_older_toolchain_may_not_read_every_package() {
    let assumes = |file: &str, text: &str| {
        let files = [("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", ""), (file, text)];
        let found = findings(cargo, 1, &files).into_iter();
        found
            .filter(
                |finding| matches!(finding, Finding::Assume(said) if said.contains("toolchain of")),
            )
            .count()
    };
    let channel = |name: &str| format!("# pinned\n[toolchain]\nchannel = \"{name}\"\n");
    assert_eq!(assumes("rust-toolchain.toml", &channel("1.75")), 1);
    assert_eq!(assumes("rust-toolchain.toml", &channel("1.84.1")), 1);
    assert_eq!(assumes("rust-toolchain", "1.70.0\n"), 1);
    for later in ["1.85", "1.90.0", "stable", "nightly-2025-06-01"] {
        assert_eq!(assumes("rust-toolchain.toml", &channel(later)), 0, "{later}");
    }
}
