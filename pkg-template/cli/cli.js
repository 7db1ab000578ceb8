#!/usr/bin/env node
import { main } from "./main.js";

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
