/// <reference lib="webworker" />
/**
 * Keeps the page itself, so that it starts without a network. The API is never answered from here:
 * rows and presses have stores of their own.
 */

declare const self: ServiceWorkerGlobalScope;
/** The files of this build, put in place of this name when it is built. */
declare const __FILES__: readonly string[];
/** Names this build. */
declare const __BUILD__: string;

export {};

const KEPT = `closed-loop-page-${__BUILD__}`;
const PREFIX = "closed-loop-page-";
/** Those of the builds before stay for pages that are still open with them. */
const BUILDS_KEPT = 3;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(["/", ...__FILES__])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
      const others = builds.filter((name) => name !== KEPT);
      await Promise.all(others.slice(0, -BUILDS_KEPT).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

/** Only when the person asks for it: a running page keeps the parts that it began with. */
self.addEventListener("message", (event: ExtendableMessageEvent) => {
  const data: unknown = event.data;
  if (typeof data === "object" && data !== null && "kind" in data && data.kind === "take-over")
    void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (/^\/(api|sandbox|ws)(\/|$)/.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(part(request));
});

/** The page of the network, as long as there is one: it is the one for all addresses. */
async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(4_000) });
    if (response.ok) return response;
  } catch {
    // No network, or none that answers.
  }
  return (await caches.match("/")) ?? Response.error();
}

/** Parts have their content in their name: what is kept is right. */
async function part(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
