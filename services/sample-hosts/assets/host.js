// Tells the panel when this host leaves the person that it shows, before another page takes its place.
"use strict";

(() => {
  const frame = document.querySelector("iframe[data-panel-origin]");
  if (!frame) return;

  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    frame.contentWindow.postMessage({ type: "yett:person-closed" }, frame.dataset.panelOrigin);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
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
