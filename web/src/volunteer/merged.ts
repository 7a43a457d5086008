import type { Cells } from './asking.ts';

/** What two people made of the same words. */
export interface Merged {
  /** What only one of them changed is theirs; what both did is as it was written here. */
  cells: Cells;
  /** What the other wrote where both did. */
  theirs: string[];
}

/** Brings a volunteer's words together that were changed here and elsewhere since they were read. */
export function merged(was: Cells, mine: Cells, now: Cells): Merged {
  const cells = { ...now };
  const theirs: string[] = [];
  for (const column of new Set([...Object.keys(was), ...Object.keys(mine)])) {
    const [before, here, there] = [was, mine, now].map((side) => side[column] ?? '') as [string, string, string];
    if (here === before) continue;
    cells[column] = here;
    if (there !== before && there !== here) theirs.push(there || '–');
  }
  return { cells, theirs };
}
