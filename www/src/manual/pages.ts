// The pages of the rules as the package carries them, by their ids; loaded when somebody reads one.

const files = import.meta.glob<string>("../../../pkg/rules/*.md", { query: "?raw", import: "default", eager: true });

export const pages = new Map(Object.entries(files).map(([path, text]) => [/([\w-]+)\.md$/.exec(path)?.[1] ?? "", text]));
