//! The table of pairs: each kind of step past each other kind, every one with a near miss.

use super::*;
use crate::context::{Context, ContextInput};
use crate::report::Options;
use crate::syntax::parse;

/// Whether the step before the last one may go behind the last: "yes", "if" or "no".
fn answer(text: &str, files: Option<&[&str]>, builder: Builder) -> &'static str {
    match asked(text, files, builder, &[]) {
        Commutes::Yes => "yes",
        Commutes::If(_) => "if",
        Commutes::No(_) => "no",
    }
}

/// The same in full, where the last step finds files at `inputs`.
fn asked(text: &str, files: Option<&[&str]>, builder: Builder, inputs: &[&str]) -> Commutes {
    let text = format!("FROM me/base\n{}\n", text.replace(" | ", "\n"));
    let (tree, errors) = parse(&text);
    assert_eq!(errors.is_empty(), !text.contains("MISSPELT"), "{text}");
    let listed = |files: &[&str]| ContextInput::listed(files.iter().map(|path| (*path, None)));
    let context = Context::new(files.map(listed).unwrap_or_default());
    let options = Options { builder, ..Options::default() };
    let graph = Graph::new(&tree, &context, &options);
    let steps = &graph.stages[0].steps;
    let (sunk, passed) = (steps.len() - 2, steps.len() - 1);
    let at = |step: usize| StepAt { stage: 0, step };
    let links = links::of(&graph, 0);
    let before = Before {
        sinks: &|at| at.step == sunk,
        inputs: &|_| inputs.iter().map(|path| path.to_string()).collect(),
        ..Before::nothing(&links)
    };
    let effect = |step: usize| EffectPart::of(&steps[step].effect);
    let sunk = Sunk { at: at(sunk), step: &steps[sunk], effect: effect(sunk) };
    let passed = Passed { at: at(passed), step: &steps[passed], effect: effect(passed) };
    commutes(&graph, sunk, passed, before)
}

fn table(files: Option<&[&str]>, builder: Builder, pairs: &[(&str, &str)]) {
    for (text, expected) in pairs {
        assert_eq!(answer(text, files, builder), *expected, "{text}");
    }
}

#[test]
fn a_copy_and_a_run() {
    table(
        None,
        Builder::Buildkit,
        &[
            ("COPY . /srv/app | RUN apt-get update", "yes"),
            ("COPY a.conf /etc/a.conf | RUN apt-get update", "no"),
            ("COPY . . | RUN apt-get update", "if"),
            ("COPY . /srv/app | RUN cat /opt/x", "yes"),
            ("COPY . /srv/app | RUN cat /srv/app/x", "no"),
            ("COPY . /srv/app | RUN make", "no"),
            ("COPY . /srv/app | RUN mkdir /srv/app/logs", "no"),
            ("WORKDIR /srv/app | COPY . . | RUN mkdir logs", "no"),
            ("WORKDIR /srv/app | COPY src src/ | RUN mkdir logs", "yes"),
            ("RUN ln -s /srv/app /app | COPY . /srv/app | RUN chmod +x /app/run.sh", "no"),
            ("RUN ln -s /srv/lib /app | COPY . /srv/app | RUN chmod +x /app/run.sh", "yes"),
        ],
    );
}

#[test]
fn a_copy_that_makes_a_directory_and_a_run() {
    table(
        Some(&["a.sh", "main.js"]),
        Builder::Buildkit,
        &[
            ("COPY . /app | RUN cd /app && npm install -g pm2", "no"),
            ("WORKDIR /app | COPY . /app | RUN cd /app && npm install -g pm2", "yes"),
            ("COPY . /app | RUN touch /app/x", "no"),
            ("COPY . /opt/ | RUN touch /opt/x", "yes"),
            ("USER root | COPY . /app | RUN mkdir -p /app/logs", "yes"),
            ("COPY . /app | RUN mkdir -p /app/logs", "if"),
            ("USER root | COPY --chown=node . /app | RUN mkdir -p /app/logs", "no"),
            ("USER node | COPY . /app | RUN mkdir -p /app/logs", "no"),
            // A layer of its own brings the directory as well.
            ("WORKDIR /app | COPY --link a.sh /app/a/ | RUN chown node /app", "no"),
            ("WORKDIR /app | COPY a.sh /app/a/ | RUN chown node /app/b", "yes"),
            ("WORKDIR /app | COPY --link a.sh /app/a/ | RUN chown node /app/b", "yes"),
        ],
    );
}

