// Where the device keeps what must outlive the page: IndexedDB, and a list in memory for tests (and for
// browsers that refuse to keep anything: then the page says so by itself).

export interface Kept<T> {
  key: number; // counts by one from 1
  value: T;
}

/** Rows in the order in which they came. */
export interface Shelf<T> {
  add(value: T): Promise<number>;
  first(limit: number): Promise<Kept<T>[]>;
  removeUpTo(key: number): Promise<void>;
  remove(key: number): Promise<void>;
  count(): Promise<number>;
  clear(): Promise<void>;
}

export class MemoryShelf<T> implements Shelf<T> {
  private rows: Kept<T>[] = [];
  private last = 0;
  async add(value: T) {
    this.rows.push({ key: ++this.last, value });
    return this.last;
  }
  async first(limit: number) {
    return this.rows.slice(0, limit);
  }
  async removeUpTo(key: number) {
    this.rows = this.rows.filter((row) => row.key > key);
  }
  async remove(key: number) {
    this.rows = this.rows.filter((row) => row.key !== key);
  }
  async count() {
    return this.rows.length;
  }
  async clear() {
    this.rows = [];
  }
}

const STORES = ['says', 'fixes', 'memory'] as const;
type Store = (typeof STORES)[number];

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of STORES)
      request.result.createObjectStore(store, store === 'memory' ? undefined : { autoIncrement: true });
  };
  return done(request);
}

export class DiskShelf<T> implements Shelf<T> {
  constructor(private readonly database: IDBDatabase, private readonly store: Store) {}

  // Strict: what the crew said is on the disk before the button says so.
  private table(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(this.store, mode, { durability: 'strict' }).objectStore(this.store);
  }
  /** Kept when the transaction is, not when it was asked for. */
  async add(value: T) {
    const table = this.table('readwrite');
    const kept = new Promise<void>((resolve, reject) => {
      table.transaction.oncomplete = () => resolve();
      table.transaction.onabort = () => reject(table.transaction.error);
    });
    const key = (await done(table.add(value))) as number;
    await kept;
    return key;
  }
  async first(limit: number) {
    const table = this.table('readonly');
    const [keys, values] = await Promise.all([done(table.getAllKeys(null, limit)), done(table.getAll(null, limit))]);
    return keys.map((key, i) => ({ key: key as number, value: values[i] as T }));
  }
  async removeUpTo(key: number) {
    await done(this.table('readwrite').delete(IDBKeyRange.upperBound(key)));
  }
  async remove(key: number) {
    await done(this.table('readwrite').delete(key));
  }
  async count() {
    return done(this.table('readonly').count());
  }
  async clear() {
    await done(this.table('readwrite').clear());
  }
}

/** Single things by name, such as the job that is under way. */
export class Memory {
  constructor(private readonly database: IDBDatabase | undefined) {}
  async get<T>(name: string): Promise<T | undefined> {
    if (!this.database) return undefined;
    return done(this.database.transaction('memory').objectStore('memory').get(name)) as Promise<T | undefined>;
  }
  async set(name: string, value: unknown): Promise<void> {
    if (!this.database) return;
    await done(this.database.transaction('memory', 'readwrite').objectStore('memory').put(value, name));
  }
  async clear(): Promise<void> {
    if (!this.database) return;
    await done(this.database.transaction('memory', 'readwrite').objectStore('memory').clear());
  }
}
