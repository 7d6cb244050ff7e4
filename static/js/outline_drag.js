/** Rows of the outline dragged by their handles, with a mouse, a pen or a finger. */

import { place, remove, slots } from "./outline_edit.js";

const EDGE = 70;
/** Pixels from the window's edges where the page scrolls by itself. */

/**
 * Follow a pointer that has taken a handle, until it lets go.
 * @param {PointerEvent} event of the handle
 * @param {HTMLElement} list holds a row a `[data-id]`, and the line `.outline-drop`
 * @param {object} plan
 * @param {number} id the row
 * @param {(slot: object) => void} onDrop
 */
export function drag(event, list, plan, id, onDrop) {
  if (event.button !== 0) return;
  event.preventDefault();
  const [handle, line] = [event.currentTarget, list.querySelector(".outline-drop")];
  const row = list.querySelector(`[data-id="${id}"]`);
  const places = placesOf(list, plan, id);
  let [at, scrolling, pointer] = [null, 0, event.clientY];
  const show = () => {
    const y = pointer + scrollY;
    at = places.reduce((best, each) => (Math.abs(each.y - y) < Math.abs(best.y - y) ? each : best));
    const top = list.getBoundingClientRect().top + scrollY;
    Object.assign(line.style, { insetBlockStart: `${at.y - top}px`, insetInlineStart: at.slot.into ? "3rem" : "0" });
    line.hidden = false;
  };
  const scroll = () => {
    const by = pointer < EDGE ? pointer - EDGE : Math.max(0, pointer - innerHeight + EDGE);
    if (by && at) { scrollBy(0, by / 4); show(); }
    scrolling = requestAnimationFrame(scroll);
  };
  const move = (moved) => { pointer = moved.clientY; show(); };
  const escape = (pressed) => pressed.key === "Escape" && end(null);
  const drop = () => end(at?.slot);
  const cancel = () => end(null);
  const ends = [["pointermove", move], ["pointerup", drop], ["pointercancel", cancel]];
  const end = (slot) => {
    cancelAnimationFrame(scrolling);
    ends.forEach(([name, listener]) => handle.removeEventListener(name, listener));
    removeEventListener("keydown", escape);
    line.hidden = true;
    row.classList.remove("dragged");
    if (slot) onDrop(slot);
  };
  handle.setPointerCapture(event.pointerId);
  ends.forEach(([name, listener]) => handle.addEventListener(name, listener));
  addEventListener("keydown", escape);
  row.classList.add("dragged");
  scroll();
}

/** The places where the row may go, with where they lie on the page. */
function placesOf(list, plan, id) {
  const rest = remove(plan, id);
  const box = (each) => list.querySelector(`[data-id="${each}"]`).getBoundingClientRect();
  const first = (part) => box(part.alone ? part.sections[0].id : part.id);
  const last = (part) => box(part.sections.at(-1).id);
  const yOf = (slot) => {
    if (slot.into === undefined) {
      const part = rest.parts[slot.between];
      return part ? first(part).top : rest.parts.length ? last(rest.parts.at(-1)).bottom + 12 : 0;
    }
    const { sections } = rest.parts[place(rest, slot.into).p];
    return slot.at < sections.length ? box(sections[slot.at].id).top : box(sections.at(-1).id).bottom;
  };
  return slots(plan, id).map((slot) => ({ slot, y: yOf(slot) + scrollY }));
}
