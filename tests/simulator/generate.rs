//! Makes cases: a small project with its Dockerfile, from a seed. What is drawn is chosen so that
//! steps meet: the same few names as files, directories and destinations, made by whoever comes
//! first.

use super::build::{build, context};
use super::files::{Node, ROOT};
use super::projects::{Project, project};
use super::random::Random;
use std::collections::BTreeMap;

/// What the analysis is told of the build context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Every path, and the text of every file.
    Texts,
    /// Every path.
    Names,
    Nothing,
}

/// A case: a build, and what is known of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The instructions; those with here-documents have several lines.
    pub steps: Vec<String>,
    /// What lies in the directory that is sent to the builder.
    pub files: BTreeMap<String, Node>,
    /// The lines of `.dockerignore`.
    pub ignored: Vec<String>,
    pub given: Given,
}

impl Case {
    pub fn dockerfile(&self) -> String {
        self.steps.iter().map(|step| format!("{step}\n")).collect()
    }
}

pub struct Generator {
    pub random: Random,
    pub project: Project,
    /// Where the project goes in the image.
    place: &'static str,
    has_user: bool,
    steps: Vec<String>,
}

const PLACES: [&str; 4] = ["/app", "/app", "/srv/app", "/opt/app"];

/// Paths that steps meet at, besides those of the project.
const PATHS: [&str; 16] = [
    "src",
    "lib",
    "data",
    "logs",
    "src/data",
    "notes.txt",
    "/app",
    "/app/src",
    "/app/data",
    "/srv/app",
    "/opt/tool",
    "/etc/app.conf",
    "/usr/local/bin/tool",
    "/home/app",
    "/tmp/x",
    "/app/notes.txt",
];

pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let project = project(&mut random);
    let place = random.pick(&PLACES);
    let mut generator = Generator { random, project, place, has_user: false, steps: Vec::new() };
    generator.dockerfile();
    let Generator { mut random, mut project, steps, .. } = generator;
    let ignored = ignored(&mut random, &project);
    modes(&mut random, &mut project.files);
    let given = match random.below(8) {
        0 => Given::Nothing,
        1 => Given::Names,
        _ => Given::Texts,
    };
    let mut case = Case { steps, files: project.files, ignored, given };
    without_failures(&mut random, &mut case);
    case
}

/// Takes away steps that fail, most of the time: what stands behind one is never seen.
fn without_failures(random: &mut Random, case: &mut Case) {
    let sent = context(&case.files, &case.ignored);
    while let Err(failed) = build(&case.dockerfile(), &sent) {
        if random.one_in(20) {
            return;
        }
        let mut line = 1;
        let fails = case.steps.iter().position(|step| {
            line += step.lines().count();
            line > failed.line
        });
        case.steps.remove(fails.expect("a step on that line"));
    }
}

fn ignored(random: &mut Random, project: &Project) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..random.below(4) {
        let names: Vec<&String> = project.files.keys().collect();
        let name = names[random.below(names.len())].clone();
        let line = match random.below(9) {
            0 => "**/*.md".into(),
            1 => "node_modules".into(),
            2 => "docs".into(),
            3 => "*\n!src\n!lib\n!package*.json\n!requirements*\n!go.*".into(),
            4 => "**/node_modules".into(),
            5 => ".git".into(),
            6 => "docs\n!docs/keep.md".into(),
            7 => "dist".into(),
            _ => name,
        };
        lines.extend(line.lines().map(str::to_owned));
    }
    lines
}

/// Gives a few paths a mode that is not the usual one.
fn modes(random: &mut Random, files: &mut BTreeMap<String, Node>) {
    let mut directories: Vec<String> = Vec::new();
    for path in files.keys() {
        let ends = path.match_indices('/').map(|(at, _)| path[..at].to_owned());
        directories.extend(ends);
    }
    for directory in directories {
        files.entry(directory).or_insert(Node::directory(0o755, ROOT));
    }
    if random.one_in(4) {
        let at = random.below(files.len());
        let node = files.values_mut().nth(at).expect("it is below their number");
        let directory = [0o775, 0o700, 0o777];
        let file = [0o755, 0o600, 0o664];
        let modes = if node.is_directory() { directory } else { file };
        node.mode = modes[random.below(modes.len())];
    }
}

