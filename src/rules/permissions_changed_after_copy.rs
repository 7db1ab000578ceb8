//! # permissions-changed-after-copy
//!
//! ## What it finds
//!
//! A RUN that changes owner or mode of files that a copy of the same stage brought.
//!
//! ## Why it costs
//!
//! A change of owner or mode writes the files anew: they are in the image twice, and are pushed and
//! pulled twice. The step runs at every edit, and for a directory with many files that takes as
//! long as the copy.
//!
//! ## What to do
//!
//! Let the copy set them.
//!
//! ```dockerfile
//! FROM node:24
//! COPY docker-entrypoint.sh /usr/local/bin/
//! RUN chmod 755 /usr/local/bin/docker-entrypoint.sh
//! ENTRYPOINT ["docker-entrypoint.sh"]
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM node:24
//! COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
//! ENTRYPOINT ["docker-entrypoint.sh"]
//! ```
//!
//! A file of a directory that is copied as a whole gets its mode in the repository instead. What a
//! step writes belongs to whoever runs it: put USER above it, in place of a change behind it.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY . .
//! RUN chown -R node:node /app
//! USER node
//! ```
//!
//! is reported.
//!
//! Not reported: what a step made or downloaded, a directory alone or one that is but a part of
//! what is copied, and files of accounts that come with packages behind the copy.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! RUN chown node:node /app
//! COPY --chown=node:node . .
//! RUN mkdir /data && chown -R node:node /data
//! RUN curl -fsSL -o /usr/local/bin/tini https://example.com/tini && chmod +x /usr/local/bin/tini
//! ```
//!
//! ## How safe the fix is
//!
//! It is offered for files alone, where nothing looks at them between the copy and the change and
//! the same owner and mode come out: `chown app` leaves the group, and so becomes
//! `--chown=app:0`. `chmod +x` becomes `--chmod=755` under the assumption that the file has one of
//! the modes that version control gives it. What the copy makes of its destination gets the owner
//! and the mode as well, and `--chmod=600` a directory that nobody enters: but for 755 and root,
//! that directory has to be there before. There is no fix for directories, since the flags of a
//! copy leave those that are there as they are, for accounts that are made behind the copy, and
//! with `--link`, which knows no accounts, and no mode. The classic builder has no `--chmod`, and frontends
//! have it [since 1.2](https://docs.docker.com/reference/dockerfile/#copy---chown---chmod).
//!
//! ## How often it is right
//!
//! Of 100 findings read on public Dockerfiles, 96 were right. Not right were a mode that no flag of a
//! copy says (`chmod -R go=u`), one that version control does not keep (`chmod 600`) in a directory
//! that is copied as a whole, a file that the same step writes anew in any case, and a directory that
//! was to belong to a user for what the program writes there.

