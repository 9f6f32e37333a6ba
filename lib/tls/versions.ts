/** Protocol versions as they stand on the wire (RFC 8446 §4.1.2, RFC 6101 §5.2.1). */
export type WireVersion = 0x0300 | 0x0301 | 0x0302 | 0x0303 | 0x0304;

/** Newest first. */
export const WIRE_VERSIONS: readonly WireVersion[] = [0x0304, 0x0303, 0x0302, 0x0301, 0x0300];

const NAMES: Readonly<Record<WireVersion, string>> = {
  768: 'SSLv3',
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

export function versionName(version: WireVersion): string {
  return NAMES[version];
}

export function isWireVersion(code: number): code is WireVersion {
  return code in NAMES;
}

/** `0xC02F`: how registries write two bytes. */
export function codeText(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
