//! Command lines, and what the tables make of them.

use super::*;

pub(in crate::ecosystem) fn used(line: &str) -> Option<Use> {
    let words: Vec<Argument<'_>> = line
        .split(' ')
        .map(|word| Argument {
            text: word.trim_matches('"').to_owned(),
            resolved: !word.contains('$'),
            written: word,
        })
        .collect();
    let program = words[0].text.rsplit('/').next().unwrap_or("");
    recognise(&Invocation { program, written: words[0].written, arguments: &words[1..] })
}

fn kind(line: &str) -> Option<ActionKind> {
    used(line).map(|found| found.kind)
}

/// Asserts the kind of each line; `None` for one that no table knows.
#[track_caller]
pub(in crate::ecosystem) fn kinds(expected: Option<ActionKind>, lines: &[&str]) {
    for line in lines {
        assert_eq!(kind(line), expected, "{line}");
    }
}

pub(in crate::ecosystem) const INSTALL: Option<ActionKind> = Some(ActionKind::Install);
pub(in crate::ecosystem) const NAMED: Option<ActionKind> = Some(ActionKind::Named);
pub(in crate::ecosystem) const COMPILE: Option<ActionKind> = Some(ActionKind::Compile);
pub(in crate::ecosystem) const EVERYTHING: Option<ActionKind> = Some(ActionKind::Everything);
pub(in crate::ecosystem) const UPKEEP: Option<ActionKind> = Some(ActionKind::Upkeep);

#[test]
fn pip() {
    let found = used("pip3 install --no-cache-dir -i https://x -r a.txt -cb.txt").unwrap();
    assert_eq!(
        (found.kind, found.files),
        (ActionKind::Install, vec!["a.txt".into(), "b.txt".into()])
    );
    kinds(INSTALL, &["python3.11 -m pip install -r a.txt flask", "pip install -qUr a.txt"]);
    kinds(COMPILE, &["pip install -Ue ."]);
    kinds(
        NAMED,
        &["python -m pip install flask", "pip install foo==$VERSION", "pip install a@x://b"],
    );
    kinds(
        EVERYTHING,
        &["pip install -r $FILE", "pip install $PACKAGES", "pip install --editable=."],
    );
    kinds(COMPILE, &["pip install -e .", "pip install .[dev]", "pip install lib/a -r a.txt"]);
    kinds(COMPILE, &["python setup.py install"]);
    kinds(EVERYTHING, &["pip install --no-deps -e .", "pip install --no-index ."]);
    kinds(None, &["python3 -m build", "pip completion", "python setup.py sdist"]);
    assert_eq!(used("pip install -c https://a/b.txt c").unwrap().kind, ActionKind::Named);
    assert_eq!(used("pip install dist/a.whl").unwrap().paths, ["dist/a.whl"]);
    assert_eq!(used("pip install -f wheels a").unwrap().paths, ["wheels"]);
    assert!(used("pip install -f https://x a").unwrap().paths.is_empty());
    assert_eq!(used("pip install --target=/lib -r a").unwrap().outputs, ["/lib"]);
}

#[test]
fn npm() {
    let found = used("npm --prefix web ci").unwrap();
    assert_eq!((found.kind, found.directory.as_deref()), (ActionKind::Install, Some("web")));
    kinds(INSTALL, &["npm i", "npm install", "corepack npm ci", "npm ci --omit=dev"]);
    kinds(NAMED, &["npm install -g @angular/cli", "npm i --global pnpm@8"]);
    kinds(COMPILE, &["npm install express", "npm install -g ."]);
    kinds(EVERYTHING, &["npm run build", "npm test"]);
}

