//! Bundler, by <https://bundler.io/man/bundle-install.1.html>,
//! <https://bundler.io/man/bundle-config.1.html> and <https://bundler.io/man/gemfile.5.html>.

use super::files::{Failure, digest, join, parent};
use super::installs::{nearest, variables};
use super::programs::interpret;
use super::projects::Project;
use super::random::Random;
use super::shell::Process;

pub fn project(random: &mut Random, project: &mut Project, prefix: &str) {
    project.image = "ruby:3.4";
    match random.below(5) {
        0 => project.before("ENV BUNDLE_DEPLOYMENT=1"),
        1 => project.before("RUN bundle config set --local without development"),
        2 => project.before("ENV BUNDLE_PATH=/bundle"),
        3 => project.before("RUN bundle config set deployment true"),
        _ => {}
    }
    let mut text = "source \"https://rubygems.org\"\ngem \"rake\"\n".to_owned();
    match random.below(7) {
        0 => {
            text += "gemspec\n";
            let spec = "require_relative \"lib/app/version\"\n";
            project.file(&format!("{prefix}app.gemspec"), spec);
            project.file(&format!("{prefix}lib/app/version.rb"), "VERSION = 1\n");
        }
        1 => {
            text += "gem \"own\", path: \"engines/own\"\n";
            project.file(&format!("{prefix}engines/own/own.gemspec"), "name own\n");
            project.file(&format!("{prefix}engines/own/lib/own.rb"), "own 1\n");
        }
        2 => {
            text += "eval_gemfile \"Gemfile.common\"\n";
            project.file(&format!("{prefix}Gemfile.common"), "gem \"rack\"\n");
        }
        3 => {
            text += "ruby file: \".ruby-version\"\n";
            project.file(&format!("{prefix}.ruby-version"), "3.4\n");
        }
        _ => {}
    }
    project.file(&format!("{prefix}Gemfile"), &text);
    if !random.one_in(6) {
        project.file(&format!("{prefix}Gemfile.lock"), "GEM\n");
    }
    if random.one_in(6) {
        project.file(&format!("{prefix}.bundle/config"), "BUNDLE_JOBS: \"4\"\n");
    }
    project.file(&format!("{prefix}Rakefile"), "task 1\n");
    project.install(prefix, "bundle install");
    project.install(prefix, "bundle install --jobs 4 --retry 3");
    project.install(prefix, "bundle check || bundle install");
    if !prefix.is_empty() {
        project.install("", &format!("bundle install --gemfile={prefix}Gemfile"));
    }
    project.build = match prefix {
        "" => random.pick(&["bundle exec rake assets:precompile", "make"]).to_owned(),
        _ => "make".into(),
    };
}

pub fn run(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    if !process.has_program("bundle") {
        return Err("not found".into());
    }
    match words {
        ["config", "set", rest @ ..] => {
            let app = process.variable("BUNDLE_APP_CONFIG").to_owned();
            let place = match (rest, app.as_str()) {
                (["--local", ..], "") => ".bundle/config".to_owned(),
                (["--local", ..], app) => format!("{app}/config"),
                _ => format!("{}/.bundle/config", process.variable("HOME")),
            };
            let pair: Vec<&str> = rest.iter().copied().filter(|word| *word != "--local").collect();
            process.leave(&place, &format!("{}\n", pair.join(" ")))
        }
        ["install", ..] => install(process, words),
        ["check"] => {
            let (_, number, place) = read(process, words)?;
            let there = process.read(&format!("{place}/{number}.gem"));
            there.map(|_| ()).map_err(|_| "install missing gems".into())
        }
        ["exec", "rake", ..] => {
            let (_, number, place) = read(process, words)?;
            process.read(&format!("{place}/{number}.gem")).map_err(|_| "could not find gems")?;
            interpret(process, "ruby", "Rakefile")
        }
        other => panic!("bundle {other:?}"),
    }
}

/// Whether a setting says so: by a variable, or in the files of the application and the user.
fn is_on(process: &Process, name: &str) -> bool {
    let variable = format!("BUNDLE_{}", name.to_uppercase());
    !process.variable(&variable).is_empty()
        || settings(process, "").iter().flatten().any(|text| text.contains(name))
}

/// Files of settings; BUNDLE_APP_CONFIG stands for the `.bundle` of the application.
fn settings(process: &Process, application: &str) -> [Option<String>; 2] {
    let own = match process.variable("BUNDLE_APP_CONFIG") {
        "" => join(application, ".bundle/config"),
        app => format!("{app}/config"),
    };
    [own, format!("{}/.bundle/config", process.variable("HOME"))]
        .map(|path| process.read(&path).ok().map(|text| text.to_string()))
}

/// Evaluates a Gemfile with what it names: where it stands, the number of all that was read, and
/// where gems go.
fn read(process: &Process, words: &[&str]) -> Result<(String, String, String), Failure> {
    let named = words.iter().find_map(|word| word.strip_prefix("--gemfile="));
    let directory = process.directory.clone();
    let file = match named {
        Some(path) => process.files.real(&process.place(path), true),
        None => nearest(process, &directory, &["Gemfile"]).ok_or("could not locate Gemfile")?.0,
    };
    let place = parent(&file).to_owned();
    let text = process.read(&file)?.to_string();
    let mut all = vec![text.clone()];
    let quoted = |line: &str| line.split('"').nth_back(1).unwrap_or_default().to_owned();
    for line in text.lines() {
        if line == "gemspec" {
            all.push(process.read(&join(&place, "app.gemspec"))?.to_string());
            all.push(process.read(&join(&place, "lib/app/version.rb"))?.to_string());
        } else if line.contains("path: ") {
            let gem = join(&place, &quoted(line));
            all.push(process.read(&format!("{gem}/own.gemspec"))?.to_string());
        } else if line.starts_with("eval_gemfile") || line.starts_with("ruby file") {
            all.push(process.read(&join(&place, &quoted(line)))?.to_string());
        }
    }
    let own = settings(process, &place);
    let gems = match (process.variable("BUNDLE_PATH"), process.variable("GEM_HOME")) {
        ("", _) if is_on(process, "deployment") => join(&place, "vendor/bundle"),
        ("", home) => home.to_owned(),
        (path, _) => path.to_owned(),
    };
    let number = digest((all, own, variables(process, &["BUNDLE_"])));
    Ok((place, number, gems))
}

fn install(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    let (place, number, gems) = read(process, words)?;
    let lock = join(&place, "Gemfile.lock");
    let text = process.read(&lock).ok();
    if text.is_none() {
        if is_on(process, "deployment") || is_on(process, "frozen") {
            return Err("the deployment setting requires a lockfile".into());
        }
        process.write(&lock, &format!("GEM of {number}\n"), false)?;
    }
    let locked = process.read(&lock)?;
    process.leave(&format!("{gems}/{number}.gem"), &digest(&locked))
}
