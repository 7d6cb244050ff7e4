/** What the page says, in its language; loaded once, before anything is drawn. */

import { phrasebook } from "./phrasebook.js";

/** The page's language: `en` or `zh`; by its address, since Gradio sets `lang` to the browser's. */
export const language = location.pathname.startsWith("/zh") ? "zh" : "en";

document.documentElement.lang = language;
const load = async (path) => {
  const answer = await fetch(path);
  return answer.ok ? answer.json() : {};
};
const [words, catalogue] = await Promise.all([
  load(`/web/words/${language}.json`), language === "en" ? {} : load(`/web/messages/${language}.json`),
]);

/** A sentence of the engine in the page's language: a finding, a reason, an error or its remedy. */
export const said = phrasebook(catalogue);

/**
 * The text of a name, with values in its `{places}`.
 * @param {string} name as in `ui/words/`
 * @param {Object<string, string|number>} [values]
 */
export function t(name, values = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (place, key) => (key in values ? String(values[key]) : place));
}

/** Whether there is a text of that name. */
export const has = (name) => name in words;
