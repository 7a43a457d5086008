import { words } from '../words/words.svelte.ts';

/** A shift's day and hours as people say them: `Mon 28/3, 07:00–09:00`. Its times are those of the site. */
export function when({ from, until }: { from: string; until: string }): string {
  const day = new Intl.DateTimeFormat(words.locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  return `${day.format(new Date(`${from.slice(0, 10)}T12:00:00Z`))} ${from.slice(11, 16)}–${until.slice(11, 16)}`;
}
