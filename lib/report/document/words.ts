import type {
  AccessVerdict,
  Confidence,
  FilterKind,
  LoginName,
  RightVerdict,
  RiskArea,
  RiskLevel,
  SensitiveClass,
  SessionSafetyResult,
} from '../../model';

/** Titles of the report's parts. */
export const TITLES = {
  contents: 'Contents',
  summary: 'Executive Summary',
  actions: 'What to Do First',
  glance: 'Findings at a Glance',
  changes: 'Changes since the Last Report',
  overview: 'Scan Overview',
  details: 'Detailed Findings',
  scanWide: 'Findings across Endpoints',
  withoutMqtt: 'Endpoints Without MQTT',
  passed: 'What Passed',
  notTested: 'What Was Not Tested',
  appendix: 'Appendix',
  method: 'Method',
  policy: 'Settings and Policy',
  limits: 'Limits of This Report',
  glossary: 'Glossary',
} as const;

/** Titles of the parts of an endpoint. */
export const PARTS = {
  findings: 'Findings',
  remarks: 'Remarks',
  checks: 'Checks',
  certificate: 'TLS and Certificate',
  access: 'Access: Who May Do What',
  topics: 'Topics and Readings',
  sensitive: 'Sensitive Data',
  controls: 'Topics That Take Commands',
  devices: 'Devices',
  retained: 'Retained Messages',
  passed: 'Passed',
  notTested: 'Not Tested',
  muted: 'Silenced by the Policy',
} as const;

export const COVER_NOTES = {
  scope: 'Scope',
  authorisation: 'Authorisation',
  handling: 'Handling',
} as const;

export const SCOPE_TEXT =
  'Only the targets named above were contacted, at the time named above. What was not reached or not tested is listed in this report; nothing is said about anything else.';
export const AUTHORISATION_TEXT =
  'A scan may be run only by, or with the permission of, the owner of the systems scanned. Whoever started this scan confirmed to be allowed to do so by setting its scope.';
export const HANDLING_TEXT =
  'Confidential: this report names weak systems and what could be read on them. Hand it to those who mend them. It holds no login used for the scan.';

/** What a level means to somebody who has to decide. */
export const LEVEL_MEANINGS: Readonly<Record<RiskLevel, string>> = {
  CRITICAL: 'Anybody who reaches the system can read or change what it does. Act today.',
  HIGH: 'A stranger gets further than he should. Act this week.',
  MEDIUM: 'A protection is missing, or could not be checked. Plan the change.',
  LOW: 'A small weakness, or data that a permitted account can read. Mend it with the next change.',
  OK: 'Nothing to mend. Listed so that it is known.',
};

export const CONFIDENCE: Readonly<Record<Confidence, string>> = {
  proven: 'proven by a test',
  told: 'told by the broker',
  guessed: 'guessed from signs',
};

export const CONFIDENCE_SHORT: Readonly<Record<Confidence, string>> = {
  proven: 'Proven',
  told: 'Told',
  guessed: 'Guessed',
};

export const AREAS: Readonly<Record<RiskArea, string>> = {
  transport: 'Encryption',
  certificates: 'Certificates',
  authentication: 'Login',
  authorisation: 'Access rights',
  exposure: 'Exposed data',
  protocol: 'Protocol',
  product: 'Product',
  configuration: 'Configuration',
};

export const ACCESS: Readonly<Record<AccessVerdict, string>> = {
  accepted: 'Let in',
  refused: 'Refused',
  inconclusive: 'Undecided',
  'not-tested': 'Not tested',
};

export const RIGHTS: Readonly<Record<RightVerdict, string>> = {
  proven: 'Yes, proven',
  granted: 'Granted, not proven',
  denied: 'No',
  inconclusive: 'Undecided',
  'not-tested': 'Not tested',
};

export const LOGIN_NAMES: Readonly<Record<LoginName, string>> = {
  anonymous: 'Anybody (no login)',
  credentials: 'Login given',
  certificate: 'Client certificate',
};

