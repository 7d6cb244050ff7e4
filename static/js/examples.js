/** Briefs to begin with: `#/write?example=<name>` fills the brief in with one. */

import { t } from "./words.js";

const LENGTHS = { report: 3000, story: 2000, course: 6000 };

/** The names of all. */
export const EXAMPLES = Object.keys(LENGTHS);

/**
 * A brief in the page's language.
 * @param {string} name one of `EXAMPLES`
 * @returns {{title: string, prompt: string, words: number}|null} null: there is none of that name
 */
export function example(name) {
  if (!(name in LENGTHS)) return null;
  return { title: t(`library.example_${name}`), prompt: t(`library.example_${name}_prompt`), words: LENGTHS[name] };
}
