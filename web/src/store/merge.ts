import type { Files } from '../engine/contract.ts';
import type { Changes } from './store.ts';

export interface Merged {
  files: Files;
  /** Files that both sides changed, each in its own way. */
  both: string[];
}

/** Brings two sides' changes of one folder together: a file changed on one side only is taken from that side. */
export function merge(base: Files, mine: Files, theirs: Files): Merged {
  const files: Files = {};
  const both: string[] = [];
  for (const path of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
    const [was, here, there] = [base[path], mine[path], theirs[path]];
    if (!same(here, was) && !same(there, was) && !same(here, there)) both.push(path);
    const kept = same(here, was) ? there : here;
    if (kept) files[path] = kept;
  }
  return { files, both };
}

/** What makes `after` out of `before`. */
export function changes(before: Files, after: Files): Changes {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(all.filter((path) => !same(before[path], after[path])).map((path) => [path, after[path] ?? null]));
}

/** The folder with these changes. */
export function changed(before: Files, changes: Changes): Files {
  const after = { ...before };
  for (const [path, bytes] of Object.entries(changes)) {
    if (bytes) after[path] = bytes;
    else delete after[path];
  }
  return after;
}

export function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  return a.every((byte, at) => byte === b[at]);
}
