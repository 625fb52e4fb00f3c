// What a mouse-free reader gains. Without this file every page works: these are forms and links.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const dialog = document.getElementById("keys");
  const turn = document.getElementById("keys-switch");
  const rows = Array.from(document.querySelectorAll("#rows .row"));
  let at = -1;

  // Single letters can get into the way of speech input, so they can be switched off (WCAG 2.1.4).
  const isOn = () => { try { return localStorage.getItem("chapterwatch-keys") !== "off"; } catch { return true; } };
  const keep = (value) => { try { localStorage.setItem("chapterwatch-keys", value); } catch { /* for this page only */ } };
  const say = () => { turn.setAttribute("aria-pressed", String(isOn())); turn.textContent = isOn() ? "Keys are on" : "Keys are off"; };

  const go = (to) => {
    if (!rows.length) return;
    at = Math.min(Math.max(to, 0), rows.length - 1);
    rows.forEach((row, index) => row.classList.toggle("on", index === at));
    const link = rows[at].querySelector(".open");
    link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const here = () => {
    const found = rows.findIndex((row) => row.contains(document.activeElement));
    return found >= 0 ? found : at;
  };
  // On the page of the sample: say it of the post one is at. A miss asks for its clause first.
  const answer = (word) => {
    const row = rows[here()];
    const clause = row?.querySelector("select[name=clause]");
    if (word === "missed" && clause && !clause.value) clause.focus();
    else row?.querySelector(`button[value=${word}]`)?.click();
  };
  const acts = {
    c: () => answer("clean"),
    m: () => answer("missed"),
    u: () => answer("unsure"),
    j: () => go(here() + 1),
    k: () => go(here() - 1),
    x: () => { const box = rows[here()]?.querySelector("input[type=checkbox]"); if (box) box.checked = !box.checked; },
    "/": () => document.querySelector(".filters select, .filters input")?.focus(),
    "?": () => dialog.showModal(),
  };
  const isTyping = (node) => node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement ||
    (node instanceof HTMLInputElement && node.type !== "checkbox");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || dialog.open || !isOn()) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.getElementById("keys-open")?.addEventListener("click", () => dialog.showModal());
  document.getElementById("keys-close").addEventListener("click", () => dialog.close());
  turn.addEventListener("click", () => { keep(isOn() ? "off" : "on"); say(); });
  document.getElementById("all")?.addEventListener("click", () => {
    const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
    const tick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = tick; });
  });
  // Airflow frames these pages without leave to open windows; the window around us may.
  document.querySelectorAll("a[target=_blank]").forEach((link) => link.addEventListener("click", (event) => {
    if (window.top === window) return;
    event.preventDefault();
    window.top.open(link.href, "_blank", "noopener,noreferrer");
  }));
  say();
  // After an answer the address names the next post.
  const named = rows.findIndex((row) => row.id && `#${row.id}` === location.hash);
  if (named >= 0) go(named);
})();
