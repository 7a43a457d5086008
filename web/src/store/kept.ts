import { LocalStore } from './local.ts';
import { ServerStore, served } from './server.ts';
import type { Store } from './store.ts';

/** The one store of this page: the server that it came from, or else this browser. */
export const kept: { store: Store; here: boolean } = served()
  ? { store: new ServerStore(), here: false }
  : { store: new LocalStore(), here: true };
