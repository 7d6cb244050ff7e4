// Preact, its hooks, and htm's tagged templates in place of JSX, as one module.
import { h } from "preact";
import htm from "htm";
export { Component, Fragment, createContext, h, render } from "preact";
export * from "preact/hooks";
export const html = htm.bind(h);
