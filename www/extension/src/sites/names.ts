// Names of Dockerfiles, and paths in addresses.

const DOCKERFILE = /^(?:(?:Dockerfile|Containerfile)(?:\..+)?|dockerfile|.+\.[Dd]ockerfile)$/;
/** What stands beside a Dockerfile under a name that begins like it. */
const BESIDE = /\.dockerignore$/;

/** Whether the path of a file is that of a Dockerfile, as the command line takes it. */
export function isDockerfile(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return DOCKERFILE.test(name) && !BESIDE.test(name);
}

/** The path of an address with what is encoded in it. */
export function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** The same for a path that goes into an address. */
export function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
