/** A time as a field for day and hour writes it, where this browser is. */
export function local(seconds: number): string {
  const of = new Date(seconds * 1000);
  return new Date(of.getTime() - of.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Seconds since 1970 of such a field. */
export const seconds = (time: string): number => Math.round(new Date(time).getTime() / 1000);

/** Seconds since 1970, now and so many hours on, at a full hour. */
export const hours = (on: number): number => (Math.ceil(Date.now() / 3_600_000) + on) * 3600;
