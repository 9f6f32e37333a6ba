import type { AuthResult, EndpointReport, LoginResult } from '../../lib/model';

/** What was found out, in flat words: `anonymous` → `accepted`, `credentials #` → `proven`, … */
export type Facts = Readonly<Record<string, string>>;

const word = (login: LoginResult | undefined): string => login?.outcome ?? login?.verdict ?? '-';

export function factsOf(report: EndpointReport): Facts {
  const { auth } = report;
  if (!auth) return { outcome: report.outcome };
  return { outcome: report.outcome, ...loginFacts(auth), ...rightFacts(auth), ...sessionFacts(auth) };
}

function loginFacts(auth: AuthResult): Facts {
  const { anonymous, credentials, clientCertificate, defaultCredentials } = auth;
  const versions = auth.anonymousVersions?.map((login) => [
    `anonymous in ${login.protocolVersion}`,
    word(login),
  ]);
  const variants = auth.anonymousVariants?.map((login) => [login.variant, word(login)]);
  return {
    anonymous: word(anonymous),
    'anonymous verdict': anonymous.verdict,
    'anonymous reason': anonymous.reasonString ?? '-',
    'anonymous moves to': anonymous.serverReference ?? '-',
    credentials: word(credentials),
    'credentials verdict': credentials.verdict,
    'in clear': String(credentials.sentInClear),
    random: word(auth.randomLogin),
    certificate: word(clientCertificate),
    'certificate is login': String(clientCertificate?.isLogin ?? '-'),
    'certificate names user': String(clientCertificate?.subjectAsUserName ?? '-'),
    'certificate and password': String(clientCertificate?.passwordNeeded ?? '-'),
    defaults: `${defaultCredentials.verdict} ${defaultCredentials.accepted.join(' ')}`.trim(),
    'defaults tried': String(defaultCredentials.tried),
    methods: auth.enhancedAuthentication?.methods.join(' ') || (auth.enhancedAuthentication?.verdict ?? '-'),
    'refused logins': String(auth.refusedLogins),
    ...Object.fromEntries([...(versions ?? []), ...(variants ?? [])]),
  };
}

function rightFacts(auth: AuthResult): Facts {
  const facts: Record<string, string> = {};
  for (const { as, read, write, will = '-', maySubscribe } of auth.authorisation) {
    for (const { filter, verdict, retained } of read) {
      const name = filter.startsWith('$share/') ? '$share' : filter;
      facts[`${as} ${name}`] = verdict;
      if (retained !== undefined) facts[`${as} ${name} retained`] = String(retained);
    }
    facts[`${as} write`] = write;
    facts[`${as} will`] = will;
    facts[`${as} may subscribe`] = String(maySubscribe ?? '-');
  }
  return facts;
}

function sessionFacts({ sessionSafety: safety }: AuthResult): Facts {
  if (!safety) return {};
  return {
    takeover: safety.takeover,
    persistent: safety.persistentSession,
    'second connection': safety.secondConnection,
    'maximum QoS': String(safety.maximumQos ?? '-'),
    'maximum packet': String(safety.maximumPacketSize ?? '-'),
  };
}
