//! Build tools of the JVM.

use super::{
    Action, ActionKind, Arguments, Cache, First, Index, Manifest, OPTIONS, OptionTable, Presence,
    Source, TOOL, Tool, Unlisted, action, beside, covered, first, local, maybe, optional, required,
};

pub(super) const TOOLS: &[Tool] =
    &[CLOJURE, GRADLE, GRADLE_WRAPPER, LEININGEN, MAVEN, MAVEN_WRAPPER, SBT];

const fn goals(goals: &'static str, kind: ActionKind) -> Action {
    Action { goals, ..action(&[], kind) }
}

const fn only(words: &'static [&'static str]) -> Action {
    Action { arguments: Arguments::None, ..action(words, ActionKind::Install) }
}

const fn compile(first: &'static First) -> Action {
    Action { first: Some(first), arguments: Arguments::Free, ..action(&[], ActionKind::Compile) }
}

const fn flags(flags: &'static str, kind: ActionKind) -> Action {
    Action { flags, arguments: Arguments::Free, ..action(&[], kind) }
}

const VERSION: Action =
    Action { flags: "--version -version -v --help -h", ..action(&[], ActionKind::Upkeep) };

const M2: &[Cache] = &[Cache { path: "~/.m2", variable: "" }];

const CLOJURE: Tool = Tool {
    name: "clojure",
    source: Source::at("https://clojure.org/reference/clojure_cli#prepare"),
    programs: &["clojure", "clj"],
    options: OptionTable { values: "-Sdeps -m --main -e --eval", ..OPTIONS },
    actions: &[
        flags("-P", ActionKind::Install),
        VERSION,
        // What a tool of `-T` builds has dependencies of its own.
        compile(&First { carries: "-A* -M* -X* -Sdeps", ..first("-P") }),
    ],
    manifests: &[required("deps.edn")],
    writes: &["./.cpcache", "~/.m2", "~/.gitlibs"],
    caches: M2,
    inspect: Some(local::deps_edn),
    texts: "deps.edn",
    ..TOOL
};

const GRADLE_OPTIONS: OptionTable = OptionTable {
    values: "-x --exclude-task -P --project-prop -D --system-prop -g --gradle-user-home \
             --max-workers --console --warning-mode --priority -M --write-verification-metadata",
    directories: "-p --project-dir",
    opaque: "-b --build-file -c --settings-file -I --init-script --include-build",
    // A task of a project below.
    noted: "*:*",
    ..OPTIONS
};

const GRADLE_ACTIONS: &[Action] = &[
    VERSION,
    Action { flags: "--stop --status", ..action(&[], ActionKind::Upkeep) },
    flags("--offline", ActionKind::Everything),
    Action {
        flags: "--write-locks --update-locks",
        writes: &["./gradle.lockfile"],
        ..only(&["*dependencies|*Dependencies"])
    },
    only(&["*dependencies|*Dependencies|buildEnvironment|help|tasks|projects"]),
    Action {
        goals: "*:dependencies",
        arguments: Arguments::Goals,
        ..action(&["*dependencies"], ActionKind::Install)
    },
    goals("wrapper init", ActionKind::Everything),
    // There is no task that only downloads (https://github.com/gradle/gradle/issues/14051);
    // this one needs Gradle itself, the plugins, and what describes the dependencies.
    compile(&First {
        assumes: &["`gradle dependencies` fetches Gradle, its plugins and the description of \
             every dependency; what it leaves out is fetched in the build step."],
        flags: "--no-daemon",
        options_first: true,
        is_checked: true,
        carries: "-P* -D* --project-prop --system-prop -g --gradle-user-home -p --project-dir \
                  --no-daemon --console --warning-mode -q --quiet --info -i --stacktrace -s \
                  --debug -d",
        ..first("dependencies")
    }),
];

const BUILD_GRADLE: Manifest = maybe("build.gradle", "build.gradle*");
const BUILD_GRADLE_KTS: Manifest = covered("build.gradle.kts");
const SETTINGS_GRADLE: Manifest = maybe("settings.gradle", "settings.gradle*");
const SETTINGS_GRADLE_KTS: Manifest = covered("settings.gradle.kts");
const GRADLE_PROPERTIES: Manifest = maybe("gradle.properties", "gradle.properties*");

const GRADLE_FILES: &str = "*.gradle *.gradle.kts *.lockfile *.versions.toml gradle.properties";

