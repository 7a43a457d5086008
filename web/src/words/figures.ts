import { words } from './words.svelte.ts';

/** Minutes, people and shares as people say them: no more digits than can be acted on. */
export function number(value: number): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  const kind = `${words.language} ${digits}`;
  let format = formats.get(kind);
  if (!format) formats.set(kind, (format = new Intl.NumberFormat(words.language, { maximumFractionDigits: digits })));
  return format.format(value);
}

/** Formats are dear to make, and a board writes hundreds of numbers a second. */
const formats = new Map<string, Intl.NumberFormat>();

export function percent(share: number): string {
  return new Intl.NumberFormat(words.language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

const DAY_MIN = 24 * 60;

/** `07:05` or `07:05:30`, with or without a date before it, as minutes after midnight of that day. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = (clock.split('T').at(-1) ?? '').split(':').map(Number);
  return hours * 60 + minutes + seconds / 60;
}

/** Minutes after midnight as a time of day, `10:46`; later days are counted, `01:30 +1`. */
export function clock(minutes: number): string {
  const whole = Math.floor(minutes + 1e-6);
  const days = Math.floor(whole / DAY_MIN);
  const rest = whole - days * DAY_MIN;
  const time = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`;
  return days === 0 ? time : `${time} ${days > 0 ? '+' : ''}${days}`;
}

/** A date such as `2022-03-28` in words. */
export function longDate(date: string): string {
  const at = new Date(`${date.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(words.locale, {
    dateStyle: 'full', timeZone: 'UTC',
  }).format(at);
}
