// The chat's own little: list of conversations, copying, shortcuts.
(() => {
  "use strict";
  const $ = selector => document.querySelector(selector);
  const isShown = element => Boolean(element && element.offsetParent);
  const press = selector => { const button = $(selector); if (button) button.click(); return Boolean(button); };

  // ---- copying; without https there is no clipboard, but a selection can be copied
  async function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  // ---- a line of a scan that cannot be drawn leaves no empty frame
  document.addEventListener("error", event => {
    const scan = event.target.closest ? event.target.closest("figure.scan") : null;
    if (scan) scan.remove();
  }, true);

  async function copyFrom(button) {
    await copyText(button.dataset.copy);
    const said = button.dataset.said || button.textContent;
    button.dataset.said = said;
    button.textContent = button.dataset.copied;
    button.classList.add("done");
    setTimeout(() => { button.textContent = said; button.classList.remove("done"); }, 1600);
  }

  // ---- a card over the small number: the sentence and its letter
  let card = null, cardOf = null, cardTimer = 0;

  function sourceOf(link) {
    const sources = [...link.closest(".exchange")?.querySelectorAll(".sources .quoted") || []];
    return sources.find(source => source.querySelector(".number").textContent === link.dataset.cite);
  }

  function showCard(link) {
    const source = sourceOf(link);
    clearTimeout(cardTimer);
    if (!source) return;
    if (!card) {
      card = document.createElement("div");
      card.id = "citecard";
      card.setAttribute("role", "tooltip");
      card.addEventListener("pointerenter", () => clearTimeout(cardTimer));
      card.addEventListener("pointerleave", leaveCard);
      card.addEventListener("click", () => { const of = cardOf; hideCard(0); of?.click(); });
      document.body.append(card);
    }
    card.replaceChildren(...source.lastElementChild.cloneNode(true).childNodes);
    card.hidden = false;
    cardOf = link;
    link.setAttribute("aria-describedby", "citecard");
    const at = link.getBoundingClientRect(), own = card.getBoundingClientRect();
    const left = Math.max(12, Math.min(at.left + at.width / 2 - own.width / 2, innerWidth - own.width - 12));
    const above = at.top - own.height - 8;
    card.style.left = left + "px";
    card.style.top = (above > 8 ? above : at.bottom + 8) + "px";
  }

  function hideCard(delay) {
    clearTimeout(cardTimer);
    cardTimer = setTimeout(() => {
      if (card) card.hidden = true;
      cardOf?.removeAttribute("aria-describedby");
      cardOf = null;
    }, delay);
  }

  // a card that the keyboard opened stays, wherever the pointer goes
  function leaveCard() { if (!cardOf?.matches(":focus-visible")) hideCard(200); }

  document.addEventListener("pointerover", event => {
    const link = event.pointerType !== "touch" && event.target.closest?.("a.cite");
    if (!link) return;
    clearTimeout(cardTimer);
    if (link !== cardOf) cardTimer = setTimeout(() => showCard(link), 120);
  });
  document.addEventListener("pointerout", event => { if (event.target.closest?.("a.cite")) leaveCard(); });
  document.addEventListener("focusin", event => { const link = event.target.closest?.("a.cite"); if (link?.matches(":focus-visible")) showCard(link); });
  document.addEventListener("focusout", event => { if (event.target.closest?.("a.cite")) hideCard(0); });
  document.addEventListener("click", event => { if (!event.target.closest("#citecard")) hideCard(0); });  // another tab, too
  document.addEventListener("scroll", () => { if (cardOf) hideCard(0); }, {passive: true, capture: true});

  // ---- the list of conversations
  const entryOf = element => element.closest("li[data-conversation]");

  function showPart(entry, part) {
    for (const name of [".entry", ".more", ".renaming", ".deleting"]) {
      const element = entry.querySelector(name);
      if (element) element.hidden = part ? name !== part : name === ".renaming" || name === ".deleting";
    }
    entry.querySelector(".more").open = false;
  }

  function beginRenaming(entry) {
    const form = entry.querySelector(".renaming"), input = form.querySelector("input");
    form.dataset.do = "rename";
    form.dataset.id = entry.dataset.conversation;
    showPart(entry, ".renaming");
    input.focus();
    input.select();
  }

  function closeList() { delete document.body.dataset.list; }

  document.addEventListener("click", event => {
    const target = event.target, button = target.closest("button");
    document.querySelectorAll("details.more[open], details.menu[open]").forEach(more => { if (!more.contains(target)) more.open = false; });
    if (document.body.dataset.list && !target.closest("#sidebar") && !target.closest("[data-list-switch]")) closeList();
    if (!button) return;
    const data = button.dataset;
    if (data.copy) copyFrom(button);
    else if (data.press) press(data.press);
    else if (data.dialog) openDialog(data.dialog);
    else if ("listSwitch" in data) { if (document.body.dataset.list) closeList(); else document.body.dataset.list = "open"; }
    else if ("rename" in data) beginRenaming(entryOf(button));
    else if ("delete" in data) { showPart(entryOf(button), ".deleting"); entryOf(button).querySelector(".danger").focus(); }
    else if ("keep" in data) { showPart(entryOf(button), ""); entryOf(button).querySelector(".more summary").focus(); }
    if (button.id === "fresh" || data.do === "open") { closeList(); if (data.do !== "open") focusQuestion(); }
    if (data.do === "edit") focusQuestion();
  });

  document.addEventListener("focusout", event => {
    const form = event.target.closest && event.target.closest("form.renaming");
    if (form && !form.contains(event.relatedTarget)) setTimeout(() => { if (!form.hidden && entryOf(form)) showPart(entryOf(form), ""); }, 120);
  });

  // ---- dialogs
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }
  document.addEventListener("click", event => {
    if (event.target instanceof HTMLDialogElement) event.target.close(); // beside its content
  });

  // ---- shortcuts
  const field = () => $("#question textarea");
  function focusQuestion() { setTimeout(() => { const area = field(); if (area && area !== document.activeElement) { area.focus(); area.setSelectionRange(area.value.length, area.value.length); } }, 60); }
  const isChat = () => isShown(field());
  const isWriting = element => element && (element.matches("input, textarea, select, [contenteditable]"));
  const lastExchange = () => [...document.querySelectorAll("#past .exchange, #present .exchange")].pop();

  const plainKeys = {
    "/": focusQuestion,
    "?": () => openDialog("shortcuts"),
    c: () => { const copy = lastExchange()?.querySelector("[data-copy]"); if (copy) copyFrom(copy); return Boolean(copy); },
  };
  const altKeys = {
    KeyN: () => press("#fresh"),
    KeyK: () => { document.body.dataset.list = "open"; setTimeout(() => $("#find input, #find textarea")?.focus(), 60); },
  };

  function openSourceNumber(number) {
    const link = lastExchange()?.querySelectorAll(".sources .quoted")[number - 1];
    if (!link) return false;
    link.click();
    return true;
  }

  function onEscape(event) {
    if (cardOf) { event.stopImmediatePropagation(); hideCard(0); return; }
    const renaming = event.target.closest && event.target.closest("form.renaming, .deleting");
    if (renaming) { event.stopImmediatePropagation(); showPart(entryOf(renaming), ""); return; }
    if (document.querySelector("dialog[open]")) return;
    if (document.body.dataset.list) { closeList(); return; }
    if (isShown($("#stop"))) press("#stop");
  }

  document.addEventListener("keydown", event => {
    if (event.key === "Escape") { onEscape(event); return; }
    if (!isChat() || event.ctrlKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.altKey) {
      if (altKeys[event.code]) { event.preventDefault(); altKeys[event.code](); }
      return;
    }
    if (event.key === "ArrowUp" && event.target === field() && !field().value) {
      const edit = lastExchange()?.querySelector("[data-do=edit]");
      if (edit) { event.preventDefault(); edit.click(); }
      return;
    }
    if (isWriting(event.target)) return;
    if (plainKeys[event.key]) { event.preventDefault(); plainKeys[event.key](); }
    else if (/^[1-9]$/.test(event.key) && openSourceNumber(Number(event.key))) event.preventDefault();
  }, true);

  // ---- what the reader says of an answer
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-feedback]");
    if (!form) return;
    event.preventDefault();
    const sentence = form.proof.value === "-" ? form.pasted.value : form.proof.value;
    const body = JSON.stringify({
      verdict: form.verdict.value, comment: form.comment.value, language: form.dataset.language,
      is_question: form.is_question.checked, gold: form.gold.value, sentence,
    });
    const response = await fetch(form.dataset.feedback, {method: "POST", headers: {"Content-Type": "application/json"}, body});
    form.querySelector("output").textContent = await response.text();
  });

  // ---- the address names the conversation, so that reloading the page comes back to it
  function followConversation() {
    const list = $(".conversations");
    if (!list) return;
    const here = new URL(location.href), opened = list.dataset.opened;
    if ((here.searchParams.get("conversation") || "") === opened) return;
    if (opened) here.searchParams.set("conversation", opened);
    else here.searchParams.delete("conversation");
    history.replaceState(history.state, "", here);
  }

  function start() {
    new MutationObserver(followConversation).observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ["data-opened"]});
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
