// Ticking services and choosing tags shows at once what that would do: the same preview that its button asks for.
const PAUSE = 400; // ms without another change

export function previewTags() {
  const form = document.getElementById("tagging");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=id]")];
  let pending = null;
  let asked = 0;

  const count = () => {
    const place = document.getElementById("ticked");
    const ticked = boxes.filter((box) => box.checked).length;
    if (place) place.textContent = `（${form.dataset.count.replace("{n}", ticked)}）`;
  };
  const changed = () => {
    count();
    asked += 1; // an answer that is still on its way is of no use
    clearTimeout(pending);
    const says = [...form.elements].some((field) => field.type === "radio" && field.checked && field.value);
    if (!says || !boxes.some((box) => box.checked)) return preview().replaceChildren();
    preview().querySelectorAll("button").forEach((button) => (button.disabled = true));
    pending = setTimeout(ask, PAUSE);
  };
  const preview = () => document.getElementById("preview");

  async function ask() {
    const mine = ++asked;
    preview().setAttribute("aria-busy", "true");
    const body = new URLSearchParams(new FormData(form));
    for (const name of ["expected_revision", "key", "refused"]) body.delete(name);
    body.set("step", "preview");
    try {
      const response = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.getElementById("preview");
      if (mine !== asked) return;
      if (found) preview().replaceWith(found);
      else form.querySelector("button[value=preview]").click(); // signed out meanwhile, say
    } catch {
      preview().replaceChildren(); // the button still asks
    }
  }

  for (const [id, value] of [["select-all", true], ["select-none", false]]) {
    document.getElementById(id)?.addEventListener("click", (event) => {
      event.preventDefault();
      boxes.forEach((box) => (box.checked = value));
      changed();
    });
  }
  form.addEventListener("change", (event) => event.target.name !== "reason" && changed());
  if (preview().childElementCount) count();
  else changed(); // what was ticked before this script had arrived, or was kept by the browser
}
