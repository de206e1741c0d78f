// Commands name this server as the reader's browser reaches it, also where a proxy in between hid that from the server.
export function nameThisServer() {
  for (const element of document.querySelectorAll("[data-base]")) {
    element.textContent = element.textContent.replaceAll(element.dataset.base, location.origin);
  }
}
