/** Bytes of a picture that are looked at; its size stands near the beginning. */
const MAX_LOOKED_AT = 64 * 1024;
const MAX_SEGMENTS = 64;

/** How pictures begin in base64. */
const BASE64_HEADS = ['/9j/', 'iVBORw0KGgo', 'R0lGOD', 'UklGR'];
/** 2 KB: icons are smaller. */
const MIN_BASE64_CHARS = 2731;

/**
 * True for a picture in base64, with or without `data:image/…;base64,` before it.
 * @param length of all of it, where the text is only its beginning
 */
export function isImageText(text: string, length = text.length): boolean {
  if (length < MIN_BASE64_CHARS) return false;
  const at = text.startsWith('data:image/') ? text.slice(0, 64).indexOf(',') + 1 : 0;
  return BASE64_HEADS.some((head) => text.startsWith(head, at));
}

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
