import type { Wave } from '../engine/contract.ts';

/** `12-2-301` lives at entrance `12-2`. */
function entranceOf(member: string): string {
  return member.includes('-') ? member.slice(0, member.lastIndexOf('-')) : member;
}

/** The entrances of a wave, in the order of its calls. */
export function entrancesOf(wave: Wave): string[] {
  return [...new Set(wave.members.map(entranceOf))];
}

/** `07:05` of `07:05:00` or `2022-03-29T07:05:00`. */
export function hourMinute(call_at: string): string {
  return (call_at.split('T').at(-1) ?? '').slice(0, 5);
}

/** Minutes after midnight of the round's day; waves of another day carry its date. */
export function minuteOf(wave: Wave, date: string): number {
  const [day, time] = wave.call_at.includes('T') ? wave.call_at.split('T') : [date, wave.call_at];
  const days = Math.round((Date.parse(`${day}T00:00Z`) - Date.parse(`${date}T00:00Z`)) / 86_400_000);
  const [hours = 0, minutes = 0, seconds = 0] = (time ?? '').split(':').map(Number);
  return days * 1440 + hours * 60 + minutes + seconds / 60;
}

/** The other way round: as a plan's file writes it. */
export function callAt(minute: number, date: string): string {
  const days = Math.floor(minute / 1440);
  const rest = minute - days * 1440;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const time = `${two(rest / 60)}:${two(rest % 60)}:${two(Math.round((rest % 1) * 60))}`;
  if (days === 0) return time;
  const day = new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return `${day}T${time}`;
}
