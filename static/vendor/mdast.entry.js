// Markdown → a syntax tree in which every node knows its place in the source.
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
/** @returns an mdast `root`; HTML in the source stays text in nodes of type `html`. */
export const parse = (source) => fromMarkdown(source, options);
