/* What is needed to go on without a network, for as long as a shift lasts. What the API answers is never kept here. */
const KIND = 'shouhu-KIND-';
const CACHE = `${KIND}${'VERSION'}`;
const FILES = ['FILES'];
const INDEX = 'index.html';
const PAGES = ['PAGES'];
/** A worker may look after a single page: its files lie beside it all the same. */
const BASE = new URL('./', self.location);

self.addEventListener('install', (event) => {
  // Past the browser's own cache, so that all files are of one build.
  const fresh = FILES.map((name) => new Request(new URL(name, BASE), { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

// A newer build waits until no page of the older one is open: nothing changes in the middle of a shift.
self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith(KIND) && name !== CACHE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(BASE.href)) return;
  const path = url.pathname.slice(BASE.pathname.length);
  const name = request.mode === 'navigate' ? (PAGES.includes(path) ? INDEX : null) : FILES.includes(path) && path !== INDEX ? path : null;
  if (name === null) return;
  const kept = caches.open(CACHE).then((cache) => cache.match(new URL(name, BASE)));
  event.respondWith(kept.then((found) => found ?? fetch(request)));
});
