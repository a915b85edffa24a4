/** Makes the page start without a network, and brings in new versions when the person says so. */

type Listener = () => void;

let waiting: ServiceWorker | null = null;
const listeners = new Set<Listener>();

/** Another version is there and waits for a reload. */
export function hasNewVersion(): boolean {
  return waiting !== null;
}

export function onNewVersion(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Reloads into the new version. What was pressed is stored and goes on there. */
export function takeNewVersion(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  waiting?.postMessage({ kind: "take-over" });
}

/** Only as it was built, and only where the browser has it. */
export function installOffline(): void {
  reloadOnceForMissingParts();
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // A browser that blocks site data refuses: then the page needs the network, no more.
  navigator.serviceWorker.register("/sw.js").then(follow, () => undefined);
}

function follow(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    // The very first one takes over by itself: there is nothing it could disturb.
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    listeners.forEach((listener) => listener());
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
}

const RELOADED = "closed-loop:reloaded-for-parts";

/** A deploy took away a part of this older page: one reload, and not in a circle. */
function reloadOnceForMissingParts(): void {
  addEventListener("vite:preloadError", (event) => {
    try {
      const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
      if (!navigator.onLine || Date.now() - last < 60_000) return;
      sessionStorage.setItem(RELOADED, String(Date.now()));
    } catch {
      return;
    }
    event.preventDefault();
    location.reload();
  });
}
