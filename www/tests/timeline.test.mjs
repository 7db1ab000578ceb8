// What a change rebuilds: the panel that compares both files step by step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, overflow, page, paste, settled, violations } from "./page.mjs";

const side = (name) => page.getByRole("region", { name: `${name}, step by step` });
/** The steps of a side: their line, what becomes of them, and the words that say so. */
const steps = (name) =>
  side(name).locator(".steps li").evaluateAll((rows) =>
    rows.map((row) => ({
      step: row.querySelector("code").textContent,
      outcome: row.dataset.outcome,
      words: row.textContent,
    })),
  );
const outcomes = async (name) => (await steps(name)).map(({ outcome }) => outcome);
const choose = async (name) => {
  await page.getByRole("radio", { name }).check();
  await settled();
};
const totals = () => page.locator(".total p").allTextContents();
const verdict = async () => (await settled(), await page.locator(".verdict").textContent());
/** Scrolls as a visitor does, who comes to the panel when it is drawn already. */
async function goThere() {
  const title = page.locator("#timeline-title");
  while (!(await title.evaluate((element) => element.getBoundingClientRect().top < window.innerHeight / 2))) {
    await page.mouse.wheel(0, 200);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await settled();
  }
}

test("an edit of the source: what runs again before and after, and why", async () => {
  await open();
  assert.ok(await page.getByRole("radio", { name: /A source file is edited/ }).isChecked());
  assert.match(await verdict(), /^A source file is edited: the rewrite saves about 30 s each time\.$/);
  const [before, after] = await totals();
  assert.match(before, /^about 31 s 3 of 7 steps run again$/);
  assert.match(after, /^under 1 s 2 of 8 steps run again$/);

  const old = await steps("As it is");
  const pip = old.find(({ step }) => step.startsWith("RUN pip"));
  assert.equal(pip.outcome, "rerun");
  assert.match(pip.words, /Runs again for nothing\. Comes after line 15, but needs only requirements\.txt of it\./);
  const add = old.find(({ step }) => step === "ADD . /app");
  assert.match(add.words, /Runs again\. Brings the file that changed\./);
  assert.equal(old[0].outcome, "cached");
  assert.match(old[0].words, /cached/);

  const made = await steps("Rewritten");
  assert.equal(made.find(({ step }) => step.startsWith("RUN pip")).outcome, "cached");
});

test("another change: the same steps, other outcomes", async () => {
  await open();
  await choose(/added to requirements\.txt/);
  const pip = (await steps("Rewritten")).find(({ step }) => step.startsWith("RUN pip"));
  assert.equal(pip.outcome, "rerun");
  assert.match(pip.words, /Runs again\. Comes after line 14 and needs requirements\.txt of it\./);
  assert.match(await verdict(), /takes the same time\.$/);

  await choose(/base image ubuntu:14\.04 is updated/);
  assert.ok((await outcomes("As it is")).every((outcome) => outcome === "rerun"));
  assert.match((await steps("As it is"))[0].words, /Built on ubuntu:14\.04, which is another image now\./);
});

test("any file can be named: edited, new, ignored, or copied on from a stage", async () => {
  await open();
  await choose(/Another file/);
  const path = page.getByLabel("Path in the build context");
  assert.match(await verdict(), /^README\.md is edited: the rewrite saves about 30 s each time\.$/);
  await path.fill("requirements.txt");
  assert.match(await verdict(), /^requirements\.txt is edited: .*takes the same time\.$/);
  await path.fill("");
  assert.match(await verdict(), /^Name a file/);

  await open("#example=npm-install-and-build");
  await choose(/Another file/);
  await path.fill("src/new.js");
  assert.match(await verdict(), /^src\/new\.js is added/);
  const copy = (await steps("As it is")).find(({ step }) => step.startsWith("COPY --from"));
  assert.equal(copy.outcome, "depends");
  assert.match(copy.words, /May run again\. Takes files from .*, where steps run again: it stays cached if they make the same files as before\./);
  assert.match((await totals())[0], /^about \d\d s 2 of 4 steps run again, 1 more may$/);

  await page.getByRole("button", { name: "src/main.js", exact: true }).click();
  assert.match(await verdict(), /^src\/main\.js is edited/);
  await path.fill("src/new.js");

  await page.locator(".context summary").click();
  await page.getByLabel(".dockerignore").fill("src/new.js\n");
  await page.waitForFunction(() => /nothing runs again/.test(document.querySelector(".verdict").textContent));
  assert.ok((await outcomes("As it is")).every((outcome) => outcome === "cached"));
});

