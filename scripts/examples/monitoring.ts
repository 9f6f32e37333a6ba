import { FlowBuilder, type FlowNode } from './flow-node';
import { answering, pipeline, profileAndCa } from './pipeline';

const READ_ME = `# A scan every night that tells only what is new

**Scan only networks that are yours, or for which you have permission.** The profile *My networks* allows private addresses and this machine; anything else is refused before a packet is sent.

1. Set the targets in both inject nodes; \`local\` stands for the networks of this machine. Targets that are written alike are compared with each other.
2. Send the two link nodes *scan alerts* and *certificate warnings* to where you want to read them: e-mail, chat, MQTT. Each message has \`payload.text\`, \`payload.kind\`, \`payload.level\` and \`payload.url\`.
3. Press *now* once: everything that is found is new then. Later scans tell what is not in the last report: new findings from MEDIUM on, findings that are gone, brokers that are new, gone or back, other certificates and versions, topics and sensors.
4. Enable *every night*.

The reports themselves are the memory, so keep the folder \`mqtt-scan-reports\`, and JSON among the formats.
`;
const WARNINGS = `Certificates that end within the days set in *inspect TLS* (30), that have ended, or whose issuer ends. Each is told once, and again when the warning becomes an end.`;

/** Findings about the end of certificates. */
const EXPIRY_RULES = ['TLS-CERT-EXPIRES-SOON', 'TLS-CERT-EXPIRED', 'TLS-CHAIN-EXPIRED'];

/** `04 - Scheduled scan with alerts.json` */
export function scheduledScan(): FlowNode[] {
  const builder = new FlowBuilder('monitoring');
  builder.config('tab', 'tab', {
    label: 'MQTT security monitoring',
    disabled: false,
    info: '',
    env: [{ name: 'TIMEZONE', value: 'Asia/Kuala_Lumpur', type: 'str' }],
  });
  builder.comment('read-me', [180, 60], 'Monitoring - read me first', READ_ME);
  const inject = { props: [{ p: 'payload' }], repeat: '', once: false, onceDelay: 0.1, topic: '' };
  const local = { payload: 'local', payloadType: 'str' };
  builder.node(
    'night',
    'inject',
    [150, 140],
    { name: 'every night', ...inject, crontab: '00 02 * * *', ...local, d: true },
    [['probe']],
  );
  builder.node('now', 'inject', [130, 200], { name: 'now', ...inject, crontab: '', ...local }, [['probe']]);
  builder.node('called', 'link in', [95, 260], { name: 'MQTT security scan (monitoring)', links: [] }, [
    ['probe'],
  ]);

  pipeline(builder, { x: 360, y: 140, alerts: ['kind'], alertFrom: 'MEDIUM', reports: ['is-called'] });

  const isExpiry = EXPIRY_RULES.map((v) => ({ t: 'eq', v, vt: 'str' }));
  builder.node(
    'kind',
    'switch',
    [1080, 260],
    {
      name: 'certificate?',
      property: 'payload.finding.id',
      propertyType: 'msg',
      rules: [...isExpiry, { t: 'else' }],
      checkall: 'false',
      repair: false,
      outputs: EXPIRY_RULES.length + 1,
    },
    [...EXPIRY_RULES.map(() => ['warnings', 'shown']), ['alerts', 'shown']],
  );
  builder.comment('about-warnings', [1360, 200], 'Certificate expiry', WARNINGS);
  builder.node(
    'warnings',
    'link out',
    [1285, 240],
    { name: 'certificate warnings', mode: 'link', links: [] },
    [],
  );
  builder.node('alerts', 'link out', [1285, 280], { name: 'scan alerts', mode: 'link', links: [] }, []);
  const debug = { active: true, tosidebar: true, console: false, tostatus: false, targetType: 'msg' };
  const noStatus = { statusVal: '', statusType: 'auto' };
  builder.node(
    'shown',
    'debug',
    [1330, 320],
    { name: 'alerts', ...debug, complete: 'payload.text', ...noStatus },
    [],
  );
  answering(builder, [1430, 140]);
  builder.node('errors', 'catch', [160, 360], { name: 'errors of all nodes', scope: null, uncaught: false }, [
    ['error'],
  ]);
  builder.node(
    'error',
    'debug',
    [370, 360],
    { name: 'errors', ...debug, complete: 'error', ...noStatus },
    [],
  );
  profileAndCa(builder);
  return builder.nodes;
}
