// The button that prints a check-list; without a script the browser's own menu does it.
export function offerPrinting() {
  const button = document.getElementById("print");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
