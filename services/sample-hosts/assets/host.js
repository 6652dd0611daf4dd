// Tells the panels, that in the frame and those in windows of their own, when this host leaves the person that they
// show, before another page takes its place.
"use strict";

(() => {
  const frame = document.querySelector("iframe[data-panel-origin]");
  if (!frame) return;

  const panels = [frame.contentWindow];
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    for (const panel of panels) panel.postMessage({ type: "yett:person-closed" }, frame.dataset.panelOrigin);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (link.matches(".frame__open")) {
      // Kept hold of, so that it can be told. Without script the link opens the window as well, and nobody tells it.
      const panel = window.open(link.href, "_blank");
      if (panel) panels.push(panel);
      return event.preventDefault();
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (link.pathname !== location.pathname) tell();
  });
  document.addEventListener("submit", tell);
  window.addEventListener("pagehide", tell);
  // A page taken back from the browser's memory shows a panel that was told to clear: ask for a new launch.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
