/** Where the page is: `#/plan/ID/timetable`. Addresses behind a hash work on any host of static files. */
class Router {
  #parts = $state.raw<string[]>(read());
  /** `start`, `plan`, `board`, `review`. */
  page = $derived(this.#parts[0] ?? 'start');
  id = $derived(this.#parts[1] ?? null);
  /** The part of a page, such as `timetable`. */
  part = $derived(this.#parts[2] ?? null);
  /** What the part is of: a round of a community, `#/review/ID/COMMUNITY/ROUND`. */
  of = $derived(this.#parts[3] ?? null);

  constructor() {
    addEventListener('hashchange', () => {
      this.#parts = read();
      scrollTo(0, 0);
    });
  }

  go(...parts: string[]): void {
    location.hash = href(...parts);
  }
}

function read(): string[] {
  return location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
}

export function href(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export const router = new Router();
