/** The step "writing": sections as they stream, how far they are, stop and go on. */

import { html, useCallback, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { send } from "./api.js";
import { Empty, Trouble } from "./parts.js";
import { t } from "./words.js";
import { Calls } from "./calls.js";
import { useLive } from "./live.js";
import { Done, Stopped } from "./writing_end.js";
import { Overview } from "./writing_overview.js";
import { AT_WORK, Status } from "./writing_status.js";
import { LiveSection } from "./writing_section.js";

const VIEWS = ["order", "beside"];
const NEAR_END = 120;

/** @param {{document: object, run: object|null, reload: () => void}} props */
export function Writing({ document, run, reload }) {
  if (!run) {
    return html`<${Empty} title=${t("writing.imported")}><p>${t("writing.imported_why")}</p>
      <p><a class="button" href=${`#/d/${document.id}/review`}>${t("writing.to_review")}</a></p><//>`;
  }
  return html`<${Run} key=${run.run_id} document=${document} run=${run} reload=${reload} />`;
}

function Run({ document, run, reload }) {
  const [turn, setTurn] = useState(0);
  const [view, setView] = useState("order");
  const [problem, setProblem] = useState(null);
  const [left, setLeft] = useState("");
  const ended = useCallback(() => reload(), []);
  const live = useLive(run.run_id, turn, ended);
  const actions = useMemo(() => actionsOf(document, run, { setProblem, reload, again: () => setTurn((old) => old + 1) }), [run.run_id]);
  useFollowing(live);
  const { phase, unit, title } = live?.facts ?? {};
  useEffect(() => { if (phase && (phase !== run.status || title !== document.title)) reload(); }, [phase, title]);
  if (!live) return html`<p class="waiting" role="status"><span class="spinner" aria-hidden="true" />${t("shared.loading")}</p>`;
  return html`<div class="writing" data-phase=${phase} data-view=${view}>
    <${Status} live=${live} actions=${actions} left=${left === phase} />
    <${Trouble} problem=${problem} />
    ${left !== phase && html`<${Stopped} live=${live} document=${document} run=${run} actions=${actions} onLeave=${() => setLeft(phase)} />`}
    <${Done} live=${live} document=${document} run=${run} />
    <${Calls} run=${run} />
    ${!live.order.length && AT_WORK.has(phase) && html`<p class="waiting" role="status"><span class="spinner" aria-hidden="true" />
      ${t(live.facts.reading ? "sources.read_first" : "writing.planning")}</p>`}
    ${live.order.length > 0 && html`<div class="writing-body">
      <aside class="writing-side"><${Overview} live=${live} />
        <div class="views" role="group" aria-label=${t("writing.view")}>${VIEWS.map((name) => html`<button type="button"
          aria-pressed=${view === name} onclick=${() => setView(name)}>${t(`writing.view_${name}`)}</button>`)}</div></aside>
      <div class="writing-text">${live.order.map((key) => html`<${LiveSection} key=${key} id=${key} live=${live}
        unit=${unit} phase=${phase} />`)}</div></div>`}
  </div>`;
}

/** What may be done about a run; each tells of its failure and follows the run anew. */
function actionsOf(document, run, { setProblem, reload, again }) {
  const asked = async (path, body) => {
    try {
      setProblem(null);
      await send("POST", path, body);
    } catch (error) { setProblem(error); }
    await reload();
  };
  const begun = async (path, body) => { await asked(path, body); again(); };
  return {
    stop: () => asked(`/runs/${run.run_id}/cancel`),
    pause: () => asked(`/runs/${run.run_id}/pause`),
    resume: () => begun(`/runs/${run.run_id}/resume`),
    redo: (key, instruction) => begun(`/documents/${document.id}/sections/${key}/redo`, { instruction }),
  };
}

/** Keeps who scrolls to the page's end there while it grows, and nobody else. */
function useFollowing(live) {
  const end = useRef(null); // where the page's end was, for who was there
  useEffect(() => {
    let own = false; // whether the reader scrolls, or was brought somewhere
    const looks = {
      scroll: () => {
        const last = globalThis.document.documentElement.scrollHeight - innerHeight;
        end.current = own && scrollY > 0 && scrollY >= last - NEAR_END ? scrollY : null;
      },
      wheel: () => { own = true; }, touchmove: () => { own = true; }, keydown: () => { own = true; },
      mousedown: () => { own = true; }, // also of the scroll bar, which knows no click
      click: () => { own = false; end.current = null; },
    };
    for (const [name, look] of Object.entries(looks)) addEventListener(name, look, { passive: true });
    return () => { for (const [name, look] of Object.entries(looks)) removeEventListener(name, look); };
  }, []);
  useEffect(() => live?.follow("", () => setTimeout(() => {
    if (end.current === scrollY) scrollTo({ top: globalThis.document.documentElement.scrollHeight });
  })), [live]);
}
