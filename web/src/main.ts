import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import { theme } from './theme.svelte.ts';
import { words } from './words/words.svelte.ts';

theme.open();
await words.open();
const target = document.getElementById('page');
if (target) mount(App, { target });
