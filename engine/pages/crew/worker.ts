// The service worker: the page opens without a line, and so does the map of the district that was
// fetched while there was one. It touches nothing but files; what is said goes over the page's socket.
declare const KEPT_FILES: string[];
declare const KEPT_VERSION: string;

const worker = self as unknown as {
  addEventListener(kind: string, listener: (event: WorkerEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
interface WorkerEvent {
  waitUntil(promise: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
  request: Request;
  data: unknown;
}

const FILES = `sigap-crew-${KEPT_VERSION}`;
const TILES = 'sigap-tiles';
const TILES_MOST = 4000;

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(KEPT_FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith('sigap-crew-') && name !== FILES)
      .map((name) => caches.delete(name))))
    .then(() => worker.clients.claim()));
});

/** The page itself: the newest where there is a line within 3 s, else the one that was kept. */
async function page(request: Request): Promise<Response> {
  const kept = caches.match('/crew/');
  try {
    const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error('late')), 3000));
    const fresh = await Promise.race([fetch(request), late]);
    if (fresh.ok) return fresh;
  } catch {
    // no line
  }
  return (await kept) ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Tiles: what was kept at once, and anew behind the scenes while there is a line. */
async function tile(event: WorkerEvent): Promise<Response> {
  const cache = await caches.open(TILES);
  const kept = await cache.match(event.request);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) await cache.put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith('/tiles/') || url.pathname.startsWith('/v1/tiles/')) event.respondWith(tile(event));
  else if (event.request.mode === 'navigate' && url.pathname.startsWith('/crew/')) event.respondWith(page(event.request));
  else if (url.pathname.startsWith('/assets/') || url.pathname.startsWith('/crew/')) event.respondWith(file(event.request));
});

/** { keepTiles: [address, …] }: the district, a few at a time, and none that is there already. */
async function keepTiles(addresses: string[]): Promise<void> {
  const cache = await caches.open(TILES);
  for (const address of addresses.slice(0, TILES_MOST)) {
    if (await cache.match(address)) continue;
    try {
      const answer = await fetch(address);
      if (answer.ok) await cache.put(address, answer);
    } catch {
      return; // the line is gone; the page asks again
    }
  }
}

worker.addEventListener('message', (event) => {
  const wish = event.data as { keepTiles?: string[] } | null;
  if (Array.isArray(wish?.keepTiles)) event.waitUntil(keepTiles(wish.keepTiles));
});
export {};
