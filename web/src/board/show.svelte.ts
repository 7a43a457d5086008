import { words } from '../words/words.svelte.ts';
import type { Side } from './side.svelte.ts';

/** Minutes at the site in a minute here. */
export const SPEEDS = [1, 2, 5, 10, 30, 60, 120] as const;
/** Figures are read so often, in milliseconds: an eye follows four numbers a second, not sixty. */
const LOOK_MS = 250;
/** After the page was hidden the clock does not jump, in milliseconds. */
const FRAME_MS_MAX = 100;
/** The end is shown for so many minutes after the last event. */
const AFTER_MIN = 1;

/** One clock and the boards that follow it. */
export class Show {
  sides = $state.raw<Side[]>([]);
  playing = $state(false);
  speed = $state<number>(30);
  /** The minute that is shown, as often as figures are read. */
  shown = $state(0);
  first = $state(0);
  last = $state(0);
  begun = $state(false);
  #at = 0;
  #frame = 0;
  #then = 0;
  #looked = 0;
  #moved = false;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  /** Boards that are shown, from now on; their streams are opened where they have not been. */
  bring(sides: Side[]): void {
    for (const side of sides) {
      if (!this.#known.has(side)) side.open(this.begun ? this.#at : -Infinity, this.speed);
      this.#known.add(side);
    }
    this.sides = sides;
    this.#moved = true;
    if (!this.#frame) this.#frame = requestAnimationFrame(this.#tick);
  }
  #known = new Set<Side>();

  get ended(): boolean {
    return this.begun && this.last > this.first && this.#at >= this.last && this.sides.every((side) => side.complete);
  }

  play(): void {
    if (this.ended) this.seek(this.first);
    this.playing = true;
    for (const side of this.sides) side.keepUp(this.speed);
  }

  pause(): void {
    this.playing = false;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  pace(speed: number): void {
    this.speed = speed;
    for (const side of this.sides) side.keepUp(speed);
  }

  seek(at_min: number): void {
    this.#at = Math.min(Math.max(at_min, this.first), this.last);
    this.shown = this.#at;
    this.#moved = true;
    for (const side of this.sides) side.leap(this.#at, this.speed);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    for (const side of this.#known) side.close();
  }

  #begin(): void {
    const ready = this.sides.filter((side) => side.ready);
    if (ready.length === 0 || ready.length < this.sides.filter((side) => side.failed === null).length) return;
    this.first = Math.floor(Math.min(0, ...ready.map((side) => side.first)));
    this.#at = this.first;
    this.#measure();
    this.begun = true;
    this.play();
  }

  #tick = (time: number): void => {
    this.#frame = requestAnimationFrame(this.#tick);
    const passed = Math.min(FRAME_MS_MAX, time - this.#then);
    this.#then = time;
    if (!this.begun) this.#begin();
    if (!this.begun) return;
    if (this.playing) this.#run(passed);
    for (const side of this.sides) if (side.show(this.#at, passed / 1000, this.speed, this.#still.matches)) this.#moved = true;
    if (time - this.#looked >= LOOK_MS && (this.playing || this.#moved || this.#spoken !== words.language)) this.#look(time);
  };
  #spoken = '';

  #run(passed: number): void {
    const told = Math.min(...this.sides.filter((side) => side.failed === null).map((side) => side.horizon()));
    // What is happening now is shown now.
    const next = this.sides.some((side) => side.live) ? told : this.#at + (passed * this.speed) / 60_000;
    this.#at = Math.max(this.#at, Math.min(next, told, this.sides.some((side) => side.live) ? Infinity : this.last || Infinity));
    if (this.ended) this.playing = false;
  }

  #look(time: number): void {
    this.#looked = time;
    this.#spoken = words.language;
    this.shown = this.#at;
    this.#measure();
    for (const side of this.sides) side.look(words.language, time);
    // Lists come later than pictures, and a stream later than a leap.
    this.#moved = this.sides.some((side) => side.slow !== side.now || side.late);
  }

  /** How far the day goes, as far as that is known. */
  #measure(): void {
    this.last = Math.ceil(Math.max(...this.sides.map((side) => side.last)) + AFTER_MIN);
  }
}
