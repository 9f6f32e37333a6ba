import { clip, counted, list, pieces } from './common.mjs';

const MAX_TOPICS = 20;
const MAX_FINDINGS = 20;

/** What an outcome is called, what it means and what it implies. */
export const STATUS = {
  open: ['Open / OK', 'Connected: the broker let us in.'],
  'auth-failed': [
    'Auth Failed',
    'Not authorised: MQTT answers here, but wants a login that we do not have. What is behind it was not checked.',
  ],
  'tls-error': ['TLS Error', 'The port speaks TLS, but no secure connection came about.'],
  'not-mqtt': ['Not MQTT', 'Something other than MQTT answers on this port.'],
  closed: ['Closed / Refused', 'Nothing listens on this port.'],
  unreachable: ['Unreachable / Timeout', 'Nobody answered: no such host, or a firewall drops packets.'],
};
const RIGHTS_OF = {
  anonymous: 'Rights of strangers',
  credentials: 'Rights of the login',
  certificate: 'Rights of the certificate',
};
/** How sure it is that a right is there. */
const RIGHTS = {
  proven: 'Proven by messages',
  granted: 'Granted, but nothing came',
  denied: 'Denied',
  inconclusive: 'No clear answer',
  'not-tested': 'Not tested',
};
const VERDICT = { accepted: 'accepted', refused: 'refused', inconclusive: 'no clear answer' };

/** What is known of an endpoint, in sections of facts; bounded, whatever the endpoint says. */
export function detailsOf(report, isFinal) {
  const { outcome, probe, tls, auth, traffic, risk } = report;
  const [status, meaning] = STATUS[outcome] ?? [clip(outcome, 30), ''];
  const told = risk?.outcome;
  const sections = [
    section('Security assessment', [
      ['Status', told ? `${told.label}. ${told.meaning}` : `${status}. ${meaning}`],
      ['Evidence', told?.evidence],
      ['It implies', told?.implication],
      ['Endpoint', report.url],
      ['Named as', report.target],
      ['Seen', probe?.reason],
      ['Product', [probe?.product?.name, probe?.product?.version].filter(Boolean).join(' ')],
      ['MQTT versions', list(probe?.versions).map(versionName).join(', ')],
      ['Score', risk?.score && `${risk.score.value} of 100`],
      ['Checks passed', risk?.passed && `${list(risk.passed).length}`],
      [
        'Not tested',
        risk?.notTested && `${counted(list(risk.notTested).length, 'check')}; the reports say why`,
      ],
    ]),
    section('Access control', [
      ['Without a login', answer(auth?.anonymous)],
      ['With the login', answer(auth?.credentials)],
      ['Default logins', answer(auth?.defaultCredentials)],
      ...list(auth?.authorisation).map((rights) => [RIGHTS_OF[rights.as] ?? 'Rights', rightsText(rights)]),
      ['Any login', answer(auth?.randomLogin)],
      ['Client certificate', answer(auth?.clientCertificate)],
      ['Not tried', notTried(auth)],
    ]),
    section('Certificate', certificateFacts(tls)),
    section('Publishers and subscribers', [
      [
        'Traffic',
        traffic &&
          `${counted(traffic.messages, 'message')} on ${counted(list(traffic.topics).length, 'topic')} in ${(traffic.listenedMs / 1000).toFixed(1)}\u00A0s`,
      ],
      ['Listened as', traffic && (traffic.listenedAs === 'anonymous' ? 'a stranger' : 'the login')],
      ['Clients', clientsText(traffic?.clients)],
      ['Publishers', traffic && publishersText(traffic)],
      [
        'Sensitive data',
        traffic?.sensitive &&
          Object.entries(traffic.sensitive)
            .map(([kind, count]) => `${kind} (${count})`)
            .join(', '),
      ],
      [
        'Can be commanded',
        list(traffic?.controls)
          .slice(0, 5)
          .map(({ kind, topic }) => `${kind} ${clip(topic, 60)}`)
          .join(', '),
      ],
      ...list(traffic?.devices)
        .slice(0, 10)
        .map((device) => ['Device', deviceText(device)]),
    ]),
  ].filter(({ facts }) => facts.length > 0);
  const topics = list(traffic?.topics);
  const findings = list(risk?.findings);
  return {
    isFinal,
    sections,
    topics: topics.slice(0, MAX_TOPICS).map(topicRow),
    moreTopics:
      topics.length > MAX_TOPICS ? `${topics.length - MAX_TOPICS} more topics are in the reports.` : '',
    findings: findings.slice(0, MAX_FINDINGS).map(findingRow),
    verdict: !isFinal
      ? 'Still being checked.'
      : findings.every(({ severity }) => severity === 'OK')
        ? 'No weakness was found.'
        : '',
  };
}

function section(title, facts) {
  const given = facts.filter(
    ([, value]) => value !== undefined && value !== null && value !== false && value !== '',
  );
  return { title, facts: given.map(([name, value]) => [name, pieces(clip(value, 400), 80)]) };
}

