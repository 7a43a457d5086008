import { ask, type Schemas } from '../access/access.ts';
import { served } from '../store/server.ts';
import { words } from '../words/words.svelte.ts';

/** The places for which somebody plans. Whoever plans for one, or sits at the server's own machine, is asked nothing. */
class Planning {
  places = $state.raw<Schemas['PlannedFor'][]>([]);
  /** For which of them a new scenario is. */
  chosen = $state<string>();

  async load(): Promise<void> {
    if (!served()) return;
    // Whoever is not signed in is led to where to; see the store.
    this.places = await ask<Schemas['PlannedFor'][]>('GET', 'planning').catch(() => []);
    if (!this.places.some(({ place }) => place === this.chosen)) this.chosen = this.places[0]?.place;
  }

  get asks(): boolean {
    return this.places.length > 1;
  }

  name({ place, name }: Schemas['PlannedFor']): string {
    if (name === null) return words.say('page.planning.all');
    return place.startsWith('in:') ? words.say('page.planning.below', { place: name }) : name;
  }
}

export const planning = new Planning();
