//! The command line of .NET, by <https://learn.microsoft.com/dotnet/core/tools/dotnet-restore>,
//! <https://learn.microsoft.com/dotnet/core/tools/dotnet-publish>,
//! <https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory> and
//! <https://learn.microsoft.com/nuget/consume-packages/configuring-nuget-behavior>.

use super::files::{Failure, Kind, digest, join, parent};
use super::installs::{nearest, variables};
use super::projects::Project;
use super::random::Random;
use super::shell::Process;
use std::collections::BTreeSet;

pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "mcr.microsoft.com/dotnet/sdk:9.0";
    let mut text = "<Project Sdk=\"Microsoft.NET.Sdk\">\n".to_owned();
    let has_core = random.one_in(2);
    if has_core {
        let line = "<ProjectReference Include=\"..\\Core\\Core.csproj\" />";
        text += &format!("  <ItemGroup>\n    {line}\n  </ItemGroup>\n");
        let core = "<Project Sdk=\"Microsoft.NET.Sdk\">\n</Project>\n";
        project.file(&format!("{prefix}Core/Core.csproj"), core);
        project.file(&format!("{prefix}Core/Core.cs"), "class Core {}\n");
    }
    text += "</Project>\n";
    project.file(&format!("{prefix}Api/Api.csproj"), &text);
    project.file(&format!("{prefix}Api/Program.cs"), "class Program {}\n");
    let mut installs = vec!["Api/Api.csproj", "Api"];
    if random.one_in(2) {
        let line = |name: &str| {
            format!(
                "Project(\"{{9A19103F}}\") = \"{name}\", \"{name}\\{name}.csproj\", \"{{{name}}}\"\nEndProject\n"
            )
        };
        let core = if has_core { line("Core") } else { String::new() };
        let first = "Microsoft Visual Studio Solution File, Format Version 12.00\n";
        let text = format!("{first}{}{core}", line("Api"));
        project.file(&format!("{prefix}App.sln"), &text);
        installs = vec!["", "App.sln", "Api/Api.csproj"];
    }
    for (name, text) in [
        ("Directory.Build.props", "<Project>1</Project>\n"),
        ("Directory.Packages.props", "<Project>2</Project>\n"),
        ("NuGet.config", "<configuration>1</configuration>\n"),
        ("global.json", "{ \"sdk\": {} }\n"),
        ("Api/obj/project.assets.json", "of the host\n"),
        ("Api/bin/Api.dll", "of the host\n"),
    ] {
        if random.one_in(6) {
            project.file(&format!("{prefix}{name}"), text);
        }
    }
    let named = random.pick(&installs);
    for named in installs {
        project.install(prefix, format!("dotnet restore {named}").trim());
    }
    let output = random.pick(&["/out", "out", "/app/publish"]);
    let more = random.pick(&["", " --no-restore"]);
    let verb = random.pick(&["publish", "publish", "build"]);
    let build = format!("dotnet {verb} {named}{more} -c Release -o {output}").replace("  ", " ");
    project.build = match prefix {
        "" => build.clone(),
        prefix => format!("cd {} && {build}", prefix.trim_end_matches('/')),
    };
    project.install(prefix, &build.replace(more, ""));
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("dotnet") {
        return Err("not found".into());
    }
    let (verb, rest) = words.split_first().expect("a verb");
    let mut operands = Vec::new();
    let (mut output, mut skip) = (None, None);
    for word in rest {
        match (skip.take(), *word) {
            (Some("-o"), path) => output = Some(path),
            (Some(_), _) => {}
            (None, "-o" | "-c") => skip = Some(*word),
            (None, "--no-restore") => {}
            (None, word) => operands.push(word),
        }
    }
    let file = file(process, operands.first().copied().unwrap_or("."))?;
    let projects = projects(process, &file)?;
    if *verb == "restore" || !rest.contains(&"--no-restore") {
        projects.iter().try_for_each(|project| restored(process, project))?;
    }
    match *verb {
        "restore" => Ok(()),
        "publish" | "build" => compiled(process, &projects, output.expect("an output")),
        other => panic!("dotnet {other}"),
    }
}