test("the keyboard changes the scenario, and typing keeps it", async () => {
  await open();
  await page.getByRole("radio", { name: /A source file/ }).focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.getByRole("radio", { name: /added to requirements\.txt/ }).isChecked());
  assert.match(await verdict(), /^A dependency is added to requirements\.txt/);
  await paste("FROM python:3.13\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n");
  assert.ok(await page.getByRole("radio", { name: /added to requirements\.txt/ }).isChecked());
});

test("stages: what is not built, what is built on a stage, what is copied from one", async () => {
  await open();
  await paste(
    "FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /bin/app .\n" +
      "FROM build AS lint\nRUN go vet ./...\n" +
      "FROM build AS extra\nRUN touch /x\n" +
      "FROM alpine:3.22\nRUN apk add curl\nCOPY --from=extra /bin/app /app\n",
  );
  assert.equal(await side("As it is").locator(".skipped").count(), 1);
  const old = await steps("As it is");
  const words = (start) => old.find(({ step }) => step.startsWith(start)).words;
  assert.match(words("RUN touch"), /Built on the stage build, where steps run again\.|Comes after line 3/);
  assert.match(words("COPY --from"), /Takes files from the stage extra, where steps run again: it stays cached if they make the same files as before\./);
  assert.equal(old.find(({ step }) => step === "RUN apk add curl").outcome, "cached");
  assert.match(words("RUN go build"), /in part for nothing\. Comes after line 3, and go build .* may read any of it/);
});

test("a refused repair is not called waste, and says why instead", async () => {
  await open("#example=refused-lifecycle-script");
  assert.equal(await page.getByRole("region", { name: /^Rewritten, step/ }).count(), 0);
  assert.match(await verdict(), /Nothing could be rewritten; the issues say why\.$/);
  const npm = (await steps("As it is")).find(({ step }) => step === "RUN npm ci");
  assert.match(npm.words, /Runs again\. .*postinstall/);
  assert.doesNotMatch(npm.words, /for nothing/);
});

test("nothing to repair, and nothing to rebuild", async () => {
  await open();
  await paste("FROM alpine:3.22\nRUN apk add curl\nCOPY . /srv\n");
  assert.deepEqual(await outcomes("As it is"), ["cached", "rerun"]);
  assert.doesNotMatch(await verdict(), /rewrit/);
  await paste("# nothing yet\n");
  assert.match(await page.locator("#timeline").textContent(), /no change rebuilds anything/);
  await paste("FROM alpine:3.22\nCOPY . /srv\n");
  assert.deepEqual(await outcomes("As it is"), ["rerun"]);
});

test("a build argument that some steps see", async () => {
  await open();
  await paste("FROM alpine:3.22\nRUN echo one\nARG VERSION\nRUN echo two\nCOPY a b\n");
  await choose(/VERSION/);
  const [one, two, copy] = await steps("As it is");
  assert.deepEqual([one.outcome, two.outcome, copy.outcome], ["cached", "rerun", "rerun"]);
  assert.match(two.words, /A RUN sees every build argument declared above it; VERSION is one\./);
});

test("a step leads to its line, in both files; the cursor marks its step", async () => {
  await open();
  const selected = () => page.evaluate(() => window.getSelection().toString());
  await side("As it is").getByRole("button", { name: /18 RUN pip/ }).click();
  assert.equal(await selected(), "RUN pip install -r /app/requirements.txt");
  assert.match(await page.locator(".steps li[aria-current]").textContent(), /RUN pip/);
  await side("Rewritten").getByRole("button", { name: /20 ADD/ }).click();
  assert.equal(await selected(), "ADD . /app");
  assert.ok(await page.evaluate(() => document.activeElement.closest("#diff") !== null));
});

