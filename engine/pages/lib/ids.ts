// Request ids: UUIDv7, so that the engine can tell a repeated request from a new one.

/** 48 bits of milliseconds, then 74 random ones (RFC 9562, 5.7). */
export function makeId(nowMs: number = Date.now()): Uint8Array<ArrayBuffer> {
  const id = crypto.getRandomValues(new Uint8Array(16));
  new DataView(id.buffer).setUint16(0, Math.floor(nowMs / 2 ** 32));
  new DataView(id.buffer).setUint32(2, nowMs % 2 ** 32);
  id[6] = (id[6]! & 0x0f) | 0x70;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return id;
}
