import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import { theme } from './theme.svelte.ts';
import { words } from './words/words.svelte.ts';

/** A volunteer's phone loads the station alone, who looks up a result, offers to help or stands at a gate that page alone; all others the planner. (One import in
 *  each function: where a minifier folds two into one choice, the styles of one of them are not loaded.) */
const PAGES = {
  station: () => import('./station/Page.svelte'),
  mine: () => import('./mine/Page.svelte'),
  volunteer: () => import('./volunteer/Page.svelte'),
  gate: () => import('./gate/Page.svelte'),
  planner: () => import('./App.svelte'),
};
const last = location.pathname.split('/').pop() ?? '';
const who = last === 'join' ? 'station' : Object.hasOwn(PAGES, last) ? (last as keyof typeof PAGES) : 'planner';
const page = PAGES[who]();

theme.open();
await words.open(who);
const target = document.getElementById('page');
if (target) mount((await page).default, { target });