test("an issue says what it costs and leads to the change that shows it", async () => {
  await open();
  await choose(/base image/);
  await page.getByRole("button", { name: "2 steps run again, about 30 s" }).click();
  // The worker is asked first which change explains the issue.
  await page.getByRole("radio", { name: /A source file is edited/, checked: true }).waitFor();
  assert.match(await verdict(), /saves about 30 s/);
});

test("a log of a build gives measured times, and text that is none says what is expected", async () => {
  await open();
  await page.getByText("Use measured times").click();
  const field = page.getByLabel("docker build --progress=plain");
  await field.fill("hello\n");
  await settled();
  assert.match(await page.locator("#log-problem").textContent(), /expected the log that docker build --progress=plain/);
  assert.match((await totals())[0], /^about 31 s/);

  // FROM is the first step, and this file has four more before ADD.
  await field.fill(
    "#9 [6/8] ADD . /app\n#9 DONE 0.4s\n#10 [7/8] RUN pip install -r /app/requirements.txt\n" +
      "#10 DONE 83.0s\n#11 [8/8] WORKDIR /app\n#11 DONE 0.1s\n",
  );
  await page.waitForFunction(() => /^84 s/.test(document.querySelector(".total p").textContent));
  const [before, after] = await totals();
  assert.equal(before, "84 s 3 of 7 steps run again");
  assert.equal(after, "0.5 s 2 of 8 steps run again");
  assert.match(await verdict(), /saves 83 s each time/);
  assert.ok(await page.getByRole("button", { name: "2 steps run again, 83 s" }).isVisible());

  await page.getByRole("button", { name: "Use this" }).click();
  await page.waitForFunction(() => document.querySelector("#rewrite-use").disabled);
  assert.equal(await field.inputValue(), "");
});

test("phone width: nothing is cut off or wider than the page, whatever is chosen", async () => {
  const name = "x".repeat(90);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await open();
    await goThere();
    await page.getByRole("radio").first().waitFor();
    for (const radio of await page.getByRole("radio").all()) {
      await radio.check();
      assert.ok((await overflow()) <= 0);
    }
    await paste(`FROM ${name}:1 AS ${name}\nARG ${name}\nCOPY ${name}.py /\nRUN ${name}\nCOPY --from=${name} /a /${name}\n`);
    for (const radio of await page.getByRole("radio").all()) {
      await radio.check();
      assert.ok((await overflow()) <= 0);
    }
  }
});

test("accessibility of every change, in both themes, wide and narrow", async () => {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await open();
      await goThere();
      await page.getByText("Use measured times").click();
      await page.getByLabel("docker build --progress=plain").fill("no log");
      for (const change of [/A source file/, /requirements/, /Another file/]) {
        await choose(change);
        assert.deepEqual(await violations(), [], `${scheme} ${width}`);
      }
    }
  }
});

test("nothing moves while the page loads or the change is switched under the pointer", async () => {
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // The editor measures its lines when it scrolls; that is its own matter.
        const outside = entry.sources.some(({ node }) => !node?.parentElement?.closest(".cm-editor"));
        if (outside && !entry.hadRecentInput) globalThis.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await open();
    await page.evaluate(() => document.fonts.ready);
    const places = () =>
      page.locator(".change").evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    await goThere();
    await page.locator(".changes").scrollIntoViewIfNeeded();
    const first = await places();
    await choose(/requirements/);
    assert.deepEqual(await places(), first);
    assert.ok((await page.evaluate(() => globalThis.shift)) < 0.02);
  }
});

test("of a long file the first steps are drawn, and more where they are wanted", async () => {
  await open();
  await paste(`FROM alpine\nCOPY . .\n${"RUN make\n".repeat(100)}`);
  assert.equal((await steps("As it is")).length, 59);
  const more = side("As it is").getByRole("button", { name: "Show more (42 steps)" });
  await more.click();
  await settled();
  assert.equal((await steps("As it is")).length, 101);
  assert.equal(await more.count(), 0);
});
