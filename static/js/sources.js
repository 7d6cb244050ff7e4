/** The field of a document's sources: files dropped, chosen or pasted, and earlier ones picked. */

import { html, render, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { number } from "./format.js";
import { Button, Trouble, useLoaded } from "./parts.js";
import { language, t } from "./words.js";

const MOST = 50;
const KINDS = ".md,.markdown,.txt,.html,.htm,.pdf,.docx";
const spoken = new Intl.DisplayNames([language], { type: "language" });

/** What is known of a source, in a line. */
function facts({ pages, language: code, characters }) {
  const said = [pages > 0 && (pages === 1 ? t("sources.page_one") : t("sources.pages", { n: number(pages) })),
    code && spoken.of(code), t("sources.characters", { n: number(characters) })];
  return said.filter(Boolean).join(" · ");
}

function Chosen({ ids, known, onRemove }) {
  return html`<ul class="source-list">${ids.map((id) => {
    const source = known.get(id);
    const title = source?.title ?? t("sources.gone");
    return html`<li key=${id}><strong>${title}</strong><span class="hint">${source && facts(source)}</span>
      <button type="button" class="quiet-button" aria-label=${t("sources.remove", { title })} onclick=${() => onRemove(id)}>×</button></li>`;
  })}</ul>`;
}

/** Files on their way, and those that were refused. */
function Coming({ files, onDismiss }) {
  return html`<ul class="source-list" aria-live="polite">${files.map((file) => html`<li key=${file.key}>
    ${file.problem ? html`<strong>${file.name}</strong><button type="button" class="quiet-button" aria-label=${t("sources.dismiss")}
        onclick=${() => onDismiss(file.key)}>×</button><${Trouble} problem=${file.problem} />`
      : html`<span class="spinner" aria-hidden="true" /><span>${t("sources.reading", { name: file.name })}</span>`}</li>`)}</ul>`;
}

function Paste({ onPasted }) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const add = () => {
    onPasted(title.trim(), text);
    setTitle("");
    setText("");
  };
  return html`<details class="source-more"><summary>${t("sources.paste")}</summary><div class="source-paste">
    <label><span>${t("sources.paste_title")}</span><input name="source-title" maxlength="200" value=${title}
      oninput=${(event) => setTitle(event.target.value)} /></label>
    <textarea name="source-text" rows="5" maxlength="3000000" value=${text} aria-label=${t("sources.paste")}
      placeholder=${t("sources.paste_hint")} oninput=${(event) => setText(event.target.value)} />
    <${Button} disabled=${!text.trim()} onclick=${add}>${t("sources.paste_add")}<//></div></details>`;
}

function Earlier({ sources, ids, onPick, reload }) {
  const [problem, setProblem] = useState(null);
  const remove = async ({ id, title }) => {
    if (!confirm(t("sources.delete_sure", { title }))) return;
    try {
      setProblem(null);
      await send("DELETE", `/sources/${encodeURIComponent(id)}`);
      await reload();
    } catch (error) { setProblem(error); }
  };
  const left = sources.filter((each) => !ids.includes(each.id));
  return html`<details class="source-more"><summary>${t("sources.earlier")}</summary><${Trouble} problem=${problem} />
    ${!left.length && html`<p class="hint">${t("sources.none_earlier")}</p>`}
    <ul class="source-list">${left.map((each) => html`<li key=${each.id}>
      <button type="button" class="button source-pick" aria-label=${t("sources.add", { title: each.title })} onclick=${() => onPick(each.id)}>+</button>
      <strong>${each.title}</strong><span class="hint">${facts(each)}</span>
      <button type="button" class="quiet-button" aria-label=${t("sources.delete", { title: each.title })} onclick=${() => remove(each)}>${t("styles.delete")}</button></li>`)}</ul></details>`;
}

let turns = 0;

function Field({ value, onChoose }) {
  const { value: sources, reload } = useLoaded(async () => (await get("/sources")).sources, []);
  const [coming, setComing] = useState([]);
  const [over, setOver] = useState(false);
  const known = new Map((sources ?? []).map((each) => [each.id, each]));
  const without = (key) => setComing((all) => all.filter((each) => each.key !== key));
  const take = async (name, work) => {
    const key = ++turns;
    setComing((all) => [...all, { key, name }]);
    try {
      const source = await work();
      await reload();
      without(key);
      onChoose((ids) => (ids.includes(source.id) ? ids : [...ids, source.id]));
    } catch (problem) {
      setComing((all) => all.map((each) => (each.key === key ? { key, name, problem } : each)));
    }
  };
  const upload = async (files) => {
    const free = Math.max(0, MOST - value.length);
    for (const file of [...files].slice(0, free)) {
      const body = new Blob([file], { type: "application/octet-stream" });
      await take(file.name, () => send("POST", `/sources?name=${encodeURIComponent(file.name)}`, body));
    }
    if (files.length > free) await take(t("sources.title"), () => Promise.reject(new Error(t("sources.too_many", { n: MOST }))));
  };
  const chosen = (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    upload(files);
  };
  const drop = (event) => { event.preventDefault(); setOver(false); upload([...event.dataTransfer.files]); };
  return html`<section class="source-field" aria-label=${t("sources.title")}>
    <p><span>${t("sources.title")}</span> <span class="hint">${t("sources.what")}</span></p>
    <${Chosen} ids=${value} known=${known} onRemove=${(id) => onChoose((ids) => ids.filter((each) => each !== id))} />
    <${Coming} files=${coming} onDismiss=${without} />
    <label class="source-drop" data-over=${over} ondragover=${(event) => { event.preventDefault(); setOver(true); }}
      ondragleave=${() => setOver(false)} ondrop=${drop}><span>${t("sources.drop")} <u>${t("sources.choose")}</u></span>
      <span class="hint">${t("sources.kinds")}</span>
      <input class="visually-hidden" type="file" multiple accept=${KINDS} onchange=${chosen} /></label>
    <div class="source-ways"><${Paste} onPasted=${(title, text) => take(title || t("sources.paste"), () => send("POST", "/sources", { title, text }))} />
      <${Earlier} sources=${sources ?? []} ids=${value} reload=${reload} onPick=${(id) => onChoose((ids) => [...ids, id])} /></div></section>`;
}

/**
 * @param {Element} element where to draw
 * @param {(value: string) => void} tell the ids of the sources that are chosen, with spaces between
 * @returns {(value: string) => void} shows the value that the form has
 */
export function mount(element, tell) {
  let ids = [];
  const choose = (change) => tell(change(ids).join(" "));
  const show = (value) => {
    ids = typeof value === "string" ? value.split(" ").filter(Boolean) : [];
    render(html`<${Field} value=${ids} onChoose=${choose} />`, element);
  };
  return show;
}