/** Whose messages a filter asks for, in the order of the columns. */
export const FILTER_KINDS: Readonly<Record<FilterKind, string>> = {
  applications: 'Read Messages',
  bypass: 'Read by a Detour',
  broker: 'Read Statistics',
  management: 'Read Management',
};

export const SESSION_WORDS: Readonly<Record<SessionSafetyResult['takeover'], string>> = {
  'taken-over': 'the second takes the session over',
  'second-refused': 'the second is refused',
  'both-kept': 'both stay',
  'any-identifier': 'each login has one session, whatever the identifier',
  inconclusive: 'undecided',
};

export const SENSITIVE: Readonly<Record<SensitiveClass, string>> = {
  credentials: 'Login',
  'wifi-key': 'Wi-Fi password',
  token: 'Access token',
  'private-key': 'Private key',
  'encryption-key': 'Encryption key',
  'alarm-code': 'Alarm code',
  location: 'Location',
  email: 'E-mail address',
  phone: 'Phone number',
  'device-identity': 'Device identity',
  image: 'Image',
  audio: 'Sound',
  person: 'Person',
  plate: 'Number plate',
  health: 'Health data',
  presence: 'Presence at home',
  network: 'Network details',
  payment: 'Payment data',
  'open-network': 'Open network',
};

export const METHOD: readonly string[] = [
  'Each target was contacted on each port given. Where something answered, the scanner found out whether it is MQTT, over plain TCP, TLS or WebSocket, in the versions 3.1, 3.1.1 and 5.0, and which product it is.',
  'On TLS, the protocol versions, cipher suites and certificates were examined, and the certificate was checked against the trusted authorities and the name or address of the target.',
  'Access was tried without a login and with the login given, if any. Rights were tried by subscribing; a right counts as proven when a message came back. Nothing was published unless the settings of the scan allow it.',
  'The scanner then listened for the time set. Values from messages are shown shortened, and secrets are made unreadable.',
  'Every finding is a rule that matched what was seen. The level of an endpoint is the level of its worst finding.',
  'Commands are for a shell with the clients of Mosquitto, or with MQTTX for WebSocket. What begins with $ is to be filled in: $MQTT_USER and $MQTT_PASSWORD with a login, $CA_FILE with the certificate of the authority behind the broker’s own, $CLIENT_CERTIFICATE and $CLIENT_KEY with a client certificate and its key.',
];

export const LIMITS: readonly string[] = [
  'A scan is one look at one moment. Systems that were off, or hidden by a firewall, do not appear.',
  'Published vulnerabilities are matched by the version that a broker tells. They are possible, not proven.',
  'The absence of a finding is no proof of safety.',
];

/** Terms that the report uses, for readers who are not specialists. */
export const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  ['Access control list (ACL)', 'The list of topics that each account may read and write.'],
  ['Anonymous access', 'A connection without user name and password.'],
  ['Broker', 'The server to which all MQTT devices connect and which passes their messages on.'],
  ['Certificate', 'The proof of identity that a server shows in TLS.'],
  ['CVE', 'The public number of a known vulnerability.'],
  ['CVSS', 'A score from 0 to 10 for how severe a weakness is in itself (FIRST, version 4.0).'],
  ['CWE', 'The public catalogue of kinds of weaknesses.'],
  ['Endpoint', 'One address and port that was scanned.'],
  ['Finding', 'A weakness, or a fact worth knowing, that a rule found on an endpoint.'],
  ['MQTT', 'The protocol with which sensors and other devices send short messages.'],
  ['Payload', 'The content of a message.'],
  ['Publish, subscribe', 'To send a message to a topic; to ask for the messages of a topic.'],
  ['Retained message', 'A message that the broker keeps and hands to every new subscriber.'],
  ['TLS', 'The encryption that also protects web sites (https).'],
  ['Topic', 'The name under which messages are sent, such as house/kitchen/temperature.'],
];