/// <https://docs.gradle.org/current/userguide/directory_layout.html#dir:gradle_user_home>
const GRADLE_VARIABLES: &str = "GRADLE_USER_HOME/gradle.properties GRADLE_USER_HOME/init.gradle \
                                GRADLE_USER_HOME/init.gradle.kts GRADLE_USER_HOME/init.d";

const GRADLE_WRITES: &[&str] =
    &["./.gradle", "./buildSrc/.gradle", "~/.gradle", "/home/gradle/.gradle"];
const GRADLE_CACHES: &[Cache] = &[
    Cache { path: "~/.gradle", variable: "GRADLE_USER_HOME" },
    Cache { path: "/home/gradle/.gradle", variable: "GRADLE_USER_HOME" },
];

const GRADLE: Tool = Tool {
    name: "gradle",
    source: Source::at("https://docs.gradle.org/current/userguide/command_line_interface.html"),
    programs: &["gradle"],
    options: GRADLE_OPTIONS,
    actions: GRADLE_ACTIONS,
    manifests: &[
        BUILD_GRADLE,
        BUILD_GRADLE_KTS,
        SETTINGS_GRADLE,
        SETTINGS_GRADLE_KTS,
        GRADLE_PROPERTIES,
        optional("gradle.lockfile"),
        optional("gradle/"),
        optional("buildSrc/"),
    ],
    writes: GRADLE_WRITES,
    caches: GRADLE_CACHES,
    scattered: GRADLE_FILES,
    inspect: Some(local::gradle),
    climbs: "settings.gradle settings.gradle.kts",
    texts: "*.gradle *.gradle.kts",
    variables: GRADLE_VARIABLES,
    ..TOOL
};

const GRADLE_WRAPPER: Tool = Tool {
    name: "gradle",
    source: Source::at("https://docs.gradle.org/current/userguide/gradle_wrapper.html"),
    programs: &["gradlew"],
    options: GRADLE_OPTIONS,
    actions: GRADLE_ACTIONS,
    manifests: &[
        required("gradlew"),
        BUILD_GRADLE,
        BUILD_GRADLE_KTS,
        SETTINGS_GRADLE,
        SETTINGS_GRADLE_KTS,
        GRADLE_PROPERTIES,
        optional("gradle.lockfile"),
        required("gradle/"),
        optional("buildSrc/"),
    ],
    writes: GRADLE_WRITES,
    caches: GRADLE_CACHES,
    scattered: GRADLE_FILES,
    inspect: Some(local::gradle),
    climbs: "settings.gradle settings.gradle.kts",
    texts: "gradlew *.gradle *.gradle.kts",
    variables: GRADLE_VARIABLES,
    ..TOOL
};

const LEININGEN: Tool = Tool {
    name: "leiningen",
    source: Source::at("https://codeberg.org/leiningen/leiningen/src/branch/main/doc/TUTORIAL.md"),
    programs: &["lein"],
    options: OPTIONS,
    actions: &[
        VERSION,
        Action { flags: "-o -offline", ..flags("-o", ActionKind::Everything) },
        only(&["deps"]),
        only(&["with-profile|with-profiles", "*", "deps"]),
        action(&["version|help|upgrade|downgrade|new"], ActionKind::Everything),
        compile(&first("deps")),
    ],
    manifests: &[required("project.clj"), optional("profiles.clj")],
    writes: &["./target", "~/.m2", "~/.lein"],
    caches: M2,
    assumes: &["`project.clj` reads no other file of the project."],
    ..TOOL
};

const MAVEN_OPTIONS: OptionTable = OptionTable {
    values: "-pl --projects -P --activate-profiles -T --threads -D --define -b --builder -rf \
             --resume-from --color",
    projects: "-f --file",
    reads: "-s --settings -gs --global-settings -t --toolchains -gt --global-toolchains",
    writes: "-l --log-file",
    flags: "-fae -ff -fn -fnsu -llr -lax",
    noted: "-pl --projects -am --also-make",
    ..OPTIONS
};

/// Goals and phases that compile, and download on the way.
/// <https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html>
const MAVEN_GOALS: &str = "compile test-compile test package prepare-package verify install deploy integration-test \
     process-* generate-* validate site *:exec *:java assembly:* compiler:* jib:* spring-boot:* \
     quarkus:* liberty:* *:single jar:* war:* appassembler:* native:* *:build *:repackage \
     dependency:*";

