// `layerwise/node` for `import`: the same functions as for `require`.

export { buildsOf, findBuilds, findDockerfiles, readContext } from "./repository.cjs";
