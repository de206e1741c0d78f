// Filters and pages of a list answer in place: the same address is fetched, and its list put where the old one was.
const REGION = "results";

export function followFilters() {
  if (!document.getElementById(REGION)) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest(`#${REGION} a`);
    if (!link || link.closest(".card") || !isPlain(event)) return;
    event.preventDefault();
    show(link.href, { focus: link.id || "found", push: true });
  });
  window.addEventListener("popstate", () => show(location.href, { focus: null, push: false }));
}

function isPlain(event) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

let asked = 0;

async function show(address, { focus, push }) {
  const mine = ++asked;
  const region = document.getElementById(REGION);
  const open = [...region.querySelectorAll("details")].map((one) => one.open);
  region.setAttribute("aria-busy", "true");
  say(region.dataset.loading);
  let page;
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    location.assign(address); // let the browser say what is wrong
    return;
  }
  if (mine !== asked) return; // a later choice was made meanwhile
  const found = page.getElementById(REGION);
  if (!found) {
    location.assign(address);
    return;
  }
  if (push) history.pushState(null, "", address);
  document.title = page.title;
  found.querySelectorAll("details").forEach((one, place) => (one.open ||= open[place]));
  region.replaceWith(found);
  for (const id of ["language", "type"]) document.getElementById(id).href = page.getElementById(id).href;
  document.querySelector("form.search")?.replaceWith(page.querySelector("form.search"));
  say(document.getElementById("found").textContent);
  if (focus) (document.getElementById(focus) ?? document.getElementById("found")).focus();
}

function say(words) {
  document.getElementById("said").textContent = words;
}
