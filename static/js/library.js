/** The library: what was interrupted, documents as cards, shelves, search, files that come in. */

import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Card, Interrupted } from "./cards.js";
import { EXAMPLES } from "./examples.js";
import { FirstRun } from "./firstrun.js";
import { Button, Empty, tell, Trouble } from "./parts.js";
import { go, useRoute } from "./route.js";
import { t } from "./words.js";

const SHELVES = ["open", "archive", "trash"];
const ACCEPTED = ".md,.markdown,.txt,.docx";
const PAGE = 24;
const TYPING = 200;
const LOOK_AGAIN = 4000;

function Library() {
  const { page } = useRoute();
  return page === "library" && html`<${Shown} />`;
}

function Shown() {
  const [shelf, setShelf] = useState("open");
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), TYPING);
  const list = usePages(shelf, search);
  const files = useFiles(list.reload);
  const empty = list.cards && !list.cards.length;
  const fresh = empty && shelf === "open" && !search;
  return html`<section class="library" data-dragging=${files.dragging}>
    <header class="library-head"><h1>${t("shared.page_library")}</h1>
      <${Button} kind="primary" id="write" onclick=${() => go("/write")}>${t("library.write")}<//>
      <${Import} files=${files} /></header>
    <${FirstRun} />
    <${Interrupted} stamp=${list.stamp} onChange=${list.reload} />
    <div class="library-tools"><${Shelves} shelf=${shelf} choose=${setShelf} />
      <input type="search" class="search" aria-label=${t("library.search")} placeholder=${t("library.search")}
        maxlength="200" value=${typed} oninput=${(event) => setTyped(event.target.value)} /></div>
    <${Trouble} problem=${files.problem ?? list.problem} onRetry=${files.problem ? undefined : list.reload} />
    ${fresh ? html`<${Beginning} />` : empty && html`<${Nothing} shelf=${shelf} search=${search} />`}
    <ul class="cards" aria-busy=${list.cards === null} aria-label=${t(`library.shelf_${shelf}`)}>
      ${list.cards?.map((each) => html`<${Card} key=${each.id} card=${each} onChange=${list.reload} />`)}</ul>
    ${list.next && html`<${Further} onSeen=${list.more} />`}
    ${files.dragging && html`<p class="drop" role="status">${t("library.drop")}</p>`}</section>`;
}

function Shelves({ shelf, choose }) {
  return html`<div class="shelves" role="group" aria-label=${t("library.shelves")}>${SHELVES.map((each) => html`
    <button type="button" aria-pressed=${each === shelf} data-shelf=${each} onclick=${() => choose(each)}>
      ${t(`library.shelf_${each}`)}</button>`)}</div>`;
}

function Import({ files }) {
  const input = useRef(null);
  return html`<${Button} busy=${files.busy} onclick=${() => input.current.click()}>${t("library.import")}<//>
    <input ref=${input} type="file" id="import" class="visually-hidden" tabindex="-1" multiple accept=${ACCEPTED}
      aria-label=${t("library.import")} onchange=${(event) => { files.take(event.target.files); event.target.value = ""; }} />`;
}

function Beginning() {
  return html`<${Empty} title=${t("library.empty")}><p>${t("library.empty_next")}</p>
    <ul class="examples">${EXAMPLES.map(({ name, title, about }) => html`<li><a href=${`#/write?example=${name}`} data-example=${name}>
      <strong>${title}</strong><span>${about}</span></a></li>`)}</ul>
    <p>${t("library.empty_import")}</p><//>`;
}

function Nothing({ shelf, search }) {
  if (search) return html`<${Empty} title=${t("library.not_found", { search })}><p>${t("library.not_found_next")}</p><//>`;
  return html`<${Empty} title=${t(`library.none_${shelf}`)}><p>${t(`library.none_${shelf}_next`)}</p><//>`;
}

/** Loads more as it comes into view; a button for those who do not scroll. */
function Further({ onSeen }) {
  const box = useRef(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && latest.current(), { rootMargin: "400px" });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return html`<p ref=${box} class="further"><${Button} onclick=${onSeen}>${t("shared.more")}<//></p>`;
}

/** A value once it has not changed for so many milliseconds. */
function useSettled(value, wait) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The cards of a shelf, page by page; those at work are looked at again by themselves. */
function usePages(shelf, search) {
  const [state, setState] = useState({ cards: null, next: "", problem: null, stamp: 0 });
  const turn = useRef(0);
  const fetching = useRef(false);
  const path = (cursor, limit) => `/documents?${new URLSearchParams({ shelf, search, cursor, limit })}`;
  const load = async (size) => {
    const mine = ++turn.current;
    try {
      const page = await get(path("", Math.min(200, Math.max(PAGE, size))));
      if (mine === turn.current) setState((old) => ({ cards: page.documents, next: page.next, problem: null, stamp: old.stamp + 1 }));
    } catch (problem) {
      if (mine === turn.current) setState((old) => ({ ...old, problem }));
    }
  };
  const more = async () => {
    if (fetching.current || !state.next) return;
    fetching.current = true;
    const mine = turn.current;
    try {
      const page = await get(path(state.next, PAGE));
      if (mine === turn.current) setState((old) => ({ ...old, cards: [...old.cards, ...page.documents], next: page.next }));
    } catch (problem) {
      if (mine === turn.current) setState((old) => ({ ...old, problem }));
    } finally { fetching.current = false; }
  };
  useEffect(() => { load(PAGE); return () => { turn.current++; }; }, [shelf, search]);
  const live = state.cards?.some((each) => each.live);
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => document.hidden || load(state.cards.length), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [live, shelf, search, state.cards?.length]);
  return { ...state, more, reload: () => load(state.cards?.length ?? PAGE) };
}

/** Files that are chosen, or dropped anywhere on the page. */
function useFiles(onDone) {
  const [state, setState] = useState({ busy: false, dragging: false, problem: null });
  const latest = useRef(null);
  const change = (some) => setState((old) => ({ ...old, ...some }));
  const take = async (files) => {
    const given = [...files];
    if (!given.length) return;
    change({ busy: true, problem: null });
    try {
      let made;
      for (const file of given) made = await send("POST", `/documents/import?name=${encodeURIComponent(file.name)}`, file);
      if (given.length === 1) go(`/d/${made.document_id}`);
      else tell(t("library.imported", { n: given.length }));
    } catch (problem) { change({ problem }); }
    change({ busy: false });
    onDone();
  };
  latest.current = take;
  useEffect(() => {
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    const over = (event) => { if (carries(event)) { event.preventDefault(); change({ dragging: true }); } };
    const leave = (event) => event.relatedTarget || change({ dragging: false });
    const drop = (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      change({ dragging: false });
      latest.current(event.dataTransfer.files);
    };
    const all = { dragover: over, dragleave: leave, drop };
    for (const [name, handler] of Object.entries(all)) addEventListener(name, handler);
    return () => { for (const [name, handler] of Object.entries(all)) removeEventListener(name, handler); };
  }, []);
  return { ...state, take };
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${Library} />`, element);
}
