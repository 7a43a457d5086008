import type english from '../../../messages/en.json';
import type { Language } from '../engine/contract.ts';

/** A sentence of the catalogue. */
export type Key = keyof typeof english;
export type Gaps = Record<string, string | number>;

const KEPT = 'shouhu.language';
/** Who speaks: a volunteer's phone loads its own sentences alone. */
export type Speaker = 'station' | 'mine' | 'volunteer' | 'planner';
const CATALOGUES = {
  station: { en: () => import('virtual:words/station/en'), zh: () => import('virtual:words/station/zh') },
  mine: { en: () => import('virtual:words/mine/en'), zh: () => import('virtual:words/mine/zh') },
  volunteer: { en: () => import('virtual:words/volunteer/en'), zh: () => import('virtual:words/volunteer/zh') },
  planner: { en: () => import('virtual:words/planner/en'), zh: () => import('virtual:words/planner/zh') },
};
const HTML_LANG = { en: 'en', zh: 'zh-CN' };

/** The language of the page: from its address, else as chosen before, else as the browser asks. */
class Words {
  language = $state<Language>('en');
  #speaker: Speaker = 'planner';
  #catalogue = $state.raw<Record<string, string>>({});

  async open(speaker: Speaker): Promise<void> {
    this.#speaker = speaker;
    await this.speak(asked());
  }

  async speak(language: Language): Promise<void> {
    this.#catalogue = (await CATALOGUES[this.#speaker][language]()).default;
    this.language = language;
    document.documentElement.lang = HTML_LANG[language];
  }

  /** The other language, chosen by a person: it stays, here and in the address. */
  async choose(language: Language): Promise<void> {
    localStorage.setItem(KEPT, language);
    const address = new URL(location.href);
    address.searchParams.set('lang', language);
    history.replaceState(null, '', address);
    await this.speak(language);
  }

  say(key: string, gaps: Gaps = {}): string {
    const sentence = this.#catalogue[key];
    if (sentence === undefined) return key;
    return sentence.replace(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap));
  }

  has(key: string): boolean {
    return key in this.#catalogue;
  }
}

function asked(): Language {
  const wanted = [new URL(location.href).searchParams.get('lang'), localStorage.getItem(KEPT), navigator.language];
  for (const one of wanted) {
    if (one?.startsWith('zh')) return 'zh';
    if (one?.startsWith('en')) return 'en';
  }
  return 'en';
}

export const words = new Words();

/** A sentence in the page's language, its gaps filled. */
export function t(key: Key, gaps?: Gaps): string {
  return words.say(key, gaps);
}

/** The word for a station: one of the catalogue's, or as the scenario calls it. */
export function stationWord(name: string): string {
  return words.has(`station.${name}`) ? words.say(`station.${name}`) : name;
}
