import type { Options } from "./index.js";

/**
 * What `analyze` is told of a build context.
 */
export type ContextOptions = Pick<Options, "files" | "filesComplete" | "executables" | "dockerignore">;

/**
 * A build of a Dockerfile.
 */
export interface FoundBuild {
    /**
     * The path of the Dockerfile, relative to the working directory.
     */
    dockerfile: string;
    /**
     * Its text.
     */
    text: string;
    /**
     * The directory of its build context; `null` where none is known.
     */
    context: string | null;
    /**
     * How the context was learnt.
     */
    learntFrom: "option" | "config" | "compose" | "bake" | "workflow" | "sources" | "guess";
    /**
     * The file that says it, and where in it.
     */
    from?: string;
    /**
     * The stage that is built; the last one where it is missing.
     */
    target?: string;
    /**
     * All that `analyze` can be told of it: `analyze(build.text, build.options)`.
     */
    options: Options;
}

/**
 * What the search for builds is told, beside options of `analyze` that go before what it finds.
 */
export interface FindOptions extends Options {
    /**
     * The directory of the build context, where it is known.
     */
    context?: string;
    /**
     * The configuration to read; the nearest `layerwise.json` or `package.json` by default.
     */
    config?: string;
    /**
     * Takes a sentence about what is missing or cannot be read; the rest is found all the same.
     */
    onProblem?: (sentence: string) => void;
}

/**
 * Whose context is read.
 */
export interface ContextOf {
    /**
     * The path of the Dockerfile.
     */
    dockerfile?: string;
    /**
     * The builder: the classic one reads no ignore file that is named after the Dockerfile.
     */
    builder?: Options["builder"];
}

/**
 * Reads the build context in `directory`: its files, the text of those that `analyze` reads, and
 * its `.dockerignore`, or the one beside `dockerfile` that is named after it.
 */
export function readContext(directory: string, options?: ContextOf): ContextOptions;

/**
 * The paths of the Dockerfiles that files, directories and globs mean; without what git ignores,
 * and without dependencies. The working directory is searched by default.
 */
export function findDockerfiles(paths?: string[]): string[];

/**
 * The builds of the Dockerfiles that files, directories and globs mean, compose and bake files
 * among them: as compose files, bake files, workflows, Makefiles and scripts of the repository say, or
 * else from what a Dockerfile copies. A fix has to be right for all builds of its Dockerfile.
 */
export function findBuilds(paths?: string[], options?: FindOptions): Promise<FoundBuild[]>;

/**
 * The builds of the Dockerfile at `path` with a text that need not be the file's.
 */
export function buildsOf(path: string, text: string, options?: FindOptions): FoundBuild[];
