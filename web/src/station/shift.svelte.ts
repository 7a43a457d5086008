import { t, words } from '../words/words.svelte.ts';
import { holdAlone } from './alone.ts';
import type { Batch, Boxes, Calls, Command, Decided, Door, ForeignCard, Now, Read, Refused, Role, Site, Station, Table, ToCall, Tube } from './contract.ts';
import { Kept, type Opened, type Seat } from './kept.ts';
import { random, stationModule } from './module.ts';
import { Sync, type Aside, type Line, type Sender } from './sync.ts';

/** `elsewhere`: another tab has the shift. `broken`: what is stored is not this phone's log. */
export type State = 'opening' | 'none' | 'elsewhere' | 'broken' | 'unreadable' | 'open' | 'ended';

const ROLES: Role[] = ['registrar', 'sampler', 'caller', 'order', 'watch', 'tally', 'box', 'label', 'courier', 'lab', 'recall'];
const TICK_MS = 1_000;

/** A volunteer's shift on this phone: what the screens show, and the only way in which anything is written down. */
export class Shift implements Sender {
  state = $state<State>('opening');
  site = $state.raw<Site | null>(null);
  now = $state.raw<Now | null>(null);
  role = $state<Role>('registrar');
  table = $state.raw<Table | null>(null);
  network = $state<Line>('unknown');
  put = $state.raw<Aside | null>(null);
  refused = $state.raw<Refused | null>(null);
  /** Why the storage did not take the last step. */
  fault = $state('');
  /** What was done last, in words. */
  said = $state('');
  /** Grows with everything that changes, so that screens look again. */
  age = $state(0);
  ending = $state(false);
  roll = $state<Opened['roll']>('kept');
  /** From where somebody came to the call-backs. */
  before = $state.raw<Seat | null>(null);
  /** Nothing of it is here any more. */
  #over = false;
  #kept: Kept | null = null;
  #station: Station | null = null;
  #sync: Sync | null = null;
  #position = 0;
  #line: Promise<unknown> = Promise.resolve();
  #ticks: ReturnType<typeof setInterval> | undefined;

