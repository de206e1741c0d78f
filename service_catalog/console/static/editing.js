// The edit form: rows come and go in place, and leaving with something unsaved is asked about.
const FORM = "form";

export function followRows() {
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target.id !== FORM) return;
    if (!/^(add|remove):/.test(submitter?.value ?? "")) {
      leaves = true;
      return;
    }
    event.preventDefault();
    changeRows(target, submitter);
  });
}

async function changeRows(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  let found = null;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    if (response.ok) found = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(FORM);
  } catch {
    // the browser itself says below what is wrong
  }
  if (!found) {
    leaves = true;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
    return;
  }
  form.replaceWith(found);
  changed = true;
  found.querySelector("[autofocus]")?.focus();
}

let changed = false;
let leaves = false;

export function askBeforeLeaving() {
  document.addEventListener("input", ({ target }) => (changed ||= target.form?.id === FORM));
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaves) event.preventDefault();
  });
}

followRows();
askBeforeLeaving();
