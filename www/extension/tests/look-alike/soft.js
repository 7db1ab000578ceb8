// Navigation without a reload, as both sites do it: the main part is replaced, the address changes.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-soft]");
  if (!link) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.dispatchEvent(new CustomEvent("turbo:load"));
});
