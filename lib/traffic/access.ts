import {
  type Credentials,
  type EndpointReport,
  isEncrypted,
  type LoginName,
  type ProtocolVersion,
} from '../model';
import { asStranger, hasCertificate, type StageContext } from '../net';

/** As whom to listen, and what goes with it. */
export interface Listener {
  readonly as: LoginName;
  /** Without the client certificate where nobody asks for one. */
  readonly context: StageContext;
  readonly credentials?: Credentials | undefined;
}

/**
 * As whom to listen: as a stranger where one was let in, with the client certificate where it opened the door, else
 * with the login of the scan.
 */
export function listenerFor(report: EndpointReport, context: StageContext): Listener {
  const { auth, probe, transport } = report;
  // A stranger shows no certificate: a broker that takes users from them would treat him as somebody else.
  if (auth?.anonymous.verdict === 'accepted') return { as: 'anonymous', context: asStranger(context) };
  // The probe shows it wherever there is TLS, and without the test of access nobody knows what it opened.
  const isShown = isEncrypted(transport) && hasCertificate(context);
  if (probe?.openedAs === 'anonymous') return { as: isShown ? 'certificate' : 'anonymous', context };
  if (isShown && auth?.clientCertificate?.isLogin) return { as: 'certificate', context };
  return { as: 'credentials', context, credentials: context.credentials };
}

/**
 * As whom to look after what is retained: with the login of the scan where one may be used, for it may do what a
 * stranger may not; else as one listens.
 */
export function keeperFor(report: EndpointReport, context: StageContext): Listener {
  const { credentials, credentialsOver } = context;
  const isKept = credentialsOver === 'trusted-tls' && !isEncrypted(report.transport);
  const isRefused = report.auth?.credentials.verdict === 'refused';
  return credentials && !isKept && !isRefused
    ? { as: 'credentials', context, credentials }
    : listenerFor(report, context);
}

/** The version to listen in: the one that most brokers know best. */
export function versionOf(report: EndpointReport): ProtocolVersion {
  const versions = report.probe?.versions ?? [];
  return ([4, 5, 3] as const).find((version) => versions.includes(version)) ?? 4;
}