#[test]
fn python_projects() {
    kinds(
        INSTALL,
        &["poetry install --no-root --only main", "uv sync --locked --no-install-workspace"],
    );
    kinds(
        INSTALL,
        &["pipenv install --system --deploy", "pdm sync --no-self", "uv pip install -r a.txt"],
    );
    kinds(INSTALL, &["pixi install --locked", "conda env create -f a.yml", "uv pip sync a.txt"]);
    kinds(
        COMPILE,
        &["poetry install", "uv sync --frozen --no-dev", "pdm install --prod", "uv pip install ."],
    );
    kinds(COMPILE, &["pipenv install flask"]);
    kinds(INSTALL, &["uv sync --no-install-project", "pipenv sync"]);
    kinds(
        NAMED,
        &[
            "uv tool install ruff",
            "conda install -y -n base -c conda-forge numpy",
            "pipx install poetry",
        ],
    );
    kinds(
        UPKEEP,
        &[
            "python3 -m venv /opt/venv",
            "poetry config virtualenvs.create false",
            "conda clean -afy",
        ],
    );
    kinds(
        EVERYTHING,
        &["poetry install --only-root", "uv sync --offline", "pipenv install -r a.txt"],
    );
    kinds(
        None,
        &[
            "poetry run pytest",
            "uv run main.py",
            "pipenv run x",
            "conda activate a",
            "poetry build",
        ],
    );
    assert_eq!(used("uv pip sync a.txt b.txt").unwrap().files, ["a.txt", "b.txt"]);
    assert_eq!(used("python -m venv /opt/venv").unwrap().outputs, ["/opt/venv"]);
    assert_eq!(used("micromamba install -y -f e.yml").unwrap().files, ["e.yml"]);
}

#[test]
fn javascript() {
    kinds(
        INSTALL,
        &["yarn", "yarn install --frozen-lockfile", "yarn --immutable", "pnpm i", "bun install"],
    );
    kinds(
        INSTALL,
        &["yarn workspaces focus --production a", "corepack pnpm install", "pnpm fetch --prod"],
    );
    kinds(
        INSTALL,
        &["npx --yes pnpm@9 install", "pnpm --filter a... install", "deno install", "bun ci"],
    );
    kinds(
        NAMED,
        &[
            "yarn global add serve",
            "pnpm add -g turbo",
            "bun add -g x",
            "corepack prepare pnpm@9 --activate",
        ],
    );
    kinds(COMPILE, &["yarn add left-pad", "pnpm add x", "deno cache main.ts", "bun add x"]);
    kinds(
        UPKEEP,
        &["corepack enable", "yarn cache clean", "pnpm store prune", "yarn config set a b"],
    );
    kinds(EVERYTHING, &["pnpm install -r --offline --prod", "yarn install --offline"]);
    kinds(
        EVERYTHING,
        &["yarn build", "pnpm build", "bun run build", "yarn workspace a build", "pnpm -r build"],
    );
    kinds(
        None,
        &["deno task build", "npx prisma generate", "yarn set version stable", "pnpm deploy x"],
    );
    let writes = |line: &str| used(line).map(|found| found.action.writes.to_vec());
    assert_eq!(writes("yarn install"), Some(vec!["./yarn.lock"]));
    assert_eq!(writes("yarn --frozen-lockfile"), Some(vec![]));
    let directory = |line: &str| used(line).and_then(|found| found.directory);
    assert_eq!(directory("yarn --cwd web install"), Some("web".into()));
    assert_eq!(directory("pnpm --dir=web i"), Some("web".into()));
    assert_eq!(
        used("yarn install --immutable").unwrap().tool.source.address,
        "https://yarnpkg.com/cli/install"
    );
}

#[test]
fn rust() {
    kinds(
        COMPILE,
        &["cargo build --release", "cargo +nightly build", "cargo install --path .", "cargo fetch"],
    );
    kinds(INSTALL, &["cargo chef cook --release --recipe-path r.json", "rustup target add x"]);
    kinds(
        NAMED,
        &[
            "cargo install cargo-chef --locked",
            "rustup toolchain install 1.80",
            "cargo binstall -y x",
        ],
    );
    kinds(EVERYTHING, &["cargo build --offline", "cargo chef prepare --recipe-path r.json"]);
    kinds(None, &["rustc main.rs", "cargo make x"]);
    assert_eq!(used("cargo chef cook --recipe-path r.json").unwrap().files, ["r.json"]);
}

