// Opens one of the builds that a compose file defines.

import { projectIn, type Folder, type Project } from "../folder";
import { buildsOf, type Build } from "./builds";
import { choose } from "./choose";

/** What comes of a build: its project, or what has to be dropped for it. */
export interface Opened {
  service: string;
  project: Project;
  /** The Dockerfile that is not there yet. */
  missing: string | undefined;
}

/** Has one of the builds chosen, where there are several; answers whether there is any. */
export function openBuild(compose: string, folder: Folder | undefined, opened: (build: Opened) => void): boolean {
  const builds = buildsOf(compose).filter((build) => !folder || build.inline !== undefined || pathOf(build) in folder.texts);
  const take = (build: Build): void => opened(openedOf(build, folder));
  const [only] = builds;
  if (!only) return false;
  if (builds.length === 1) take(only);
  else choose(builds, take);
  return true;
}

function pathOf({ context, dockerfile }: Build): string {
  return context === "" ? dockerfile : `${context}/${dockerfile}`;
}

function openedOf(build: Build, folder: Folder | undefined): Opened {
  const { service, context, dockerfile, inline, target, args } = build;
  const project = projectIn(folder ?? { paths: [], texts: {} }, context, dockerfile);
  const text = inline ?? project.dockerfile;
  return { service, project: { dockerfile: text, context: { ...project.context, target, args } }, missing: text === undefined ? pathOf(build) : undefined };
}
