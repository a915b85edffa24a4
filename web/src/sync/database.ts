/** The browser's database, as far as the library needs it: two stores and promises. */

const NAME = "closed-loop";
const VERSION = 1;

export type StoreName = "outbox" | "meta";

/** What one transaction does. It may wait for requests of the transaction and for nothing else. */
export type Work<T> = (store: IDBObjectStore) => Promise<T>;

export class Database {
  private readonly factory: IDBFactory;
  private opening: Promise<IDBDatabase> | null = null;

  constructor(factory: IDBFactory) {
    this.factory = factory;
  }

  /** One transaction: all of the work is stored when the promise resolves, or nothing of it. */
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
    try {
      return (await this.open()).transaction(name, mode, options);
    } catch {
      // The browser closed the connection (storage cleared, another version): once more, freshly.
      this.opening = null;
      return (await this.open()).transaction(name, mode, options);
    }
  }

  private open(): Promise<IDBDatabase> {
    this.opening ??= this.connect();
    return this.opening;
  }

  private async connect(): Promise<IDBDatabase> {
    const request = this.factory.open(NAME, VERSION);
    request.onupgradeneeded = () => migrate(request.result);
    const database = await result(request);
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

function migrate(database: IDBDatabase): void {
  const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
  outbox.createIndex("key", "key", { unique: true });
  outbox.createIndex("owner", "owner");
  database.createObjectStore("meta");
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
