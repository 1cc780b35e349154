import type { IssuedKey, KeyPage, KeyStore } from '../../src/runtime/store/key-store';

/** Keys in memory, a few to a page. */
export class MemoryKeys implements KeyStore {
  readonly keys = new Map<string, IssuedKey & { forget_at?: number }>();
  readonly found: string[] = [];
  pageSize = 2;
  broken?: Error;

  async find(key_hash: string): Promise<IssuedKey | undefined> {
    this.checkWell();
    this.found.push(key_hash);
    return this.keys.get(key_hash);
  }

  async add(key: IssuedKey): Promise<boolean> {
    this.checkWell();
    if (this.keys.has(key.key_hash)) return false;
    this.keys.set(key.key_hash, key);
    return true;
  }

  async page(from?: string): Promise<KeyPage> {
    this.checkWell();
    const all = [...this.keys.values()];
    const start = from === undefined ? 0 : all.findIndex(({ key_hash }) => key_hash === from) + 1;
    const keys = all.slice(start, start + this.pageSize);
    return { keys, ...(start + this.pageSize < all.length && { next: keys[keys.length - 1].key_hash }) };
  }

  async revoke(key_hash: string, revoked_at: number, forget_at: number): Promise<void> {
    const key = this.keys.get(key_hash)!;
    this.keys.set(key_hash, { ...key, revoked_at: key.revoked_at ?? revoked_at, forget_at: key.forget_at ?? forget_at });
  }

  private checkWell(): void {
    if (this.broken) throw this.broken;
  }
}
