/** The field of a document's style: chosen, made from texts of one's own, looked at, deleted. */

import { html, render, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { number } from "./format.js";
import { Button, Dialog, Trouble, tell as say, useLoaded } from "./parts.js";
import { language, said, t } from "./words.js";

const MOST = 10;
const KINDS = ".md,.markdown,.txt,.html,.htm,.pdf,.docx";

const path = (style) => `/styles/${encodeURIComponent(style.id)}`;
const spoken = new Intl.DisplayNames([language], { type: "language" });

const shortly = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });

/** Where a figure lies: a dot on a line whose middle third is usual. */
function Bars({ figures }) {
  return html`<dl class="style-bars">${figures.map((each) => html`<div>
    <dt>${t(`styles.figure_${each.name}`)}</dt>
    <dd><span class="style-line" aria-hidden="true"><span style=${{ insetInlineStart: `${100 * each.place}%` }} /></span>
      <span class="style-value" title=${`${shortly.format(each.low)} – ${shortly.format(each.high)}`}>${shortly.format(each.value)}</span></dd></div>`)}</dl>
    <p class="hint">${t("styles.few")} ← ${t("styles.usual")} → ${t("styles.many")}</p>`;
}

function Profile({ style, onUse, onDeleted }) {
  const [problem, setProblem] = useState(null);
  const remove = async () => {
    if (!confirm(t("styles.delete_sure", { name: style.name }))) return;
    try {
      await send("DELETE", path(style));
      onDeleted(style);
    } catch (error) { setProblem(error); }
  };
  const from = { words: number(style.words), texts: style.texts, language: spoken.of(style.language) };
  return html`<details class="style-profile"><summary><strong>${style.name}</strong>
      <span class="hint">${t("styles.from", from)}</span></summary>
    <${Trouble} problem=${problem} />
    <h3>${t("styles.told")}</h3><ul class="style-told">${style.lines.map((line) => html`<li>${line}</li>`)}</ul>
    <h3>${t("styles.figures")}</h3><${Bars} figures=${style.figures} />
    <p class="style-actions"><${Button} onclick=${() => onUse(style)}>${t("styles.use")}<//>
      <${Button} kind="quiet danger" onclick=${remove}>${t("styles.delete")}<//></p></details>`;
}

/** Files whose text is read by the server: `[{name, text, problem}]`. */
function Files({ files, setFiles }) {
  const add = async (event) => {
    const chosen = [...event.target.files].slice(0, MOST);
    event.target.value = "";
    for (const file of chosen) {
      const put = (told) => setFiles((all) => [...all.filter((each) => each.name !== file.name), { name: file.name, ...told }]);
      put({});
      try {
        put({ text: (await send("POST", `/styles/texts?name=${encodeURIComponent(file.name)}`, file)).text });
      } catch (problem) { put({ problem }); }
    }
  };
  return html`<label class="style-files"><span>${t("styles.choose")}</span>
      <input type="file" multiple accept=${KINDS} onchange=${add} /></label>
    <ul class="style-chosen">${files.map((file) => html`<li key=${file.name}><span>${file.name}</span>
      <span class="hint" aria-live="polite">${file.problem ? "" : file.text === undefined ? t("styles.reading", { name: file.name })
        : t("styles.read", { characters: number(file.text.length) })}</span>
      <button type="button" class="quiet-button" aria-label=${t("styles.remove", { name: file.name })}
        onclick=${() => setFiles((all) => all.filter((each) => each.name !== file.name))}>×</button>
      <${Trouble} problem=${file.problem} /></li>`)}</ul>`;
}

function Make({ onMade }) {
  const [name, setName] = useState("");
  const [pasted, setPasted] = useState("");
  const [files, setFiles] = useState([]);
  const [ask, setAsk] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const texts = [pasted, ...files.map((file) => file.text ?? "")].filter((text) => text.trim());
    if (!texts.length) return setProblem(new Error(t("styles.needed")));
    setBusy(true);
    setProblem(null);
    try {
      onMade(await send("POST", "/styles", { name, texts, ask }));
    } catch (error) { setProblem(error); }
    return setBusy(false);
  };
  const reading = files.some((file) => file.text === undefined && !file.problem);
  return html`<form class="style-new" onsubmit=${submit}>
    <label><span>${t("styles.name")}</span><input name="style-name" required maxlength="80" value=${name}
      placeholder=${t("styles.name_hint")} oninput=${(event) => setName(event.target.value)} /></label>
    <label><span>${t("styles.paste")}</span><textarea name="style-text" rows="5" maxlength="1000000" value=${pasted}
      placeholder=${t("styles.paste_hint")} oninput=${(event) => setPasted(event.target.value)} /></label>
    <${Files} files=${files} setFiles=${setFiles} />
    <label class="style-ask"><input type="checkbox" checked=${ask} onchange=${(event) => setAsk(event.target.checked)} />
      <span>${t("styles.ask")}</span></label>
    <${Trouble} problem=${problem} />
    <${Button} kind="primary" type="submit" busy=${busy} disabled=${reading}>${t(busy ? "styles.making" : "styles.make")}<//></form>`;
}

function Styles({ styles, problem, reload, onChoose, onClose }) {
  const made = async (style) => {
    await reload();
    say(style.note ? t("styles.noted", { note: said(style.note) }) : t("styles.made", { name: style.name }));
    onChoose(style.id);
    onClose();
  };
  const deleted = async (style) => {
    await reload();
    say(t("styles.deleted", { name: style.name }));
  };
  return html`<${Dialog} title=${t("styles.title")} onClose=${onClose}><p class="hint">${t("styles.what")}</p>
    <${Trouble} problem=${problem} />
    ${styles.map((style) => html`<${Profile} key=${style.id} style=${style} onDeleted=${deleted}
      onUse=${() => { onChoose(style.id); onClose(); }} />`)}
    <details class="style-profile" open=${!styles.length}><summary><strong>${t("styles.new")}</strong></summary>
      <${Make} onMade=${made} /></details><//>`;
}

function Field({ value, onChoose }) {
  const { value: loaded, problem, reload } = useLoaded(async () => (await get(`/styles?language=${language}`)).styles, []);
  const [open, setOpen] = useState(false);
  const styles = loaded ?? [];
  const chosen = styles.find((style) => style.id === value || style.name === value);
  const gone = value && loaded && !chosen;
  return html`<div class="style-field"><label><span>${t("styles.field")}</span>
      <select name="style" value=${chosen ? chosen.id : value} onchange=${(event) => onChoose(event.target.value)}>
        <option value="">${t("styles.none")}</option>
        ${gone && html`<option value=${value}>${t("styles.gone")}</option>`}
        ${styles.map((style) => html`<option value=${style.id}>${style.name}</option>`)}</select></label>
    <${Button} onclick=${() => { reload(); setOpen(true); }}>${t("styles.manage")}<//>
    ${open && html`<${Styles} styles=${styles} problem=${problem} reload=${reload} onChoose=${onChoose}
      onClose=${() => setOpen(false)} />`}</div>`;
}

/**
 * @param {Element} element where to draw
 * @param {(value: string) => void} tell the style that is chosen: its id, or nothing
 * @returns {(value: string) => void} shows the value that the form has
 */
export function mount(element, tell) {
  const show = (value) => render(html`<${Field} value=${typeof value === "string" ? value : ""} onChoose=${tell} />`, element);
  return show;
}
