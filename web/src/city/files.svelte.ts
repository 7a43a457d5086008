import { said } from '../access/access.ts';
import type { Note } from '../engine/contract.ts';
import { teach } from '../engine/teach.ts';
import { words } from '../words/words.svelte.ts';
import type { CityDocuments, CityView } from './contract.ts';

/** A file larger than this, in megabytes, is none that a command of ours writes of a city. */
export const LARGEST_MB = 64;

/** Files that somebody picked: read by the engine in the page, and sent nowhere. */
export class CityFiles {
  view = $state.raw<CityView | null>(null);
  notes = $state.raw<Note[]>([]);
  names = $state.raw<string[]>([]);
  failed = $state('');
  busy = $state(false);
  #documents: CityDocuments | null = null;

  async take(files: Iterable<File>): Promise<void> {
    // The list of a file field is emptied behind whoever reads it slowly.
    const dropped = [...files];
    if (dropped.length === 0 || this.busy) return;
    this.busy = true;
    this.failed = '';
    const notes: Note[] = [];
    try {
      const documents = await this.#open();
      for (const file of dropped.filter(({ size }) => size <= LARGEST_MB * 1024 * 1024)) {
        const answer = JSON.parse(documents.take(file.name, new Uint8Array(await file.arrayBuffer()), words.language)) as { notes?: Note[] };
        if (answer.notes) notes.push(...answer.notes);
        else this.names = [...this.names.filter((name) => name !== file.name), file.name];
      }
      this.view = JSON.parse(documents.view()) as CityView;
    } catch (error) {
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
    this.names = [];
    this.notes = [];
  }

  async #open(): Promise<CityDocuments> {
    const module = await import('../engine/module/city.js');
    await module.default({ module_or_path: new URL('../engine/module/city_bg.wasm', import.meta.url) });
    await teach(module, words.language);
    return (this.#documents ??= new module.CityDocuments());
  }
}
