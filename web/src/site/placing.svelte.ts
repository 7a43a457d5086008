import type { Layout, Point, Post, Setting } from '../engine/contract.ts';
import type { Scenario } from '../scenario/scenario.svelte.ts';

/** What is moved by keys is written after a pause this long, in milliseconds. */
const PAUSE = 700;

/** What can be taken hold of: a post by its place in the list, the way in or out, or the tail of a post's queue. */
export type Grip = { kind: 'post'; at: number } | { kind: 'tail'; at: number } | { kind: 'entrance' } | { kind: 'exit' };

/** The plan of the site while a person moves things on it. */
export class Placing {
  /** What is looked at. */
  chosen = $state<Grip | null>(null);
  #held = $state.raw<Layout | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly scenario: Scenario) {}

  get layout(): Layout | null {
    return this.#held ?? this.scenario.view?.layout ?? null;
  }

  /** Moves by so many metres from where it was in `from`. */
  move(from: Layout, grip: Grip, by: Point): void {
    this.#held = moved(from, grip, by);
  }

  nudge(grip: Grip, by: Point): void {
    if (!this.layout) return;
    this.move(this.layout, grip, by);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.write(), PAUSE);
  }

  resize(change: Partial<Pick<Layout, 'width_m' | 'depth_m' | 'spacing_m'>>): void {
    if (!this.layout) return;
    this.#held = { ...this.layout, ...change };
    void this.write();
  }

  /** Draws the site as the engine would without a word of a person. */
  async reset(): Promise<void> {
    clearTimeout(this.#timer);
    this.#held = null;
    this.chosen = null;
    await this.scenario.edit([['layout', '{}']]);
  }

  /** Writes the layout into the scenario; the engine draws its places anew. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    const held = this.#held;
    if (!held) return;
    await this.scenario.edit(settings(held));
    if (this.#held === held) this.#held = null;
  }
}

function moved(layout: Layout, grip: Grip, by: Point): Layout {
  const inside = ([x, y]: Point): Point => [within(x, layout.width_m), within(y, layout.depth_m)];
  const shift = (point: Point): Point => inside([point[0] + by[0], point[1] + by[1]]);
  if (grip.kind === 'entrance') return { ...layout, entrance_m: shift(layout.entrance_m) };
  if (grip.kind === 'exit') return { ...layout, exit_m: shift(layout.exit_m) };
  const change = (post: Post): Post => {
    if (grip.kind === 'tail') {
      const queue_m = post.queue_m.map((corner, at) => (at === post.queue_m.length - 1 ? shift(corner) : corner));
      return { ...post, queue_m, places_m: [] };
    }
    const all = (points: Point[]) => points.map(shift);
    return {
      ...post,
      at_m: shift(post.at_m),
      servers_m: all(post.servers_m),
      queue_m: all(post.queue_m),
      places_m: all(post.places_m),
      area_m: post.area_m && [shift(post.area_m[0]), shift(post.area_m[1])],
      seats_m: all(post.seats_m),
    };
  };
  return { ...layout, posts: layout.posts.map((post, at) => (at === grip.at ? change(post) : post)) };
}

function within(value: number, side: number): number {
  return Math.round(Math.min(side, Math.max(0, value)) * 10) / 10;
}

/** As `[layout]` of `scenario.toml`. */
function settings(layout: Layout): Setting[] {
  const post = ({ station, lane, at_m, queue_m, area_m }: Post): string => {
    const keys = [`station = ${JSON.stringify(station)}`];
    if (lane > 0) keys.push(`lane = ${lane}`);
    keys.push(`at_m = ${JSON.stringify(at_m)}`);
    if (queue_m.length > 0) keys.push(`queue_m = ${JSON.stringify(queue_m)}`);
    if (area_m) keys.push(`area_m = ${JSON.stringify(area_m)}`);
    return `{ ${keys.join(', ')} }`;
  };
  return [
    ['layout.width_m', String(layout.width_m)],
    ['layout.depth_m', String(layout.depth_m)],
    ['layout.spacing_m', String(layout.spacing_m)],
    ['layout.entrance_m', JSON.stringify(layout.entrance_m)],
    ['layout.exit_m', JSON.stringify(layout.exit_m)],
    ['layout.post', `[${layout.posts.map(post).join(', ')}]`],
  ];
}
