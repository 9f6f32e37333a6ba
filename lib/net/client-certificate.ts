import type { TlsMaterial } from '../model';
import type { StageContext } from './connector';

const bare = new WeakMap<TlsMaterial, TlsMaterial>();

/** True when the scan brings a client certificate, which may be a login of its own. */
export function hasCertificate({ tls }: Pick<StageContext, 'tls'>): boolean {
  return tls?.cert !== undefined || tls?.pfx !== undefined;
}

/** The same without the client certificate: whoever shows one is no stranger. */
export function asStranger(context: StageContext): StageContext {
  const { tls } = context;
  if (!tls || !hasCertificate(context)) return context;
  // One object for each: handshakes keep what they have parsed by it.
  const known = bare.get(tls) ?? withoutCertificate(tls);
  bare.set(tls, known);
  return { ...context, tls: known };
}

function withoutCertificate({ ca, servername }: TlsMaterial): TlsMaterial {
  return { ...(ca !== undefined && { ca }), ...(servername !== undefined && { servername }) };
}
