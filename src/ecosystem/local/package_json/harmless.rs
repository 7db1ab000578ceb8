//! Packages whose install scripts leave the project alone.

/// They compile, download or print, and look at nothing outside of their own directory but
/// package.json, as the scripts of their published versions show. Divided by blanks; `*` matches, as in
/// the programs of esbuild, one a platform.
pub const HARMLESS: &str = "@angular/cli @apollo/rover @biomejs/biome @bufbuild/buf @contrast/fn-inspect \
    @datadog/native-metrics @datadog/pprof @esbuild/* @firebase/util \
    @fortawesome/fontawesome-common-types @fortawesome/fontawesome-svg-core \
    @fortawesome/free-brands-svg-icons @fortawesome/free-regular-svg-icons \
    @fortawesome/free-solid-svg-icons @mongodb-js/zstd @nestjs/core @newrelic/native-metrics \
    @openapitools/openapi-generator-cli @parcel/watcher @playwright/browser-chromium \
    @playwright/test @prisma/engines @scarf/scarf @sentry/cli @sentry/profiling-node \
    @serialport/bindings-cpp @swc/core @temporalio/core-bridge @tensorflow/tfjs-node \
    @vaadin/vaadin-usage-statistics @vscode/ripgrep argon2 aws-crt aws-sdk bcrypt bcrypto \
    better-sqlite3 bigint-buffer bootstrap-vue bufferutil canvas chromedriver core-js \
    core-js-bundle core-js-pure couchbase cpu-features cwebp-bin cypress dd-trace deasync \
    deno docsify dtrace-provider ejs electron electron-chromedriver es5-ext esbuild esbuild-android-* \
    esbuild-darwin-* esbuild-freebsd-* esbuild-linux-* esbuild-netbsd-* esbuild-openbsd-* \
    esbuild-sunos-* esbuild-windows-* ffi-napi \
    ffmpeg-static fibers fsevents gatsby gatsby-cli gatsby-telemetry geckodriver gifsicle gl \
    grpc grpc-tools highlight.js hnswlib-node inferno isolated-vm jpegtran-bin keccak \
    kerberos keytar less leveldown libxmljs libxmljs2 lmdb lz4 lzma-native microtime \
    mongodb-client-encryption mongodb-memory-server mozjpeg msgpackr-extract netlify-cli \
    ngrok nice-napi node-hid node-pty node-sass nodejieba nodemon nuxt onnxruntime-node \
    optipng-bin oracledb parcel-bundler phantomjs-prebuilt playwright playwright-chromium \
    playwright-firefox playwright-webkit pngquant-bin preact prisma protobufjs re2 ref-napi \
    robotjs rxdb sass-embedded secp256k1 serverless sharp snappy snyk sodium-native \
    spawn-sync sqlite3 ssh2 styled-components supabase svelte-preprocess swiper \
    tiny-secp256k1 tldjs tree-sitter tree-sitter-json ttf2woff2 turbo unrs-resolver usb \
    utf-8-validate vercel vue-demi weak-napi web3 web3-bzz web3-shh websocket workerd yarn \
    zeromq zopfli";
