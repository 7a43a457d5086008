import type { Site } from './now.ts';

/** What a feed tells its board. */
export interface Listener {
  /** Once, before the first event. */
  site(site: Site, json: string): void;
  /** Events, one JSON object a line. */
  events(lines: Uint8Array): void;
  end(): void;
  /** It cannot be reached, and why; without words it is tried again. */
  failed(message: string): void;
  /** It is there again. */
  back(): void;
}

/** Where events come from: a server, or a rehearsal in this browser. A board does not ask which. */
export interface Feed {
  /** Opens the stream; everything until `from_min` comes at once, the rest as it happens, `speed` minutes in a minute. */
  open(from_min: number, speed: number, listener: Listener): void;
  close(): void;
  /** Up to which minute everything that happened has been told. */
  horizon(): number;
}
