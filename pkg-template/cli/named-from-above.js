// Paths that a Dockerfile names as they are seen from a directory above: `RUN cp ./packages/server/res .` is of a build
// in the root, and not in packages/server.

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { parse } from "layerwise";

const RUNS = ["RUN", "CMD", "ENTRYPOINT"];
const PLACES = ["COPY", "ADD", "WORKDIR"];

/**
 * The first of the directories `above` from which the Dockerfile `text` names a path that is there, and that
 * `directory`, which may be its context, does not have; undefined where there is none.
 */
export function namedFromAbove(text, directory, above) {
  const { instructions } = parse(text);
  const textsOf = (keywords) => instructions.filter(({ keyword }) => keywords.includes(keyword))
    .flatMap(({ args, heredocs }) => [...args, ...heredocs.map(({ content }) => content)]);
  const words = textsOf(RUNS).flatMap((run) => run.split(/[\s"'=,;()&|<>]+/));
  const places = textsOf(PLACES).map((place) => `/${place.replace(/\/+$/, "")}`);
  return above.find((other) => {
    const own = `/${relative(other, directory).replaceAll("\\", "/")}`;
    // In the image, `COPY . /app/server` puts it there itself.
    if (own === "/" || own.startsWith("/..") || places.some((place) => place.endsWith(own))) return false;
    return words.some((word) => {
      const path = word.startsWith("/") ? word : `/${word.replace(/^\.\//, "")}`;
      const at = path.indexOf(`${own}/`);
      const named = path.slice(at);
      // `/src/server/a.sh` behind `COPY . /src`, and not `/etc/server/a.conf`.
      const isNamed = word.startsWith("/") ? places.includes(`/${path.slice(0, at)}`) : at === 0;
      return at >= 0 && isNamed && existsSync(join(other, named)) && !existsSync(join(directory, named));
    });
  });
}
