/** Templates for a new document, and what the address asks to have filled in. */

import { html, render, useEffect, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Button, Trouble, tell as say, useLoaded } from "./parts.js";
import { go, useRoute } from "./route.js";
import { language, t } from "./words.js";

const KEY = `longleaf.template.${language}`;
/** Milliseconds without typing, after which the request is read and estimated. */
const PAUSE = 400;

/** What was typed into a template's form, as the browser keeps it: name → values. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch { return {}; }
}

/** The schema's fields in their order: `[name, schema]`. */
const fieldsOf = ({ schema }) =>
  Object.entries(schema.properties).sort(([, a], [, b]) => a["x-order"] - b["x-order"]);

/** What a form holds at first. */
function blank(template) {
  const told = fieldsOf(template).map(([name, each]) => [name, text(each.default)]);
  return { ...Object.fromEntries(told), ...kept()[template.name] };
}

const text = (value) => (Array.isArray(value) ? value.join("\n") : value ?? "");

/** A field's value as the API takes it; null where nothing was typed. */
function valueOf(schema, typed) {
  if (schema.type === "boolean") return Boolean(typed);
  const given = String(typed).trim();
  if (!given) return null;
  if (schema.type === "integer") return Number.parseInt(given, 10);
  return schema.type === "array" ? given.split("\n").map((line) => line.trim()).filter(Boolean) : given;
}

function Input({ name, schema, value, needed, onInput }) {
  const given = {
    name, value, required: needed, "aria-describedby": schema.description ? `tpl-${name}` : undefined,
    placeholder: schema.examples?.[0] ?? "", oninput: (event) => onInput(name, event.target.value),
  };
  if (schema.enum) {
    return html`<select ...${given}>${schema.enum.map((each) => html`<option value=${each}>${each}</option>`)}</select>`;
  }
  if (schema.type === "boolean") {
    return html`<input type="checkbox" name=${name} checked=${Boolean(value)}
      onchange=${(event) => onInput(name, event.target.checked)} />`;
  }
  if (schema.type === "integer") {
    return html`<input type="number" min=${schema.minimum} max=${schema.maximum} ...${given} />`;
  }
  const list = schema.type === "array";
  if (list) given.placeholder = t("brief.template_list");
  return list || schema["x-multiline"]
    ? html`<textarea rows="3" maxlength=${schema.maxLength} ...${given} />`
    : html`<input type="text" maxlength=${schema.maxLength} ...${given} />`;
}

function Form({ template, onFilled }) {
  const [values, setValues] = useState(() => blank(template));
  const [problem, setProblem] = useState(null);
  const typed = (name, value) => {
    const now = { ...values, [name]: value };
    setValues(now);
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), [template.name]: now }));
  };
  const submit = async (event) => {
    event.preventDefault();
    const given = fieldsOf(template).map(([name, schema]) => [name, valueOf(schema, values[name])]);
    const told = { template: template.name, values: Object.fromEntries(given) };
    try {
      await send("POST", `/templates/${encodeURIComponent(template.name)}/render?language=${language}`, { values: told.values });
      onFilled(told);
    } catch (error) { setProblem(error); }
  };
  return html`<form class="template" onsubmit=${submit}><p class="hint">${template.summary}</p>
    <div class="template-fields">${fieldsOf(template).map(([name, schema]) => html`
      <label class=${schema["x-multiline"] || schema.type === "array" ? "broad" : ""}>
        <span>${schema.title}${template.schema.required.includes(name) && html` <em>${t("brief.template_needed")}</em>`}</span>
        <${Input} name=${name} schema=${schema} value=${values[name]} onInput=${typed}
          needed=${template.schema.required.includes(name)} />
        ${schema.description && html`<small id=${`tpl-${name}`}>${schema.description}</small>`}</label>`)}</div>
    <${Trouble} problem=${problem} /><${Button} type="submit">${t("brief.template_use")}<//></form>`;
}

/** Have something filled in, which can be taken back. */
function fill(tell, told) {
  tell({ ...told, at: Date.now() });
  say(t("brief.template_filled"), { label: t("shared.undo"), onclick: () => tell({ undo: Date.now() }) });
}

function Templates({ tell }) {
  const { page, query } = useRoute();
  const { value } = useLoaded(() => get(`/templates?language=${language}`), []);
  const [chosen, setChosen] = useState("");
  const asked = page === "write" ? query.toString() : "";
  useEffect(() => {
    const [example, from] = [query.get("example"), query.get("from")];
    if (page !== "write" || !(example || from)) return;
    go("/write", { replace: true });
    fill(tell, example ? { example } : { from });
  }, [asked]);
  useEffect(() => {
    let timer;
    const typed = () => {
      clearTimeout(timer);
      timer = setTimeout(() => tell({ typed: Date.now() }), PAUSE);
    };
    addEventListener("brief-typed", typed);
    typed(); // what was brought back from before has been told already
    return () => removeEventListener("brief-typed", typed);
  }, []);
  if (!value?.length) return null;
  const template = value.find((each) => each.name === chosen);
  const filled = (told) => {
    fill(tell, told);
    setChosen("");
    document.querySelector("#brief-prompt textarea")?.focus();
  };
  return html`<section class="templates" aria-label=${t("brief.templates")}><span class="hint">${t("brief.templates")}</span>
    <div class="template-names">${value.map((each) => html`<button type="button" class="button template-name"
      data-template=${each.name} title=${each.summary} aria-expanded=${each.name === chosen}
      onclick=${() => setChosen(each.name === chosen ? "" : each.name)}>${each.title}</button>`)}</div>
    ${template && html`<${Form} key=${chosen} template=${template} onFilled=${filled} />`}</section>`;
}

/** What is said without being asked for, for those who do not see it come. */
function announce() {
  document.querySelector("#brief-trouble")?.setAttribute("role", "alert");
  for (const name of ["reading", "estimate"]) {
    document.querySelector(`#brief-${name}`)?.setAttribute("aria-live", "polite");
  }
}

/**
 * @param {Element} element where to draw
 * @param {(value: object) => void} tell hands Python what is to be filled in
 */
export function mount(element, tell) {
  announce();
  render(html`<${Templates} tell=${tell} />`, element);
}
