/** What a document may become: it goes on, it is made shorter in steps, it is written out in full. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Expected } from "./expected.js";
import { length, number } from "./format.js";
import { Button, Chip, tell, Trouble, useLoaded } from "./parts.js";
import { go } from "./route.js";
import { t } from "./words.js";

const SHARES = [20, 10, 5];
const WORKING = new Set(["queued", "planning", "writing", "reviewing", "checking"]);
const LOOK_EVERY = 2_000;

/** @param {{document: object, reload: () => void, wanted: string|null}} props `wanted`: which form is looked for */
export function Further({ document, reload, wanted }) {
  const forms = useRef(null);
  useEffect(() => {
    const form = wanted && forms.current.querySelector(`[data-further="${CSS.escape(wanted)}"]`);
    if (!form) return;
    form.scrollIntoView({ block: "nearest" });
    form.querySelector("input")?.focus();
  }, [wanted]);
  return html`<div class="further-pane" ref=${forms}>
    <${GoOn} document=${document} reload=${reload} />
    <${Summaries} document=${document} />
    <${WriteOut} document=${document} />
  </div>`;
}

/** Ask for something, and go to the run that it begins. */
function useBegun(path) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const begin = async (body) => {
    setBusy(true);
    setProblem(null);
    try {
      return await send("POST", path, body);
    } catch (error) { setProblem(error); return null; } finally { setBusy(false); }
  };
  return { busy, problem, begin };
}

function GoOn({ document, reload }) {
  const [words, setWords] = useState(1000);
  const [instruction, setInstruction] = useState("");
  const [apart, setApart] = useState(false);
  const path = `/documents/${document.id}/continuation`;
  const { busy, problem, begin } = useBegun(path);
  const submit = async (event) => {
    event.preventDefault();
    const run = await begin({ words: Number(words), instruction, apart });
    if (!run) return;
    if (run.document_id === document.id) reload();
    go(`/d/${run.document_id}/writing`);
  };
  return html`<form class="further-form" data-further="go_on" onsubmit=${submit}>
    <h3>${t("further.go_on")}</h3><p class="quiet">${t("further.go_on_hint")}</p>
    <label>${t("further.added")} <input type="number" min="20" max="2000000" required value=${words}
      oninput=${(event) => setWords(event.target.value)} /></label>
    <label>${t("further.instruction")}<textarea rows="2" maxlength="10000" value=${instruction}
      oninput=${(event) => setInstruction(event.target.value)} /></label>
    <label class="option"><input type="checkbox" checked=${apart} onchange=${() => setApart(!apart)} /> ${t("further.apart")}</label>
    <${Expected} path=${path} body=${{ words: Number(words), apart }} />
    <${Trouble} problem=${problem} />
    <${Button} kind="primary" type="submit" busy=${busy}>${t("further.go_on_now")}<//></form>`;
}

function Summaries({ document }) {
  const path = `/documents/${document.id}/summaries`;
  const { value, problem, reload } = useLoaded(() => get(path), [document.id]);
  const { busy, problem: refused, begin } = useBegun(path);
  const [chosen, setChosen] = useState(SHARES);
  const made = value?.summaries?.[0];
  const working = made && WORKING.has(made.status);
  useEffect(() => {
    if (!working) return undefined;
    const timer = setInterval(reload, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [working]);
  const toggle = (share) => setChosen(chosen.includes(share) ? chosen.filter((one) => one !== share) : [...chosen, share]);
  return html`<section class="further-form" data-further="summaries" aria-label=${t("further.summaries")}>
    <h3>${t("further.summaries")}</h3><p class="quiet">${t("further.summaries_hint")}</p>
    <fieldset><legend class="visually-hidden">${t("further.shares")}</legend>${SHARES.map((share) => html`<label class="option">
      <input type="checkbox" checked=${chosen.includes(share)} onchange=${() => toggle(share)} /> ${t("further.share", { n: share })}</label>`)}</fieldset>
    ${chosen.length > 0 && html`<${Expected} path=${path} body=${{ shares: chosen }} />`}
    <${Trouble} problem=${problem ?? refused} />
    <${Button} busy=${busy || working} disabled=${!chosen.length}
      onclick=${async () => { if (await begin({ shares: chosen })) reload(); }}>
      ${t(made ? "further.again" : "further.make")}<//>
    ${made && html`<div class="summaries" aria-live="polite">
      ${made.stale && html`<p class="doubt">${t("further.stale")}</p>`}
      <p class="facts"><${Chip} state=${made.status}>${t(`shared.phase_${made.status}`)}<//>
        <a href=${`#/d/${made.document_id}`}>${t("further.open")}</a>
        <a href=${`#/d/${made.document_id}/export`}>${t("further.export")}</a></p>
      ${made.summaries.map((one) => html`<${Summary} key=${one.share} summary=${one} unit=${document.unit} />`)}</div>`}
  </section>`;
}

function Summary({ summary, unit }) {
  if (!summary.text) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(summary.text);
      tell(t("further.copied"));
    } catch { tell(t("further.not_copied")); }
  };
  return html`<details class="summary"><summary>${t("further.share", { n: summary.share })} ·
    ${length(summary.words, unit, summary.target)} · S_l ${number(Math.round(summary.length_score * 10) / 10)}</summary>
    ${summary.text.split(/\n{2,}/).map((block) => html`<p>${block}</p>`)}
    <${Button} onclick=${copy}>${t("further.copy")}<//></details>`;
}

function WriteOut({ document }) {
  const [words, setWords] = useState(Math.max(1000, 5 * document.words));
  const path = `/documents/${document.id}/expansion`;
  const { busy, problem, begin } = useBegun(path);
  const submit = async (event) => {
    event.preventDefault();
    const run = await begin({ words: Number(words) });
    if (run) go(`/d/${run.document_id}/writing`);
  };
  return html`<form class="further-form" data-further="write_out" onsubmit=${submit}>
    <h3>${t("further.write_out")}</h3><p class="quiet">${t("further.write_out_hint")}</p>
    <label>${t("further.whole")} <input type="number" min="20" max="2000000" required value=${words}
      oninput=${(event) => setWords(event.target.value)} /></label>
    <${Expected} path=${path} body=${{ words: Number(words) }} />
    <${Trouble} problem=${problem} />
    <${Button} type="submit" busy=${busy}>${t("further.write_out_now")}<//></form>`;
}
