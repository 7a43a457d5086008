import type { Files } from '../engine/contract.ts';

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

export function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  return a.every((byte, at) => byte === b[at]);
}
