/** A run as it streams: the events of `/runs/{id}/live` put together, told on once a frame. */

import { useEffect, useState } from "../vendor/preact.js";
import { watch } from "./api.js";

/** What those who follow the whole and no single section are known by. */
const WHOLE = "";

/** One run. Sections are replaced when they change, never changed: who has the same one has no news. */
export class Live {
  constructor(runId) {
    this.runId = runId;
    this.facts = null;
    this.order = [];
    this.sections = new Map();
    this.connected = false;
    this.ended = false;
    this.followers = new Map();
    this.changed = new Set();
    this.frame = 0;
  }

  /** Begin to follow; returns what ends it. */
  open() {
    const handlers = {
      view: (data) => this.begin(data), state: (data) => this.learn(data), text: (data) => this.splice(data),
      end: (data) => { this.ended = true; this.tell(WHOLE); this.onEnd?.(data); },
    };
    const close = watch(`/runs/${this.runId}/live?texts=true`, handlers, (connected) => {
      this.connected = connected;
      this.tell(WHOLE);
    });
    return () => { close(); cancelAnimationFrame(this.frame); };
  }

  begin({ sections, ...facts }) {
    this.facts = facts;
    this.order = sections.map((section) => section.key);
    for (const section of sections) this.put({ text: "", ...section });
    this.onBegin?.(this);
    this.tell(WHOLE);
  }

  learn({ sections = [], order, ...facts }) {
    for (const change of sections) this.put({ ...(this.sections.get(change.key) ?? { text: "" }), ...change });
    if (order) this.order = order;
    this.facts = { ...this.facts, ...facts };
    this.tell(WHOLE);
  }

  splice({ key, at, cut, text, words }) {
    const section = this.sections.get(key);
    const next = { ...section, text: spliced(section.text, at, cut, text) };
    this.put(words === undefined ? next : { ...next, words });
    this.tell(WHOLE);
  }

  put(section) {
    this.sections.set(section.key, section);
    this.tell(section.key);
  }

  /** Counted units of all sections together. */
  get words() {
    return this.order.reduce((sum, key) => sum + this.sections.get(key).words, 0);
  }

  /** Call `follower` in the next frame after something of `key` has changed; returns what ends it. */
  follow(key, follower) {
    if (!this.followers.has(key)) this.followers.set(key, new Set());
    this.followers.get(key).add(follower);
    return () => this.followers.get(key).delete(follower);
  }

  tell(key) {
    this.changed.add(key);
    this.frame ||= requestAnimationFrame(() => {
      const keys = [...this.changed];
      this.changed.clear();
      this.frame = 0;
      for (const each of keys) for (const follower of this.followers.get(each) ?? []) follower();
    });
  }
}

/** A text with `cut` code points at `at` replaced, or all that follow where there is no `cut`. */
export function spliced(text, at, cut, put) {
  const start = unit(text, at);
  const rest = cut === undefined ? "" : text.slice(unit(text, at + cut));
  return text.slice(0, start) + put + rest;
}

/** The place of a code point in UTF-16 units: another one only behind characters that take two. */
function unit(text, point) {
  if (!/[\ud800-\udbff]/.test(text)) return point;
  let units = 0;
  for (let points = 0; points < point && units < text.length; points++) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
}

/**
 * Follow a run; anew when `turn` changes, which a run needs that goes on after its end. What was
 * followed before is shown until there is something newer.
 * @param {string} runId
 * @param {number} turn
 * @param {(end: object) => void} onEnd
 */
export function useLive(runId, turn, onEnd) {
  const [live, setLive] = useState(null);
  useEffect(() => {
    const made = new Live(runId);
    made.onEnd = onEnd;
    made.onBegin = setLive;
    return made.open();
  }, [runId, turn]);
  useNews(live, WHOLE);
  return live;
}

/** One section of a followed run; who calls this is drawn anew when it changes. */
export function useSection(live, key) {
  useNews(live, key);
  return live.sections.get(key);
}

function useNews(live, key) {
  const [, draw] = useState(0);
  useEffect(() => live?.follow(key, () => draw((number) => number + 1)), [live, key]);
}
