// Adds keys, the lease clock, beats and drafts to the work page. Every page works without it.
"use strict";
(() => {
  const form = document.getElementById("work");
  const lease = document.querySelector("form.lease");
  document.documentElement.classList.add("js");
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
  if (!form || !lease) return;

  const status = document.getElementById("status");
  const say = (text) => { status.textContent = text; };
  const dialog = document.getElementById("keys"), words = dialog.dataset;  // what is said, in the page's language
  const base = `/review/slot/${form.dataset.slot}`;
  const WARN_S = 120, BEAT_MS = 60000, DRAFT_MS = 4000;

  // Time: the server's lease, counted down here; never the other way round.
  let until = performance.now() + 1000 * Number(lease.dataset.left);
  let warned = false, active = 0, seen = performance.now(), touched = performance.now();
  const clock = document.getElementById("clock");
  setInterval(() => {
    const left = Math.max(0, Math.round((until - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    lease.classList.toggle("soon", left < WARN_S);
    if (left < WARN_S && left > 0 && !warned) { warned = true; say(words.soon); }
    if (left === 0 && warned !== "over") { warned = "over"; say(words.over); }
    const now = performance.now();
    if (!document.hidden && now - touched < 60000) active += now - seen;
    seen = now;
    form.elements.active_ms.value = String(Math.round(active));
  }, 1000);
  for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, () => { touched = performance.now(); }, { passive: true });

  const send = (path, data, more) => fetch(path, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin", redirect: "manual", ...more });
  const ok = (reply) => reply.type === "opaqueredirect" || reply.ok;
  const beat = () => send(`${base}/beat`, new FormData(lease)).then((reply) => {
    if (ok(reply)) { until = performance.now() + 1000 * Number(lease.dataset.ttl || lease.dataset.left); warned = false; return true; }
    say(words.lost); return false;
  }).catch(() => { say(words.silent); return false; });
  setInterval(() => { if (performance.now() - touched < BEAT_MS) beat(); }, BEAT_MS);
  lease.addEventListener("submit", (event) => { event.preventDefault(); beat().then((kept) => { if (kept) say(words.kept); }); });

  // Drafts: every few seconds while one writes, in the background, and what is left when the page is hidden or gone.
  let timer = 0;
  const count = () => {
    const cited = document.getElementById("cited");
    if (!cited) return;
    const boxes = [...form.querySelectorAll(".cite input:checked")], [told, links] = cited.children;
    told.textContent = told.textContent.replace(/\d+/, String(boxes.length + Number(cited.dataset.elsewhere)));
    links.replaceChildren(...boxes.flatMap((box) => {
      const link = document.createElement("a");
      link.href = `#${box.closest(".step").id}`;
      link.textContent = box.parentElement.querySelector(".sr").textContent.trim();
      return [link, " "];
    }));
  };
  // What was mended is struck out, in its place so that nothing moves; the server says so again where it is still wrong.
  const mended = (field) => {
    const evidence = field.name === "evidence";
    const names = evidence ? ["i-evidence"] : [field.id, field.closest("fieldset")?.id];
    const place = evidence ? document.getElementById("i-evidence") : field.closest(".wrong");
    if (!place) return;
    place.classList.remove("wrong");
    for (const error of place.matches(".error") ? [place] : place.querySelectorAll(".error")) error.classList.add("done");
    field.removeAttribute("aria-invalid");
    if (!problems) return;
    for (const link of problems.querySelectorAll("a")) if (names.includes(link.hash.slice(1))) link.classList.add("done");
    const title = problems.firstElementChild, left = problems.querySelectorAll("a:not(.done)").length;
    title.textContent = title.textContent.replace(/\d+/, String(left));
  };
  const settled = () => { clearTimeout(timer); timer = 0; };
  const draft = (more) => { settled(); send(`${base}/draft`, new FormData(form), more).then((reply) => { if (ok(reply)) lease.title = words.drafted; }).catch(() => {}); };
  const leave = () => { if (timer) draft({ keepalive: true }); };
  form.addEventListener("input", (event) => { timer ||= setTimeout(draft, DRAFT_MS); count(); mended(event.target); });
  form.addEventListener("submit", settled);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });

  // Keys. Single characters can be changed or switched off, each person in their browser; they never act while text is typed.
  const on = document.getElementById("keys-on");
  const mine = (what) => `te-${what}:${words.person}`;
  on.checked = localStorage.getItem(mine("keys")) !== "off";
  on.addEventListener("change", () => localStorage.setItem(mine("keys"), on.checked ? "on" : "off"));
  const fields = [...dialog.querySelectorAll("[data-action]")];
  const first = Object.fromEntries(fields.map((field) => [field.dataset.action, field.value]));
  const kept = JSON.parse(localStorage.getItem(mine("map")) || "{}");
  const map = { ...first, ...Object.fromEntries(Object.entries(kept).filter(([action]) => action in first)) };
  const fill = () => { for (const field of fields) field.value = map[field.dataset.action]; };
  const note = document.getElementById("keys-said");
  const free = (key, action) => /^[^\s1-5?]$/u.test(key) && !Object.entries(map).some(([other, used]) => other !== action && used === key);
  for (const field of fields) field.addEventListener("change", () => {
    const fits = free(field.value, field.dataset.action);
    if (fits) { map[field.dataset.action] = field.value; localStorage.setItem(mine("map"), JSON.stringify(map)); }
    note.textContent = fits ? "" : words.taken;
    fill();
  });
  document.getElementById("keys-reset").addEventListener("click", () => { Object.assign(map, first); localStorage.removeItem(mine("map")); note.textContent = ""; fill(); });
  fill();
  const steps = [...document.querySelectorAll(".step")];
  const criteria = [...document.querySelectorAll(".criterion")];
  let step = -1, criterion = -1;
  for (const link of document.querySelectorAll('a[href="#decline"]')) link.addEventListener("click", () => { document.querySelector(".decline").open = true; });
  const reveal = (element) => { for (let up = element.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true; };
  const goStep = (by) => {
    if (!steps.length) return;
    if (step >= 0) steps[step].classList.remove("now");
    step = Math.min(Math.max(step + by, 0), steps.length - 1);
    const here = steps[step];
    reveal(here); here.classList.add("now"); here.tabIndex = -1; here.focus({ preventScroll: true });
    here.scrollIntoView({ block: "start" });
  };
  const goCriterion = (by) => {
    if (!criteria.length) return;
    if (criterion >= 0) criteria[criterion].classList.remove("now");
    criterion = Math.min(Math.max(criterion + by, 0), criteria.length - 1);
    const here = criteria[criterion];
    here.classList.add("now");
    (here.querySelector("input[type=radio]:checked") || here.querySelector("input[type=radio]")).focus({ preventScroll: true });
    here.scrollIntoView({ block: "nearest" });
  };
  const toggle = (box) => { if (box) { box.checked = !box.checked; box.dispatchEvent(new Event("input", { bubbles: true })); } };
  const acts = {
    next_span: () => goStep(1), previous_span: () => goStep(-1), next_criterion: () => goCriterion(1), previous_criterion: () => goCriterion(-1),
    evidence: () => toggle(steps[Math.max(step, 0)]?.querySelector(".cite input")),
    unsure: () => toggle(criteria[Math.max(criterion, 0)]?.querySelector("input[name$=unsure]")),
    anchors: () => { const more = criteria[Math.max(criterion, 0)]?.querySelector(".anchors"); if (more) more.open = !more.open; },
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(form.querySelector(".actions .go")); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || /^(text|password|number)$/.test(event.target.type || "")) return;
    if (event.key === "?") { event.preventDefault(); dialog.showModal(); return; }
    if (!on.checked) return;
    if (/^[1-5]$/.test(event.key)) {
      if (criterion < 0) goCriterion(1);
      const mark = criteria[criterion]?.querySelector(`input[value="${event.key}"]`);
      if (mark) { mark.checked = true; mark.focus({ preventScroll: true }); mark.dispatchEvent(new Event("input", { bubbles: true })); event.preventDefault(); }
      return;
    }
    const action = Object.keys(map).find((name) => map[name] === event.key);
    if (action) { event.preventDefault(); acts[action](); }
  });
})();
