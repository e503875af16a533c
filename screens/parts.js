// Tabs that the server writes, part by part: a [data-part] is fetched when it is first seen, and again when letters came or went.
// What its parts do is said by htmx's attributes (hx-get, hx-target …); here is only what all of them need.
(() => {
  "use strict";
  const words = () => (document.querySelector(".brand") || {dataset: {}}).dataset;
  const asked = {}; // part → what its form says, kept over a change of language

  htmx.config.includeIndicatorStyles = false;
  htmx.config.historyEnabled = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.defaultSwapStyle = "innerHTML";

  function note(place, text, role) {
    const said = document.createElement("div");
    said.className = role === "alert" ? "fault" : "nothing waiting-part";
    said.setAttribute("role", role);
    said.textContent = text || "";
    place.replaceChildren(said);
  }

  function fetchPart(place) {
    const values = new URLSearchParams(asked[place.dataset.part] || "");
    values.set("language", place.dataset.language);
    if (!place.children.length) note(place, words().tabLoading, "status");
    place.dataset.fetched = "yes";
    htmx.ajax("GET", place.dataset.part + "?" + values, {target: place, swap: "innerHTML"});
  }

  const seen = new IntersectionObserver(entries => entries.forEach(entry => {
    if (entry.isIntersecting && !entry.target.dataset.fetched) fetchPart(entry.target);
  }));

  function watch() {
    document.querySelectorAll("[data-part]:not([data-watched])").forEach(place => {
      place.dataset.watched = "yes";
      seen.observe(place);
    });
  }

  // A part remembers what was asked of it
  document.addEventListener("htmx:afterSettle", event => {
    const place = event.target.closest && event.target.closest("[data-part]");
    const form = place && place.querySelector("form[id]");
    if (form) asked[place.dataset.part] = new URLSearchParams(new FormData(form)).toString();
    const title = event.detail.target.querySelector && event.detail.target.querySelector("[data-focus]");
    if (title) {
      title.focus({preventScroll: true});
      title.scrollIntoView({block: "nearest", behavior: "smooth"});
    }
  });

  // Letters came or went: what is shown of them is fetched again, what is not shown when it is next seen
  document.addEventListener("letters-changed", () => {
    document.querySelectorAll("[data-part][data-fetched]").forEach(place => {
      if (place.contains(document.activeElement) && place.dataset.part === "library") return; // it has just shown what changed
      if (place.offsetParent) fetchPart(place); else delete place.dataset.fetched;
    });
    refreshStatus();
  });

  async function refreshStatus() {
    const line = document.querySelector("#status .facts-line");
    if (!line) return;
    const reply = await fetch("status?language=" + (words().spoken || "zh"));
    if (reply.ok) line.outerHTML = await reply.text();
  }

  function fail(event) {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 401) return location.assign("login?next=" + encodeURIComponent(location.pathname + location.search));
    const target = event.detail.target || event.target;
    let said = words().tabFailed;
    try {
      const problem = JSON.parse(event.detail.xhr.responseText);
      said = (words().spoken === "zh" && problem.chinese) || problem.detail || said;
    } catch { /* no answer, or not ours */ }
    if (target.closest) note(target.closest("tbody, tr") ? target.closest("[data-part]") : target, said, "alert");
  }
  document.addEventListener("htmx:sendError", fail);
  document.addEventListener("htmx:responseError", fail);

  document.addEventListener("click", event => {
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      const place = document.querySelector(closer.dataset.closes);
      if (place) place.replaceChildren();
      return;
    }
    document.querySelectorAll("details[data-folds][open]").forEach(fold => {
      if (!fold.contains(event.target)) fold.open = false;
    });
    // A row opens what its first link or button opens, unless something in it was meant, or its text is being marked
    const row = event.target.closest("tr[data-opens]");
    if (!row || event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
    const opens = row.querySelector("a[data-source], button[hx-get]");
    if (opens) opens.click();
  });

  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    const fold = document.querySelector("details[data-folds][open]");
    if (fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
      event.stopPropagation();
    }
  }, true);

  // What is chosen in a fold is said on its button at once
  document.addEventListener("change", event => {
    const fold = event.target.closest("details[data-folds]");
    if (!fold) return;
    const chosen = [...fold.querySelectorAll("input:checked")].map(input => input.parentElement.querySelector("span").textContent);
    const said = fold.querySelector("summary b");
    const separator = words().spoken === "zh" ? "、" : ", ";
    said.textContent = !chosen.length ? fold.dataset.none : chosen.length <= 2 ? chosen.join(separator) : fold.dataset.many.replace("COUNT", chosen.length);
  });

  function start() {
    new MutationObserver(watch).observe(document.body, {childList: true, subtree: true});
    watch();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
