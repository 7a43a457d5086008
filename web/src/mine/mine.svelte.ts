import type { components } from '../api/schema.ts';
import { Asking } from '../parts/asking.svelte.ts';
import { Once } from '../parts/once.ts';
import { t, words } from '../words/words.svelte.ts';

export type Schemas = components['schemas'];
/** A part of the page: one thing at a time. */
export type Screen = 'home' | 'time' | 'need' | 'help' | 'goods' | 'voice';

/** One person's page: what stands behind `#` in their link opens it, and reaches no log. */
export class Mine {
  own = $state.raw<Schemas['OwnResult'] | null>(null);
  among = $state.raw<Schemas['OwnNeighbours'] | null>(null);
  /** What is brought to their home. */
  goods = $state.raw<Schemas['OwnGoods'] | null>(null);
  /** Why nothing is shown. */
  wrong = $state.raw<Schemas['Problem'] | null>(null);
  /** Why something was not done. */
  refused = $state.raw<Schemas['Problem'] | null>(null);
  asking = new Asking();
  /** Where they look up the queue. */
  now = $state('');
  #once = new Once();

  async look(): Promise<void> {
    const asked = location.hash;
    const [community = '', round = ''] = parts(asked);
    this.now = `now/${community}/${round}?lang=${words.language}`;
    const answers = Promise.all([
      send<Schemas['OwnResult']>(asked, 'mine', {}),
      send<Schemas['OwnNeighbours']>(asked, 'mine/neighbours', {}),
      send<Schemas['OwnGoods']>(asked, 'mine/goods', {}),
    ]);
    await this.asking.look(answers, ([[own, wrong], [among], [goods]]) => {
      // Another's link was opened in the meantime.
      if (asked === location.hash) [this.own, this.wrong, this.among, this.goods] = [own, wrong, among, goods];
    });
  }

  /** Whether it was done. */
  async act(act: Schemas['OwnAct']): Promise<boolean> {
    const asked = location.hash;
    let done = false;
    await this.asking.do(async () => {
      const [among, refused] = await send<Schemas['OwnNeighbours']>(asked, 'mine/neighbours', { act });
      if (asked !== location.hash) return;
      this.refused = refused;
      if (among) this.among = among;
      done = among !== null;
    });
    return done;
  }

  /** Says whether something was brought; whether that was written down. */
  async say(act: Schemas['OwnGoodsSaid']): Promise<boolean> {
    const asked = location.hash;
    let done = false;
    await this.asking.do(async () => {
      const [goods, refused] = await send<Schemas['OwnGoods']>(asked, 'mine/goods', { act }, `&once=${this.#once.of(act)}`);
      if (asked !== location.hash) return;
      this.refused = refused;
      if (goods) this.goods = goods;
      done = goods !== null;
      if (done) this.#once.done();
    });
    return done;
  }

  /** In the same window, a link of another person of the household: what stood there goes at once. */
  another(): void {
    [this.own, this.among, this.goods, this.wrong, this.refused] = [null, null, null, null, null];
  }
}

function parts(hash: string): string[] {
  return hash.slice(1).split('/');
}

async function send<T>(hash: string, what: string, more: object, options = ''): Promise<[T | null, Schemas['Problem'] | null]> {
  const [community = '', round = '', token = ''] = parts(hash);
  try {
    const answer = await fetch(`api/v1/communities/${community}/rounds/${round}/${what}?lang=${words.language}${options}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...more }),
    });
    const said: unknown = await answer.json();
    return answer.ok ? [said as T, null] : [null, said as Schemas['Problem']];
  } catch {
    return [null, { code: 'unreachable', message: t('page.mine.unreachable'), mend: t('page.mine.unreachable.mend') }];
  }
}