const MAVEN_ACTIONS: &[Action] = &[
    VERSION,
    // The artifact is a file that an option names.
    Action {
        index: Index::Adds,
        ..goals("install:install-file deploy:deploy-file", ActionKind::Everything)
    },
    flags("-o --offline", ActionKind::Everything),
    only(&[GO_OFFLINE]),
    Action { writes: &["./target"], ..only(&["clean", GO_OFFLINE]) },
    only(&[GO_OFFLINE, GO_OFFLINE]),
    action(&["dependency:get"], ActionKind::Named),
    Action {
        first: Some(&First {
            flags: "-B",
            carries: "-*",
            drops: "-DskipTests* -Dmaven.test.skip* -T*",
            options_first: true,
            fills_caches: true,
            assumes: &[
                "`mvn dependency:go-offline` resolves everything that `pom.xml` names; what \
                 plugins choose only while they run is fetched in the build step.",
            ],
            ..first("dependency:go-offline")
        }),
        ..goals(MAVEN_GOALS, ActionKind::Compile)
    },
];

const GO_OFFLINE: &str = "dependency:go-offline|dependency:resolve|dependency:resolve-plugins|\
                          *maven-dependency-plugin*:go-offline|*maven-dependency-plugin*:resolve|\
                          *go-offline-maven-plugin*:resolve-dependencies|\
                          dependency:copy-dependencies|dependency:get";

/// <https://hub.docker.com/_/maven>, <https://maven.apache.org/wrapper/>
const MAVEN_VARIABLES: &str = "MAVEN_CONFIG/settings.xml MAVEN_USER_HOME/settings.xml";

const MAVEN: Tool = Tool {
    name: "maven",
    source: Source::at(
        "https://maven.apache.org/plugins/maven-dependency-plugin/go-offline-mojo.html",
    ),
    programs: &["mvn", "mvnd"],
    options: MAVEN_OPTIONS,
    actions: MAVEN_ACTIONS,
    manifests: &[required("pom.xml"), optional(".mvn/")],
    writes: &["~/.m2"],
    caches: M2,
    scattered: "*/.mvn/* mvnw pom.xml",
    inspect: Some(local::maven),
    texts: ".mvn/extensions.xml pom.xml",
    variables: MAVEN_VARIABLES,
    ..TOOL
};

const MAVEN_WRAPPER: Tool = Tool {
    name: "maven",
    source: Source::at("https://maven.apache.org/wrapper/"),
    programs: &["mvnw"],
    options: MAVEN_OPTIONS,
    actions: MAVEN_ACTIONS,
    manifests: &[required("mvnw"), required(".mvn/"), required("pom.xml")],
    writes: &["~/.m2"],
    caches: M2,
    scattered: "*/.mvn/* mvnw pom.xml",
    inspect: Some(local::maven),
    texts: ".mvn/extensions.xml mvnw pom.xml",
    variables: MAVEN_VARIABLES,
    ..TOOL
};

const SBT: Tool = Tool {
    name: "sbt",
    source: Source::at("https://www.scala-sbt.org/1.x/docs/Command-Line-Reference.html"),
    programs: &["sbt"],
    options: OptionTable {
        values: "-mem -jvm-debug -sbt-version --sbt-version -java-home --java-home -sbt-dir --sbt-dir \
                 -sbt-boot --sbt-boot -ivy --ivy",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        only(&["update"]),
        only(&["sbtVersion|about|version"]),
        compile(&First {
            carries: "-D* -J* -mem -batch -no-colors --batch -sbt-version --sbt-version -java-home \
                      --java-home -sbt-dir --sbt-dir -sbt-boot --sbt-boot -ivy --ivy",
            options_first: true,
            ..first("update")
        }),
    ],
    manifests: &[
        Manifest { path: "*.sbt", presence: Presence::Required, unlisted: Unlisted::As("*.sbt") },
        maybe("project/*.sbt", "*.sbt"),
        maybe("project/*.scala", "*.scala"),
        // Another build: <https://www.scala-sbt.org/1.x/docs/Organizing-Build.html>.
        optional("project/src/"),
        optional("project/lib/"),
        optional("project/project/"),
        maybe("project/build.properties", "build.properties*"),
        // What the script that starts it is told: memory, repositories.
        beside(".jvmopts"),
        beside(".sbtopts"),
    ],
    writes: &[
        "./target",
        "./project/target",
        "./project/project/target",
        "~/.ivy2",
        "~/.sbt",
        "~/.cache",
    ],
    caches: &[
        Cache { path: "~/.cache/coursier", variable: "COURSIER_CACHE" },
        Cache { path: "~/.ivy2", variable: "" },
        Cache { path: "~/.sbt", variable: "" },
    ],
    inspect: Some(local::sbt),
    texts: "*.sbt project/*.scala sbt",
    ..TOOL
};
