import { said } from '../access/access.ts';

const AGAIN_MS = 10_000;

/** What a part of a page asks of the server, and has it do: what goes wrong is said, and what was seen last stays. */
export class Asking {
  /** Something is being done: no second tap while the first is on its way. */
  busy = $state(false);
  /** Why the last thing was not done: it stands until the next is tried. */
  refused = $state('');
  /** Why the last look saw nothing; the next one may. */
  unseen = $state('');
  #asked = 0;
  #told = 0;

  get wrong(): string {
    return this.refused || this.unseen;
  }

  /** Looks may overtake one another: an older answer never takes the place of a newer one. */
  async look<T>(question: Promise<T>, show: (answer: T) => void): Promise<void> {
    const turn = ++this.#asked;
    const newest = (): boolean => turn > this.#told;
    try {
      const answer = await question;
      if (!newest()) return;
      show(answer);
      this.unseen = '';
    } catch (error) {
      if (!newest()) return;
      this.unseen = said(error);
    }
    this.#told = turn;
  }

  /** Looks every few seconds, as long as somebody sees the page and nothing is being done; what ends that. */
  again(look: () => unknown, every = AGAIN_MS): () => void {
    const again = setInterval(() => document.visibilityState === 'visible' && !this.busy && void look(), every);
    return () => clearInterval(again);
  }

  /** Does one thing at a time. Whether it was done. */
  async do(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = '';
    // What was asked before is out of date.
    this.#told = this.#asked;
    try {
      await work();
      return true;
    } catch (error) {
      this.refused = said(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
