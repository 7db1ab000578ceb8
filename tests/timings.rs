//! Costs that are measured: the log of a build in place of estimates.

use layerwise::{Cost, Options, Report, Timings, analyze};

const DOCKERFILE: &str = "FROM node:24 AS build
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
FROM nginx
COPY --from=build /app/dist /usr/share/nginx/html
CMD [\"nginx\"]
";

const LOG: &str = "#0 building with \"default\" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 178B done
#1 DONE 0.0s

#5 [build 1/5] FROM docker.io/library/node:24@sha256:0f35
#5 DONE 1.0s

#4 [stage-1 1/2] FROM docker.io/library/nginx:latest
#4 CACHED

#6 [build 2/5] WORKDIR /app
#6 DONE 0.1s

#7 [build 3/5] COPY . .
#7 DONE 0.4s

#8 [build 4/5] RUN npm ci
#8 0.712 #7 DONE 99.0s
#8 41.02 added 812 packages in 40s
#8 DONE 41.5s

#9 [build 5/5] RUN npm run build
#9 DONE 20.0s

#10 [stage-1 2/2] COPY --from=build /app/dist /usr/share/nginx/html
#10 DONE 0.1s

#11 exporting to image
#11 exporting layers 0.2s done
#11 DONE 0.2s
";

/// The same as `--progress=rawjson` prints it: a line for each change of a vertex, with the
/// states of its transfers and its output behind.
fn rawjson() -> String {
    let vertex = |name: &str, seconds: &str| {
        let start = format!(
            r#"{{"vertexes":[{{"digest":"sha256:a","name":"{name}","started":"2026-11-23T23:59:30.5Z"}}],"statuses":[{{"id":"x","vertex":"sha256:a","name":"x","current":1,"timestamp":"2026-11-23T23:59:31Z","started":"2026-11-23T10:00:00Z","completed":"2026-11-23T20:00:00Z"}}]}}"#
        );
        let end = format!(
            r#"{{"vertexes":[{{"digest":"sha256:a","inputs":["sha256:b"],"name":"{name}","started":"2026-11-23T23:59:30.5Z","completed":"{seconds}Z"}}]}}"#
        );
        format!("{start}\n{end}\n")
    };
    [
        vertex("[internal] load build definition from Dockerfile", "2026-11-23T23:59:30.6"),
        vertex("[build 1/5] FROM docker.io/library/node:24", "2026-11-23T23:59:31.5"),
        vertex("[build 2/5] WORKDIR /app", "2026-11-23T23:59:30.6"),
        vertex("[build 3/5] COPY . .", "2026-11-23T23:59:30.9"),
        vertex("[build 4/5] RUN npm ci", "2026-11-24T00:00:12"),
        vertex("[build 5/5] RUN npm run build", "2026-11-23T23:59:50.5"),
        vertex(
            "[stage-1 2/2] COPY --from=build /app/dist /usr/share/nginx/html",
            "2026-11-23T23:59:30.6",
        ),
    ]
    .concat()
}

fn timed(dockerfile: &str, log: &str) -> Report {
    let timings = Some(Timings::parse(log).unwrap());
    analyze(dockerfile, &Options { timings, ..Options::default() })
}

/// The seconds of each step, to a tenth, and whether they were measured.
fn steps(report: &Report) -> Vec<(i64, bool)> {
    let steps = report.stages.iter().flat_map(|stage| &stage.steps);
    steps.map(|step| tenths(step.cost)).collect()
}

fn tenths(cost: Cost) -> (i64, bool) {
    ((cost.seconds * 10.0).round() as i64, cost.measured)
}

#[test]
fn every_cost_is_a_time_of_the_log_in_both_forms() {
    for log in [LOG, &rawjson()] {
        let report = timed(DOCKERFILE, log);
        let expected = [(1, true), (4, true), (415, true), (200, true), (1, true), (0, true)];
        assert_eq!(steps(&report), expected);
        assert_eq!(tenths(report.issues[0].cost), (415, true));
        let source = &report.scenarios[0];
        assert_eq!(tenths(source.before.cost), (620, true));
        assert_eq!(tenths(source.before.cost_at_least), (619, true));
        assert_eq!(tenths(source.after.cost), (205, true));
    }
}

#[test]
fn without_a_log_costs_are_estimates() {
    let report = analyze(DOCKERFILE, &Options::default());
    assert!(!report.issues[0].cost.measured && report.issues[0].cost.seconds > 1.0);
    assert!(report.scenarios.iter().all(|scenario| !scenario.before.cost.measured));
    assert!(steps(&report).iter().all(|(_, measured)| !measured));
}

#[test]
fn steps_that_the_log_lacks_keep_their_estimate_and_say_so() {
    let report = timed(DOCKERFILE, &LOG.replace("#8 DONE 41.5s", "#8 CACHED"));
    assert!(!steps(&report)[2].1 && steps(&report)[3].1);
    assert!(!report.issues[0].cost.measured);
    assert!(!report.scenarios[0].before.cost.measured);
    assert!(report.scenarios[0].after.cost.measured);
    // A step of less than a second is an estimate, but does not make a sum one.
    let report = timed(DOCKERFILE, &LOG.replace("#7 DONE 0.4s", "#7 CACHED"));
    assert_eq!(steps(&report)[1], (2, false));
    assert!(report.scenarios[0].before.cost.measured);
    let all = LOG.lines().map(|line| match line.contains(" DONE ") {
        true => format!("{} CACHED\n", line.split(' ').next().unwrap()),
        false => format!("{line}\n"),
    });
    let report = timed(DOCKERFILE, &all.collect::<String>());
    assert!(report.scenarios.iter().all(|scenario| !scenario.before.cost.measured));
}

#[test]
fn numbers_are_those_of_the_log() {
    // A stage built on a stage has no FROM among its steps, the root directory none of its own.
    let text = "FROM node:24 AS base\nRUN one\nFROM base\nWORKDIR /\nRUN two\nRUN three\n";
    let log = "#5 [base 2/2] RUN one\n#5 DONE 2.0s\n#6 [stage-1 1/3] RUN two\n#6 DONE 3.0s\n\
               #7 [stage-1 2/3] RUN three\n#7 DONE 4.0s\n";
    let report = timed(text, log);
    let measured = steps(&report).into_iter().filter(|(tenths, _)| *tenths >= 10);
    assert_eq!(measured.collect::<Vec<_>>(), [(20, true), (30, true), (40, true)]);
    // The only stage has no name in the log, whatever it is called.
    for text in ["FROM node:24 AS base\nRUN one\n", "FROM node:24\nRUN one\n"] {
        for (log, seconds) in
            [("#5 [2/2] RUN one\n#5 DONE 2.0s\n", 20), ("#5 [3/3] RUN one\n#5 DONE 2.0s\n", 102)]
        {
            assert_eq!(steps(&timed(text, log))[0].0, seconds, "{text}{log}");
        }
    }
    // Several platforms: the longest counts.
    let log =
        "#5 [linux/amd64 2/2] RUN one\n#6 [linux/arm64 2/2] RUN one\n#6 DONE 9.0s\n#5 DONE 2.0s\n";
    assert_eq!(steps(&timed("FROM node:24\nRUN one\n", log)), [(90, true)]);
}