/// The project or solution that a word names: itself, or the only one in the directory.
fn file(process: &Process, word: &str) -> Result<String, Failure> {
    let place = process.files.real(&process.place(word), true);
    match process.files.0.get(&place).map(|node| node.is_directory()) {
        None => Err(format!("{word}: the project file does not exist")),
        Some(false) => Ok(place),
        Some(true) => {
            let names = process.files.names(&place);
            let of = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
            let ending = match (of(".sln"), of(".csproj")) {
                (1, 0) => ".sln",
                (0, 1) => ".csproj",
                _ => return Err("specify a project or solution file".into()),
            };
            let name = names.iter().find(|name| name.ends_with(ending)).expect("one was counted");
            Ok(join(&place, name))
        }
    }
}

/// The projects of a solution, or a project, with those that they refer to. A reference to what is
/// not there is skipped with a message, a project of a solution is not.
fn projects(process: &Process, file: &str) -> Result<BTreeSet<String>, Failure> {
    let text = process.read(file)?;
    let mut open = vec![file.to_owned()];
    if file.ends_with(".sln") {
        let named = text.lines().filter_map(|line| line.split('"').nth(5));
        open = named.map(|path| join(parent(file), &path.replace('\\', "/"))).collect();
        for project in &open {
            process.read(project).map_err(|_| format!("MSB3202: {project} was not found"))?;
        }
    }
    let mut found = BTreeSet::new();
    while let Some(project) = open.pop() {
        let Ok(text) = process.read(&project) else { continue };
        let references = text.lines().filter_map(|line| line.split("Reference Include=\"").nth(1));
        let paths = references.filter_map(|rest| rest.split('"').next());
        open.extend(paths.map(|path| join(parent(&project), &path.replace('\\', "/"))));
        if !found.insert(project) {
            open.pop();
        }
    }
    Ok(found)
}

/// Settings that a project gets from directories above it.
fn above(process: &Process, project: &str) -> Vec<Option<(String, String)>> {
    let names = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
    names.iter().map(|name| nearest(process, parent(project), &[name])).collect()
}

fn restored(process: &mut Process, project: &str) -> Result<(), Failure> {
    let home = process.variable("HOME").to_owned();
    // Every NuGet.config on the way up counts.
    let mut configurations = vec![process.read(&format!("{home}/.nuget/NuGet/NuGet.Config")).ok()];
    let mut place = parent(project).to_owned();
    loop {
        configurations.push(process.read(&join(&place, "NuGet.config")).ok());
        if place == "/" {
            break;
        }
        place = parent(&place).to_owned();
    }
    let directory = process.directory.clone();
    let references = projects(process, project)?;
    let texts: Vec<_> = references.iter().map(|path| (path, process.read(path).ok())).collect();
    let number = digest((
        (texts, above(process, project), configurations),
        nearest(process, &directory, &["global.json"]),
        variables(process, &["NUGET_", "DOTNET_"]),
    ));
    let objects = join(parent(project), "obj/project.assets.json");
    process.leave(&objects, &number)?;
    process.leave(&format!("{home}/.nuget/packages/{number}"), &number)
}

/// Compiles what lies below each project, but for what builds leave there.
fn compiled(
    process: &mut Process,
    projects: &BTreeSet<String>,
    output: &str,
) -> Result<(), Failure> {
    let mut all = Vec::new();
    for project in projects {
        let place = parent(project);
        let assets = process.read(&join(place, "obj/project.assets.json"));
        let assets = assets.map_err(|_| "NETSDK1004: assets file not found")?;
        let own =
            |path: &str| !["bin", "obj"].iter().any(|name| path.starts_with(&join(place, name)));
        let sources: Vec<_> = process
            .files
            .below(place)
            .filter(|(path, node)| node.kind != Kind::Directory && own(path))
            .map(|(path, node)| (path.clone(), node.clone()))
            .collect();
        all.push((sources, assets, process.read(project)?, above(process, project)));
    }
    let number = digest((all, variables(process, &["DOTNET_"])));
    for project in projects {
        process.leave(&join(parent(project), "obj/Release/app.dll"), &number)?;
    }
    process.leave(&format!("{output}/app.dll"), &number)
}
