import { createCertificate, type IssuedCertificate } from '../../brokers/create-certificate';

export interface Issued {
  readonly ca: IssuedCertificate;
  readonly server: IssuedCertificate;
  /** For the client `scanner`. */
  readonly client: IssuedCertificate;
}

const DAY_MS = 86_400_000;
let made: Promise<Issued> | undefined;

/** One CA with a server and a client, made once for all rows. */
export function issued(): Promise<Issued> {
  made ??= make();
  return made;
}

async function make(): Promise<Issued> {
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 90 * DAY_MS) };
  const ca = await createCertificate({ commonName: 'Access test CA', ca: true, ...validity });
  const names = ['localhost', '127.0.0.1'];
  const server = await createCertificate({ commonName: 'localhost', names, issuer: ca, ...validity });
  const client = await createCertificate({ commonName: 'scanner', client: true, issuer: ca, ...validity });
  return { ca, server, client };
}