#[test]
fn what_the_list_lacks() {
    table(
        Some(&["main.js", "prod.env"]),
        Builder::Buildkit,
        &[
            ("WORKDIR /app | COPY . . | RUN chmod +x run.sh", "no"),
            ("WORKDIR /app | COPY . . | RUN chmod +x /opt/run.sh", "yes"),
            ("WORKDIR /app | RUN touch run.sh | COPY . . | RUN cat run.sh", "yes"),
            ("WORKDIR /app | COPY . . | RUN touch run.sh", "yes"),
            ("WORKDIR /app | COPY . . | RUN echo a > .env", "if"),
            ("WORKDIR /app | COPY . . | RUN [ -f .env ] && rm -f /opt/a", "no"),
            ("WORKDIR /app | COPY . . | RUN [ ! -f .env ] || rm -f /opt/a", "if"),
            ("WORKDIR /app | COPY . . | COPY prod.env .env", "no"),
            ("WORKDIR /app | COPY . . | COPY prod.env /opt/.env", "yes"),
            ("WORKDIR / | COPY . . | COPY prod.env .env", "no"),
            // Among what a whole image has, a name says nothing.
            ("WORKDIR / | COPY . . | COPY prod.env /usr/share/a.env", "yes"),
        ],
    );
}

#[test]
fn two_copies() {
    table(
        None,
        Builder::Buildkit,
        &[
            ("COPY a.txt /x/ | COPY b.txt /y/", "yes"),
            ("COPY a.txt /x/b.txt | COPY b.txt /x/b.txt", "no"),
            ("COPY --chown=node a.txt /x/ | COPY b.txt /x/", "no"),
            ("COPY --chown=node a.txt /x/ | COPY --chown=node b.txt /x/", "yes"),
            ("WORKDIR /x | COPY --chown=node a.txt /x/ | COPY b.txt /x/", "yes"),
            ("WORKDIR /x | COPY --link --chown=1 a.txt /x/ | COPY --link b.txt /x/", "no"),
            ("WORKDIR /x | COPY --link --chown=1 a.txt /x/ | COPY b.txt /x/", "yes"),
            ("COPY src /x/src/ | COPY run.sh /x", "no"),
            ("COPY src /x/src/ | COPY run.sh /x/", "yes"),
            ("COPY web/package*.json /x/ | COPY *.json /x/", "no"),
            ("COPY package*.json /x/ | COPY *.json /x/", "yes"),
            ("RUN ln -s /y /x | COPY a.txt /y/a.txt | COPY b.txt /x/a.txt", "no"),
            ("RUN ln -s /z /x | COPY a.txt /y/a.txt | COPY b.txt /x/a.txt", "yes"),
        ],
    );
}

#[test]
fn a_copy_and_what_runs_nothing() {
    let pairs = &[
        ("USER root | COPY . /x | WORKDIR /x", "yes"),
        ("COPY . /x | WORKDIR /x", "if"),
        ("COPY --chown=node . /x | WORKDIR /x", "no"),
        ("COPY --chown=node . /x | WORKDIR /y", "yes"),
        ("USER root | COPY --chmod=700 . /x | WORKDIR /x", "no"),
        ("USER root | COPY --chmod=0755 . /x | WORKDIR /x", "yes"),
        ("COPY $A /x | ENV A=b", "no"),
        ("COPY a /x | ENV A=b", "yes"),
        ("COPY a /x | USER node", "yes"),
        ("COPY a /x | SHELL [\"/bin/bash\", \"-c\"]", "yes"),
        ("COPY a /x | CMD a", "yes"),
        ("COPY . /x | VOLUME /x", "yes"),
    ];
    table(None, Builder::Buildkit, pairs);
    let classic = &[("COPY . /x | VOLUME /x", "no"), ("COPY . /x | VOLUME /y", "yes")];
    table(None, Builder::Classic, classic);
}