  async open(take = false): Promise<void> {
    this.state = 'opening';
    if (!(await holdAlone(take, () => this.#leave('elsewhere')))) return this.#leave('elsewhere');
    try {
      this.#kept = await Kept.open();
      const opened = await this.#kept.shift();
      if (!opened) return this.#leave('none');
      if (!(await this.#start(opened))) return this.#leave('broken');
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      return this.#leave('unreadable');
    }
    this.state = 'open';
    this.#ticks = setInterval(() => void this.#tick(), TICK_MS);
    this.#sync = new Sync(this);
    await this.#tick();
    this.#sync.now();
  }

  close(): void {
    clearInterval(this.#ticks);
    this.#sync?.stop();
  }

  // What screens read.

  find(typed: string): Door[] {
    return typed ? this.#read<Door[]>((station) => station.find(typed)) ?? [] : [];
  }

  door(household: string): Door | null {
    return this.#read<Door | null>((station) => station.door(household));
  }

  tube(item: string): Tube | null {
    return this.#read<Tube | null>((station) => station.tube(item));
  }

  calls(): Calls | null {
    return this.#read<Calls>((station) => station.calls(Date.now(), words.language));
  }

  boxes(): Boxes {
    return this.#read<Boxes>((station) => station.boxes(Date.now())) ?? { loose: [], here: [], held: [] };
  }

  batch(batch: string): Batch | null {
    return this.#read<Batch | null>((station) => station.batch(batch, Date.now()));
  }

  toCall(): ToCall[] {
    return this.#read<ToCall[]>((station) => station.toCall(Date.now())) ?? [];
  }

  scanned(text: string): Read {
    return this.#read<Read>((station) => station.scanned(text, words.language)) ?? { kind: 'other', card: null };
  }

  fresh(): string {
    return this.#station?.fresh(Date.now()) ?? '';
  }

  // What people do.

  /** Commands that belong together. True when they are on the disk; else `refused` or `fault` says why nothing happened. */
  do(commands: Command[], said: string): Promise<boolean> {
    return this.#step((station) => station.decide(Date.now(), JSON.stringify(commands), words.language), said);
  }

  /** A stopwatch card is shown at this table, or handed out where there is none. */
  card(card: number, table: Table | null): Promise<boolean> {
    const said = t(table ? 'page.station.card.begun' : 'page.station.card.handed', { card });
    return this.do([{ type: 'TapCard', card, ...(table ? { table } : {}) }], said);
  }

  /** As with these: a card of another system is known as theirs from now on. */
  link(card: ForeignCard, whose: { visit?: string; household?: string }): Command {
    return { type: 'LinkCode', code: card.code, ...whose, ...(card.linked ? { instead: true } : {}) };
  }

  /** Whoever holds this phone takes a box. */
  take(batch: Batch, kind: 'courier' | 'lab', tubes: number): Promise<boolean> {
    const by = { kind, id: this.site?.device };
    const said = t('page.station.box.taken', { box: batch.label, tubes });
    return this.do([{ type: 'ReceiveBatch', batch: batch.batch, by, tubes, ...(batch.sealed === null ? { counted: true } : {}) }], said);
  }

  undo(said: string): Promise<boolean> {
    return this.#step((station) => station.undo(Date.now(), words.language), said);
  }

  async sit(seat: Seat): Promise<void> {
    this.role = seat.role;
    this.table = seat.table;
    this.before = null;
    this.#station?.sit(JSON.stringify(seat.table));
    this.#look();
    await this.#kept?.seat(seat).catch(() => undefined);
  }

  /** To those who are to be called back, and later back to the table. */
  async recall(): Promise<void> {
    const before = { role: this.role, table: this.table };
    await this.sit({ role: 'recall', table: this.table });
    this.before = before;
  }

  /** Words of the module are in one language: another is asked for anew. */
  speak(): void {
    this.site = this.#read<Site>((station) => station.site(words.language));
    this.refused = null;
    this.said = '';
    this.#look();
  }

  async end(): Promise<void> {
    this.ending = true;
    await this.#kept?.ending().catch(() => undefined);
    await this.sent();
    this.#sync?.now();
  }

  send(): void {
    this.#sync?.now();
  }

  // What it sends.

  place(): { community: string; round: string; device: string } {
    const { community, round, device } = this.site as Site;
    return { community, round, device };
  }

  position(): number {
    return this.#position;
  }

  slice(): Uint8Array<ArrayBuffer> | undefined {
    return this.#station?.slice();
  }

  stored(seq: number, hash: string): Promise<boolean> {
    return this.#alone(async () => {
      if (!this.#station?.stored(seq, hash)) return false;
      await this.#kept?.acknowledged(this.#station.acknowledged());
      this.#look();
      return true;
    });
  }

  gap(seq: number, hash: string): Promise<boolean> {
    const known = JSON.parse(this.#station?.acknowledged() ?? '{"seq":0}') as { seq: number };
    if (seq >= known.seq) return this.stored(seq, hash);
    // The server has lost the end of this log. The phone still has all of it, and sends it once more.
    return this.#alone(async () => {
      const opened = await this.#kept?.shift();
      const acknowledged = seq === 0 ? '' : JSON.stringify({ seq, hash });
      if (!opened || !(await this.#start({ ...opened, acknowledged }))) return false;
      await this.#kept?.acknowledged(acknowledged);
      return true;
    });
  }

  heard(lines: string, position: number): Promise<void> {
    return this.#alone(async () => {
      if (this.#over || !this.#station) return;
      await this.#kept?.heard(lines, position);
      this.#station.hear(lines);
      this.#position = position;
      this.#look();
    });
  }

  line(line: Line): void {
    this.network = line;
  }

  aside(aside: Aside | null): void {
    this.put = aside;
  }

  /** After the shift's last upload nothing of it stays here. */
  async sent(): Promise<void> {
    // What the server put aside for the secretary is there, too: it can be admitted without this phone.
    const there = this.now?.unsent === 0 || (this.put?.number != null && this.#station?.sliceIsAll());
    if (!this.ending || !there) return;
    await this.#alone(async () => {
      await this.#kept?.wipe();
      this.#over = true;
    });
    this.#leave('ended');
  }

  // How it does it.

  async #start(opened: Opened): Promise<boolean> {
    const kind = await stationModule();
    const { bundle, secret, frames, acknowledged } = opened;
    const station = kind.start(JSON.stringify(bundle), secret, frames, acknowledged, random(32));
    if (!station) return false;
    this.#station?.free();
    this.#station = station;
    station.hear(opened.told);
    this.#position = opened.position;
    this.ending = opened.ending;
    this.roll = opened.roll;
    this.site = JSON.parse(station.site(words.language)) as Site;
    const given = ROLES.find((role) => role === this.site?.role);
    const table = JSON.parse(station.table()) as Table | null;
    const kept = opened.seat && this.site.tasks.includes(opened.seat.role) ? opened.seat : null;
    const seat = kept ?? { role: given ?? 'registrar', table: table ?? this.#table(given ?? 'registrar') };
    this.role = seat.role;
    this.table = seat.table;
    station.sit(JSON.stringify(seat.table));
    this.#look();
    return true;
  }

  /** The table to begin with, where none was given: the first, or where things are given. */
  #table(role: Role): Table | null {
    const stations = this.site?.stations ?? [];
    const of = (role === 'sampler' && stations.find((station) => station.gives)) || stations[0];
    return of ? { station: of.name, lane: of.shared ? 0 : 1, server: 1 } : null;
  }

  #step(decide: (station: Station) => string, said: string): Promise<boolean> {
    return this.#alone(async () => {
      const station = this.#station;
      if (!station || !this.#kept) return false;
      this.refused = null;
      this.fault = '';
      const decided = JSON.parse(decide(station)) as Decided;
      if ('refused' in decided) {
        this.refused = decided.refused;
        return false;
      }
      try {
        await this.#kept.append(decided.step.first, station.pending() ?? new Uint8Array());
      } catch (error) {
        station.forget();
        this.fault = error instanceof Error ? error.message || error.name : String(error);
        return false;
      }
      station.done();
      this.said = said;
      this.#look();
      this.#sync?.now();
      return true;
    });
  }

  /** One after the other: a step is decided on what the one before has written. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#line.then(work);
    this.#line = next.catch(() => undefined);
    return next;
  }

  #read<T>(ask: (station: Station) => string): T | null {
    // Whoever asks looks again when anything has changed.
    void this.age;
    return this.#station ? (JSON.parse(ask(this.#station)) as T) : null;
  }

  #look(): void {
    if (this.#station) this.now = JSON.parse(this.#station.now(Date.now())) as Now;
    this.age += 1;
  }

  async #tick(): Promise<void> {
    if (this.#station) this.now = JSON.parse(this.#station.now(Date.now())) as Now;
    if (!this.site || this.roll === 'gone' || Date.now() < this.site.forget_at_ms) return;
    this.roll = 'gone';
    await this.#alone(async () => {
      await this.#kept?.forgetRoll();
      const opened = await this.#kept?.shift();
      if (opened) await this.#start(opened);
    });
  }

  #leave(state: State): void {
    this.close();
    this.#station?.free();
    this.#station = null;
    this.state = state;
  }
}
