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
//! Without a member that the lock file has, npm 11, pnpm 10 and Yarn 1 install all but its link and
//! its dependencies and say nothing; `yarn install --immutable` of Yarn 4 fails. So a member on
//! which no copied one depends is reported where the install fails, and where a later copy brings it
//! to a step that works on every member (`npm run build --workspaces`, `turbo run build`). Of one on
//! which a copied one depends, npm takes all from its lock file: it is reported where it has programs
//! or scripts that an install runs.
//!
//! Not reported: what a mount, another stage or an earlier command may bring; other members of a
//! workspace on which no member that is copied depends, or that the install does not select, and
//! their programs; and settings that leave what is installed as it is (`save-exact=true`). With
//! `.npmrc`, `package.json` and `package-lock.json` in the context:
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
//! Of 5 findings read on public Dockerfiles, 5 were right. There were no more to read.

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
    fn members_are_missed_that_copied_ones_depend_on() {
        let root = ("package.json", r#"{"workspaces": ["packages/*"]}"#);
        let files = [
            root,
            LOCK,
            ("packages/a/package.json", r#"{"name": "a", "dependencies": {"b": "*"}}"#),
            ("packages/b/package.json", r#"{"name": "b", "optionalDependencies": {"c": "*"}}"#),
            ("packages/c/package.json", r#"{"name": "c", "bin": "bin.js"}"#),
            ("packages/c/bin.js", ""),
            ("packages/d/package.json", r#"{"name": "d", "devDependencies": {"a": "*"}}"#),
            ("packages/d/.npmrc", ""),
        ];
        let copied = |names: &[&str]| {
            let copies = names.iter();
            let copies =
                copies.map(|name| format!("COPY packages/{name}/package.json packages/{name}/\n"));
            CI.replace("RUN", &format!("{}RUN", copies.collect::<String>()))
        };
        assert_eq!(
            missing(&files, &copied(&["a", "d"])),
            [
                "npm reads `packages/b/package.json`, `packages/c/package.json`, which no copy before \
              it brings"
            ]
        );
        // Nothing asks for `d`; what `d` needs while it is developed is not asked for.
        for near in [&[][..], &["c"], &["b", "c"], &["d"], &["a", "b", "c"]] {
            assert!(missing(&files, &copied(near)).is_empty(), "{near:?}");
        }
        // npm takes what `b` depends on from its lock file, where that has it.
        let locked = ("package-lock.json", r#"{"packages": {"packages/a": {}, "packages/b": {}}}"#);
        let mut known = files;
        known[1] = locked;
        assert_eq!(
            missing(&known, &copied(&["a", "d"])),
            ["npm reads `packages/c/package.json`, which no copy before it brings"]
        );
        known[1].1 = r#"{"packages": {"packages/a": {}, "packages/b": {}, "packages/c": {}}}"#;
        assert_eq!(missing(&known, &copied(&["a", "d"])).len(), 1, "it has a program");
        known[4].1 = r#"{"name": "c"}"#;
        assert!(missing(&known, &copied(&["a", "d"])).is_empty());
        // The install says which it is for.
        let one = copied(&["a", "b"]);
        assert_eq!(missing(&files, &one).len(), 1);
        for flag in ["--workspace=packages/a", "-w a"] {
            let of_one = one.replace("npm ci", &format!("npm ci {flag}"));
            assert!(missing(&files, &of_one).is_empty(), "{flag}");
        }
    }

    #[test]
    fn every_member_is_missed_where_all_are_worked_on() {
        let root = ("package.json", r#"{"workspaces": ["packages/*"]}"#);
        let lock = "{\n\"packages/web\": {},\n\"packages/cli\": {}\n}";
        let web = ("packages/web/package.json", r#"{"name": "web"}"#);
        let cli = ("packages/cli/package.json", r#"{"name": "cli"}"#);
        let files = [root, ("package-lock.json", lock), web, cli];
        let steps = CI.replace("RUN", "COPY packages/web/package.json packages/web/\nRUN");
        let all = format!("{steps}\nRUN npm run build --workspaces");
        assert_eq!(
            missing(&files, &all),
            ["npm reads `packages/cli/package.json`, which no copy before it brings"]
        );
        for near in [
            &*steps,
            &format!("{steps}\nRUN npm run build --workspace=web"),
            &format!("RUN npm run build --workspaces\n{steps}"),
            // It is no part of what is built.
            &all.replace("COPY . .", "COPY packages/web packages/web"),
        ] {
            assert!(missing(&files, near).is_empty(), "{near}");
        }
        // npm refuses a member that its lock file has not.
        let older = "{\n\"packages/web\": {}\n}";
        assert!(missing(&[root, ("package-lock.json", older), web, cli], &all).is_empty());
    }

    #[test]
    fn yarn_fails_without_a_member_that_its_lock_file_has() {
        let root = ("package.json", r#"{"workspaces": ["packages/*"]}"#);
        let web = ("packages/web/package.json", r#"{"name": "web"}"#);
        let cli = ("packages/cli/package.json", r#"{"name": "cli"}"#);
        let lock = "__metadata:\n  version: 8\n\n\"cli@workspace:packages/cli\":\n  version: 0\n";
        let steps = "WORKDIR /app\nCOPY package.json yarn.lock .yarnrc.yml ./\n\
                     COPY packages/web/package.json packages/web/\nRUN yarn install --immutable";
        let files = |lock| {
            [root, web, cli, (".yarnrc.yml", "nodeLinker: node-modules"), ("yarn.lock", lock)]
        };
        assert_eq!(
            missing(&files(lock), steps),
            ["yarn reads `packages/cli/package.json`, which no copy before it brings"]
        );
        assert!(missing(&files(lock), &steps.replace(" --immutable", "")).is_empty());
        assert!(missing(&files("__metadata:\n"), steps).is_empty());
        assert!(missing(&files("# yarn lockfile v1\n"), steps).is_empty());
    }

    #[test]
    fn modules_are_missed_that_go_looks_for_in_any_case() {
        let steps = "WORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .";
        let module = ("go.mod", "module a\nrequire b v1\nreplace b => ./b\n");
        let files = [module, ("go.sum", ""), ("b/go.mod", "module b\n")];
        assert_eq!(missing(&files, steps), ["go reads `b/go.mod`, which no copy before it brings"]);
        let copied = steps.replace("RUN", "COPY b/go.mod b/\nRUN");
        assert!(missing(&files, &copied).is_empty());
    }

    #[test]
    fn settings_are_missed_that_say_something() {
        let settings = |name: &'static str, text: &'static str, steps: &str| {
            !missing(&[PACKAGE, LOCK, (name, text)], steps).is_empty()
        };
        for (text, is_missed) in [
            ("legacy-peer-deps=true", true),
            ("@a:registry = https://npm.a.b", true),
            ("registry=https://npm.a.b/", true),
            ("registry=https://registry.npmjs.org/", false),
            ("save-exact=true\n# install-strategy=nested\n", false),
            ("shamefully-hoist=true", false),
            ("//npm.a.b/:_authToken=${TOKEN}", false),
        ] {
            assert_eq!(settings(".npmrc", text, CI), is_missed, "{text}");
        }
        let told = CI.replace("npm ci", "npm ci --legacy-peer-deps");
        assert!(!settings(".npmrc", "legacy-peer-deps=true", &told));
        let pnpm = CI.replace("npm ci", "pnpm install");
        assert!(settings(".npmrc", "shamefully-hoist=true", &pnpm));
        let yaml = "pnpm-workspace.yaml";
        assert!(settings(yaml, "packages:\n  - '.'\nnodeLinker: hoisted\n", &pnpm));
        assert!(!settings(yaml, "packages:\n  - '.'\n", &pnpm));
        // Variables are replaced in settings alone.
        let bun = CI.replace("npm ci", "bun install");
        assert!(!settings(".env", "A=b", &bun));
        let files = [PACKAGE, LOCK, (".env", "A=b"), (".npmrc", "registry=$A")];
        let steps = bun.replace("package*.json", "package*.json .npmrc");
        assert_eq!(missing(&files, &steps), ["bun reads `.env`, which no copy before it brings"]);
    }

    #[test]
    fn what_another_step_makes_anyway_is_not_missed() {
        let client = r#"{"dependencies": {"@prisma/client": "6"}}"#;
        let schema = ("prisma/schema.prisma", "");
        assert!(missing(&[("package.json", client), LOCK, schema], CI).is_empty());
        // The wrapper of Maven is not for `mvn`.
        let steps = "WORKDIR /app\nCOPY pom.xml ./\nRUN mvn dependency:go-offline\nCOPY . .";
        let pom = ("pom.xml", "<project/>");
        let wrapper = (".mvn/wrapper/maven-wrapper.properties", "");
        assert!(missing(&[pom, wrapper], steps).is_empty());
        assert_eq!(
            missing(&[pom, wrapper, (".mvn/maven.config", "")], steps),
            ["maven reads `.mvn/`, which no copy before it brings"]
        );
        // Properties that a restore does not read, and the sources that it has anyway.
        let steps = "WORKDIR /app\nCOPY a.csproj ./\nRUN dotnet restore a.csproj\nCOPY . .";
        let project = ("a.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"/>");
        let props = |property: &'static str| [project, ("Directory.Build.props", property)];
        let none = "<Project><!-- <A>1</A> --><PropertyGroup><Nullable>enable</Nullable></PropertyGroup></Project>";
        assert!(missing(&props(none), steps).is_empty());
        let some = "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>";
        assert_eq!(missing(&props(some), steps).len(), 1);
        let feed = |text: &'static str| [project, ("nuget.config", text)];
        let usual = "<configuration><packageSources><clear /><add key=\"nuget.org\" value=\"https://api.nuget.org/v3/index.json\" /></packageSources></configuration>";
        assert!(missing(&feed(usual), steps).is_empty());
        let own = "<configuration><packageSources><add key=\"a\" value=\"https://a.b/index.json\" /></packageSources></configuration>";
        assert_eq!(missing(&feed(own), steps).len(), 1);
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
    fn what_stack_makes_of_another_file_is_not_missed() {
        let stack = [("stack.yaml", "resolver: lts-22.0\n"), ("stack.yaml.lock", "")];
        let package = ("package.yaml", "name: a\ndependencies: [base]\n");
        let cabal = ("a.cabal", "name: a\nbuild-type: Simple\n");
        let steps = "WORKDIR /app\nCOPY stack.yaml stack.yaml.lock package.yaml* ./\n\
                     RUN stack setup && stack build --only-dependencies\nCOPY . .";
        let missing = |own: &[(&str, &str)]| missing(&[&stack, own].concat(), steps);
        assert!(missing(&[package, cabal, ("Setup.hs", "")]).is_empty());
        let late = |tool: &str| format!("{tool} reads `a.cabal`, which no copy before it brings");
        assert_eq!(missing(&[cabal, ("Setup.hs", "")]), [late("stack setup"), late("stack")]);
    }

    #[test]
    fn no_fix_where_no_later_copy_brings_it() {
        let files = [PACKAGE, LOCK, (".npmrc", "")];
        let alone = CI.replace("\nCOPY . .", "");
        assert_eq!(missing(&files, &alone).len(), 1);
        assert_eq!(repaired(&files, &alone), alone);
    }
}
