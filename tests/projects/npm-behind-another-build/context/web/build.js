const { writeFileSync } = require("node:fs");

writeFileSync("page.html", "a page\n");
