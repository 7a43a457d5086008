import type { Schemas } from '../access/access.ts';

export type Row = Required<Schemas['ShiftRow']>;
export type Cell = 'time' | 'door' | 'people' | 'green' | 'item';
export const CELLS: Cell[] = ['time', 'door', 'people', 'green', 'item'];

/** What of a sheet is typed, and whose it is. */
interface Kept {
  sheet: string;
  station: string;
  lane: number;
  server: number;
  seals: boolean;
  /** Whether rows that were taken back are stored again. */
  anew: boolean;
  rows: Row[];
  /** Of a spreadsheet: what it calls its columns. */
  columns: Partial<Record<Cell, string>>;
}

/** A sheet that is being typed. The browser keeps it, letter by letter, until the server has it. */
export class Draft {
  #key: string;
  kept = $state<Kept>(empty());

  constructor(round: string) {
    this.#key = `shouhu.shift.${round}`;
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? 'null');
      if (kept) this.kept = { ...empty(), ...(kept as Kept) };
    } catch {
      // What cannot be read was not kept by this page.
    }
  }

  keep(): void {
    localStorage.setItem(this.#key, JSON.stringify(this.kept));
  }

  /** The next sheet of the same table. */
  clear(): void {
    const { station, lane, server } = this.kept;
    this.kept = { ...empty(), station, lane, server };
  }

  /** The rows of a spreadsheet, instead of those that were typed. */
  take(rows: Row[], columns: Kept['columns']): void {
    Object.assign(this.kept, { rows: [...rows, fresh(rows)], columns });
  }

  /** There is always a row to type in. */
  grow(): void {
    const last = this.kept.rows.at(-1);
    if (!last || says(last)) this.kept.rows.push(fresh(this.kept.rows));
  }

  drop(rows: Set<number>): void {
    this.kept.rows = this.kept.rows.filter(({ row }) => !rows.has(row));
    this.grow();
  }
}

export function says(row: Row): boolean {
  return CELLS.some((cell) => row[cell] !== '');
}

function fresh(rows: Row[]): Row {
  const row = Math.max(0, ...rows.map((one) => one.row)) + 1;
  return { row, time: '', door: '', people: '', green: '', item: '' };
}

function empty(): Kept {
  return { sheet: '', station: '', lane: 1, server: 1, seals: false, anew: false, rows: [fresh([])], columns: {} };
}
