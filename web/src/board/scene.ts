import type { Layout, Point, Post } from '../engine/contract.ts';
import type { Crowd } from './crowd.ts';
import { DOING, GREEN, SPILLS } from './engine.ts';
import type { DeskNow, Now, Pressure } from './now.ts';

/** What the picture writes, ready in the page's language. */
export interface Labels {
  entrance: string;
  exit: string;
  /** Beside the word of a station: its queue and the wait, or what else matters. */
  desk(desk: DeskNow): string;
}

type Colour =
  | 'paper' | 'sheet' | 'ink' | 'soft' | 'line' | 'faint' | 'edge' | 'act' | 'good' | 'good-back' | 'bad' | 'bad-back'
  | 'warn' | 'warn-back' | 'now' | 'before';
const COLOURS: Colour[] = [
  'paper', 'sheet', 'ink', 'soft', 'line', 'faint', 'edge', 'act', 'good', 'good-back', 'bad', 'bad-back', 'warn', 'warn-back', 'now', 'before',
];
const TINTS: Record<Pressure, [text: Colour, back: Colour]> = {
  clear: ['good', 'good-back'],
  busy: ['warn', 'warn-back'],
  jammed: ['bad', 'bad-back'],
};
/** Around the site, in pixels, for the words at the gates. */
const EDGE = { side: 22, top: 30, bottom: 30 };
/** Of the room beside the site, so much is before the entrance. */
const BEFORE_SHARE = 0.7;
/** Words stand beside stations from so many pixels between two who wait; below there is room for numbers alone. */
const WORDS_PX = 6.5;
/** What is said beside a station: its name and figures, its figures, or only how many wait. */
type Said = 'all' | 'figures' | 'number';
/** Words that hide more than this share of their box give way to fewer. */
const HIDDEN_MAX = { all: 0.1, figures: 0.4 };
/** A dot is no larger than this, in metres: several sit in a car. */
const BODY_M = 0.9;
/** A counter is drawn no larger than this, in metres. */
const TABLE_M = 2;
/** Kinds of dots: the four bits that the engine tells. */
const KINDS = 16;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/** Left, top, right, bottom. */
type Box = [number, number, number, number];

/**
 * Draws a site on two sheets: the ground with its stations, anew when figures change, and the people, each frame. Metres
 * come from the engine; here they become pixels.
 */
export class Scene {
  height = 0;
  #width = 0;
  #scale = 1;
  #dense = 1;
  #colours = {} as Record<Colour, string>;
  #dots: HTMLCanvasElement = document.createElement('canvas');
  /** A dot with its rim, in the sheet's own pixels. */
  #box = 8;
  #below: CanvasRenderingContext2D;
  #above: CanvasRenderingContext2D;

  constructor(private readonly layout: Layout, below: HTMLCanvasElement, above: HTMLCanvasElement) {
    const [one, other] = [below.getContext('2d'), above.getContext('2d')];
    if (!one || !other) throw new Error('this browser draws no pictures');
    this.#below = one;
    this.#above = other;
  }

