//! # install-input-missing
//!
//! ## What it finds
//!
//! An install whose manifest is copied before it, while something else that it reads of the
//! project is not: a nested requirements file, `.npmrc`, patches, a schema that a lifecycle script
//! wants, a member of a workspace. It needs the list of the files of the context, and finds more
//! where their text is given.
//!
//! ## Why it costs
//!
//! The install does something else than it does in the project, or fails; and its step stays in
//! the cache while the file that it lacks changes. A split that was right once comes to that when
//! a commit adds such a file, so this rule belongs into every build on CI.
//!
//! ## What to do
//!
//! Copy the file together with the manifest. With `.npmrc`, `package.json` and
//! `package-lock.json` in the context,
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! COPY .npmrc ./
//! RUN npm ci
//! COPY . .
//! ```
//!
//! Not reported: what a mount, another stage or an earlier command may bring; and members of a
//! workspace of which the file copies but a few. With `.npmrc`, `package.json` and `package-lock.json` in
//! the context:
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci
//! COPY . .
//! ```
//!
//! ## How safe the fix is
//!
//! The install reads what it did not read before, so the image may change: the fix is suggested.
//! It is offered where a later copy of the stage brings the file to the same place.
//!
//! ## How often it is right
//!
//! Of 7 findings read on public Dockerfiles, 5 were right. There were no more to read. Not worth it
//! were settings that a flag of the command overrides.

