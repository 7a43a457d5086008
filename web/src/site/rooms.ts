import type { Curves, Layout, View } from '../engine/contract.ts';

/** Whether the line of a station holds who is expected to wait there. */
export interface Room {
  station: string;
  word: string;
  /** People who fit the shortest of its lines. */
  places: number;
  lines: number;
  /** People in one line at its fullest minute: on average, and on 1 day in 20. */
  usual: number;
  bad: number;
}

/** The stations that people wait for, and their lines. */
export function rooms(layout: Layout, view: View, curves: Curves | null): Room[] {
  const most = (line: number[] | undefined) => (line ?? []).reduce((a, b) => Math.max(a, b), 0);
  // The worst days are known for the whole site; a line is taken to grow with it.
  const worse = curves ? most(curves.waiting[2]) / Math.max(1e-9, most(curves.waiting[1])) : 1;
  return view.site.stations.flatMap((station, at) => {
    const posts = layout.posts.filter((post) => post.station === station.name && post.queue_m.length > 0);
    if (posts.length === 0) return [];
    const places = Math.min(...posts.map((post) => post.places_m.length));
    const usual = most(curves?.waiting_at[at]) / posts.length;
    return [{ station: station.name, word: station.word, places, lines: posts.length, usual, bad: usual * Math.max(1, worse) }];
  });
}
