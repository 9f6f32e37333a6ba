/**
 * Every error that a user can cause or mend: what happened, where, and what to do.
 * `__name__` places are filled from the error's parameters. The English texts here are the ones of the
 * catalogue of `mqtt-scan-profile`, where translations live; a test keeps the two equal.
 */
export const ERROR_TEXTS = {
  NO_TARGET:
    'No target was given, or every one is excluded. Enter an address, a host name, a network such as 192.168.1.0/24, or send one in msg.payload.',
  BAD_TARGET: 'The target "__target__" cannot be scanned: __reason__.',
  BAD_PORT: 'The port "__port__" is not valid: __reason__. Ports are numbers from 1 to 65535.',
  TOO_MANY_TARGETS:
    'The scan has __count__ targets; at most __limit__ can be listed. Use networks or ranges.',
  NAME_NOT_RESOLVED:
    'The host name "__target__" could not be resolved (__reason__). Check the spelling and the name server.',
  OUT_OF_SCOPE:
    'The target "__target__" is outside the allowed scope (__scope__). Nothing was sent. Add it to the scope of the scan profile if you are permitted to scan it.',
  BAD_SCOPE: 'The scope entry "__entry__" of the scan profile is not valid: __reason__.',
  BAD_OPTION: 'The setting "__option__" is not valid: __reason__.',
  BAD_INPUT: 'The message cannot be used: __reason__.',
  PROFILE_MISSING:
    'No scan profile is selected, or the selected one is missing. Open the node and choose or create an mqtt-scan-profile.',
  BUSY: '__count__ scans are already running on this node. Wait for one to end, or stop it with msg.stop.',
  REPORT_FOLDER:
    'The reports could not be written to "__directory__" (__reason__). Choose a folder that Node-RED may write to, or free some space.',
  REPORT_FORMAT: 'The report format "__format__" is not known. Known formats: __known__.',
  BAD_TIMEZONE: 'The time zone "__timezone__" is not known. Use a name such as Asia/Kuala_Lumpur.',
  INTERNAL: 'The scanner failed unexpectedly: __reason__. Please report this.',
} as const;

export type ErrorCode = keyof typeof ERROR_TEXTS;

export type ErrorParams = Readonly<Record<string, string | number>>;

/** Puts parameters into the `__name__` places of a text. */
export function fillText(text: string, params: ErrorParams): string {
  return text.replace(/__(\w+?)__/g, (place, name: string) => String(params[name] ?? place));
}

/**
 * The one error class of the engine. `code` is stable and is an own property, because Node-RED copies
 * only own properties to a Catch node's `msg.error`.
 */
export class ScanError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(fillText(ERROR_TEXTS[code], params), options);
    this.name = 'ScanError';
    this.code = code;
    this.params = params;
  }

  /** Node-RED hands this text to Catch nodes and logs; users need no class name in front of it. */
  override toString(): string {
    return this.message;
  }

  /** Wraps whatever was thrown; an error of ours stays as it is. */
  static from(thrown: unknown): ScanError {
    if (thrown instanceof ScanError) return thrown;
    return new ScanError('INTERNAL', { reason: reasonOf(thrown) }, { cause: thrown });
  }
}

/** The most telling short text of something that was thrown. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === undefined ? thrown.message : String(code);
  }
  return String(thrown);
}
