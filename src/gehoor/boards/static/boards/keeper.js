/* Keeps one page: it is asked from the network first, and comes from this browser when there is none.
   Which files belong to it the page itself says, by putting them in the cache; nothing else is ever kept. */

const page = new URL(self.registration.scope).pathname;
const PATIENCE = 5000; // milliseconds; a network that hangs is no network

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function ask(request) {
  const kept = await (await caches.open(page)).match(request.mode === "navigate" ? page : request, { ignoreVary: true });
  if (!kept) return fetch(request);
  const given_up = new AbortController();
  const timer = setTimeout(() => given_up.abort(), PATIENCE);
  try {
    const fresh = await fetch(request, { signal: given_up.signal });
    return fresh.status >= 500 ? kept : fresh;
  } catch {
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin) event.respondWith(ask(request));
});
