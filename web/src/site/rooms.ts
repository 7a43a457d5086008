import type { Curves, Layout, Note, View } from '../engine/contract.ts';

/** The line of a station, and who is expected to wait in it. */
export interface Room {
  station: string;
  word: string;
  /** People who fit the shortest of its lines. */
  places: number;
  lines: number;
  /** People in one line at its fullest minute, on average. */
  usual: number;
}

/** The stations that people wait for, and their lines. */
export function rooms(layout: Layout, view: View, curves: Curves | null): Room[] {
  return view.site.stations.flatMap((station, at) => {
    const posts = layout.posts.filter((post) => post.station === station.name && post.queue_m.length > 0);
    if (posts.length === 0) return [];
    const places = Math.min(...posts.map((post) => post.places_m.length));
    const most = (curves?.waiting_at[at] ?? []).reduce((a, b) => Math.max(a, b), 0);
    return [{ station: station.name, word: station.word, places, lines: posts.length, usual: most / posts.length }];
  });
}

/** What the engine says of people and the lines that are drawn for them. */
const OF_ROOM = new Set([
  'plan_queue_longer_than_drawn', 'plan_queue_much_longer_than_drawn', 'plan_broadcast_queue_drawn', 'layout_room',
]);

export function isOfRoom(note: Note): boolean {
  return OF_ROOM.has(note.code);
}
