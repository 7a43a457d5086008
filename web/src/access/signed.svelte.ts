import { losing } from '../scenario/scenario.svelte.ts';
import { says, type Row } from '../shift/draft.svelte.ts';
import { served } from '../store/server.ts';
import { t } from '../words/words.svelte.ts';
import { ask, said, type Schemas } from './access.ts';

/** Sheets that are half typed; see `shift/draft.svelte.ts`. */
const SHEETS = 'shouhu.shift.';

/** Who is signed in, if anybody: the head of each page lets them out. */
class Signed {
  account = $state.raw<Schemas['Account'] | null>(null);
  /** Whether the server has said so; without accounts it says nobody. */
  known = $state(false);
  /** Whoever leaves was asked already about what is lost. */
  leaving = false;

  async load(): Promise<void> {
    // Without an answer nobody is shown; the page itself says what is wrong.
    if (served()) this.account = await ask<Schemas['Me']>('GET', 'me').then((me) => me.account, () => null);
    this.known = true;
  }

  /** Whether they are at home everywhere, in one of these roles if any is named. Without accounts everybody is. */
  everywhere(...roles: Schemas['Role'][]): boolean {
    return this.account?.grants.some(({ place, role }) => place === 'all' && (roles.length === 0 || roles.includes(role))) ?? this.known;
  }

  /** Ends the session, and takes with it what this browser kept of it. A phone's own storage stays: it may not have sent all. */
  async leave(): Promise<void> {
    const sheets = Object.keys(localStorage).filter((key) => key.startsWith(SHEETS));
    if ((losing() || sheets.some(isTyped)) && !confirm(t('page.access.sign_out.sure'))) return;
    try {
      await ask('POST', 'logout', {});
    } catch (error) {
      // Whoever believes that they have left would leave the page open.
      alert(said(error));
      return;
    }
    this.leaving = true;
    for (const key of sheets) localStorage.removeItem(key);
    location.replace(`/login${location.search}`);
  }
}

/** Whether a kept sheet has a row in which anything stands. */
function isTyped(key: string): boolean {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { rows?: Row[] } | null;
    return kept?.rows?.some(says) ?? false;
  } catch {
    return false;
  }
}

export const signed = new Signed();
