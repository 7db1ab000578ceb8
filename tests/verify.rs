//! Mistakes planted in rewritten files: the verification must catch each, and pass the right
//! rewrite beside it.
//!
//! The plans are not asked: before and after are written by hand.

use layerwise::cache::cost::costs;
use layerwise::cache::model::Model;
use layerwise::cache::scenarios::Changes;
use layerwise::context::{Context, ContextInput};
use layerwise::graph::Graph;
use layerwise::rewrite::verify::verify;
use layerwise::syntax::parse;
use layerwise::{Builder, Options};

fn verified(before: &str, after: &str, files: Option<&[(&str, &str)]>) -> Result<(), String> {
    verified_for(Builder::Buildkit, before, after, files)
}

fn verified_for(
    builder: Builder,
    before: &str,
    after: &str,
    files: Option<&[(&str, &str)]>,
) -> Result<(), String> {
    let options = Options { builder, ..Options::default() };
    let listed = |files: &[(&str, &str)]| {
        ContextInput::listed(files.iter().map(|&(path, text)| (path, Some(text.to_owned()))))
    };
    let context = Context::new(files.map(listed).unwrap_or_default());
    let (tree, errors) = parse(before);
    assert_eq!(errors, [], "{before}");
    let graph = Graph::new(&tree, &context, &options);
    let costs = costs(&graph, None);
    let changes = Changes::new(&mut Model::new(&graph), &costs);
    verify(&changes, before).expect("nothing changed");
    verify(&changes, after).map(drop).map_err(|mismatch| mismatch.to_string())
}

/// `before` may become `right`; each of `wrong` is refused.
#[track_caller]
fn catches(before: &str, right: &str, wrong: &[(&str, &str)]) {
    catches_with(None, before, right, wrong);
}

#[track_caller]
fn catches_with(files: Option<&[(&str, &str)]>, before: &str, right: &str, wrong: &[(&str, &str)]) {
    assert_eq!(verified(before, right, files), Ok(()), "the right rewrite:\n{right}");
    for (mistake, after) in wrong {
        let verdict = verified(before, after, files);
        assert!(verdict.is_err(), "{mistake}:\n{after}");
    }
}

