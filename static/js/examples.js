/** Briefs to begin with, by the names of files in `examples/`: `#/write?example=<name>`. */

import { language, t } from "./words.js";

const NAMES = { en: ["article", "story", "course"], zh: ["report.zh", "story.zh", "course.zh"] };

/** Those in the page's language: `{name, title, about}`. */
export const EXAMPLES = NAMES[language].map((name) => {
  const [kind] = name.split(".");
  return { name, title: t(`library.example_${kind}`), about: t(`library.example_${kind}_about`) };
});
