// Webpack as a promise.

import webpack from "webpack";

/** Bundles; fails with what webpack complains of. */
export function bundled(configuration) {
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error) reject(error);
      else if (stats.hasErrors()) reject(new Error(stats.toString("errors-only")));
      else resolve();
    });
  });
}