const PIP: &str = "\
FROM python:3.13
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD [\"python\", \"main.py\"]
";

const PIP_RIGHT: &str = "\
FROM python:3.13
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
CMD [\"python\", \"main.py\"]
";

fn pip(from: &str, to: &str) -> String {
    assert!(PIP_RIGHT.contains(from), "{from}");
    PIP_RIGHT.replacen(from, to, 1)
}

#[test]
fn a_manifest_in_the_wrong_place() {
    catches(
        PIP,
        PIP_RIGHT,
        &[
            ("another directory", &pip("requirements.txt ./", "requirements.txt /srv/")),
            ("another name", &pip("requirements.txt ./", "requirements.txt ./reqs.txt")),
            ("another file", &pip("requirements.txt ./", "requirements-dev.txt ./")),
            ("a file of another directory", &pip("requirements.txt ./", "api/requirements.txt ./")),
            ("no manifest", &pip("COPY requirements.txt ./\n", "")),
            ("from another image", &pip("COPY requirements", "COPY --from=python requirements")),
        ],
    );
}

#[test]
fn a_manifest_of_a_subdirectory_in_the_wrong_place() {
    catches(
        "FROM python:3.13\nCOPY ./api /app\nRUN pip install -r /app/requirements.txt\n",
        "FROM python:3.13\nCOPY api/requirements.txt /app/\nRUN pip install -r /app/requirements.txt\nCOPY ./api /app\n",
        &[
            (
                "the file of the root",
                "FROM python:3.13\nCOPY requirements.txt /app/\nRUN pip install -r /app/requirements.txt\nCOPY ./api /app\n",
            ),
            (
                "below the directory of the source",
                "FROM python:3.13\nCOPY api/requirements.txt /app/api/\nRUN pip install -r /app/requirements.txt\nCOPY ./api /app\n",
            ),
        ],
    );
}

#[test]
fn what_an_instruction_says() {
    catches(
        PIP,
        PIP_RIGHT,
        &[
            ("a dropped copy", &pip("COPY . .\n", "")),
            ("a dropped RUN", &pip("RUN pip install -r requirements.txt\n", "")),
            ("a dropped CMD", &pip("CMD [\"python\", \"main.py\"]\n", "")),
            ("a changed CMD", &pip("main.py", "app.py")),
            ("a CMD in another form", &pip("[\"python\", \"main.py\"]", "python main.py")),
            ("a changed RUN", &pip("-r req", "--no-deps -r req")),
            ("a flag on a RUN", &pip("RUN pip", "RUN --network=none pip")),
            ("a changed base", &pip("python:3.13\n", "python:3.12\n")),
            ("another platform", &pip("FROM py", "FROM --platform=linux/arm64 py")),
            ("a stage that got a name", &pip("python:3.13\n", "python:3.13 AS app\n")),
            ("a changed destination", &pip("COPY . .", "COPY . /srv")),
            ("a changed source", &pip("COPY . .", "COPY src .")),
            ("ADD in place of COPY", &pip("COPY . .", "ADD . .")),
            ("a copy made twice", &pip("COPY . .\n", "COPY . .\nCOPY . .\n")),
            ("a RUN made twice", &pip("CMD", "RUN pip install -r requirements.txt\nCMD")),
            ("a new RUN", &pip("CMD", "RUN pip cache purge\nCMD")),
            ("a new ENV", &pip("CMD", "ENV A=b\nCMD")),
            ("a new LABEL", &pip("CMD", "LABEL a=b\nCMD")),
            ("a new USER", &pip("CMD", "USER app\nCMD")),
            ("a new WORKDIR", &pip("CMD", "WORKDIR /srv\nCMD")),
            ("a new stage", &pip("CMD", "FROM scratch\nCMD")),
            ("a syntax error", &pip("CMD", "CMDD")),
        ],
    );
}

#[test]
fn flags_of_a_copy() {
    let before = "\
FROM node:24
WORKDIR /app
COPY --chown=node:node --chmod=0755 . .
RUN npm ci
";
    let right = "\
FROM node:24
WORKDIR /app
COPY --chown=node:node --chmod=0755 package.json package-lock.json ./
RUN npm ci
COPY --chown=node:node --chmod=0755 . .
";
    let lost = |flag: &str, nth: usize| {
        let at = right.match_indices(flag).nth(nth).expect("the flag").0;
        format!("{}{}", &right[..at], &right[at + flag.len()..])
    };
    let files =
        [("package.json", "{}"), ("package-lock.json", "{}"), (".dockerignore", "node_modules")];
    catches_with(
        Some(&files),
        before,
        right,
        &[
            ("--chown lost on the added copy", &lost("--chown=node:node ", 0)),
            ("--chown lost on the moved copy", &lost("--chown=node:node ", 1)),
            ("--chmod lost on the added copy", &lost("--chmod=0755 ", 0)),
            ("--chmod lost on the moved copy", &lost("--chmod=0755 ", 1)),
            ("another owner", &right.replace("node:node", "root:root")),
            ("a new flag", &right.replace("COPY --chown", "COPY --link --chown")),
        ],
    );
}

#[test]
fn flags_of_a_copy_that_makes_directories() {
    let before = "\
FROM alpine:3.22
WORKDIR /srv
COPY key /srv/key
COPY conf /opt/app/conf
COPY su /su
RUN chmod 600 /srv/key
RUN chmod 600 /opt/app/conf
RUN chmod 4755 /su
RUN chown nobody /su
";
    let without = |text: &str, step: &str| text.replace(&format!("RUN {step}\n"), "");
    let flag = |text: &str, copy: &str, flag: &str| {
        text.replace(&format!("COPY {copy}"), &format!("COPY {flag} {copy}"))
    };
    let right = without(&flag(before, "key", "--chmod=600"), "chmod 600 /srv/key");
    let conf = without(&flag(before, "conf", "--chmod=600"), "chmod 600 /opt/app/conf");
    let su = without(&flag(before, "su", "--chown=nobody:0"), "chown nobody /su");
    let files = [("key", ""), ("conf", ""), ("su", "")];
    catches_with(
        Some(&files),
        before,
        &right,
        &[("a directory that nobody enters", &conf), ("a bit that stays", &su)],
    );
}

#[test]
fn a_copy_below_a_workdir_of_a_user() {
    catches(
        "FROM python:3.13\nUSER root\nCOPY . /app\nWORKDIR /app\nUSER app\nRUN pip install flask\n",
        "FROM python:3.13\nUSER root\nWORKDIR /app\nUSER app\nRUN pip install flask\nCOPY . /app\n",
        &[(
            "WORKDIR too",
            "FROM python:3.13\nUSER root\nUSER app\nWORKDIR /app\nRUN pip install flask\nCOPY . /app\n",
        )],
    );
    // WORKDIR would make /app for the user app, which the copy made for root.
    let before = "FROM python:3.13\nUSER app\nCOPY . /app\nWORKDIR /app\nRUN pip install flask\n";
    let after = "FROM python:3.13\nUSER app\nWORKDIR /app\nRUN pip install flask\nCOPY . /app\n";
    assert!(verified(before, after, None).is_err());
    // It is there already.
    let made =
        |text: &str| text.replacen("FROM python:3.13\n", "FROM python:3.13\nWORKDIR /app\n", 1);
    assert_eq!(verified(&made(before), &made(after), None), Ok(()));
}

#[test]
fn a_copy_onto_the_system() {
    let text = |place: &str, first: bool| {
        let copy = format!("COPY site {place}\n");
        let run = "RUN apt-get update && apt-get install -y nginx\n";
        match first {
            true => format!("FROM debian:13\n{copy}{run}"),
            false => format!("FROM debian:13\n{run}{copy}"),
        }
    };
    let verdict = |place: &str| verified(&text(place, true), &text(place, false), None);
    for place in [
        "/",
        "/etc",
        "/etc/nginx/",
        "/usr/share/nginx/html",
        "/usr/local/bin/",
        "/root",
        "/lib/x",
        "/var/lib/nginx",
    ] {
        assert!(verdict(place).is_err(), "{place}");
    }
    for place in ["/app", "/srv/site/", "/etcetera", "/data/usr"] {
        assert_eq!(verdict(place), Ok(()), "{place}");
    }
}

#[test]
fn settings_of_a_tool() {
    let before = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let after = |manifests: &str| {
        format!("FROM node:24\nWORKDIR /app\nCOPY {manifests} ./\nRUN npm ci\nCOPY . .\n")
    };
    let with = [
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        (".npmrc", "omit=dev"),
        (".dockerignore", "node_modules"),
    ];
    catches_with(
        Some(&with),
        before,
        &after("package.json package-lock.json .npmrc"),
        &[
            (".npmrc comes after the install", &after("package.json package-lock.json")),
            ("the lock file comes after the install", &after("package.json .npmrc")),
            ("the manifest comes after the install", &after("package-lock.json .npmrc")),
        ],
    );
    // There is none: nothing is lost.
    let without: Vec<_> = with.into_iter().filter(|(path, _)| *path != ".npmrc").collect();
    let after = after("package.json package-lock.json");
    assert_eq!(verified(before, &after, Some(&without)), Ok(()));
}

#[test]
fn settings_brought_by_a_copy_of_their_own() {
    let files = [
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("ci/.npmrc", "registry=https://example.com"),
        ("src/main.js", ""),
        (".dockerignore", "node_modules"),
    ];
    let head = "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\n";
    catches_with(
        Some(&files),
        &format!("{head}COPY ci/.npmrc ./\nCOPY src src\nRUN npm ci\n"),
        &format!("{head}COPY ci/.npmrc ./\nRUN npm ci\nCOPY src src\n"),
        &[
            (
                "moved past the install",
                &format!("{head}RUN npm ci\nCOPY ci/.npmrc ./\nCOPY src src\n"),
            ),
            (
                "moved past it alone",
                &format!("{head}COPY src src\nRUN npm ci\nCOPY ci/.npmrc ./\n"),
            ),
        ],
    );
}

#[test]
fn the_state_a_step_runs_in() {
    let before = "\
FROM python:3.13
ARG INDEX=a
ENV PIP_INDEX_URL=$INDEX
WORKDIR /app
COPY . /app
RUN pip install flask
";
    let right = "\
FROM python:3.13
ARG INDEX=a
ENV PIP_INDEX_URL=$INDEX
WORKDIR /app
RUN pip install flask
COPY . /app
";
    let swap = |a: &str, b: &str| {
        assert!(right.contains(a) && right.contains(b), "{a}{b}");
        right.replace(a, "\0").replace(b, a).replace('\0', b)
    };
    catches(
        before,
        right,
        &[
            ("ENV behind the RUN", &swap("ENV PIP_INDEX_URL=$INDEX\n", "RUN pip install flask\n")),
            ("WORKDIR behind the RUN", &swap("WORKDIR /app\n", "RUN pip install flask\n")),
            ("ARG behind ENV", &swap("ARG INDEX=a\n", "ENV PIP_INDEX_URL=$INDEX\n")),
            ("another value", &right.replace("INDEX=a", "INDEX=b")),
            ("ARG that got lost", &right.replace("ARG INDEX=a\n", "")),
        ],
    );
}

#[test]
fn user_and_shell_stay_with_their_steps() {
    let before =
        "FROM a\nCOPY . /app\nUSER app\nSHELL [\"/bin/bash\", \"-c\"]\nRUN pip install flask\n";
    catches(
        before,
        "FROM a\nUSER app\nSHELL [\"/bin/bash\", \"-c\"]\nRUN pip install flask\nCOPY . /app\n",
        &[
            (
                "USER behind the RUN",
                "FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN pip install flask\nUSER app\nCOPY . /app\n",
            ),
            (
                "SHELL behind the RUN",
                "FROM a\nUSER app\nRUN pip install flask\nSHELL [\"/bin/bash\", \"-c\"]\nCOPY . /app\n",
            ),
            (
                "a RUN before USER",
                "FROM a\nRUN pip install flask\nCOPY . /app\nUSER app\nSHELL [\"/bin/bash\", \"-c\"]\n",
            ),
        ],
    );
}

#[test]
fn a_variable_of_the_copy() {
    catches(
        "FROM a\nENV TO=/app\nCOPY . $TO\nENV OTHER=b\nRUN pip install flask\n",
        "FROM a\nENV TO=/app\nENV OTHER=b\nRUN pip install flask\nCOPY . $TO\n",
        &[(
            "set before the copy",
            "FROM a\nCOPY . $TO\nENV TO=/app\nENV OTHER=b\nRUN pip install flask\n",
        )],
    );
    let before = "FROM a\nENV TO=/app\nCOPY . $TO\nENV TO=/srv\nRUN pip install flask\n";
    let after = "FROM a\nENV TO=/app\nENV TO=/srv\nRUN pip install flask\nCOPY . $TO\n";
    assert!(verified(before, after, None).is_err());
}

#[test]
fn a_destination_below_the_working_directory() {
    catches(
        "FROM a\nWORKDIR /srv\nCOPY . app\nWORKDIR /opt\nRUN apt-get update\n",
        "FROM a\nWORKDIR /srv\nWORKDIR /opt\nRUN apt-get update\nCOPY . /srv/app\n",
        &[(
            "still relative",
            "FROM a\nWORKDIR /srv\nWORKDIR /opt\nRUN apt-get update\nCOPY . app\n",
        )],
    );
}

#[test]
fn copies_that_overwrite_each_other() {
    catches(
        "FROM a\nCOPY . /app\nCOPY prod /app/config\nCOPY docs /docs\nRUN apt-get update\n",
        "FROM a\nRUN apt-get update\nCOPY docs /docs\nCOPY . /app\nCOPY prod /app/config\n",
        &[(
            "swapped",
            "FROM a\nRUN apt-get update\nCOPY prod /app/config\nCOPY . /app\nCOPY docs /docs\n",
        )],
    );
}

#[test]
fn an_added_copy_that_a_later_one_undoes() {
    // The added file would stay: no later copy brings it to that place.
    let before = "FROM a\nWORKDIR /app\nCOPY src ./\nRUN pip install -r requirements.txt\n";
    catches(
        before,
        "FROM a\nWORKDIR /app\nCOPY src/requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY src ./\n",
        &[
            (
                "a file more",
                "FROM a\nWORKDIR /app\nCOPY src/requirements.txt setup.cfg ./\nRUN pip install -r requirements.txt\nCOPY src ./\n",
            ),
            (
                "an added copy behind the others",
                "FROM a\nWORKDIR /app\nCOPY src/requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY src ./\nCOPY src/requirements.txt ./\n",
            ),
        ],
    );
}

#[test]
fn a_step_cut_in_two() {
    let file = |run: &str| format!("FROM node:24\nWORKDIR /app\n{run}");
    let before = file("COPY . .\nRUN set -e && npm ci --no-audit && npm run build && npm prune\n");
    let manifests = "COPY package*.json ./\n";
    let install = "RUN set -e && npm ci --no-audit\n";
    let after = |first: &str, second: &str| file(&format!("{manifests}{first}COPY . .\n{second}"));
    catches(
        &before,
        &after(install, "RUN set -e && npm run build && npm prune\n"),
        &[
            ("a command got lost", &after(install, "RUN set -e && npm run build\n")),
            (
                "the first command got lost",
                &after("RUN set -e\n", "RUN set -e && npm run build && npm prune\n"),
            ),
            (
                "a command twice",
                &after(install, "RUN set -e && npm ci --no-audit && npm run build && npm prune\n"),
            ),
            ("another order", &after(install, "RUN set -e && npm prune && npm run build\n")),
            (
                "a changed command",
                &after("RUN set -e && npm ci\n", "RUN set -e && npm run build && npm prune\n"),
            ),
            (
                "another flag",
                &after(
                    "RUN --network=host set -e && npm ci --no-audit\n",
                    "RUN set -e && npm run build && npm prune\n",
                ),
            ),
            ("a part on its own", &after(install, "")),
            ("the parts swapped", &after("RUN set -e && npm run build && npm prune\n", install)),
        ],
    );
}

#[test]
fn shell_state_that_a_cut_loses() {
    let before = "FROM node:24\nWORKDIR /srv\nCOPY . .\nRUN cd web && npm ci && npm run build\n";
    let after = |second: &str| {
        format!(
            "FROM node:24\nWORKDIR /srv\nCOPY web/package*.json ./web/\nRUN cd web && npm ci\nCOPY . .\nRUN {second}\n"
        )
    };
    catches(
        before,
        &after("cd web && npm run build"),
        &[
            ("the directory is not changed", &after("npm run build")),
            ("to another one", &after("cd api && npm run build")),
        ],
    );
}

#[test]
fn what_is_set_on_the_way() {
    let before = "FROM node:24\nWORKDIR /srv\nCOPY . .\nRUN npm config ls && cd web && npm ci && export A=1 && npm run build\n";
    let after = |second: &str| {
        format!(
            "FROM node:24\nWORKDIR /srv\nCOPY web/package*.json ./web/\nRUN npm config ls && cd web && npm ci\nCOPY . .\nRUN {second}\n"
        )
    };
    catches(
        before,
        &after("cd web && export A=1 && npm run build"),
        &[
            ("the directory is not changed", &after("export A=1 && npm run build")),
            ("another order", &after("export A=1 && cd web && npm run build")),
            ("a command again", &after("npm config ls && cd web && export A=1 && npm run build")),
        ],
    );
}

#[test]
fn what_empties_caches_behind_a_cut() {
    let before = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && rm -rf \
                  /root/.npm /app/tmp\n";
    let after = |added: &str| {
        format!(
            "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci{added}\nCOPY . .\nRUN \
             npm run build && rm -rf /root/.npm /app/tmp\n"
        )
    };
    let wrong = [
        ("more is taken away", " && rm -rf /root/.npm /app/tmp"),
        ("other files are taken away", " && rm -rf /app/node_modules"),
        ("it runs where the install fails", "; rm -rf /root/.npm"),
        ("it does something else", " && npm cache verify"),
    ]
    .map(|(mistake, added)| (mistake, after(added)));
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(m, text)| (*m, text.as_str())).collect();
    catches(before, &after(" && rm -rf /root/.npm"), &wrong);
}

#[test]
fn how_commands_are_joined() {
    let cut = |joiner: &str| {
        let before =
            format!("FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci {joiner} npm run build\n");
        let after = "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n";
        verified(&before, after, None)
    };
    assert_eq!(cut("&&"), Ok(()));
    // That the first does not fail is assumed.
    assert_eq!(cut(";"), Ok(()));
    for joiner in ["||", "|", "&"] {
        assert!(cut(joiner).is_err(), "{joiner}");
    }
}

#[test]
fn what_runs_although_the_first_part_fails() {
    let file = |run: &str| format!("FROM node:24\nWORKDIR /app\nCOPY . .\nRUN {run}\n");
    let after = |second: &str| {
        format!(
            "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN {second}\n"
        )
    };
    let cut = |rest: &str| verified(&file(&format!("npm ci && {rest}")), &after(rest), None);
    assert_eq!(cut("npm run build && npm prune"), Ok(()));
    assert_eq!(cut("npm run build | tee log"), Ok(()));
    for rest in ["npm run build || true", "npm run build; ls", "npm run build & ls"] {
        assert!(cut(rest).is_err(), "{rest}");
    }
}

#[test]
fn what_stands_before_the_first_stage() {
    let before = "# syntax=docker/dockerfile:1\nARG P=linux/arm64\nFROM --platform=$P a\nCOPY . /app\nRUN apt-get update\n";
    let right = "# syntax=docker/dockerfile:1\nARG P=linux/arm64\nFROM --platform=$P a\nRUN apt-get update\nCOPY . /app\n";
    catches(
        before,
        right,
        &[
            ("a lost directive", &right.replace("# syntax=docker/dockerfile:1\n", "")),
            ("another directive", &right.replace("dockerfile:1", "dockerfile:1.4")),
            ("a comment where a directive stood", &right.replace("# syntax", "# the syntax")),
            ("another value", &right.replace("linux/arm64", "linux/amd64")),
        ],
    );
}

#[test]
fn a_download_step() {
    let before = "FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n";
    let after = |run: &str| {
        format!(
            "FROM golang:1.25\nWORKDIR /src\nCOPY go.mod go.sum* ./\nRUN {run}\nCOPY . .\nRUN go build -o /app .\n"
        )
    };
    catches(
        before,
        &after("go mod download"),
        &[
            ("a command that changes more", &after("go mod tidy")),
            ("more than the download", &after("go mod download && touch /ready")),
            ("anything", &after("rm -rf /src")),
            ("in another directory", &after("cd /tmp && go mod download")),
        ],
    );
}

#[test]
fn an_unknown_command_is_passed_by_nothing() {
    let before = "FROM a\nCOPY . /app\nRUN ./setup\nRUN apt-get update\n";
    for after in [
        "FROM a\nRUN ./setup\nRUN apt-get update\nCOPY . /app\n",
        "FROM a\nRUN apt-get update\nCOPY . /app\nRUN ./setup\n",
        "FROM a\nCOPY . /app\nRUN apt-get update\nRUN ./setup\n",
    ] {
        assert!(verified(before, after, None).is_err(), "{after}");
    }
}

#[test]
fn steps_in_front_of_a_build() {
    let before = "FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN go build -o ledger .\n";
    let after = |step: &str| {
        format!("FROM golang:1.24\nWORKDIR /src\n{step}\nCOPY . .\nRUN go build -o ledger .\n")
    };
    let may = |step: &str| verified(&format!("{before}{step}\n"), &after(step), None);
    assert_eq!(may("RUN apt-get update && apt-get install -y upx"), Ok(()));
    assert_eq!(may("RUN curl -o /opt/agent.jar https://example.com/agent.jar"), Ok(()));
    for step in [
        "RUN curl -o /src/agent.jar https://example.com/agent.jar",
        "RUN curl -o /out/agent.jar https://example.com/agent.jar",
        "RUN curl -o /opt/agent.jar https://example.com/agent.jar && chmod +x /opt/ledger",
        "RUN ./ledger --version",
        "RUN go vet ./...",
        "RUN npm ci",
    ] {
        assert!(may(step).is_err(), "{step}");
    }
}

#[test]
fn a_file_that_a_step_makes() {
    let before = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN poetry export -o requirements.txt\nRUN \
                  pip install -r requirements.txt\n";
    let after = |copied: &str| {
        format!(
            "FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml poetry.lock* ./\nRUN poetry export -o \
             requirements.txt\n{copied}RUN pip install -r requirements.txt\nCOPY . .\n"
        )
    };
    let wrong = after("COPY requirements.txt ./\n");
    catches(before, &after(""), &[("the context's in its place", wrong.as_str())]);
}

#[test]
fn stages_keep_their_steps() {
    let before = "FROM a AS x\nCOPY . /app\nRUN apt-get update\nFROM b\nCOPY --from=x /app /app\nCMD [\"/app\"]\n";
    catches(
        before,
        "FROM a AS x\nRUN apt-get update\nCOPY . /app\nFROM b\nCOPY --from=x /app /app\nCMD [\"/app\"]\n",
        &[
            (
                "the stages swapped",
                "FROM b\nCOPY --from=x /app /app\nCMD [\"/app\"]\nFROM a AS x\nCOPY . /app\nRUN apt-get update\n",
            ),
            (
                "into the next stage",
                "FROM a AS x\nRUN apt-get update\nFROM b\nCOPY . /app\nCOPY --from=x /app /app\nCMD [\"/app\"]\n",
            ),
            (
                "from another stage",
                "FROM a AS x\nRUN apt-get update\nCOPY . /app\nFROM b\nCOPY --from=a /app /app\nCMD [\"/app\"]\n",
            ),
        ],
    );
}

#[test]
fn triggers_and_volumes_stay() {
    let before =
        "FROM a\nCOPY . /app\nVOLUME /data\nONBUILD RUN b\nEXPOSE 80\nRUN apt-get update\n";
    let right = "FROM a\nVOLUME /data\nONBUILD RUN b\nEXPOSE 80\nRUN apt-get update\nCOPY . /app\n";
    catches(
        before,
        right,
        &[
            ("VOLUME lost", &right.replace("VOLUME /data\n", "")),
            ("ONBUILD lost", &right.replace("ONBUILD RUN b\n", "")),
            ("EXPOSE changed", &right.replace("80", "81")),
            ("ONBUILD changed", &right.replace("RUN b", "RUN c")),
        ],
    );
}

#[test]
fn a_volume_on_the_classic_builder() {
    let before = "FROM a\nCOPY . /app\nVOLUME /app\nRUN apt-get update\n";
    let after = "FROM a\nVOLUME /app\nRUN apt-get update\nCOPY . /app\n";
    assert_eq!(verified(before, after, None), Ok(()));
    assert!(verified_for(Builder::Classic, before, after, None).is_err());
}

const STAGES: &str = "\
FROM node:22 AS base
WORKDIR /app
COPY . .

FROM base AS deps
RUN npm ci

FROM base
RUN npm test
";

const STAGES_RIGHT: &str = "\
FROM node:22 AS base
WORKDIR /app

FROM base AS deps
COPY package.json package-lock.json ./
RUN npm ci
COPY . .

FROM base
COPY . .
RUN npm test
";

#[test]
fn a_copy_that_leaves_its_stage() {
    let to = |from: &str, to: &str| STAGES_RIGHT.replacen(from, to, 1);
    catches(
        STAGES,
        STAGES_RIGHT,
        &[
            ("one stage goes without", &to("RUN npm ci\nCOPY . .\n", "RUN npm ci\n")),
            ("the last stage goes without", &to("FROM base\nCOPY . .\n", "FROM base\n")),
            ("too late for a step", &to("COPY . .\nRUN npm test\n", "RUN npm test\nCOPY . .\n")),
            ("somewhere else", &to("FROM base\nCOPY . .\n", "FROM base\nCOPY . /srv/\n")),
            ("the manifests stay away", &to("COPY package.json package-lock.json ./\n", "")),
        ],
    );
}

#[test]
fn a_copy_that_may_not_leave_its_stage() {
    let uses = [
        ("files are copied from it", "COPY --from=base /app/package.json /srv/\n"),
        ("it is mounted", "RUN --mount=from=base,target=/mnt true\n"),
    ];
    for (use_of_it, line) in uses {
        let (before, after) = (format!("{STAGES}{line}"), format!("{STAGES_RIGHT}{line}"));
        assert!(verified(&before, &after, None).is_err(), "{use_of_it}");
    }
    let trigger = |text: &str| text.replace("AS base\n", "AS base\nONBUILD RUN touch /x\n");
    assert!(verified(&trigger(STAGES), &trigger(STAGES_RIGHT), None).is_err());
    let owned = |text: &str| {
        let text = text.replace("COPY . .", "COPY --chown=$OWNER . .");
        text.replace("AS base\n", "AS base\nARG OWNER=node\n")
            .replace("COPY package", "COPY --chown=$OWNER package")
    };
    assert!(verified(&owned(STAGES), &owned(STAGES_RIGHT), None).is_err());
}

#[test]
fn a_download_with_what_prepares_it() {
    let before = "\
FROM eclipse-temurin:21
WORKDIR /app
COPY . .
RUN chmod +x mvnw
RUN sed -i 's/x/y/' mvnw && ./mvnw package
";
    let right = before.replace(
        "COPY . .\n",
        "COPY mvnw pom.xml ./\nCOPY .mvn ./.mvn/\n\
         RUN chmod +x mvnw && sed -i 's/x/y/' mvnw && ./mvnw -B dependency:go-offline\nCOPY . .\n",
    );
    let to = |from: &str, to: &str| right.replacen(from, to, 1);
    catches_with(
        Some(&[("pom.xml", "<project/>"), ("mvnw", ""), (".mvn/wrapper/a", ""), ("A.java", "")]),
        before,
        &right,
        &[
            ("not executable", &to("chmod +x mvnw && sed", "sed")),
            ("another mode", &to("chmod +x", "chmod 700")),
            (
                "in another order",
                &to(
                    "chmod +x mvnw && sed -i 's/x/y/' mvnw",
                    "sed -i 's/x/y/' mvnw && chmod +x mvnw",
                ),
            ),
            ("whether it fails or not", &to("chmod +x mvnw && sed", "chmod +x mvnw; sed")),
            (
                "something else as well",
                &to("chmod +x mvnw && sed", "chmod +x mvnw && touch a && sed"),
            ),
        ],
    );
}

#[test]
fn a_manifest_that_a_step_changes() {
    let before =
        "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN sed -i s/a/b/ package.json\nRUN npm ci\n";
    let after = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n\
                 COPY . .\nRUN sed -i s/a/b/ package.json\n";
    assert!(verified(before, after, None).is_err());
}

#[test]
fn commands_pulled_out_of_a_step() {
    let before = "\
FROM node:22
WORKDIR /app
COPY . .
RUN cp a b && npm ci && npm test
";
    let right = "\
FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN cp a b && npm test
";
    let to = |from: &str, to: &str| right.replacen(from, to, 1);
    catches(
        before,
        right,
        &[
            ("one is lost", &to("cp a b && ", "")),
            ("one is new", &to("npm ci\n", "npm ci && touch x\n")),
            ("in another order", &to("cp a b && npm test", "npm test && cp a b")),
            ("joined in another way", &to("cp a b && npm test", "cp a b; npm test")),
        ],
    );
    for made in ["cp a package.json", "cp a .npmrc", "cp a /etc/npmrc", "rm -rf node_modules"] {
        let with = |text: &str| text.replace("cp a b", made);
        assert!(verified(&with(before), &with(right), None).is_err(), "{made}");
    }
}

const STAGE: &str = "\
FROM node:24 AS manifests
WORKDIR /manifests
COPY --exclude=*.md . .
COPY lib ./lib/
RUN find . ! -name package.json ! -name package-lock.json -delete || true

FROM node:24
WORKDIR /app
COPY --from=manifests --chown=1:1 /manifests/ ./
RUN npm ci
COPY --exclude=*.md --chown=1:1 . .
COPY --chown=1:1 lib lib/
";

#[test]
fn a_stage_of_manifests() {
    let before = "FROM node:24\nWORKDIR /app\nCOPY --exclude=*.md --chown=1:1 . .\n\
                  COPY --chown=1:1 lib lib/\nRUN npm ci\n";
    let with = |from: &str, to: &str| {
        assert!(STAGE.contains(from), "{from}");
        STAGE.replacen(from, to, 1)
    };
    let mistakes = [
        ("another image", with("FROM node:24 AS", "FROM node:22 AS")),
        ("another platform", with("FROM node:24 AS", "FROM --platform=linux/arm64 node:24 AS")),
        ("another directory", with("COPY lib ./lib/", "COPY src ./lib/")),
        ("another place", with("COPY lib ./lib/", "COPY lib ./src/")),
        ("what is left out", with("COPY --exclude=*.md . .", "COPY . .")),
        ("no lock file", with("! -name package-lock.json ", "")),
        ("nothing is taken away", with("-delete", "-print")),
        ("more than finding", with("|| true", "|| true; touch x")),
        ("a file of its own", with("RUN find", "RUN touch y\nRUN find")),
        ("part of another directory", with("/manifests/ ./", "/manifests/lib/ ./")),
        ("to another place", with("/manifests/ ./", "/manifests/ /srv/")),
        ("another owner", with("--from=manifests --chown=1:1", "--from=manifests")),
        (
            "in a directory with more",
            with("WORKDIR /manifests", "WORKDIR /").replace("/manifests/", "/"),
        ),
        (
            "the last stage",
            STAGE
                .replacen("FROM node:24 AS manifests", "FROM node:24 AS other", 1)
                .replace("manifests --", "other --")
                + "\nFROM node:24 AS manifests\n",
        ),
    ];
    let mistakes: Vec<(&str, &str)> =
        mistakes.iter().map(|(what, text)| (*what, text.as_str())).collect();
    catches(before, STAGE, &mistakes);
}

#[test]
fn an_added_stage_takes_no_name_and_no_number() {
    let added = "FROM node:24 AS manifests\nWORKDIR /manifests\nCOPY . .\n\
                 RUN find . ! -name package.json ! -name package-lock.json -delete\n";
    let before = |from: &str| {
        format!("FROM node:24 AS web\nWORKDIR /app\nCOPY . .\nRUN npm i\nFROM alpine\n{from}\n")
    };
    let after = |from: &str| {
        format!(
            "{added}FROM node:24 AS web\nWORKDIR /app\nCOPY --from=manifests /manifests/ ./\n\
             RUN npm i\nCOPY . .\nFROM alpine\n{from}\n"
        )
    };
    let verdict = |from: &str| verified(&before(from), &after(from), None);
    assert_eq!(verdict("COPY --from=web /app /app"), Ok(()));
    for wrong in [
        "COPY --from=0 /app /app",
        "COPY --from=manifests /app /app",
        "RUN --mount=from=0,target=/x true",
        "RUN --mount=from=manifests,target=/x true",
        "FROM manifests",
    ] {
        assert!(verdict(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn two_steps_joined_to_one() {
    let before = "FROM debian:13\nRUN apt-get update\nEXPOSE 80\nRUN apt-get install -y curl\n";
    let joined = |run: &str| format!("FROM debian:13\nEXPOSE 80\n{run}\n");
    let with = |between: &str| {
        format!("FROM debian:13\nRUN apt-get update\n{between}\nRUN apt-get install -y curl\n")
    };
    catches(
        before,
        &joined("RUN apt-get update && apt-get install -y curl"),
        &[
            ("in another order", &joined("RUN apt-get install -y curl && apt-get update")),
            ("by a semicolon", &joined("RUN apt-get update; apt-get install -y curl")),
            ("one lost", &joined("RUN apt-get install -y curl")),
            ("another package", &joined("RUN apt-get update && apt-get install -y git")),
            ("a flag", &joined("RUN --network=host apt-get update && apt-get install -y curl")),
        ],
    );
    for between in ["ENV A=1", "USER app", "RUN ./configure", "COPY sources.list /etc/apt/"] {
        let after = with(between)
            .replace("RUN apt-get update\n", "")
            .replace("RUN apt-get install", "RUN apt-get update && apt-get install");
        assert!(verified(&with(between), &after, None).is_err(), "{between}");
    }
}

#[test]
fn a_cache_shared_in_another_way() {
    let run = |mount: &str| {
        format!("FROM debian:13\nRUN --mount={mount} apt-get update && apt-get install -y curl\n")
    };
    catches(
        &run("type=cache,target=/var/cache/apt"),
        &run("type=cache,target=/var/cache/apt,sharing=locked"),
        &[
            ("another place", &run("type=cache,target=/var/cache,sharing=locked")),
            ("no cache", &run("type=tmpfs,target=/var/cache/apt")),
            ("another cache", &run("type=cache,target=/var/cache/apt,id=apt")),
            ("another owner", &run("type=cache,target=/var/cache/apt,uid=1000")),
        ],
    );
}

#[test]
fn owner_and_mode_set_by_the_copy() {
    let before = "FROM debian:13\nCOPY a.sh b.sh /srv/\nRUN chmod 755 /srv/a.sh /srv/b.sh && \
                  chown 1:2 /srv/a.sh /srv/b.sh && date\n";
    let right = "FROM debian:13\nCOPY --chmod=755 --chown=1:2 a.sh b.sh /srv/\nRUN date\n";
    let other = |from: &str, to: &str| right.replace(from, to);
    catches(
        before,
        right,
        &[
            ("another mode", &other("755", "750")),
            ("another owner", &other("1:2", "1:1")),
            ("no owner", &other(" --chown=1:2", "")),
            ("another file", &other(" b.sh", "")),
            ("a command more is gone", &other("RUN date\n", "")),
            ("a flag more", &other("--chmod", "--link --chmod")),
        ],
    );
    let link = before.replace("date", "ls -l /srv");
    catches(&link, &right.replace("date", "ls -l /srv"), &[("nothing is set", before)]);
    let used = before.replace("RUN", "RUN cp -p /srv/a.sh /srv/c.sh\nRUN");
    catches(&used, &used, &[("a step copies the mode", &used.replace("COPY", "COPY --chmod=755"))]);
}

#[test]
fn a_value_of_each_build_sinks() {
    let before = "FROM node:24\nARG GIT_SHA\nENV SHA=$GIT_SHA\nRUN apt-get install -y curl\n\
                  RUN echo $SHA\n";
    let right = "FROM node:24\nRUN apt-get install -y curl\nARG GIT_SHA\nENV SHA=$GIT_SHA\n\
                 RUN echo $SHA\n";
    let late = "FROM node:24\nRUN apt-get install -y curl\nRUN echo $SHA\nARG GIT_SHA\n\
                ENV SHA=$GIT_SHA\n";
    catches(before, right, &[("a step uses it", late)]);
    let plain = |text: &str| text.replace("GIT_SHA", "UID");
    catches(
        &plain(before),
        &plain(before),
        &[
            ("a value that may be read", &plain(right)),
            ("a value is gone", &before.replace("ENV SHA=$GIT_SHA\n", "")),
        ],
    );
    let unknown = |text: &str| text.replace("apt-get install -y curl", "./prepare");
    catches(&unknown(before), &unknown(before), &[("a script may read it", &unknown(right))]);
}

#[test]
fn a_cache_that_is_mounted() {
    let before = "FROM golang:1.25 AS a\nCOPY . .\nRUN go build -o /a .\nFROM scratch\n\
                  COPY --from=a /a /a\n";
    let mount =
        |target: &str| before.replace("RUN", &format!("RUN --mount=type=cache,target={target}"));
    let right = mount("/root/.cache/go-build");
    catches(
        before,
        &right,
        &[
            ("another directory", &mount("/root/.cache/pip")),
            ("the project", &mount("/go")),
            ("no cache", &right.replace("type=cache", "type=tmpfs")),
            ("another command", &right.replace("-o /a", "-o /a -v")),
        ],
    );
    let taken = before.replace("/a /a", "/root/.cache/go-build/x /a");
    let mounted = taken.replace("RUN", "RUN --mount=type=cache,target=/root/.cache/go-build");
    catches(&taken, &taken, &[("a copy takes a file from it", &mounted)]);
    let modules = before.replace("RUN", "RUN --mount=type=cache,target=/go/pkg/mod");
    catches(before, &modules, &[]);
    let twice = before.replace("RUN go", "RUN go vet\nRUN go");
    let first = twice.replace("RUN go vet", "RUN --mount=type=cache,target=/go/pkg/mod go vet");
    catches(&twice, &twice, &[("a later step uses the modules", &first)]);
}

#[test]
fn a_mount_that_stays_full() {
    let before = "FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm i -g a && \
                  npm cache clean --force && rm -rf /tmp/a\n";
    let right = before.replace(" && npm cache clean --force", "");
    catches(
        before,
        &right,
        &[
            ("another command is gone", &right.replace(" && rm -rf /tmp/a", "")),
            ("the install is gone", &right.replace("npm i -g a && ", "")),
        ],
    );
    let layer = before.replace("--mount=type=cache,target=/root/.npm ", "");
    let full = layer.replace(" && npm cache clean --force", "");
    catches(&layer, &layer, &[("nothing is mounted", &full)]);
}

#[test]
fn a_mistake_is_said() {
    let build = "FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\
                 FROM nginx\nRUN --mount=from=build,target=/b cp -r /b/app /srv\n";
    let before = format!("# syntax=docker/dockerfile:1\n{PIP}");
    for (before, after, sentence) in [
        (
            PIP,
            pip("CMD [", "CMDD ["),
            "the rewritten file has a syntax error: unknown instruction: CMDD (did you mean CMD?)",
        ),
        (&before, PIP_RIGHT.to_owned(), "what stands before the first stage is not the same"),
        (PIP, pip("main.py", "app.py"), "the image configuration is not the same"),
        (PIP, PIP_RIGHT.to_owned() + "FROM scratch\n", "the stages are not the same"),
        (build, build.replace("from=build", "from=nginx"), "a mount shows another stage"),
        (PIP, pip("COPY . .\n", ""), "no order was found that keeps the step on line 3 as it is"),
        (
            PIP,
            pip("requirements.txt ./", "requirements.txt ./reqs.txt"),
            "line 3 of the rewritten file brings what no later copy brings to the same place",
        ),
        (
            PIP,
            pip("COPY requirements.txt ./\n", ""),
            "`requirements.txt` would not be at `/app/requirements.txt` in time",
        ),
        (
            "FROM debian:12\nCOPY a.txt /x/b.txt\nCOPY b.txt /x/b.txt\n",
            "FROM debian:12\nCOPY b.txt /x/b.txt\nCOPY a.txt /x/b.txt\n".into(),
            "line 3 of the rewritten file may not stand there: the two copies share a place",
        ),
        (
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY . /srv/app\n",
            "FROM debian:12\nCOPY . /srv/app\nRUN apt-get update && apt-get install -y curl\n"
                .into(),
            "one rebuild would cost more: “A source file is edited”",
        ),
    ] {
        assert_eq!(verified(before, &after, None), Err(sentence.into()), "{after}");
    }
}

#[test]
fn a_repeated_copy_that_is_not_there_twice() {
    let before = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n\
                  RUN ls /app/src > /tmp/list\nCOPY . .\n";
    let once = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\n\
                RUN pip install -r requirements.txt\nRUN ls /app/src > /tmp/list\nCOPY . .\n";
    let right = once.replace("RUN ls", "COPY . .\nRUN ls");
    let owned = right.replace("list\nCOPY . .", "list\nCOPY --chown=1 . .");
    let lost = right.replace("list\nCOPY . .\n", "list\n");
    catches(
        before,
        &right,
        &[
            ("a step between reads what the first brought", once),
            ("the other copy has another owner", &owned),
            ("the last is gone", &lost),
        ],
    );
}

const WORKSPACE: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[package]\nname = \"app\"\nedition = \"2021\"\n[dependencies]\nlog = \"0.4\"\n\
         own.path = \"own\"\n",
    ),
    ("Cargo.lock", ""),
    ("src/main.rs", ""),
    ("own/Cargo.toml", "[package]\nname = \"own-lib\"\nedition = \"2021\"\n"),
    ("own/src/lib.rs", ""),
    ("tools/Cargo.toml", "[package]\nname = \"tools\"\n"),
];

/// What is left of a stub is shipped: cargo goes by times, and a copied source is the older one.
#[test]
fn a_compile_ahead_that_leaves_something() {
    let layer = "RUN mkdir -p own/src src && touch own/src/lib.rs && echo 'fn main() {}' > src/main.rs \
                 && cargo build --release && cargo clean --release -p app -p own-lib && rm -r own/src src\n";
    let manifests = "COPY Cargo.toml Cargo.lock ./\nCOPY own/Cargo.toml ./own/\n";
    let rest = "COPY . .\nRUN cargo build --release\n";
    let out = "FROM debian:13\nCOPY --from=0 /app/target/release/app /app\n";
    let start = "FROM rust:1.90\nWORKDIR /app\n";
    let before = format!("{start}{rest}{out}");
    let right = format!("{start}{manifests}{layer}{rest}{out}");
    let with = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        right.replacen(from, to, 1)
    };
    let wrong = [
        ("a package that is not cleaned", with(" -p own-lib", "")),
        ("another one is", with(" -p own-lib", " -p own")),
        ("nothing is cleaned", with(" && cargo clean --release -p app -p own-lib", "")),
        ("the clean looks elsewhere", with("clean --release", "clean")),
        ("it may fail", with("-p own-lib && rm", "-p own-lib; rm")),
        (
            "it is cleaned first",
            with(
                "cargo build --release && cargo clean --release -p app -p own-lib",
                "cargo clean --release -p app -p own-lib && cargo build --release",
            ),
        ),
        ("a stub stays", with(" && rm -r own/src src", " && rm -r own/src")),
        ("other features", with("build --release &&", "build --release --all-features &&")),
        ("another profile", with("build --release &&", "build &&")),
        ("a stub that is no stub", with("'fn main() {}'", "'fn main() { evil() }'")),
        ("a manifest is missing", with("COPY own/Cargo.toml ./own/\n", "")),
        (
            "more manifests than packages that are cleaned",
            with(
                "COPY own/Cargo.toml ./own/\n",
                "COPY own/Cargo.toml ./own/\nCOPY tools/Cargo.toml ./tools/\n",
            ),
        ),
        (
            "it stands below the source",
            format!("{start}COPY . .\n{layer}RUN cargo build --release\n{out}"),
        ),
        (
            "another user",
            with("RUN mkdir", "USER 1000\nRUN mkdir").replacen(
                rest,
                &format!("USER root\n{rest}"),
                1,
            ),
        ),
        ("mounts", with("RUN mkdir", "RUN --mount=type=cache,target=/app/target mkdir")),
        ("more is taken out", with("release/app /app", "release /app")),
    ];
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(what, text)| (*what, &**text)).collect();
    catches_with(Some(WORKSPACE), &before, &right, &wrong);
    // Each of these makes the layer itself wrong, whoever wrote it into both.
    let unknown = |what: &str, edit: &dyn Fn(&str) -> String| {
        let verdict = verified(&edit(&before), &edit(&right), Some(WORKSPACE));
        assert!(verdict.is_err(), "{what}");
    };
    unknown("the directory of the compile is taken", &|text| {
        text.replace("release/app /app", "release /app")
    });
    unknown("the target of a variable", &|text| {
        text.replacen("WORKDIR", "ENV CARGO_BUILD_TARGET=x86_64-unknown-linux-musl\nWORKDIR", 1)
    });
    unknown("an image of others", &|text| text.replace("rust:1.90", "acme/rust:1.90"));
    unknown("something is there already", &|text| {
        text.replacen("/app\n", "/app\nRUN mkdir src\n", 1)
    });
    unknown("a step between", &|text| text.replace("COPY . .\n", "COPY . .\nRUN ./generate.sh\n"));
}