#[test]
fn jvm() {
    kinds(
        COMPILE,
        &["mvn clean package -DskipTests", "./mvnw -B install", "gradle shadowJar", "sbt assembly"],
    );
    kinds(
        COMPILE,
        &[
            "./gradlew :app:build -x test",
            "lein uberjar",
            "clojure -T:build uber",
            "sh mvnw verify",
        ],
    );
    kinds(
        INSTALL,
        &["mvn -B dependency:go-offline", "./gradlew dependencies --no-daemon", "sbt update"],
    );
    kinds(
        INSTALL,
        &[
            "mvn -f api/pom.xml dependency:resolve dependency:resolve-plugins",
            "clojure -P",
            "lein deps",
        ],
    );
    kinds(
        EVERYTHING,
        &["mvn -o package", "./gradlew build --offline", "mvn install:install-file -Dfile=a.jar"],
    );
    kinds(UPKEEP, &["mvn --version", "./gradlew --version", "gradle --stop"]);
    kinds(None, &["mvn versions:set -DnewVersion=1", "ant dist", "java -jar a.jar"]);
    let found = used("mvn -fae -f api/pom.xml package").unwrap();
    assert_eq!((found.files, found.directory), (vec!["api/pom.xml".to_owned()], None));
    assert_eq!(used("mvn -f api package").unwrap().directory.as_deref(), Some("api"));
}

#[test]
fn scripting() {
    kinds(
        INSTALL,
        &[
            "bundle",
            "bundle install --jobs 4 --retry 3",
            "carton install --deployment",
            "bundle check",
        ],
    );
    kinds(
        INSTALL,
        &["composer install --no-scripts --no-dev --no-autoloader", "cpanm --installdeps ."],
    );
    kinds(INSTALL, &["Rscript -e renv::restore()"]);
    kinds(
        COMPILE,
        &["composer install --no-dev", "php composer.phar install --no-scripts", "composer update"],
    );
    kinds(
        NAMED,
        &[
            "gem install bundler -v 2.5",
            "composer global require a/b",
            "pecl install redis",
            "cpanm A::B",
        ],
    );
    kinds(NAMED, &["Rscript -e install.packages('a')", "install2.r --error dplyr"]);
    kinds(
        UPKEEP,
        &["bundle config set --local without test", "composer clear-cache", "composer --version"],
    );
    kinds(EVERYTHING, &["bundle install --local", "composer dump-autoload -o"]);
    kinds(None, &["bundle exec rake assets:precompile", "Rscript x.R"]);
    kinds(
        None,
        &["Rscript -e install.packages('a',repos=NULL)", "gem build a.gemspec", "php artisan x"],
    );
    kinds(None, &["Rscript -e renv::restore() -e devtools::install()"]);
}

#[test]
fn native() {
    kinds(
        INSTALL,
        &[
            "mix deps.get --only prod",
            "mix deps.compile",
            "mix do deps.get --only prod, deps.compile",
        ],
    );
    kinds(
        INSTALL,
        &[
            "swift package resolve",
            "dart pub get",
            "flutter pub get",
            "cabal build --only-dependencies",
        ],
    );
    kinds(
        INSTALL,
        &["opam install . --deps-only -y", "conan install . --build=missing", "vcpkg install"],
    );
    kinds(
        INSTALL,
        &[
            "terraform init -backend=false",
            "helm dependency build",
            "stack build --only-dependencies",
        ],
    );
    kinds(
        COMPILE,
        &[
            "swift build -c release",
            "stack build --copy-bins",
            "dart compile exe a.dart",
            "opam install .",
        ],
    );
    kinds(COMPILE, &["flutter build web", "cabal build exe:a", "mix do deps.get, compile"]);
    kinds(
        NAMED,
        &[
            "mix local.hex --force",
            "cabal update",
            "opam install dune",
            "vcpkg install zlib",
            "helm repo add a https://b",
        ],
    );
    kinds(EVERYTHING, &["dart pub get --offline", "flutter build web --no-pub"]);
    kinds(
        None,
        &["mix compile", "mix release", "mix do compile, release", "terraform apply", "dune build"],
    );
}

#[test]
fn go() {
    kinds(INSTALL, &["go mod download"]);
    kinds(COMPILE, &["go build -o /app ./...", "go install ./cmd/a", "go run main.go"]);
    kinds(NAMED, &["go install github.com/a/b@latest", "go install -v a/b@v1 c/d@v2"]);
    kinds(EVERYTHING, &["go build -mod=vendor ./..."]);
    kinds(None, &["gofmt -l .", "go generate ./..."]);
}

