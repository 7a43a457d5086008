import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shouhu } from './programs.ts';

/** A day on which sampling takes far longer than the scenario says. */
const SLOW = 'site.station.sampling.service={ law = "lognormal", mean_s = 16, cv = 0.4 }';

/** Events of such a day, as `shouhu rehearse --events` writes them. */
export function slowDay(seed: number): Buffer {
  const place = mkdtempSync(join(tmpdir(), 'shouhu-events-'));
  const scenario = join(place, 'sunshine-garden');
  shouhu(['init', scenario, '--example', 'sunshine-garden']);
  shouhu(['rehearse', scenario, '--policy', 'waves', '--reps', '2', '--seed', String(seed), '--set', SLOW, '--events', join(place, 'events.jsonl')]);
  const events = readFileSync(join(place, 'events.jsonl'));
  rmSync(place, { recursive: true });
  return events;
}

/**
 * Stopwatch cards of one morning, typed in: so many people come every 20 seconds; registration takes them 20, 24 or 28
 * seconds in turn after a wait of 5, and sampling 9.
 */
export function cards(people: number): string {
  const clock = (seconds: number): string => [7 + Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const rows = Array.from({ length: people }, (_, person) => {
    const came = person * 20;
    const [start, name] = [came + 5, `R${person + 1}`];
    const end = start + 20 + 4 * (person % 3);
    return [`${name},registration,${clock(came)},${clock(start)},${clock(end)}`, `${name},sampling,,${clock(end + 2)},${clock(end + 11)}`];
  });
  return `${['card,station,came,start,end', ...rows.flat()].join('\n')}\n`;
}
