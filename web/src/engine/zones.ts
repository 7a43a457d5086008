/** Formats are dear to make, and a scenario knows one zone. */
const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Minutes that a time zone is ahead of UTC at a moment in milliseconds since 1970; NaN for a zone not known here. */
export function offsetMin(zone: string, ms: number): number {
  if (!formats.has(zone)) formats.set(zone, format(zone));
  const parts = formats.get(zone)?.formatToParts(ms);
  if (!parts) return NaN;
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return Math.round((local - Math.floor(ms / 1000) * 1000) / 60_000);
}

function format(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  } catch {
    return null;
  }
}
