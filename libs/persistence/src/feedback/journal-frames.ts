import { crc32 } from 'node:zlib';

/** In front of each payload: its length and its CRC-32, both u32 little-endian. */
const HEAD_BYTES = 8;
/** Beyond what a batch of feedback can come to: a length above it is a torn or foreign head. */
const MAXIMUM_PAYLOAD_BYTES = 16 * 1024 * 1024;

export function encodeFrame(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  payload.copy(frame, HEAD_BYTES);
  return frame;
}

export interface DecodedFrames {
  readonly payloads: readonly Buffer[];
  /** Behind the last whole frame. */
  readonly end: number;
  /** Bytes behind `end` that can never become a frame, however many follow. */
  readonly isDamaged: boolean;
}

/** The whole frames from `start` on. Stops at what is not one: the tail that a crash has torn off, or damage. */
export function decodeFrames(bytes: Buffer, start = 0): DecodedFrames {
  const payloads: Buffer[] = [];
  let end = start;
  while (bytes.length - end >= HEAD_BYTES) {
    const length = bytes.readUInt32LE(end);
    // Some file systems leave zeros behind the end after a crash; no payload is empty.
    if (length === 0 || length > MAXIMUM_PAYLOAD_BYTES) return { payloads, end, isDamaged: true };
    const next = end + HEAD_BYTES + length;
    if (next > bytes.length) break;
    const payload = bytes.subarray(end + HEAD_BYTES, next);
    if (crc32(payload) !== bytes.readUInt32LE(end + 4)) return { payloads, end, isDamaged: true };
    payloads.push(payload);
    end = next;
  }
  return { payloads, end, isDamaged: false };
}
