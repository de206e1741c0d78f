// The search field offers names while somebody types; one that is chosen leads to its service.
// Keys and roles are those of a combobox with a list by the ARIA practices: the focus stays in the field.
const FIELD = "q";
const LIST = "q-list";
const PAUSE = 150; // milliseconds without a key before the server is asked

let timer = 0;
let asked = 0;

export function suggestServices() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.id === FIELD && !document.getElementById(LIST)) equip(target);
  });
  document.addEventListener("input", ({ target }) => {
    if (target.id !== FIELD) return;
    clearTimeout(timer);
    timer = setTimeout(() => suggest(target), PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === FIELD && !event.isComposing) move(event);
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target.id === FIELD && !relatedTarget?.closest(`#${LIST}`)) close(target);
  });
}

function equip(field) {
  const list = document.createElement("div");
  list.id = LIST;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.list);
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", LIST);
  field.setAttribute("aria-expanded", "false");
}

async function suggest(field) {
  const mine = ++asked;
  const { suggestions, service } = field.form.dataset;
  const typed = field.value.trim();
  let items = [];
  if (typed) {
    try {
      const response = await fetch(`${suggestions}?${new URLSearchParams({ q: typed })}`);
      if (response.ok) ({ items } = await response.json());
    } catch {
      // searching still works, or says what is wrong
    }
  }
  if (mine !== asked || document.activeElement !== field) return; // more was typed, or the field was left
  const language = document.documentElement.lang.slice(0, 2);
  const list = document.getElementById(LIST);
  list.replaceChildren(...items.map((item, place) => option(item, place, language, service)));
  list.hidden = !items.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

function option({ id, name }, place, language, service) {
  const link = document.createElement("a");
  link.id = `${LIST}-${place}`;
  link.href = service.replace("ID", encodeURIComponent(id));
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  link.textContent = name[language] ?? name.zh;
  if (!name[language]) link.lang = "zh-CN";
  return link;
}

function move(event) {
  const list = document.getElementById(LIST);
  if (list.hidden) return;
  const options = [...list.children];
  const current = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close(event.target);
  else if (event.key === "Enter" && current >= 0) options[current].click();
  else if (event.key === "ArrowDown") select(event.target, options, current + 1);
  else if (event.key === "ArrowUp") select(event.target, options, current < 0 ? options.length - 1 : current - 1);
  else return;
  event.preventDefault();
}

function select(field, options, place) {
  options.forEach((one, number) => one.setAttribute("aria-selected", String(number === place)));
  const chosen = options[place]; // past either end nothing is chosen, and Enter searches for what was typed
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function close(field) {
  asked += 1;
  const list = document.getElementById(LIST);
  list.hidden = true;
  list.replaceChildren();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}
