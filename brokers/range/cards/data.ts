import type { RangeCard } from '../card';
import { SENSOR_MESSAGES } from './messages';

const OPEN = ['NET-PLAINTEXT', 'AUTH-ANON', 'ACL-READ-ALL'] as const;
const READABLE = { lines: ['allow_anonymous true'], acl: 'topic read #\n' } as const;
const EMBEDDED = { readable: ['#'], writable: [] } as const;

/** What lies open on a broker that anyone reads. All values are made up. */
export const DATA_CARDS: readonly RangeCard[] = [
  {
    id: 'retained-secrets',
    title: 'Passwords that stay',
    wrong:
      "A device has published its Wi-Fi key and the broker's login, retained: whoever comes later still gets them.",
    finds: 'Secrets among the messages, shown redacted.',
    fix: 'Clear the retained messages, change what was in them, and take secrets out of what devices publish.',
    transport: 'tcp',
    mosquitto: READABLE,
    embedded: EMBEDDED,
    messages: [
      { topic: 'home/boiler/config', payload: '{"ssid":"Workshop","psk":"correct-horse-battery"}' },
      { topic: 'home/gateway/backup', payload: 'mqtt://gateway:7h3-S4fe-W0rd@10.20.30.40:1883' },
    ],
    expected: {
      outcome: 'open',
      level: 'CRITICAL',
      findings: [...OPEN, 'DATA-SECRET'],
    },
  },
  {
    id: 'personal-data',
    title: 'Where people are',
    wrong: 'A telephone reports where its owner is, to everyone.',
    finds: 'Places and persons among the messages.',
    fix: 'Require a login, let each person read their own topic only, and encrypt what OwnTracks sends.',
    transport: 'tcp',
    mosquitto: READABLE,
    embedded: EMBEDDED,
    messages: [
      {
        topic: 'owntracks/aminah/phone',
        payload:
          '{"_type":"location","lat":3.139003,"lon":101.686855,"acc":12,"batt":81,"tid":"am","tst":1767225600}',
      },
    ],
    expected: { outcome: 'open', level: 'CRITICAL', findings: [...OPEN, 'DATA-LOCATION', 'DATA-INVENTORY'] },
  },
  {
    id: 'command-topics',
    title: 'Machines that listen to anyone',
    wrong: 'Command topics of relays and of a plant (Sparkplug NCMD) are visible to strangers.',
    finds: 'Topics that steer things.',
    fix: 'Let only the controller write and read command topics (acl_file), and let nobody in without a login.',
    transport: 'tcp',
    mosquitto: READABLE,
    embedded: EMBEDDED,
    messages: [
      { topic: 'cmnd/pump/POWER', payload: 'ON' },
      // One metric: name "Node Control/Rebirth" (field 1), datatype 11 (boolean, field 4), value true (field 14).
      {
        topic: 'spBv1.0/plant/NCMD/press',
        payload: Buffer.concat([
          Buffer.from([0x12, 0x1a, 0x0a, 0x14]),
          Buffer.from('Node Control/Rebirth'),
          Buffer.from([0x20, 0x0b, 0x70, 0x01]),
        ]),
      },
    ],
    expected: { outcome: 'open', level: 'CRITICAL', findings: [...OPEN, 'DATA-OT-COMMAND'] },
  },
  {
    id: 'sys-readable',
    title: 'The broker that talks about itself',
    wrong: 'Strangers read $SYS: version, number of clients, traffic.',
    finds: "The broker's own topics.",
    fix: 'Deny $SYS/# in the acl_file to all but the account that watches the broker.',
    transport: 'tcp',
    mosquitto: { lines: ['allow_anonymous true', 'sys_interval 1'], acl: 'topic read $SYS/#\n' },
    expected: {
      outcome: 'open',
      level: 'CRITICAL',
      findings: ['NET-PLAINTEXT', 'AUTH-ANON', 'ACL-SYS-READ'],
    },
  },
  {
    id: 'client-leak',
    title: 'A log for everyone',
    wrong: 'The broker publishes its log: who connects, from which address, under which name.',
    finds: 'Client ids and addresses in log topics.',
    fix: 'Take log_dest topic out, or deny $SYS/broker/log/# in the acl_file.',
    transport: 'tcp',
    embedded: { readable: ['$SYS/broker/log/#'], writable: [] },
    messages: [
      {
        topic: '$SYS/broker/log/N',
        payload:
          "1767225600: New client connected from 10.20.30.41:50412 as meter-17 (p2, c1, k60, u'meter').",
        live: true,
      },
    ],
    expected: {
      outcome: 'open',
      level: 'CRITICAL',
      findings: ['NET-PLAINTEXT', 'AUTH-ANON', 'ACL-SYS-READ', 'INFO-CLIENT-LEAK'],
    },
  },
  {
    id: 'control-reachable',
    title: 'The steering of the broker',
    wrong: "Topics of the broker's management ($CONTROL) reach strangers, with the accounts in them.",
    finds: 'Messages under $CONTROL.',
    fix: 'Deny $CONTROL/# to all but the administrator.',
    transport: 'tcp',
    embedded: { readable: ['$CONTROL/#', 'sensors/#'], writable: [] },
    messages: [
      ...SENSOR_MESSAGES,
      {
        topic: '$CONTROL/dynamic-security/v1/response',
        payload:
          '{"responses":[{"command":"listClients","data":{"totalCount":2,"clients":["admin","meter"]}}]}',
        live: true,
      },
    ],
    expected: {
      outcome: 'open',
      level: 'CRITICAL',
      findings: [...OPEN, 'ACL-CONTROL'],
    },
  },
];
