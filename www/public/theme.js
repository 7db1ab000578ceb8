// Sets the chosen colour scheme before the first paint; src/theme.ts has the button.
try {
  const theme = localStorage.getItem("layerwise-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be closed to us; the system's scheme is used then.
}