  /** Takes the width that there is, and the colours of the page. */
  fit(width: number, height_max: number): void {
    const room = width - 2 * EDGE.side;
    this.#width = width;
    this.#scale = Math.min(room / this.layout.width_m, Math.max(60, height_max - EDGE.top - EDGE.bottom) / this.layout.depth_m);
    this.height = Math.ceil(this.layout.depth_m * this.#scale) + EDGE.top + EDGE.bottom;
    this.#dense = Math.min(3, devicePixelRatio || 1);
    for (const { canvas } of [this.#below, this.#above]) {
      canvas.width = Math.round(width * this.#dense);
      canvas.height = Math.round(this.height * this.#dense);
      canvas.style.height = `${this.height}px`;
    }
    const style = getComputedStyle(this.#below.canvas);
    for (const colour of COLOURS) this.#colours[colour] = style.getPropertyValue(`--${colour}`).trim() || '#888';
    this.#cut();
  }

  /** Room that is left over is given to the side where people come in: a crowd goes on outside the site. */
  get #left(): number {
    const spare = this.#width - this.layout.width_m * this.#scale - 2 * EDGE.side;
    const share = this.layout.entrance_m[0] < this.layout.width_m / 2 ? BEFORE_SHARE : 1 - BEFORE_SHARE;
    return EDGE.side + Math.max(0, spare) * share;
  }

  /** Draws each kind of dot once: a frame only copies them. */
  #cut(): void {
    const radius = Math.max(2, Math.min(9, Math.min(this.layout.spacing_m * 0.34, BODY_M) * this.#scale)) * this.#dense;
    const rim = Math.max(1, radius * 0.34);
    this.#box = Math.ceil((radius + rim) * 2 + 2);
    this.#dots.width = this.#box * KINDS;
    this.#dots.height = this.#box;
    const pen = this.#dots.getContext('2d');
    if (!pen) return;
    const middle = this.#box / 2;
    for (let kind = 0; kind < KINDS; kind++) {
      const doing = kind & 3;
      const fill: Colour = kind & SPILLS ? 'bad' : doing === DOING.served ? 'ink' : doing === DOING.watched ? 'edge' : doing === DOING.walking ? 'soft' : 'now';
      const at = kind * this.#box + middle;
      pen.beginPath();
      pen.arc(at, middle, radius, 0, 2 * Math.PI);
      pen.fillStyle = this.#colours[kind & GREEN ? 'good' : fill];
      pen.fill();
      if (kind & GREEN) {
        // Marked by its shape too: a ring around a light middle.
        pen.beginPath();
        pen.arc(at, middle, radius * 0.45, 0, 2 * Math.PI);
        pen.fillStyle = this.#colours[kind & SPILLS ? 'bad' : 'sheet'];
        pen.fill();
        pen.beginPath();
        pen.arc(at, middle, radius + rim * 0.4, 0, 2 * Math.PI);
        pen.strokeStyle = this.#colours.good;
        pen.lineWidth = rim * 0.8;
        pen.stroke();
      }
    }
  }

  /** The people. No garbage is made here: it runs sixty times a second. */
  people(crowd: Crowd): void {
    const pen = this.#above;
    const { x, y, bits, here } = crowd;
    const [box, half, scale] = [this.#box, this.#box / 2, this.#scale * this.#dense];
    const [left, top] = [this.#left * this.#dense - half, EDGE.top * this.#dense - half];
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    for (let at = 0; at < crowd.count; at++) {
      const who = here[at] as number;
      const kind = (bits[who] as number) & (KINDS - 1);
      pen.drawImage(this.#dots, kind * box, 0, box, box, (x[who] as number) * scale + left, (y[who] as number) * scale + top, box, box);
    }
  }

  /** The ground: lanes, lines, counters, and their figures. */
  ground(now: Now, labels: Labels): void {
    const pen = this.#below;
    pen.setTransform(this.#dense, 0, 0, this.#dense, 0, 0);
    pen.clearRect(0, 0, this.#width, this.height);
    pen.translate(this.#left, EDGE.top);
    this.#floor(now);
    const desks = new Map(now.desks.filter((desk) => desk.post !== null).map((desk) => [desk.post as number, desk]));
    this.layout.posts.forEach((post, at) => this.#line(post, desks.get(at)));
    this.layout.posts.forEach((post, at) => this.#counters(post, desks.get(at)));
    const taken = this.layout.posts.map((post) => this.#box_of(post));
    taken.push(this.#gate(this.layout.entrance_m, labels.entrance, false), this.#gate(this.layout.exit_m, labels.exit, true));
    this.layout.posts.forEach((post, at) => this.#told(post, desks.get(at), labels, taken));
  }

  /** Pixels between two who wait. */
  get #pitch(): number {
    return this.layout.spacing_m * this.#scale;
  }

  #px([x, y]: Point): Point {
    return [x * this.#scale, y * this.#scale];
  }

  #floor(now: Now): void {
    const pen = this.#below;
    const [width, depth] = this.#px([this.layout.width_m, this.layout.depth_m]);
    pen.beginPath();
    pen.roundRect(0, 0, width, depth, 10);
    pen.fillStyle = this.#colours.sheet;
    pen.fill();
    pen.lineWidth = now.crowded ? 3 : 1.5;
    pen.strokeStyle = this.#colours[now.crowded ? 'bad' : 'line'];
    pen.stroke();
  }

  #line(post: Post, desk: DeskNow | undefined): void {
    const pen = this.#below;
    const scale = this.#scale;
    if (post.area_m) {
      const [[left, top], [right, bottom]] = post.area_m;
      pen.beginPath();
      pen.roundRect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale, 6);
      pen.fillStyle = this.#colours.faint;
      pen.fill();
      pen.fillStyle = this.#colours.line;
      const seat = Math.max(1.5, 0.4 * this.#pitch);
      for (const place of post.seats_m) {
        const [x, y] = this.#px(place);
        pen.fillRect(x - seat / 2, y - seat / 2, seat, seat);
      }
    }
    if (post.queue_m.length < 2) return;
    const full = desk !== undefined && desk.queue > desk.places && desk.places > 0;
    const pressure = full ? 'jammed' : (desk?.pressure ?? 'clear');
    pen.beginPath();
    post.queue_m.forEach((point, at) => {
      const [x, y] = this.#px(point);
      if (at === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    });
    pen.lineCap = pen.lineJoin = 'round';
    pen.lineWidth = Math.max(5, 0.86 * this.#pitch);
    pen.strokeStyle = this.#colours[pressure === 'clear' ? 'faint' : TINTS[pressure][1]];
    pen.stroke();
  }

  #counters(post: Post, desk: DeskNow | undefined): void {
    const pen = this.#below;
    const size = Math.max(5, Math.min(26, 0.95 * Math.min(this.layout.spacing_m, TABLE_M) * this.#scale));
    post.servers_m.forEach((place, at) => {
      const [x, y] = this.#px(place);
      const isBusy = desk?.busy.includes(at + 1) ?? false;
      const onDuty = at < (desk?.servers ?? post.servers_m.length);
      pen.beginPath();
      pen.roundRect(x - size / 2, y - size / 2, size, size, size / 4);
      pen.setLineDash(!isBusy && !onDuty ? [2, 2] : []);
      pen.fillStyle = this.#colours[isBusy ? 'act' : desk?.starved && onDuty ? 'warn-back' : 'sheet'];
      pen.fill();
      pen.lineWidth = isBusy ? 1 : 2;
      pen.strokeStyle = this.#colours[isBusy ? 'act' : desk?.starved && onDuty ? 'warn' : onDuty ? 'edge' : 'line'];
      pen.stroke();
      pen.setLineDash([]);
    });
  }

  /** A station's word and figures, where they cover least. */
  #told(post: Post, desk: DeskNow | undefined, labels: Labels, taken: Box[], said: Said = this.#pitch < WORDS_PX ? 'number' : 'all'): void {
    if (!desk) return;
    const pen = this.#below;
    const size = said === 'number' ? 11 : 13;
    const high = size + 5;
    const figures = said === 'number' ? String(desk.queue) : labels.desk(desk);
    const word = said === 'all' ? desk.word : '';
    const [text, back] = desk.starved ? (['warn', 'warn-back'] as const) : TINTS[desk.pressure];
    pen.font = `600 ${size}px ${FONT}`;
    const pill = pen.measureText(figures).width + 12;
    const start = word ? pen.measureText(word).width + 6 : 0;
    const { place: [x, y], hidden } = this.#free(post, start + pill, high, taken);
    if (said !== 'number' && hidden > HIDDEN_MAX[said]) {
      this.#told(post, desk, labels, taken, said === 'all' ? 'figures' : 'number');
      return;
    }
    taken.push([x, y, x + start + pill, y + high]);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    if (word) {
      pen.lineWidth = 4;
      pen.strokeStyle = this.#colours.sheet;
      pen.strokeText(word, x, y + high / 2 + 0.5);
      pen.fillStyle = this.#colours.ink;
      pen.fillText(word, x, y + high / 2 + 0.5);
    }
    pen.beginPath();
    pen.roundRect(x + start, y, pill, high, high / 2);
    pen.fillStyle = this.#colours[back];
    pen.fill();
    pen.fillStyle = this.#colours[text];
    pen.fillText(figures, x + start + 6, y + high / 2 + 0.5);
  }

  /** Where words fit: above, behind or below a station, wherever they hide least; and the share of them that is hidden. */
  #free(post: Post, wide: number, high: number, taken: Box[]): { place: Point; hidden: number } {
    const [left, top, right, bottom] = this.#box_of(post);
    const site = this.layout.width_m * this.#scale;
    const inside = (x: number) => Math.max(2, Math.min(x, site - wide - 2));
    const middle = (top + bottom - high) / 2;
    const places: Point[] = [
      [inside(left), top - high - 3], [inside(right - wide), top - high - 3], [inside(right + 6), middle],
      [inside(left), bottom + 3], [inside(right - wide), bottom + 3], [inside(right + 6), top - high], [inside(right + 6), bottom],
    ];
    let best: Point = places[0] as Point;
    let least = Infinity;
    for (const place of places) {
      const box: Box = [place[0], place[1], place[0] + wide, place[1] + high];
      const hidden = taken.reduce((sum, other) => sum + common(box, other), 0);
      if (hidden < least) [best, least] = [place, hidden];
    }
    return { place: best, hidden: least / (wide * high) };
  }

  /** A post with its line, its counters and its seats, in pixels. */
  #box_of(post: Post): Box {
    const points = [post.at_m, ...post.servers_m, ...post.queue_m, ...(post.area_m ?? [])].map((point) => this.#px(point));
    const around = 0.5 * this.#pitch;
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return [Math.min(...xs) - around, Math.min(...ys) - around, Math.max(...xs) + around, Math.max(...ys) + around];
  }

  /** A way in or out; gives the box of its word. */
  #gate(point: Point, word: string, out: boolean): Box {
    const pen = this.#below;
    const [x, y] = this.#px(point);
    const site = this.layout.width_m * this.#scale;
    pen.beginPath();
    pen.arc(x, y, 7, 0, 2 * Math.PI);
    pen.fillStyle = this.#colours[out ? 'ink' : 'good'];
    pen.fill();
    pen.beginPath();
    pen.moveTo(x - 3, y);
    pen.lineTo(x + 3, y);
    pen.moveTo(x + 0.5, y - 2.5);
    pen.lineTo(x + 3, y);
    pen.lineTo(x + 0.5, y + 2.5);
    pen.lineWidth = 1.5;
    pen.strokeStyle = this.#colours.sheet;
    pen.stroke();
    pen.font = `600 13px ${FONT}`;
    pen.fillStyle = this.#colours.soft;
    pen.textBaseline = 'alphabetic';
    const depth = this.layout.depth_m * this.#scale;
    const above = y < 20 ? -9 : y > depth - 20 ? depth + 19 : y - 13;
    const wide = pen.measureText(word).width;
    const left = x < site / 2 ? Math.max(0, x - 7) : Math.min(site, x + 7) - wide;
    pen.textAlign = 'left';
    pen.fillText(word, left, above);
    return [left, above - 13, left + wide, above + 4];
  }
}

/** The area that two boxes share. */
function common(one: Box, other: Box): number {
  const wide = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const high = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  return Math.max(0, wide) * Math.max(0, high);
}
