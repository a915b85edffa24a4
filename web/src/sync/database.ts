/** The browser's database, as far as the library needs it: a few stores and promises. */

const NAME = "closed-loop";

export type StoreName = "outbox" | "meta" | "rows";

/** One step for each version of the schema. Steps only add: a page of an older release can go on. */
const STEPS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    outbox.createIndex("key", "key", { unique: true });
    outbox.createIndex("owner", "owner");
    database.createObjectStore("meta");
  },
  (database) => {
    const rows = database.createObjectStore("rows", { keyPath: ["owner", "table", "id"] });
    rows.createIndex("owner", "owner");
  },
];

/** Longer than this nobody waits for a browser that does not answer. */
export const OPEN_WITHIN_MS = 3_000;

/** What one transaction does. It may wait for requests of the transaction and for nothing else. */
export type Work<T> = (store: IDBObjectStore) => Promise<T>;

export class Database {
  private readonly factory: IDBFactory;
  private opening: Promise<IDBDatabase> | null = null;

  constructor(factory: IDBFactory) {
    this.factory = factory;
  }

  /**
   * One transaction: all of the work is stored when the promise resolves, or nothing of it.
   *
   * @throws Error when the browser has no database to offer, three seconds at the latest.
   */
  async run<T>(name: StoreName, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    const transaction = await this.begin(name, mode);
    const finished = finish(transaction);
    try {
      const result = await work(transaction.objectStore(name));
      await finished;
      return result;
    } catch (error) {
      finished.catch(() => undefined);
      tryToAbort(transaction);
      throw error;
    }
  }

  close(): void {
    void this.opening?.then((database) => database.close()).catch(() => undefined);
    this.opening = null;
  }

  private async begin(name: StoreName, mode: IDBTransactionMode): Promise<IDBTransaction> {
    const options: IDBTransactionOptions = {
      durability: mode === "readwrite" ? "strict" : "default",
    };
    const database = await this.open();
    try {
      return database.transaction(name, mode, options);
    } catch {
      // The browser closed the connection (storage cleared, another version): once more, freshly.
      this.opening = null;
      return (await this.open()).transaction(name, mode, options);
    }
  }

  /** One that failed stays so for this page: to ask again and again would only take time. */
  private open(): Promise<IDBDatabase> {
    this.opening ??= this.connect();
    return this.opening;
  }

  private async connect(): Promise<IDBDatabase> {
    const database = await openWithin(this.factory, STEPS.length).catch((error: unknown) => {
      // A newer release has been here, and its schema has all that this one needs.
      if (isVersionError(error)) return openWithin(this.factory, undefined);
      throw error;
    });
    const forget = (): void => {
      this.opening = null;
    };
    database.onclose = forget;
    database.onversionchange = () => {
      database.close();
      forget();
    };
    return database;
  }
}

function openWithin(factory: IDBFactory, version: number | undefined): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, version);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error("The browser's database does not open"));
    }, OPEN_WITHIN_MS);
    request.onupgradeneeded = ({ oldVersion }) =>
      STEPS.slice(oldVersion).forEach((step) => step(request.result));
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("The browser's database cannot be opened"));
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      // Nobody waits for it any more: held open, it would only be in the way of other tabs.
      if (late) request.result.close();
      else resolve(request.result);
    };
  });
}

function isVersionError(error: unknown): boolean {
  return error instanceof Error && error.name === "VersionError";
}

/** The result of one request. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB request failed"));
  });
}

function finish(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const fail = (): void =>
      reject(transaction.error ?? new Error("IndexedDB transaction aborted"));
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}

function tryToAbort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It was over already.
  }
}
