// The little that the page does by itself: open a letter beside the chat, light and dark, scroll to a new question.
(() => {
  "use strict";
  const THEME = "replydesk.theme";
  let opener = null;
  let asked = 0;

  const words = () => (document.querySelector(".brand") || {dataset: {}}).dataset;

  function panel() {
    let aside = document.getElementById("source");
    if (aside) return aside;
    aside = document.createElement("aside");
    aside.id = "source";
    aside.setAttribute("role", "complementary");
    aside.innerHTML = '<div class="source-bar"><b></b><a target="_blank" rel="noopener"></a><button type="button" class="close"></button></div><div class="source-body" tabindex="0"></div>';
    aside.querySelector(".close").addEventListener("click", closeSource);
    document.body.append(aside);
    return aside;
  }

  function tell(aside, text) {
    const note = document.createElement("p");
    note.className = "empty";
    note.setAttribute("role", "status");
    note.textContent = text || "";
    aside.querySelector(".source-body").replaceChildren(note);
  }

  // The mark on the page's picture, or the one in the text, whichever is shown
  function showCited(aside) {
    const cited = [...aside.querySelectorAll(".box, mark")].find(mark => mark.getClientRects().length);
    if (cited) cited.scrollIntoView({block: "center"});
    return Boolean(cited);
  }

  async function openSource(address, from) {
    const aside = panel();
    const mine = ++asked;
    opener = from || opener;
    aside.dataset.address = address;
    aside.setAttribute("aria-label", words().sourceName || "");
    aside.querySelector(".source-bar b").textContent = words().sourceName || "";
    aside.querySelector(".close").textContent = words().close || "×";
    const alone = aside.querySelector(".source-bar a");
    alone.textContent = words().ownPage || "";
    alone.href = address;
    document.body.dataset.source = "open";
    document.querySelectorAll("[data-source].chosen").forEach(link => link.classList.remove("chosen"));
    if (from) from.classList.add("chosen");
    const wait = setTimeout(() => tell(aside, words().loading), 150);
    try {
      const reply = await fetch(address + "&part=1");
      const text = await reply.text();
      if (mine !== asked) return;
      if (!reply.ok && reply.status !== 404) throw new Error(String(reply.status));
      clearTimeout(wait);
      aside.querySelector(".source-body").innerHTML = text;
      if (!showCited(aside)) aside.querySelector(".source-body").scrollTop = 0;
      const title = aside.querySelector("h2");
      if (title) title.focus({preventScroll: true});
    } catch {
      clearTimeout(wait);
      if (mine === asked) tell(aside, words().failed);
    }
  }

  function closeSource() {
    delete document.body.dataset.source;
    document.querySelectorAll("[data-source].chosen").forEach(link => link.classList.remove("chosen"));
    if (opener && document.contains(opener)) opener.focus();
    opener = null;
  }

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-source]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      openSource(link.getAttribute("data-source"), link);
      return;
    }
    if (event.target.closest("[data-theme-switch]")) {
      const dark = !document.body.classList.contains("dark");
      localStorage.setItem(THEME, dark ? "dark" : "light");
      applyTheme();
    }
    document.querySelectorAll("details.about[open]").forEach(about => {
      if (!about.contains(event.target)) about.open = false;
    });
  });

  document.addEventListener("change", event => {
    if (event.target.name === "source-view" && event.target.closest("#source")) showCited(panel());
  });

  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    const about = document.querySelector("details.about[open]");
    if (about) about.open = false;
    else if (document.body.dataset.source) closeSource();
  });

  function applyTheme() {
    const chosen = localStorage.getItem(THEME);
    if (!chosen) return;
    const dark = chosen === "dark";
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }

  // A new question goes to the top of the view, once; after that the reader scrolls
  let shown = "";
  function followPage() {
    const spoken = words().spoken;
    if (spoken) {
      document.documentElement.lang = spoken === "zh" ? "zh-CN" : "en";
      const aside = document.getElementById("source");
      if (aside && document.body.dataset.source && aside.dataset.address && !aside.dataset.address.includes("language=" + spoken)) {
        openSource(aside.dataset.address.replace(/language=\w+/, "language=" + spoken), null);
      }
    }
    const present = document.querySelector("#present .exchange");
    const place = present ? String(document.querySelectorAll("#past .exchange").length) : "";
    if (place !== shown && place && place !== "0") {
      document.getElementById("present").scrollIntoView({block: "start", behavior: "smooth"});
    }
    shown = place;
  }

  function start() {
    new MutationObserver(applyTheme).observe(document.body, {attributes: true, attributeFilter: ["class"]});
    new MutationObserver(followPage).observe(document.body, {childList: true, subtree: true, characterData: true});
    applyTheme();
    followPage();
  }
  // gradio adds this script when the document may be complete already
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
