import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { offline } from './build/offline.ts';
import { precompress } from './build/precompress.ts';
import { fileOf, words } from './build/words.ts';

// Addresses are relative, so that the same folder of files works at any place of any web host.
export default defineConfig({
  base: './',
  plugins: [svelte(), words(), offline(), precompress()],
  worker: { format: 'es', plugins: () => [words()], rolldownOptions: { output: { chunkFileNames: fileOf } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { chunkFileNames: fileOf } },
  },
  server: { host: '127.0.0.1', port: 8301, strictPort: true },
});
