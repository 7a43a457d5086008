import { words } from '../words/words.svelte.ts';

/** A time of day; with its day, where that is not today. */
export function when(seconds: number): string {
  const at = new Date(seconds * 1000);
  const today = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(words.language, today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' }).format(at);
}

export { said } from '../access/access.ts';

/** Times in files that do not say their zone are this browser's. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
