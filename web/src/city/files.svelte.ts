import { said } from '../access/access.ts';
import type { Note } from '../engine/contract.ts';
import { teach } from '../engine/teach.ts';
import { words } from '../words/words.svelte.ts';
import type { CityDocuments, CityView, Kind } from './contract.ts';

/** Files that somebody picked: read by the engine in the page, and sent nowhere. */
export class CityFiles {
  view = $state.raw<CityView | null>(null);
  notes = $state.raw<Note[]>([]);
  /** The file that is shown of each kind. */
  names = $state.raw<Partial<Record<Kind, string>>>({});
  /** Files that were left out, and the megabytes that one may have. */
  too_large = $state.raw<string[]>([]);
  largest_mb = $state(0);
  failed = $state('');
  busy = $state(false);
  #documents: CityDocuments | null = null;

  async take(files: Iterable<File>): Promise<void> {
    // The list of a file field is emptied behind whoever reads it slowly.
    const dropped = [...files];
    if (dropped.length === 0 || this.busy) return;
    this.busy = true;
    this.failed = '';
    this.too_large = [];
    const notes: Note[] = [];
    try {
      const { documents, largest } = await this.#open();
      this.largest_mb = largest / 2 ** 20;
      this.too_large = dropped.filter(({ size }) => size > largest).map(({ name }) => name);
      for (const file of dropped.filter(({ size }) => size <= largest)) {
        const answer = JSON.parse(documents.take(file.name, new Uint8Array(await file.arrayBuffer()), words.language)) as { kind: Kind } | { notes: Note[] };
        if ('notes' in answer) notes.push(...answer.notes);
        else this.names = { ...this.names, [answer.kind]: file.name };
      }
      this.view = JSON.parse(documents.view()) as CityView;
    } catch (error) {
      // What broke in the midst of a file takes none after it: the next begins anew.
      this.#documents = null;
      [this.view, this.names] = [null, {}];
      this.failed = said(error);
    } finally {
      this.notes = notes;
      this.busy = false;
    }
  }

  forget(): void {
    this.#documents?.free();
    this.#documents = null;
    this.view = null;
    this.names = {};
    this.notes = [];
    this.too_large = [];
    this.failed = '';
  }

  async #open(): Promise<{ documents: CityDocuments; largest: number }> {
    const module = await import('../engine/module/city.js');
    await module.default({ module_or_path: new URL('../engine/module/city_bg.wasm', import.meta.url) });
    await teach(module, words.language);
    return { documents: (this.#documents ??= new module.CityDocuments()), largest: module.CityDocuments.largest() };
  }
}