use super::shown;
use crate::graph::{Graph, Stage, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::limits;
use crate::repair::{Operation, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "permissions-changed-after-copy",
    title: "owner or mode of copied files is changed in a step of its own",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for stage in &analysis.graph.stages {
        in_stage(analysis.graph, stage, &mut found);
    }
    found
}

fn in_stage(graph: &Graph<'_>, stage: &Stage<'_>, found: &mut Vec<Finding>) {
    // Repairs, each with the findings that share it: one copy gets all its flags at once.
    let mut repairs: Vec<(Repair, Vec<usize>)> = Vec::new();
    for (step, run) in stage.steps.iter().enumerate() {
        let (at, Some(run)) = (StepAt { stage: stage.index, step }, run.run()) else { continue };
        let commands = 0..run.commands.len();
        let mut changed =
            commands.filter_map(|number| Some((number, graph.changed_by(at, number)?)));
        let Some((number, copy)) = changed.next() else { continue };
        let command = shown::command(graph, &run.commands[number]);
        if found.len() < limits::REPAIRS_OF_A_RULE
            && let Some(repair) = repair(graph, at)
        {
            let shares = |(other, _): &&mut (Repair, Vec<usize>)| {
                flags(other).any(|(copy, _)| flags(&repair).any(|(own, _)| own == copy))
            };
            match repairs.iter_mut().find(shares) {
                Some((other, findings)) => {
                    other.add(repair);
                    findings.push(found.len());
                }
                None => repairs.push((repair, vec![found.len()])),
            }
        }
        found.push(finding(graph, at, copy, &command));
    }
    for (repair, findings) in repairs {
        for at in findings {
            found[at].remedy = Remedy::Repair(repair.clone());
        }
    }
}

/// The flags that a repair adds.
fn flags(repair: &Repair) -> impl Iterator<Item = (StepAt, &str)> {
    repair.operations.iter().filter_map(|operation| match operation {
        Operation::AddFlag { step, text } => Some((*step, text.as_str())),
        _ => None,
    })
}

/// Sets in the copies what the RUN at `at` sets, as far as that comes to the same.
fn repair(graph: &Graph<'_>, at: StepAt) -> Option<Repair> {
    let run = graph.stages[at.stage].steps[at.step].run().filter(|run| run.is_chain())?;
    let mut repair =
        Repair { title: "Set owner and mode in the copy", frees: vec![at], ..Repair::default() };
    let mut needless = Vec::new();
    for number in 0..run.commands.len() {
        let Some(instead) = graph.flags_instead(at, number) else { continue };
        for flag in instead {
            repair.operations.push(Operation::AddFlag { step: flag.copy, text: flag.flag });
            repair.assumptions.extend(flag.assumptions);
        }
        needless.push(number);
    }
    if needless.is_empty() {
        return None;
    }
    repair.operations.push(Operation::TakeOut { step: at, commands: needless });
    Some(repair)
}

fn finding(graph: &Graph<'_>, at: StepAt, copy: StepAt, command: &str) -> Finding {
    let line = graph.line(graph.stages[copy.stage].steps[copy.step].instruction);
    let issue = Issue {
        message: format!("`{command}` changes files that the copy on line {line} brought"),
        why: "Each edit writes the files twice, and the image holds them twice.".into(),
        help:
            "Set owner and mode in the copy, with `--chown` and `--chmod`, or the mode of a file \
               in the repository."
                .into(),
        related: vec![Related { span: graph.span(copy), message: "This copy brings them.".into() }],
        ..RULE.issue(graph.span(at))
    };
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::Cases;
    use crate::{Builder, Options, Report, analyze};

    fn report(steps: &str, builder: Builder) -> Report {
        analyze(&format!("FROM debian:13\n{steps}\n"), &Options { builder, ..Options::default() })
    }

    fn cases() -> Cases {
        Cases { rule: RULE.id, head: "FROM debian:13\n", options: Options::default() }
    }

    #[track_caller]
    fn catches(steps: &str, repaired: &str) {
        cases().catches(steps, repaired);
    }

    /// Reported, with no fix.
    #[track_caller]
    fn advises(steps: &str) {
        catches(steps, steps);
    }

    #[track_caller]
    fn catches_not(steps: &str) {
        cases().catches_not(steps);
    }

    #[test]
    fn flags_of_the_copy() {
        catches("COPY a.sh /\nRUN chmod +x /a.sh", "COPY --chmod=755 a.sh /");
        catches("COPY a.sh /a.sh\nRUN chmod 0644 /a.sh", "COPY --chmod=644 a.sh /a.sh");
        // Known to be there: what a step makes, and what is so in any case.
        for above in ["WORKDIR /srv/a", "RUN mkdir -p /srv/a/b", "COPY x.sh /srv/a/"] {
            catches(
                &format!("{above}\nCOPY a.sh /srv/a/\nRUN chmod 700 /srv/a/a.sh"),
                &format!("{above}\nCOPY --chmod=700 a.sh /srv/a/"),
            );
        }
        catches("COPY a.sh /srv/a/\nRUN chown 0:0 /srv/a/a.sh", "COPY --chown=0:0 a.sh /srv/a/");
        catches("COPY a.sh /srv/a/\nRUN chmod 755 /srv/a/a.sh", "COPY --chmod=755 a.sh /srv/a/");
        catches(
            "COPY a.sh /\nRUN chmod 600 /a.sh && chown 1 /a.sh",
            "COPY --chmod=600 --chown=1:0 a.sh /",
        );
        catches("COPY a.sh b.sh /\nRUN chmod +x /a.sh /b.sh", "COPY --chmod=755 a.sh b.sh /");
        catches(
            "WORKDIR /app/b\nCOPY a.sh ./\nRUN chown app a.sh",
            "WORKDIR /app/b\nCOPY --chown=app:0 a.sh ./",
        );
        catches(
            "COPY a.sh /\nRUN chmod +x /a.sh && chown 1:1 /a.sh && date",
            "COPY --chmod=755 --chown=1:1 a.sh /\nRUN date",
        );
        catches("COPY a.sh /\nRUN date && chmod 755 /a.sh", "COPY --chmod=755 a.sh /\nRUN date");
        catches(
            "COPY a.sh /\nRUN date \\\n    && chmod 755 /a.sh \\\n    && mkdir /b",
            "COPY --chmod=755 a.sh /\nRUN date \\\n    && mkdir /b",
        );
        catches(
            "RUN useradd app\nCOPY a.sh /\nRUN chown app:app /a.sh",
            "RUN useradd app\nCOPY --chown=app:app a.sh /",
        );
        catches("COPY --chown=1 a.sh /\nRUN chmod 755 /a.sh", "COPY --chown=1 --chmod=755 a.sh /");
    }

    #[test]
    fn one_copy_gets_its_flags_at_once() {
        let steps = "COPY a.sh /\nRUN chmod 755 /a.sh\nRUN chown 1:1 /a.sh";
        assert_eq!(cases().found(steps), (2, "COPY --chmod=755 --chown=1:1 a.sh /".into()));
    }

    #[test]
    fn what_rests_on_the_file_is_assumed() {
        let assumed = |steps: &str| report(steps, Builder::Buildkit).fixes[0].assumptions.clone();
        let mode = "`a.sh` of the context is a file with the mode 644 or 755.";
        assert_eq!(assumed("COPY a.sh /\nRUN chmod +x /a.sh"), [mode]);
        let file = "`a.sh` of the context is a file, and no directory.";
        assert_eq!(assumed("COPY a.sh /\nRUN chmod 755 /a.sh"), [file]);
    }

    #[test]
    fn directories_of_other_images_are_assumed() {
        let assumed = |image: &str| {
            let text = format!(
                "FROM {image}\nCOPY a.sh /usr/local/bin/a.sh\nRUN chmod 700 /usr/local/bin/a.sh"
            );
            let report = analyze(&text, &Options::default());
            report.fixes.first().map(|fix| fix.assumptions.clone())
        };
        let file = "`a.sh` of the context is a file, and no directory.";
        let there = |image: &str| format!("The image `{image}` has `/usr/local/bin`.");
        assert_eq!(assumed("alpine:3.20"), Some(vec![file.into()]));
        for image in ["busybox", "a/b:1"] {
            assert_eq!(assumed(image), Some(vec![there(image), file.into()]));
        }
        assert_eq!(assumed("scratch"), None);
    }

    #[test]
    fn what_a_flag_would_not_do() {
        // Directories, and what makes another mode of another file.
        advises("COPY . /app\nRUN chown -R app:app /app");
        advises("COPY src /app/\nRUN chmod -R u=rwX /app");
        advises("COPY src /app/\nRUN chmod \\\n    -R 755 /");
        advises("COPY a.sh /\nRUN chmod u+x /a.sh");
        advises("COPY a.sh /\nRUN chown $OWNER /a.sh");
        advises("ARG UID=1000\nCOPY a.sh /\nRUN chown ${UID}:${UID} /a.sh");
        advises("ARG MODE=755\nCOPY a.sh /\nRUN chmod $MODE /a.sh");
        advises("ARG F=a.sh\nCOPY a.sh /\nRUN chmod 755 /$F");
        advises("COPY a.sh b.sh /\nRUN chmod +x /a.sh");
        advises("COPY *.sh /\nRUN chmod -R 755 /");
        // Accounts that are made behind the copy, or by it.
        advises("COPY a.sh /\nRUN useradd app\nRUN chown app:app /a.sh");
        advises("COPY a.sh /\nRUN useradd app && chown app:app /a.sh");
        advises("COPY --link a.sh /\nRUN chown app:app /a.sh");
        advises("COPY --link a.sh /\nRUN chmod 755 /a.sh");
        // Directories that the copy makes, or may make.
        advises("COPY a.sh /srv/a/\nRUN chmod 700 /srv/a/a.sh");
        advises("COPY a.sh /srv/a/a.sh\nRUN chown app:app /srv/a/a.sh");
        advises("WORKDIR /srv\nCOPY a.sh a/\nRUN chown app a/a.sh");
        advises("COPY a.sh /srv/a/\nRUN chgrp app /srv/a/a.sh");
        advises("COPY a.sh /srv/a/\nWORKDIR /srv/a\nRUN chmod 644 a.sh");
        advises("RUN test -d /x && mkdir /srv/a\nCOPY a.sh /srv/a/\nRUN chmod 600 /srv/a/a.sh");
        advises(
            "WORKDIR /srv/a\nRUN rm -r /srv/a\nWORKDIR /\nCOPY a.sh /srv/a/\nRUN chmod 600 /srv/a/a.sh",
        );
        // A change of owner takes the bit away.
        advises("COPY a.sh /\nRUN chmod 4755 /a.sh && chown app /a.sh");
        advises("COPY a.sh /\nRUN chmod u+s /a.sh && chown app /a.sh");
        advises("COPY --chmod=2755 a.sh /\nRUN chown app /a.sh");
        advises("COPY a.sh /\nRUN setcap cap_chown=+ep /a.sh && chown app /a.sh");
        // What looks at the file, or may.
        advises("COPY a.sh /\nRUN cp -p /a.sh /b.sh\nRUN chmod +x /a.sh");
        advises("COPY a.sh /\nRUN ./configure\nRUN chmod +x /a.sh");
        advises("COPY a.sh /usr/bin/\nRUN apt-get update\nRUN chmod +x /usr/bin/a.sh");
        advises("COPY --chmod=644 a.sh /\nRUN chmod +x /a.sh");
        advises("COPY a.sh /\nRUN chmod +x /a.sh || true");
        advises("COPY --from=alpine a.sh /\nRUN chmod 755 /a.sh");
        advises("COPY a.sh /data/\nVOLUME /data\nRUN chmod 755 /data/a.sh");
    }

    #[test]
    fn builders_and_frontends_without_modes() {
        let steps = "COPY a.sh /\nRUN chmod 755 /a.sh && chown 1:1 /a.sh";
        assert_eq!(
            report(steps, Builder::Classic).rewritten,
            "FROM debian:13\nCOPY --chown=1:1 a.sh /\nRUN chmod 755 /a.sh\n"
        );
        let tagged = |tag: &str| {
            let text = format!(
                "# syntax=docker/dockerfile:{tag}\nFROM debian:13\nCOPY a.sh /\nRUN chmod 755 /a.sh\n"
            );
            analyze(&text, &Options::default()).edits.len()
        };
        assert_eq!(["1", "1.2", "1.10", "1.20-labs"].map(tagged), [2; 4]);
        assert_eq!(["1.1", "1.0-experimental", "experimental"].map(tagged), [0; 3]);
    }

    #[test]
    fn what_no_copy_brought() {
        catches_not("RUN curl -o /a.sh https://a.b/c && chmod +x /a.sh");
        catches_not("COPY . /app\nRUN mkdir -p /app/data && chown app /app/data");
        catches_not("COPY . /app\nRUN mkdir -p /app/data && chown -R app /app/data");
        catches_not("WORKDIR /app\nRUN chown app /app\nCOPY . .");
        catches_not("COPY . /app\nRUN chown app /app");
        catches_not("COPY . /app\nRUN make\nRUN chmod +x /app/bin/tool");
        catches_not("COPY a.conf /srv/\nRUN curl a.b/c | tar xz -C /srv\nRUN chown -R app /srv");
        catches_not("COPY a.sh /\nRUN setcap cap_net_bind_service=+ep /a.sh");
        catches_not("COPY --chmod=755 a.sh /\nRUN chmod +x /b.sh");
        catches_not("COPY a.sh /\nRUN chmod $MODE $FILE");
    }

    #[test]
    fn files_of_a_directory_are_looked_for_in_the_context() {
        let own = |files: &[&str], steps: &str| {
            let files = files.iter().map(|path| (path.to_string(), None)).collect();
            let text = format!("FROM debian:13\nWORKDIR /app\nCOPY . .\n{steps}\n");
            let report = analyze(&text, &Options { files: Some(files), ..Options::default() });
            report.issues.iter().filter(|issue| issue.rule == RULE.id).count()
        };
        assert_eq!(own(&["bin/a", "b"], "RUN make\nRUN chmod +x bin/a"), 1);
        assert_eq!(own(&["bin/c", "b"], "RUN make\nRUN chmod +x bin/a"), 0);
        assert_eq!(own(&["storage/a"], "RUN chown -R app storage"), 1);
        assert_eq!(own(&["stored/a"], "RUN chown -R app storage"), 0);
    }
}
