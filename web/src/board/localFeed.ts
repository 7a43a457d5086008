import type { Files, Note, RehearseOptions } from '../engine/contract.ts';
import { engine } from '../engine/engine.ts';
import { Seat } from '../engine/seat.ts';
import type { Feed, Listener } from './feed.ts';
import type { Site } from './now.ts';

/** Bytes that are handed over at a time, so that the page can draw in between. */
const SLICE = 1 << 18;
const LINE_END = 10;

/** Events that the page's own engine makes: all are there at once, and the board's clock lets them out. */
export class LocalFeed implements Feed {
  #seat = new Seat();
  #open = false;
  #told = -Infinity;

  constructor(private readonly files: Files, private readonly options: RehearseOptions, private readonly language: string, private readonly faults: string[] = []) {}

  open(_from_min: number, _speed: number, listener: Listener): void {
    if (this.#open) return;
    this.#open = true;
    void this.#tell(listener).catch((error: unknown) => listener.failed(error instanceof Error ? error.message : String(error)));
  }

  async #tell(listener: Listener): Promise<void> {
    const options = JSON.stringify(this.options);
    const asked = this.faults.length
      ? { method: 'boardWith' as const, args: [options, JSON.stringify(this.faults), this.language] }
      : { method: 'board' as const, args: [options, this.language] };
    const bytes = (await this.#seat.ask({ ...asked, files: await engine.readable(this.files) })).value as Uint8Array;
    const end = bytes.indexOf(LINE_END);
    const head = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
    const site = JSON.parse(head) as Site | { notes: Note[] };
    if ('notes' in site) {
      listener.failed(site.notes.map((note) => note.message).join(' '));
      return;
    }
    listener.site(site, head);
    for (let at = end + 1; at < bytes.length && this.#open; at += SLICE) {
      listener.events(bytes.subarray(at, at + SLICE));
      await new Promise((go) => setTimeout(go));
    }
    this.#told = Infinity;
    if (this.#open) listener.end();
  }

  close(): void {
    this.#open = false;
  }

  horizon(): number {
    return this.#told;
  }
}
