/** Keeps an outline on the server: one request at a time, the latest plan, never over another's. */

import { request } from "./api.js";
import { usable } from "./outline_check.js";
import { closed, keyOf } from "./outline_edit.js";
import { fitted, sectionsOf } from "./outline_lengths.js";

/** Milliseconds after the last edit. */
const PAUSE = 700;
/** Milliseconds until a server that did not answer is tried again. */
const RETRY = 4000;

/**
 * States: `saved`, `waiting` (to be saved soon), `saving`, `unusable` (something is missing),
 * `conflict` (somebody else has changed it), `trouble` (it could not be saved).
 */
export class Keeper {
  /**
   * @param {string} run
   * @param {{value: object, etag: string}} loaded the outline as the server has it
   * @param {object} plan the same, opened
   * @param {(state: string, problem: Error|null) => void} onState
   * @param {boolean} finished the sections have texts, which go by their keys; lengths stay as they are
   */
  constructor(run, loaded, plan, onState, finished = false) {
    Object.assign(this, { path: `/runs/${run}/outline`, etag: loaded.etag, base: loaded.value });
    Object.assign(this, { finished, keys: new Map() });
    Object.assign(this, { kept: plan, wanted: plan, state: "saved", onState, chain: Promise.resolve() });
  }

  /** Save this plan soon. */
  queue(plan) {
    this.wanted = plan;
    clearTimeout(this.timer);
    if (this.state === "conflict") return;
    if (plan === this.kept) this.tell("saved");
    else if (!usable(plan)) this.tell("unusable");
    else {
      this.tell("waiting");
      this.timer = setTimeout(() => this.flush(), PAUSE);
    }
  }

  /** Save now what is not saved; the promise is kept when that is done, `state` says how. */
  flush() {
    clearTimeout(this.timer);
    this.chain = this.chain.then(() => this.save());
    return this.chain;
  }

  async save() {
    const plan = this.wanted;
    if (plan === this.kept || !usable(plan) || this.state === "conflict") return;
    this.tell("saving");
    try {
      const sent = closed(this.finished ? plan : fitted(plan), this.keys);
      await this.take(await request("PUT", this.path, sent, { "If-Match": this.etag }));
      this.kept = plan;
      const keys = sectionsOf(this.base).map((each) => each.key);
      sectionsOf(plan).forEach((each, at) => this.keys.set(each.id, keys[at]));
      if (this.wanted === plan) this.tell("saved");
    } catch (problem) {
      this.tell(problem.status === 412 ? "conflict" : "trouble", problem);
      if (problem.kind === "unreachable") this.timer = setTimeout(() => this.flush(), RETRY);
    }
  }

  /**
   * After a conflict: go on from the server's plan.
   * @param {{version: number, outline: object}} current the server's
   * @param {object|null} taken the same, opened, if it is to stand; else the person's is saved over it
   */
  settle({ version, outline }, taken = null) {
    Object.assign(this, { etag: `"${version}"`, base: outline, kept: taken });
    if (taken) this.keys.clear();
    this.tell("waiting");
    this.queue(taken ?? this.wanted);
  }

  /**
   * Have a row planned anew; edits made meanwhile are saved afterwards.
   * @returns {Promise<{outline: object, key: string}|null>} null: the plan could not be saved before
   * @throws {Problem}
   */
  async regenerate(id, instruction) {
    await this.flush();
    if (this.state !== "saved") return null;
    const key = keyOf(this.kept, id);
    const work = this.chain.then(() => request("POST", `${this.path}/${key}/regenerate`, { instruction }));
    const done = work.then((answer) => this.take(answer)).then(() => { this.kept = null; });
    this.chain = done.catch(() => {});
    await done;
    return { outline: this.base, key };
  }

  async take(answer) {
    this.etag = answer.headers.get("etag");
    this.base = await answer.json();
  }

  tell(state, problem = null) {
    this.state = state;
    this.onState(state, problem);
  }
}