use super::left_out::{files, finding};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "install-input-missing",
    title: "install lacks a file of the project that it reads",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let found = analysis.left_out.iter().filter_map(|left| {
        let (files, names) = files(left, |file| !file.is_lock)?;
        let tool = left.tool;
        let issue = Issue {
            message: format!("{tool} reads {names}, which no copy before it brings"),
            why: "The install does something else than in the project, and its step stays in the \
                  cache while what it lacks changes."
                .into(),
            help: format!("Copy {names} before the install."),
            ..RULE.issue(analysis.graph.span(left.at))
        };
        Some(finding(analysis, left, &files, issue))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::left_out::tests::{found, repaired};

    const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"a": "1"}}"#);
    const LOCK: (&str, &str) = ("package-lock.json", "{}");
    const CI: &str = "WORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .";

    fn missing(files: &[(&str, &str)], steps: &str) -> Vec<String> {
        found(super::RULE.id, files, steps)
    }

    #[test]
    fn what_npm_reads_beside_the_manifest() {
        let late = |name: &str| vec![format!("npm reads `{name}`, which no copy before it brings")];
        assert_eq!(missing(&[PACKAGE, LOCK, (".npmrc", "")], CI), late(".npmrc"));
        assert!(missing(&[PACKAGE, LOCK, ("src/.npmrc", ""), ("npmrc", "")], CI).is_empty());
        let generates = r#"{"scripts": {"postinstall": "prisma generate"},
                            "dependencies": {"prisma": "6"}}"#;
        let schema = ("prisma/schema.prisma", "");
        let files = [("package.json", generates), LOCK, schema];
        assert_eq!(missing(&files, CI), late("prisma/"));
        assert!(missing(&[PACKAGE, LOCK, schema], CI).is_empty());
        let patched = r#"{"scripts": {"postinstall": "patch-package"}}"#;
        let files = [("package.json", patched), LOCK, ("patches/a+1.patch", "")];
        assert_eq!(missing(&files, CI), late("patches/"));
        assert_eq!(
            repaired(&files, CI),
            "WORKDIR /app\nCOPY package*.json ./\nCOPY patches ./patches/\nRUN npm ci\nCOPY . ."
        );
    }

    #[test]
    fn what_pip_reads_beside_the_file_it_is_told() {
        let nested = ("requirements.txt", "-r requirements/base.txt\n");
        let files = [nested, ("requirements/base.txt", "a\n-c ../pins.txt\n"), ("pins.txt", "")];
        let install = "WORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt";
        assert_eq!(
            missing(&files, &format!("{install}\nCOPY . .")),
            ["pip reads `requirements/base.txt`, `pins.txt`, which no copy before it brings"]
        );
        let both = install.replace("requirements.txt .", "requirements.txt pins.txt ./");
        let all = both.replace("RUN", "COPY requirements requirements\nRUN");
        assert!(missing(&files, &format!("{all}\nCOPY . .")).is_empty());
        // The directory of the project in the context is that of the file.
        let below = [("api/requirements.txt", "-r dev.txt"), ("api/dev.txt", ""), ("dev.txt", "")];
        let steps = install.replace("COPY ", "COPY api/");
        assert_eq!(
            missing(&below, &steps),
            ["pip reads `api/dev.txt`, which no copy before it brings"]
        );
    }

    #[test]
    fn who_copies_most_members_of_a_workspace_means_all() {
        let root = ("package.json", r#"{"workspaces": ["packages/*"]}"#);
        let members =
            ["packages/a/package.json", "packages/b/package.json", "packages/c/package.json"];
        let files = [root, LOCK].into_iter().chain(members.map(|member| (member, "{}")));
        let files: Vec<(&str, &str)> = files.collect();
        let copied = |count: usize| {
            let copies = ["a", "b", "c"][..count].iter();
            let copies =
                copies.map(|name| format!("COPY packages/{name}/package.json packages/{name}/\n"));
            CI.replace("RUN", &format!("{}RUN", copies.collect::<String>()))
        };
        assert_eq!(
            missing(&files, &copied(2)),
            ["npm reads `packages/c/package.json`, which no copy before it brings"]
        );
        for count in [0, 1, 3] {
            assert!(missing(&files, &copied(count)).is_empty(), "{count}");
        }
        // The install says which it is for.
        let of_one = copied(2).replace("npm ci", "npm ci --workspace=packages/a");
        assert!(missing(&files, &of_one).is_empty());
    }

    #[test]
    fn yarn_has_settings_of_its_own() {
        let steps = "WORKDIR /app\nCOPY package.json yarn.lock .yarnrc.yml ./\nRUN yarn install";
        let files = [PACKAGE, ("yarn.lock", ""), (".npmrc", "")];
        let berry = [PACKAGE, ("yarn.lock", ""), (".npmrc", ""), (".yarnrc.yml", "")];
        assert!(missing(&berry, steps).is_empty());
        let steps = steps.replace(" .yarnrc.yml", "");
        assert_eq!(
            missing(&files, &steps),
            ["yarn reads `.npmrc`, which no copy before it brings"]
        );
    }

    #[test]
    fn what_may_be_there_is_not_missing() {
        let files = [PACKAGE, LOCK, (".npmrc", "")];
        for before in [
            "RUN echo a=b > .npmrc\nRUN npm ci",
            "RUN ./prepare.sh\nRUN npm ci",
            "RUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci",
            "RUN --mount=type=bind,target=/app,rw npm ci",
            "COPY --from=settings / ./\nRUN npm ci",
            "RUN if [ -f package-lock.json ]; then npm ci; fi",
            "RUN npm install -g typescript",
        ] {
            assert!(missing(&files, &CI.replace("RUN npm ci", before)).is_empty(), "{before}");
        }
        // A directory is made, and nothing in it; a cache lies elsewhere.
        for before in
            ["RUN mkdir -p /app\nRUN npm ci", "RUN --mount=type=cache,target=/root/.npm npm ci"]
        {
            assert_eq!(missing(&files, &CI.replace("RUN npm ci", before)).len(), 1, "{before}");
        }
        // Ignored files are in no build.
        assert!(
            missing(&[PACKAGE, LOCK, (".npmrc", ""), (".dockerignore", ".npmrc")], CI).is_empty()
        );
        // The install of another stage reads its own project.
        let whole = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci";
        let stages = format!("{CI}\n{whole}\nCOPY --from=0 /app/dist dist");
        assert_eq!(missing(&files, &stages).len(), 1);
        // A stage that nothing needs runs nothing.
        assert!(missing(&files, &format!("{CI}\n{whole}")).is_empty());
    }

    #[test]
    fn what_a_program_names_it_may_not_read() {
        let config = ("config/config.exs", "import_config \"#{config_env()}.exs\"");
        let files = [("mix.exs", "deps"), ("mix.lock", ""), config, ("config/dev.exs", "")];
        let steps = "WORKDIR /app\nCOPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY . .";
        assert!(missing(&files, steps).is_empty());
    }

    #[test]
    fn no_fix_where_no_later_copy_brings_it() {
        let files = [PACKAGE, LOCK, (".npmrc", "")];
        let alone = CI.replace("\nCOPY . .", "");
        assert_eq!(missing(&files, &alone).len(), 1);
        assert_eq!(repaired(&files, &alone), alone);
    }
}