function answer(login) {
  const verdict = VERDICT[login?.verdict];
  if (!verdict) return undefined;
  const users = list(login.accepted).join(', ');
  // What the broker answered may be the verdict in the same words, or go on from it.
  const { meaning } = login;
  const answered = String(meaning ?? '').startsWith(verdict)
    ? [meaning]
    : [verdict, meaning && `– ${meaning}`];
  return [...answered, users && `(${users})`, login.sentInClear && '(sent unencrypted)']
    .filter(Boolean)
    .join(' ');
}

/** Logins that the access test left out of its own accord, and why. */
function notTried(auth) {
  const logins = [
    ['the login', auth?.credentials],
    ...list(auth?.anonymousVersions).map((login) => [
      `none in MQTT ${versionName(login.protocolVersion)}`,
      login,
    ]),
    ['a random login', auth?.randomLogin],
    ...list(auth?.anonymousVariants).map((login) => [String(login.variant).replaceAll('-', ' '), login]),
  ].filter(([, login]) => login?.verdict === 'not-tested' && String(login.meaning).startsWith('left out'));
  return logins.length > 0 && `${logins.map(([name]) => name).join(', ')}: ${logins[0][1].meaning}`;
}

const versionName = (version) => ({ 3: '3.1', 4: '3.1.1', 5: '5.0' })[version] ?? version;

function rightsText({ read, write }) {
  const rights = [...list(read).map(({ filter, verdict }) => [verdict, `read ${filter}`]), [write, 'write']];
  return Object.entries(RIGHTS)
    .map(([verdict, label]) => [
      label,
      rights.filter(([given]) => given === verdict).map(([, right]) => right),
    ])
    .filter(([, found]) => found.length > 0)
    .map(([label, found]) => `${label}: ${found.join(', ')}.`)
    .join(' ');
}

function certificateFacts(tls) {
  if (!tls) return [];
  const { certificate, versions, cipherSuites, trusted, trustError, hostnameMatches, error, score } = tls;
  const facts = [
    ['Certificate score', score && `${score.value} of 100`],
    ['TLS versions', list(versions).join(', ')],
    [
      'Cipher suites',
      list(cipherSuites)
        .slice(0, 8)
        .map((suite) => suite?.name ?? suite)
        .join(', '),
    ],
    ['Error', error],
  ];
  if (!certificate) return facts;
  const { subject, issuer, subjectAltNames, validFrom, validTo, daysLeft, keyType, keyBits, fingerprint256 } =
    certificate;
  return [
    ...facts,
    ['Subject', subject],
    ['Issued by', issuer],
    ['Names', list(subjectAltNames).slice(0, 10).join(', ')],
    [
      'Valid',
      `${String(validFrom).slice(0, 10)} to ${String(validTo).slice(0, 10)} (UTC), ${daysLeft < 0 ? `ended ${counted(-daysLeft, 'day')} ago` : `${counted(daysLeft, 'day')} left`}`,
    ],
    ['Key', [String(keyType ?? '').toUpperCase(), keyBits && `${keyBits} bits`].filter(Boolean).join(', ')],
    [
      'Trusted',
      `${trusted ? 'yes' : `no${trustError ? ` (${trustError})` : ''}`}; the name ${hostnameMatches ? 'matches' : 'does not match'}`,
    ],
    ['Fingerprint', fingerprint256],
  ];
}

/** MQTT does not say who publishes: names that topics tell where there are any, else the topics themselves. */
function publishersText({ publishers, topics }) {
  const names = list(publishers);
  if (names.length > 0)
    return `${names.length}: ${names
      .slice(0, 8)
      .map(({ id }) => clip(id, 40))
      .join(', ')}`;
  const data = list(topics).filter(({ topic }) => !String(topic).startsWith('$'));
  return `${counted(data.length, 'topic')} with messages of devices, ${data.filter(({ sensor }) => sensor).length} of them sensors`;
}

function clientsText(clients) {
  if (!clients) return undefined;
  const known = ['connected', 'disconnected', 'total', 'subscriptions'].filter(
    (key) => clients[key] !== undefined,
  );
  return known.map((key) => `${clients[key]} ${key}`).join(', ');
}

function deviceText({ name, id, vendor, model, firmware, address, mac }) {
  return [name ?? id, vendor, model, firmware, address, mac]
    .filter(Boolean)
    .map((text) => clip(text, 60))
    .join(', ');
}

function topicRow({ topic, messages, retained, payload, sensor, sensitive }) {
  return {
    topic: clip(topic, 200),
    text: clip(sensor?.text ?? payload, 200),
    facts: [
      `${messages} message${messages === 1 ? '' : 's'}`,
      retained && 'retained',
      ...list(sensitive)
        .slice(0, 3)
        .map((found) => `sensitive: ${clip(found.class, 40)}`),
    ]
      .filter(Boolean)
      .join(', '),
  };
}

function findingRow({ severity, title, evidence, remediation, why, command }) {
  return {
    severity,
    title: clip(title),
    evidence: clip(evidence, 300),
    why: clip(why, 400),
    // A remark is no weakness, so there is nothing to be mended.
    advice: `${severity === 'OK' ? 'Advice' : 'Fix'}: ${clip(remediation, 600)}`,
    command: clip(command, 300),
  };
}
