//! Maven, by <https://maven.apache.org/guides/mini/guide-multiple-modules.html>,
//! <https://maven.apache.org/configure.html> and
//! <https://maven.apache.org/plugins/maven-dependency-plugin/go-offline-mojo.html>.

use super::files::{Failure, Kind, digest, join, parent};
use super::projects::Project;
use super::pyproject::settings;
use super::random::Random;
use super::shell::Process;

pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "maven:3-eclipse-temurin-21";
    let own = "<modelVersion>4.0.0</modelVersion>\n";
    let coordinates = "<groupId>me</groupId>\n<artifactId>app</artifactId>\n<version>1</version>\n";
    let mut text = format!("<project>\n{own}{coordinates}");
    if random.one_in(3) {
        text += "<packaging>pom</packaging>\n<modules>\n";
        for module in ["api", "core"] {
            text += &format!("<module>{module}</module>\n");
            let own = format!(
                "<project>\n{own}<parent>\n{coordinates}</parent>\n\
                 <artifactId>{module}</artifactId>\n</project>\n"
            );
            project.file(&format!("{prefix}{module}/pom.xml"), &own);
            project.file(&format!("{prefix}{module}/src/main/java/A.java"), "class A {}\n");
        }
        text += "</modules>\n";
    } else {
        project.file(&format!("{prefix}src/main/java/App.java"), "class App {}\n");
    }
    text += "</project>\n";
    project.file(&format!("{prefix}pom.xml"), &text);
    if random.one_in(5) {
        project.file(&format!("{prefix}.mvn/maven.config"), "-T 1\n");
    }
    if random.one_in(6) {
        project.file(&format!("{prefix}target/app.jar"), "of the host\n");
    }
    project.install(prefix, "mvn dependency:go-offline");
    project.install(prefix, "mvn -B dependency:go-offline");
    project.install(prefix, "mvn -B package -DskipTests");
    if !prefix.is_empty() {
        project.install("", &format!("mvn -f {prefix}pom.xml dependency:go-offline"));
    }
    let build = random.pick(&["mvn package -DskipTests", "mvn -B -o package", "mvn clean package"]);
    project.build = match prefix {
        "" => build.to_owned(),
        prefix => format!("cd {} && {build}", prefix.trim_end_matches('/')),
    };
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("mvn") {
        return Err("not found".into());
    }
    let named = words.iter().position(|word| *word == "-f").map(|at| words[at + 1]);
    let file = process.files.real(&process.place(named.unwrap_or("pom.xml")), true);
    let file = match process.files.is_directory(&file) {
        true => join(&file, "pom.xml"),
        false => file,
    };
    let place = parent(&file).to_owned();
    let text = process.read(&file).map_err(|_| "there is no POM in this directory")?.to_string();
    let modules: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("<module>")?.strip_suffix("</module>"))
        .map(|name| join(&place, name))
        .collect();
    let mut read = vec![text.clone()];
    for module in &modules {
        let child = process.read(&join(module, "pom.xml"));
        read.push(child.map_err(|_| format!("child module {module} does not exist"))?.to_string());
    }
    // The root of a project is where `.mvn` lies, in the directory or above it.
    let mut root = place.clone();
    while root != "/" && !process.files.is_directory(&join(&root, ".mvn")) {
        root = parent(&root).to_owned();
    }
    let number = digest((
        (&read, process.files.digest_of_texts(&join(&root, ".mvn"))),
        settings(process, &["~/.m2/settings.xml"], &["MAVEN_", "JAVA_"]),
    ));
    let home = process.variable("HOME").to_owned();
    let repository = format!("{home}/.m2/repository/{number}");
    match words.contains(&"-o") {
        true => drop(process.read(&repository).map_err(|_| "cannot access central offline")?),
        false => process.leave(&repository, &number)?,
    }
    let goal = |name: &str| words.contains(&name);
    let all: Vec<&String> = modules.iter().chain([&place]).collect();
    if goal("clean") {
        for module in &all {
            super::commands::remove(process, &join(module, "target"), true, true)?;
        }
    }
    if !goal("package") {
        return Ok(());
    }
    for module in all {
        // A module is compiled of `src`, which may lack: a parent has none.
        let sources = join(module, "src");
        let texts: Vec<_> = process
            .files
            .below(&process.files.real(&sources, true))
            .filter(|(_, node)| node.kind != Kind::Directory)
            .map(|(path, node)| (path.clone(), node.clone()))
            .collect();
        let all = digest((texts, &number, variables_of(words)));
        process.leave(&join(module, "target/app.jar"), &all)?;
    }
    Ok(())
}

/// What is set on the command line.
fn variables_of<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().filter(|word| word.starts_with("-D")).collect()
}
