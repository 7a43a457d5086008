import type { Schemas } from '../access/access.ts';

/** A shift and its place in the roster. */
export interface Numbered {
  number: number;
  shift: Schemas['ShiftView'];
}

/** One day of a roster as a table: hours from left to right, a row for each role, and one more for each shift beside another. */
export interface Day {
  date: string;
  /** Each moment at which a shift begins or ends, `07:00`. */
  times: string[];
  rows: { role: string; name: string }[];
  /** Where each shift stands: its row, and its first and last line, from 1. */
  shifts: (Numbered & { row: number; from: number; until: number })[];
}

/** A moment as the time of day where this browser is. */
export function clock(at: number): string {
  return new Date(at * 1000).toTimeString().slice(0, 5);
}

export function days(shifts: Schemas['ShiftView'][]): Day[] {
  const all = shifts.map((shift, number) => ({ number, shift }));
  const dates = [...new Set(shifts.map((shift) => shift.from.slice(0, 10)))].sort();
  return dates.map((date) => dayOf(date, all.filter(({ shift }) => shift.from.startsWith(date))));
}

function dayOf(date: string, all: Numbered[]): Day {
  // A shift that ends after midnight ends on its own day's last line.
  const moments = [...new Set(all.flatMap(({ shift }) => [shift.from, shift.until]))].sort();
  const rows: { role: string; name: string; until: string }[] = [];
  const shifts: Day['shifts'] = [];
  const roles = [...new Set(all.map(({ shift }) => shift.role))];
  for (const role of roles) {
    const first = rows.length;
    for (const one of all.filter(({ shift }) => shift.role === role).sort((a, b) => a.shift.from.localeCompare(b.shift.from))) {
      let row = rows.findIndex((free, at) => at >= first && free.until <= one.shift.from);
      if (row < 0) row = rows.push({ role, name: one.shift.role_name, until: '' }) - 1;
      rows[row]!.until = one.shift.until;
      shifts.push({ ...one, row: row + 1, from: moments.indexOf(one.shift.from) + 1, until: moments.indexOf(one.shift.until) + 1 });
    }
  }
  shifts.sort((a, b) => a.shift.from.localeCompare(b.shift.from) || a.row - b.row);
  return { date, times: moments.map((moment) => moment.slice(11, 16)), rows: rows.map(({ role, name }) => ({ role, name })), shifts };
}
