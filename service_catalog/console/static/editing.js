// The edit form: rows come and go in place, and leaving with something unsaved is asked about.
const FORM = "form";

let changed = Boolean(document.querySelector(`#${FORM}[data-unsaved]`));
let leaves = false;

function followRows() {
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target.id === FORM && /^(add|remove):/.test(submitter?.value ?? "")) {
      event.preventDefault();
      changeRows(target, submitter);
    } else {
      leaves = true;
    }
  });
}

async function changeRows(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  let found = null;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    if (response.ok) found = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(FORM);
  } catch {
    // below the browser asks itself, and says what is wrong
  }
  if (!found) {
    const step = document.createElement("input");
    Object.assign(step, { type: "hidden", name: button.name, value: button.value });
    form.append(step);
    leaves = true;
    form.submit();
    return;
  }
  changed = true;
  form.replaceWith(found);
  found.querySelector("[autofocus]")?.focus();
}

function askBeforeLeaving() {
  document.addEventListener("input", ({ target }) => {
    if (target.form?.id === FORM) changed = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaves) event.preventDefault();
  });
}

followRows();
askBeforeLeaving();
