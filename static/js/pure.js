/** Components that are drawn anew only when what they are given has changed. */

import { Component, h } from "../vendor/preact.js";

/** @param {(props: object) => any} draw a component; functions among its props must stay the same */
export function pure(draw) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const names = new Set([...Object.keys(next), ...Object.keys(this.props)]);
      return [...names].some((name) => name !== "key" && next[name] !== this.props[name]);
    }

    render(props) {
      return h(draw, props);
    }
  };
}
