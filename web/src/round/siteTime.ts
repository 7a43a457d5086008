import { words } from '../words/words.svelte.ts';

/** A moment, seconds since 1970, as the clocks at the site say it; where this browser's are others, with the site's zone. */
export function siteTime(at: number, timeZone: string): string {
  const style = { dateStyle: 'full', timeStyle: 'short' } as const;
  try {
    const said = new Intl.DateTimeFormat(words.language, { ...style, timeZone }).format(at * 1000);
    return new Intl.DateTimeFormat().resolvedOptions().timeZone === timeZone ? said : `${said} · ${timeZone}`;
  } catch {
    // A zone that this browser does not know.
    return new Intl.DateTimeFormat(words.language, style).format(at * 1000);
  }
}
