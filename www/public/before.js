// What comes before the first paint and needs no module: the chosen colour scheme, whose button is in
// src/theme.ts, and the word for those who opened the page from a disk, where browsers load no modules.
try {
  const theme = localStorage.getItem("layerwise-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be closed to us; the system's scheme is used then.
}
if (location.protocol === "file:") {
  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.body.children) element.hidden = element.id !== "from-disk";
  });
}
