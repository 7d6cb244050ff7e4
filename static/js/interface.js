/** What the interface looks like, and its language; both hold at once. */

import { html, render, useState } from "../vendor/preact.js";
import { appearance, choose } from "./appearance.js";
import { language, t } from "./words.js";

const LANGUAGES = { en: ["/", "English"], zh: ["/zh/", "中文"] };
const APPEARANCES = ["system", "light", "dark"];
const YEAR = 31_536_000;

function Interface() {
  const [look, setLook] = useState(appearance);
  const change = (name) => { choose(name); setLook(name); };
  return html`<div class="interface">
    <fieldset><legend>${t("settings.language")}</legend><p>${t("settings.language_what")}</p>
      <p class="choices">${Object.entries(LANGUAGES).map(([code, [path, name]]) => html`<a href=${`${path}#/settings`} lang=${code}
        hreflang=${code} class="button" aria-current=${code === language ? "true" : undefined} onclick=${() => remember(code)}>${name}</a>`)}</p></fieldset>
    <fieldset><legend>${t("settings.appearance")}</legend><p class="choices">${APPEARANCES.map((name) => html`<label>
      <input type="radio" name="appearance" value=${name} checked=${name === look} onchange=${() => change(name)} />
      ${t(`settings.appearance_${name}`)}</label>`)}</p></fieldset></div>`;
}

function remember(code) {
  document.cookie = `longleaf_language=${code}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${Interface} />`, element);
}
