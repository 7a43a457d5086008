import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import { theme } from './theme.svelte.ts';
import { words } from './words/words.svelte.ts';

/** A volunteer's phone loads the station alone; everybody else the planner. */
const isStation = /\/(join|station)$/.test(location.pathname);
const page = isStation ? import('./station/Page.svelte') : import('./App.svelte');

theme.open();
await words.open();
const target = document.getElementById('page');
if (target) mount((await page).default, { target });