impl Generator {
    fn push(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    fn dockerfile(&mut self) {
        if self.random.one_in(12) {
            self.push("ARG NAME=src");
        }
        let image = self.project.image;
        let stages = self.random.below(5);
        let named = stages < 3;
        self.push(if named { format!("FROM {image} AS build") } else { format!("FROM {image}") });
        self.noise(3);
        for step in std::mem::take(&mut self.project.before) {
            self.push(step);
        }
        if !self.random.one_in(6) {
            let place = self.place;
            self.push(format!("WORKDIR {place}"));
        }
        let from = self.steps.len();
        if named && self.random.one_in(4) {
            self.copies();
            self.push("FROM build AS rest");
            self.noise(1);
        } else {
            self.noise(1);
            self.copies();
        }
        self.noise(2);
        self.install();
        self.noise(2);
        if self.random.one_in(3) {
            self.independent();
        }
        if self.random.one_in(3) {
            self.install();
        }
        if self.random.one_in(2) {
            let build = self.project.build.clone();
            self.push(format!("RUN {build}"));
        }
        self.noise(1);
        if self.random.one_in(16) {
            self.leave_to_others(from);
        }
        if self.random.one_in(3) {
            self.push("CMD [\"app\"]");
        }
        if stages == 0 {
            self.last_stage();
        }
    }

    /// Makes triggers of the steps of the last stage from one on, and mostly builds on it.
    fn leave_to_others(&mut self, from: usize) {
        let start = self.steps.iter().rposition(|step| step.starts_with("FROM")).unwrap_or(0);
        for step in &mut self.steps[from.max(start + 1)..] {
            if !step.contains("<<") && !step.starts_with('#') {
                *step = format!("ONBUILD {step}");
            }
        }
        if !self.random.one_in(3) {
            if !self.steps[start].contains(" AS ") {
                self.steps[start].push_str(" AS base");
            }
            let name = self.steps[start].rsplit(' ').next().expect("a name").to_owned();
            self.push(format!("FROM {name} AS app"));
            self.noise(1);
        }
    }

    /// A stage that takes files out of the one before.
    fn last_stage(&mut self) {
        self.push("FROM debian:13");
        self.noise(1);
        for _ in 0..1 + self.random.below(2) {
            let from = self.random.pick(&[self.place, "/app", "/srv", "/usr/local", "/opt"]);
            let chown = self.random.pick(&["", "", "--chown=1000 ", "--link "]);
            let to = self.random.pick(&[from, "/app", "/srv/", "/opt/x"]);
            self.push(format!("COPY --from=build {chown}{from} {to}"));
        }
    }

    fn noise(&mut self, most: usize) {
        for _ in 0..self.random.below(most + 1) {
            match self.random.below(15) {
                9 => {
                    let shells = [
                        "\"/bin/bash\", \"-c\"",
                        "\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"",
                        "\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"",
                        "\"/bin/sh\", \"-ec\"",
                    ];
                    let shell = self.random.pick(&shells);
                    self.push(format!("SHELL [{shell}]"));
                }
                0 => self.push("ENV MODE=production"),
                1 => self.push("ARG VERSION=1"),
                2 => self.push("LABEL stage=one"),
                3 => self.push("EXPOSE 8080"),
                4 => self.user(),
                5 => {
                    let path = self.path();
                    self.push(format!("WORKDIR {path}"));
                }
                6 => self.copy(),
                7 => self.push("# A comment."),
                8 => self.independent(),
                _ => self.run(),
            }
        }
    }

    fn user(&mut self) {
        if self.project.image.starts_with("node") && self.random.one_in(2) {
            return self.push("USER node");
        }
        if !self.has_user {
            self.has_user = true;
            self.push("RUN useradd -m app");
            if self.random.one_in(2) {
                let place = self.place;
                self.push(format!("RUN mkdir -p {place} && chown app:app {place}"));
            }
        }
        let user = self.random.pick(&["app", "app", "root"]);
        self.push(format!("USER {user}"));
    }

    /// A path as steps write it: of the project, or one of those that they meet at.
    fn path(&mut self) -> String {
        if self.random.one_in(2) {
            return self.random.pick(&PATHS).to_owned();
        }
        let name = self.name();
        match self.random.below(3) {
            0 => format!("{}/{name}", self.place),
            _ => name,
        }
    }

    /// A path of the project.
    fn name(&mut self) -> String {
        // A list of files does not tell what is a link: COPY of one brings what it leads to.
        let names = self.project.files.keys().filter(|name| *name != "link");
        let names: Vec<&String> = names.collect();
        let name = names[self.random.below(names.len())].clone();
        match (self.random.below(3), name.find('/')) {
            (0, Some(at)) => name[..at].to_owned(),
            _ => name,
        }
    }

    fn copies(&mut self) {
        match self.random.below(8) {
            0..=3 => {}
            4 | 5 => self.copy(),
            6 => return (0..2).for_each(|_| self.copy()),
            _ => self.push("COPY src ./src"),
        }
        let flags = self.flags();
        let keyword = self.random.pick(&["COPY", "COPY", "COPY", "COPY", "ADD"]);
        let to = self.random.pick(&[".", ".", "./", self.place, "/app/", "/srv/app"]);
        self.push(format!("{keyword} {flags}. {to}"));
    }

    fn flags(&mut self) -> &'static str {
        match self.random.below(14) {
            0 if self.has_user => "--chown=app:app ",
            0 if self.project.image.starts_with("node") => "--chown=node:node ",
            1 => "--chown=1000 ",
            2 => "--chmod=755 ",
            3 => "--link ",
            _ => "",
        }
    }