#[test]
fn apt() {
    kinds(NAMED, &["apt-get install -y --no-install-recommends curl $X"]);
    kinds(NAMED, &["apt-get -o Acquire::x=1 update"]);
    assert_eq!(used("apt-get install -y ./a.deb").unwrap().paths, ["./a.deb"]);
}

#[test]
fn settings() {
    kinds(
        UPKEEP,
        &["a2enmod rewrite", "locale-gen en_US.UTF-8", "update-ca-certificates", "gcc --version"],
    );
    kinds(
        UPKEEP,
        &["dpkg --add-architecture i386", "gpg --dearmor -o /etc/x.gpg", "apt-mark hold a"],
    );
    kinds(NAMED, &["docker-php-ext-install pdo", "dpkg -i /tmp/a.deb", "rpm -Uvh https://x/y.rpm"]);
    kinds(NAMED, &["add-apt-repository ppa:a/b", "jenkins-plugin-cli --plugins git:1"]);
    kinds(INSTALL, &["jenkins-plugin-cli --plugin-file plugins.txt"]);
    kinds(None, &["gcc a.c", "node a.js", "python3 -c print()", "make"]);
    assert_eq!(used("gpg --import a.key").unwrap().paths, ["a.key"]);
    assert_eq!(used("dpkg -i a.deb").unwrap().paths, ["a.deb"]);
    assert_eq!(used("apt-key add a.key").unwrap().paths, ["a.key"]);
}

#[test]
fn downloads() {
    assert_eq!(used("curl -fsSLo /x/y https://a/b").unwrap().outputs, ["/x/y"]);
    assert_eq!(used("wget -O a.tgz https://a/b").unwrap().outputs, ["a.tgz"]);
    assert_eq!(used("git clone --depth 1 https://a/b /src").unwrap().outputs, ["/src"]);
    assert_eq!(used("git clone /a /b").unwrap().paths, ["/a"]);
    kinds(EVERYTHING, &["curl -fsSL -o $X https://a", "curl -T a https://b"]);
}

#[test]
fn upkeep() {
    kinds(
        UPKEEP,
        &["mkdir -p /a", "npm config set a b", "apt-get clean", "useradd -m a", "go env"],
    );
    assert_eq!(used("useradd -m -d /app a").unwrap().outputs, ["/app"]);
    kinds(EVERYTHING, &["rm -rf $X"]);
    kinds(None, &["npm version patch", "git config user.name a"]);
}

#[test]
fn what_goes_first_is_in_the_words_of_the_file() {
    let first = |line: &str| used(line).and_then(|found| found.first);
    assert_eq!(first("go build -o /app ./..."), Some("go mod download".into()));
    assert_eq!(first("go mod download"), None);
    assert_eq!(first("pip install ."), None);
    assert_eq!(
        first("./mvnw -f api/pom.xml -B -DskipTests clean package"),
        Some("./mvnw -f api/pom.xml -B dependency:go-offline".into())
    );
    assert_eq!(
        first("gradle -p api clean build -x test --no-daemon"),
        Some("gradle -p api --no-daemon dependencies".into())
    );
    assert_eq!(
        first("dotnet publish -c Release -r linux-x64 /p:A=b src/A.csproj -o /app"),
        Some("dotnet restore src/A.csproj -r linux-x64 /p:A=b".into())
    );
    assert_eq!(
        first("composer install --no-dev --no-scripts"),
        Some("composer install --no-dev --no-scripts --no-autoloader".into())
    );
    assert_eq!(first("pnpm i -P --frozen-lockfile"), Some("pnpm fetch -P".into()));
    assert_eq!(first("pnpm fetch --prod"), None);
    assert_eq!(first("swift build -c release"), Some("swift package resolve".into()));
    assert_eq!(first("opam install . -y"), Some("opam install . -y --deps-only".into()));
    assert_eq!(first("clojure -T:build uber"), Some("clojure -P".into()));
    assert_eq!(
        first("poetry install --only main"),
        Some("poetry install --only main --no-root".into())
    );
    assert_eq!(
        first("python3 -m uv sync --locked"),
        Some("python3 -m uv sync --locked --no-install-workspace".into())
    );
}
