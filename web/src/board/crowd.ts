import { STRIDE } from './engine.ts';

/** Seconds in which a dot comes most of its way, in metres per second at least this fast. */
const EASE_S = 0.24;
const WALK_M_S = 1.4;
const RUN_M_S = 6;
/** Nearer than this is there. */
const THERE_M = 0.02;

/**
 * The dots: where each person is drawn, and where that person really is. A dot walks to its place. Everything is held by a
 * person's number of the day in arrays that only grow, so that a frame makes no garbage.
 */
export class Crowd {
  x = new Float32Array(1024);
  y = new Float32Array(1024);
  bits = new Uint8Array(1024);
  /** The numbers of all dots, the first `count` of them. */
  here = new Uint32Array(1024);
  count = 0;
  #to_x = new Float32Array(1024);
  #to_y = new Float32Array(1024);
  /** 0: not here, 1: here, 2: on the way out. */
  #state = new Uint8Array(1024);
  #turn = new Uint32Array(1024);
  #turns = 0;
  #moving = true;

  constructor(private readonly entrance: [number, number], private readonly exit: [number, number]) {}

  /** Takes in where everybody is. `jump`: without a walk, as after a leap in time. */
  place(people: Float32Array, numbers: number, jump: boolean): void {
    const turn = ++this.#turns;
    for (let at = 0; at < numbers; at += STRIDE) {
      const who = people[at] as number;
      if (who >= this.x.length) this.#grow(who);
      if (this.#state[who] === 0) {
        this.here[this.count++] = who;
        this.x[who] = this.entrance[0];
        this.y[who] = this.entrance[1];
      }
      this.#state[who] = 1;
      this.#turn[who] = turn;
      this.#to_x[who] = people[at + 1] as number;
      this.#to_y[who] = people[at + 2] as number;
      this.bits[who] = people[at + 3] as number;
    }
    for (let at = 0; at < this.count; at++) {
      const who = this.here[at] as number;
      if (this.#turn[who] === turn || this.#state[who] === 2) continue;
      this.#state[who] = 2;
      this.#to_x[who] = this.exit[0];
      this.#to_y[who] = this.exit[1];
    }
    this.#moving = true;
    if (jump) this.walk(Infinity, Infinity);
  }

  /** Lets the dots walk for so many seconds; false if none had to. */
  walk(seconds: number, speed: number): boolean {
    if (!this.#moving) return false;
    this.#moving = false;
    const share = 1 - Math.exp(-seconds / EASE_S);
    const most = seconds * Math.max(RUN_M_S, WALK_M_S * speed);
    for (let at = 0; at < this.count; at++) {
      const who = this.here[at] as number;
      const right = (this.#to_x[who] as number) - (this.x[who] as number);
      const down = (this.#to_y[who] as number) - (this.y[who] as number);
      if (right === 0 && down === 0 && this.#state[who] !== 2) continue;
      const way = Math.hypot(right, down);
      if (way < THERE_M || share === 1) {
        this.x[who] = this.#to_x[who] as number;
        this.y[who] = this.#to_y[who] as number;
        if (this.#state[who] === 2) {
          this.#state[who] = 0;
          this.here[at--] = this.here[--this.count] as number;
        }
        continue;
      }
      const part = Math.min(share, most / way);
      this.x[who] = (this.x[who] as number) + right * part;
      this.y[who] = (this.y[who] as number) + down * part;
      this.#moving = true;
    }
    return true;
  }

  #grow(who: number): void {
    const size = 2 ** Math.ceil(Math.log2(who + 1));
    const larger = <T extends Float32Array | Uint8Array | Uint32Array>(old: T): T => {
      const grown = new (old.constructor as new (size: number) => T)(size);
      grown.set(old);
      return grown;
    };
    this.x = larger(this.x);
    this.y = larger(this.y);
    this.bits = larger(this.bits);
    this.here = larger(this.here);
    this.#to_x = larger(this.#to_x);
    this.#to_y = larger(this.#to_y);
    this.#state = larger(this.#state);
    this.#turn = larger(this.#turn);
  }
}
