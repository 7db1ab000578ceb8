//! Costs that are measured: the log of a build in place of estimates.

use layerwise::{Options, Timings, analyze};

const DOCKERFILE: &str = "FROM node:24 AS build
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
FROM nginx
COPY --from=build /app/dist /usr/share/nginx/html
";

const LOG: &str = "#5 [build 1/5] FROM node
#5 DONE 1.0s
#6 [build 2/5] WORKDIR /app
#6 DONE 0.1s
#7 [build 3/5] COPY . .
#7 DONE 0.4s
#8 [build 4/5] RUN npm ci
#8 DONE 41.5s
#9 [build 5/5] RUN npm run build
#9 DONE 20.0s
#10 [stage-1 2/2] COPY --from=build /app/dist /usr/share/nginx/html
#10 DONE 0.1s
";

#[test]
fn costs_are_the_times_of_the_log() {
    let timings = Timings::parse(LOG).unwrap();
    let report = analyze(DOCKERFILE, &Options { timings: Some(timings), ..Options::default() });
    assert_eq!(report.issues[0].cost.seconds, 41.5);
    assert!(report.issues[0].cost.measured);
    let source = &report.scenarios[0];
    assert_eq!((source.before.cost.seconds, source.before.cost.measured), (62.0, true));
    assert_eq!((source.after.cost.seconds, source.after.cost.measured), (20.5, true));
}

#[test]
fn without_a_log_costs_are_estimates() {
    let report = analyze(DOCKERFILE, &Options::default());
    assert!(!report.issues[0].cost.measured && report.issues[0].cost.seconds > 1.0);
}

#[test]
fn steps_that_the_log_lacks_keep_their_estimate_and_say_so() {
    let timings = Timings::parse(&LOG.replace("#8 DONE 41.5s", "#8 CACHED")).unwrap();
    let report = analyze(DOCKERFILE, &Options { timings: Some(timings), ..Options::default() });
    assert!(!report.issues[0].cost.measured);
    assert!(!report.scenarios[0].before.cost.measured);
    assert!(report.scenarios[0].after.cost.measured);
}
