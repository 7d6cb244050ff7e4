/** Light or dark: as the person chose, else as the system has it. */

const KEY = "longleaf.appearance";
const system = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen: `system`, `light` or `dark`. */
export const appearance = () => localStorage.getItem(KEY) ?? "system";

/** Choose, and see it at once. */
export function choose(name) {
  localStorage.setItem(KEY, name);
  apply();
}

function apply() {
  const name = appearance();
  const dark = name === "dark" || (name === "system" && system.matches);
  if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}

/** See to it that the choice stands, whatever Gradio makes of the system's. */
export function keepAppearance() {
  apply();
  system.addEventListener("change", apply);
  new MutationObserver(apply).observe(document.body, { attributeFilter: ["class"] });
}
