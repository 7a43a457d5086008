import type { Answers, Note, Service } from '../engine/contract.ts';
import { said } from '../access/access.ts';
import { engine } from '../engine/engine.ts';
import { router } from '../router.svelte.ts';
import { kept } from '../store/kept.ts';
import { planning } from './planning.svelte.ts';
import { t, words } from '../words/words.svelte.ts';

const KEPT = 'shouhu.answers';

/** The seven questions: what a page proposes, what a person answers, and what is wrong with it. */
export class Questions {
  answers = $state<Answers>(remembered());
  services = $state.raw<Service[]>([]);
  notes = $state.raw<Note[]>([]);
  busy = $state(false);
  failed = $state<string | null>(null);
  /** Answers that were warned of, and may be meant. */
  #warned = $state<string | null>(null);

  async open(): Promise<void> {
    try {
      this.services = await engine.services(words.language);
    } catch (error) {
      this.failed = said(error);
      return;
    }
    if (!this.services.some((service) => service.id === this.answers.service)) {
      this.answers.service = this.services[0]?.id ?? '';
    }
  }

  /** What is wrong with one answer. */
  of(...columns: (keyof Answers)[]): Note[] {
    return this.notes.filter((note) => columns.some((column) => column === note.column));
  }

  /** What is wrong with no single answer. */
  get elsewhere(): Note[] {
    return this.notes.filter((note) => note.column === null || !(note.column in this.answers));
  }

  get counted(): 'people' | 'households' {
    return this.answers.households === null ? 'people' : 'households';
  }

  /** People or households: one of the two is answered. */
  count(what: 'people' | 'households'): void {
    const { answers } = this;
    const number = answers.people ?? answers.households;
    answers.people = what === 'people' ? number : null;
    answers.households = what === 'households' ? number : null;
  }

  get number(): number | null {
    return this.answers[this.counted];
  }

  set number(number: number | null) {
    this.answers[this.counted] = number;
  }

  choose(service: Service): void {
    this.answers.service = service.id;
    this.count(service.to === 'household' ? 'households' : 'people');
  }

  get #written(): string {
    return JSON.stringify($state.snapshot(this.answers));
  }

  /** These answers were warned of: asking again goes on. */
  get meant(): boolean {
    return this.#warned !== null && this.#warned === this.#written;
  }

  /** Makes the scenario and opens its plan; stays, with notes, where an answer will not do. */
  async submit(): Promise<void> {
    this.busy = true;
    this.failed = null;
    try {
      const service = this.services.find((one) => one.id === this.answers.service);
      const answers = { ...$state.snapshot(this.answers), name: service?.name ?? '' };
      const written = this.#written;
      localStorage.setItem(KEPT, written);
      const { notes, files } = await engine.ask(answers, words.language);
      this.notes = notes;
      if (notes.some((note) => note.severity === 'error')) return;
      // A warning is read first; who asks again means it.
      if (notes.some((note) => note.severity === 'warning') && this.#warned !== written) {
        this.#warned = written;
        return;
      }
      const { store } = kept;
      const made = await store.create(t('page.name', { service: service?.name ?? answers.service, date: answers.date }), files, planning.chosen);
      router.go('plan', made.id);
    } catch (error) {
      this.failed = said(error);
    } finally {
      this.busy = false;
    }
  }
}

function proposed(): Answers {
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
  const date = new Date(tomorrow.getTime() - tomorrow.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return {
    service: 'screening', people: 4000, households: null, date, opens: '07:00', closes: '13:00',
    staff: 20, reach: 'doors', room: 200, wait: 15, timezone: zone(), name: '',
  };
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What was answered last time, but for the date. */
function remembered(): Answers {
  const fresh = proposed();
  try {
    return { ...fresh, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Answers>), date: fresh.date, timezone: zone() };
  } catch {
    return fresh;
  }
}