    fn copy(&mut self) {
        let flags = self.flags();
        let name = self.name();
        let is_directory = !self.project.files.contains_key(&name);
        let directory = name.rfind('/').map_or("", |at| &name[..=at]);
        let step = match self.random.below(10) {
            0 => format!("{flags}{name} {}/", self.place),
            1 => format!("{flags}{name} {name}"),
            2 => format!("{flags}{name} ./{directory}"),
            3 => format!("{flags}{name} {}", self.path()),
            4 => format!("{flags}*.txt ./"),
            5 => format!("{flags}{directory}*.json ./{directory}"),
            6 => format!("{flags}{name} /etc/{}", name.replace('/', "-")),
            7 if !is_directory => format!("{flags}{name} README.md ./"),
            8 => "<<EOF notes.txt\nsome text\nEOF".into(),
            _ => format!("{flags}{name} ./{name}"),
        };
        self.push(format!("COPY {step}"));
    }

    /// A step that needs nothing of the project.
    fn independent(&mut self) {
        let package = self.random.pick(&["curl", "nginx", "cron", "ca-certificates"]);
        let step = match self.random.below(6) {
            0..=2 => format!("apt-get update && apt-get install -y {package}"),
            3 => format!(
                "apt-get update && apt-get install -y {package} && rm -rf /var/lib/apt/lists/*"
            ),
            4 => "curl -fsSLo /opt/tool https://example.com/tool".into(),
            _ if self.project.image.starts_with("python") => "pip install flask".into(),
            _ => "mkdir -p /var/log/app".into(),
        };
        self.push(format!("RUN {step}"));
    }

    fn install(&mut self) {
        let (directory, command) =
            self.project.installs[self.random.below(self.project.installs.len())].clone();
        let command = match directory.as_str() {
            "" => command,
            directory => format!("cd {directory} && {command}"),
        };
        let build = self.project.build.clone();
        let step = match self.random.below(12) {
            0 => format!("{command} && {build}"),
            1 => format!("{} && {command}", self.command()),
            2 => format!("{command} && {}", self.command()),
            3 => format!("<<EOF\nset -e\n{command}\n{}\nEOF", self.command()),
            4 => format!("--mount=type=cache,target=/root/.cache {command}"),
            5 => format!("set -e; {command}; {}", self.command()),
            6 => format!("apt-get update && apt-get install -y git && {command}"),
            _ => command,
        };
        self.push(format!("RUN {step}"));
    }

    fn run(&mut self) {
        match self.random.below(14) {
            0 => {
                let (one, other) = (self.command(), self.command());
                let name = self.random.pick(&["EOF", "EOF", "'EOF'"]);
                return self.push(format!("RUN <<{name}\n{one}\n{other}\nEOF"));
            }
            1 => {
                let path = self.path();
                return self.push(format!("RUN cat <<EOF > {path}\nport 2\nEOF"));
            }
            2 => {
                let path = self.path();
                return self.push(format!("RUN [\"mkdir\", \"-p\", \"{path}\"]"));
            }
            _ => {}
        }
        let mut commands = vec![self.command()];
        while self.random.one_in(4) {
            commands.push(self.command());
        }
        let joined = commands.join(self.random.pick(&[" && ", " && ", " && ", "; ", " \\\n  && "]));
        self.push(format!("RUN {joined}"));
    }

    /// A command that works on files.
    fn command(&mut self) -> String {
        let (one, other) = (self.path(), self.path());
        let user = if self.has_user { "app" } else { "1000" };
        match self.random.below(27) {
            24 => format!("cat {one} | tee {other}"),
            25 => format!("curl -fsSL https://example.com/key | tee {one} > /dev/null"),
            0..=2 => format!("mkdir -p {one}"),
            3 => format!("chown -R {user} {one}"),
            4 => format!("chown {user}:{user} {}", self.place),
            5 => format!("chmod -R 700 {one}"),
            6 => format!("chmod +x {one}"),
            7 => format!("rm -rf {one}"),
            8 => format!("rm -f {one}"),
            9 => format!("mv {one} {other}"),
            10 => format!("cp {one} {other}"),
            11 => format!("cp -r {one} {other}"),
            12 => format!("ln -s {one} {other}"),
            13 => format!("ln -sf {} /srv/link", self.place),
            14 => format!("touch {one}"),
            15 => format!("echo text > {one}"),
            16 => format!("echo text >> {one}"),
            17 => format!("sed -i s/1/2/ {one}"),
            18 => format!("cat {one} > {other}"),
            19 => format!("tar -cf /tmp/all.tar {one}"),
            20 => format!("mkdir -p {one} && chown {user} {one}"),
            21 => format!("test -f {one}"),
            22 => "./scripts/build.sh".into(),
            _ => self.random.pick(&["make", "echo done", "rm -rf /root/.cache"]).to_owned(),
        }
    }
}