#[test]
fn a_run_and_another_step() {
    table(
        None,
        Builder::Buildkit,
        &[
            ("RUN touch /a | RUN touch /b", "yes"),
            ("RUN touch /a | RUN rm /a", "no"),
            ("RUN touch /x/a | COPY b.txt /y/", "yes"),
            ("RUN touch /x/a | COPY a.txt /x/a", "no"),
            ("RUN touch /a | ENV A=b", "no"),
            ("RUN touch /a | USER node", "no"),
            ("RUN touch /a | SHELL [\"/bin/bash\", \"-c\"]", "no"),
            ("RUN touch /a | WORKDIR /x", "no"),
            ("RUN touch /a | VOLUME /x", "no"),
            ("RUN touch /a | LABEL a=b", "yes"),
            ("WORKDIR /x | RUN touch /a", "no"),
            ("VOLUME /x | RUN touch /a", "no"),
        ],
    );
}

#[test]
fn each_refusal_says_why() {
    for (text, sentence) in [
        ("COPY . /x | RUN rm -rf /x", "`rm -rf /x` reads `/x`, which the copy brings"),
        (
            "COPY --chown=node a.txt /x/ | COPY b.txt /x/",
            "`/x` would belong to another user: the copy that stands first makes it",
        ),
        (
            "COPY src /x/src/ | COPY run.sh /x",
            "`/x` is a directory because the first copy makes it, and would become a file: end the \
             destination with a slash",
        ),
        (
            "RUN ln -s /srv/app /app | COPY . /srv/app | RUN chmod +x /app/run.sh",
            "`chmod +x /app/run.sh` reaches what is copied to `/srv/app` through a link",
        ),
        (
            "RUN apt-get install -y a | RUN npm install -g b",
            "`npm install -g b` may use what `apt-get install -y a` changes in the system",
        ),
        ("RUN touch /x/a | COPY a.txt /x/a", "it touches what the copy brings"),
        ("COPY a.txt /x/b.txt | COPY b.txt /x/b.txt", "the two copies share a place"),
        ("COPY a /x | MISSPELT make", "line 3 is not understood"),
        ("WORKDIR /x | RUN touch a", "WORKDIR has moved"),
        ("RUN touch /a | VOLUME /x", "a step has moved below a VOLUME"),
        ("VOLUME /x | RUN touch /a", "VOLUME has moved"),
        ("COPY . $DIR | RUN apt-get update", "where `$DIR` lands is not known"),
        (
            "COPY . /x | RUN cd $DIR && npm install -g pm2",
            "which directory `cd $DIR` needs is not known",
        ),
    ] {
        let answer = asked(text, None, Builder::Buildkit, &[]);
        let Commutes::No(reason) = answer else { panic!("{text}: {answer:?}") };
        assert_eq!(reason.to_string(), sentence, "{text}");
    }
}

#[test]
fn what_no_list_names_is_removed_all_the_same() {
    let asked = |path: &str| {
        let text = format!("COPY . /x | RUN rm -f {path}");
        asked(&text, Some(&["main.js"]), Builder::Buildkit, &[])
    };
    let command = "rm -f /x/.env".to_owned();
    assert_eq!(asked("/x/.env"), Commutes::No(Reason::Removes { command }));
    assert_eq!(asked("/y/.env"), Commutes::Yes);
}

#[test]
fn an_input_is_not_changed() {
    let asked = |inputs: &[&str]| {
        asked("RUN touch /x/a | RUN pip install flask", None, Builder::Buildkit, inputs)
    };
    assert_eq!(asked(&["/x/b"]), Commutes::Yes);
    assert_eq!(asked(&["/x/a"]), Commutes::No(Reason::ReadsChanged));
}

#[test]
fn a_directory_of_very_many_files_is_there() {
    let others: Vec<String> = (0..5_000).map(|n| format!("assets/{n}.png")).collect();
    let asked = |own: &'static str| {
        let files: Vec<&str> = others.iter().map(String::as_str).chain([own]).collect();
        let text = "WORKDIR /app | COPY . . | RUN npm ci";
        asked(text, Some(&files), Builder::Buildkit, &[])
    };
    let path = "node_modules".to_owned();
    let command = "npm ci".to_owned();
    let expected = Commutes::No(Reason::WouldOverwrite { path, command });
    assert_eq!(asked("node_modules/a/index.js"), expected);
    assert_ne!(asked("src/a/index.js"), expected);
}
