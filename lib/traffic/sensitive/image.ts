/** Bytes of a picture that are looked at; its size stands near the beginning. */
const MAX_LOOKED_AT = 64 * 1024;
const MAX_SEGMENTS = 64;

/** `JPEG image, 1280 × 720`: type and dimensions from the header; nothing is decoded. */
export function imageOf(payload: Buffer): string {
  const bytes = payload.subarray(0, MAX_LOOKED_AT);
  if (bytes[0] === 0xff) return named('JPEG', jpegSize(bytes));
  if (bytes[0] === 0x89 && bytes.length >= 24)
    return named('PNG', [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]);
  if (bytes[0] === 0x47 && bytes.length >= 10)
    return named('GIF', [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]);
  return bytes[0] === 0x52 ? 'WebP image' : 'picture or video';
}

function named(type: string, size: readonly [number, number] | undefined): string {
  return size ? `${type} image, ${size[0]} × ${size[1]}` : `${type} image`;
}

/** ITU-T T.81 §B.2.2: width and height stand in the start of frame. */
function jpegSize(bytes: Buffer): readonly [number, number] | undefined {
  for (let at = 2, i = 0; i < MAX_SEGMENTS && at + 9 < bytes.length; i++) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return undefined;
}
