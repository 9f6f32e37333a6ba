import { FlowBuilder, type FlowNode } from './flow-node';
import { answering, pipeline, profileAndCa } from './pipeline';

const READ_ME = `# Scans that other things start

**Scan only networks that are yours, or for which you have permission.** The profile *My networks* allows private addresses and this machine; anything else is refused before a packet is sent.

Five ways into one chain of nodes. Delete what you do not need. What can be started from outside is off until you switch it on: the HTTP API has no key, and the MQTT command and the schedule are disabled nodes.

All times are in the zone that the property \`TIMEZONE\` of this flow names.
`;
const LINK_CALL = `Any flow starts a scan with a *link call* node set to *MQTT security scan (triggers)* and gets the report as the answer:

    msg.payload = { targets: '192.168.1.10', listen: 10 };

The answer's \`msg.payload\` is \`{ number, files, summary }\`. Where there is no report, because the target was refused or the report could not be written, the answer has \`msg.error\` with \`code\` and \`message\`, and no \`msg.payload\`. Give the link call a time-out that is longer than the scan. In a Function node of Node-RED 5, \`node.linkcall()\` does the same.
`;
const API = `Set the key as \`API_KEY\` in the properties of this flow (double-click the tab), or as the environment variable \`MQTT_SCANNER_API_KEY\`. Without a key every request is refused. Every request carries it:

    curl -H 'X-API-Key: …' -H 'Content-Type: application/json' -d '{"targets": "192.168.1.0/24"}' http://127.0.0.1:1880/mqtt-scanner/scans

- \`POST /mqtt-scanner/scans\` with \`targets\`, and \`ports\`, \`listen\`, \`credentials\`, \`name\` if wanted: 202 with an \`id\`
- \`GET /mqtt-scanner/scans\`: the last 20 scans that were started here
- \`GET /mqtt-scanner/scans/ID\`: its \`state\` (\`running\`, \`done\`, \`stopped\` or \`failed\`), \`progress\`, \`number\` and \`formats\` of the report, \`summary\`, \`warning\`, \`error\`
- \`DELETE /mqtt-scanner/scans/ID\`: stops it; what was found until then is reported
- \`GET /mqtt-scanner/scans/ID/result\`: the same with the first 1,000 \`endpoints\`; \`notListed\` counts the others, which the JSON report has
- \`GET /mqtt-scanner/scans/ID/report?format=pdf\`: the report, also \`csv\` and \`json\`

Whatever goes wrong is answered with \`{"error": {"code": "…", "message": "…"}}\`: 400 broken JSON, 401 no or a wrong key, 403 out of scope, 404 unknown, 409 still running, ended already or failed, 410 the file of the report was removed, 413 body over 1 MB, 422 bad request, 429 more than 5 requests for a scan a minute, or 5 scans running, 500 a setting of the flow is wrong.

**Put a server in front that does HTTPS and limits bodies to 1 MB** (in nginx \`client_max_body_size 1m\`) before others can reach the API: the key must not cross a network in clear, and Node-RED takes a whole body into memory before it asks for the key or for \`httpNodeAuth\`. Its setting \`apiMaxLength\` does not limit these bodies.
`;
const COMMAND = `Set your broker, then enable both MQTT nodes. Publish to \`mqtt-scanner/scan/start\`:

    {"targets": "192.168.1.10", "id": "my-1"}

The answer comes on \`mqtt-scanner/scan/result\` with the same \`id\`: \`number\`, \`summary\` and \`files\` of the report when the scan has ended, or an \`error\` with \`code\` and \`message\`. **Whoever may publish to the first topic starts scans, and whoever may subscribe to the second reads their results**: give both rights to few. \`ports\`, \`listen\`, \`name\` and \`scope\`, which narrows the profile's, may be given too; anything else is refused. Logins do not belong in a command; the profile has one. Retained commands are ignored, and so is more than 5 a minute, with the error \`RATE\`.
`;
const SCHEDULE =
  'Enable the node to scan the networks of this machine every night at two, by the clock of this machine. `local` stands for its networks.\n';
const DEVICE = `A flow that notices new devices (DHCP leases, a router, a network scan) sends \`msg.payload\` = the address, or an object with \`ip\`, \`address\` or \`host\`, to the link *new device joined*. Each address is scanned at most once an hour, three at the same time; the others wait.
`;

/** `05 - Scan triggers.json` */
export function scanTriggers(): FlowNode[] {
  const builder = new FlowBuilder('triggers');
  builder.config('tab', 'tab', {
    label: 'MQTT security scan triggers',
    disabled: false,
    info: '',
    env: [
      { name: 'TIMEZONE', value: 'Asia/Kuala_Lumpur', type: 'str' },
      { name: 'API_KEY', value: '', type: 'cred' },
    ],
  });
  builder.comment('read-me', [180, 60], 'Scan triggers - read me first', READ_ME);
  builder.comment('about-call', [140, 120], '1. Link call', LINK_CALL);
  builder.node('called', 'link in', [75, 160], { name: 'MQTT security scan (triggers)', links: [] }, [
    ['probe'],
  ]);

  builder.comment('about-api', [140, 220], '2. HTTP API', API);
  const http = { upload: false, skipBodyParsing: false, swaggerDoc: '' };
  builder.node(
    'http-start',
    'http in',
    [180, 260],
    { name: 'start a scan', url: '/mqtt-scanner/scans', method: 'post', ...http, skipBodyParsing: true },
    [['api']],
  );
  builder.node(
    'http-list',
    'http in',
    [180, 300],
    { name: 'list of scans', url: '/mqtt-scanner/scans', method: 'get', ...http },
    [['api']],
  );
  builder.node(
    'http-status',
    'http in',
    [180, 340],
    { name: 'state of a scan', url: '/mqtt-scanner/scans/:id', method: 'get', ...http },
    [['api']],
  );
  builder.node(
    'http-result',
    'http in',
    [180, 380],
    { name: 'result, report', url: '/mqtt-scanner/scans/:id/:what', method: 'get', ...http },
    [['api']],
  );
  builder.node(
    'http-stop',
    'http in',
    [180, 420],
    { name: 'stop a scan', url: '/mqtt-scanner/scans/:id', method: 'delete', ...http },
    [['api']],
  );
  builder.function('api', [390, 300], 'API', 'api', [['http-out'], ['probe'], ['read-file']]);
  builder.node(
    'read-file',
    'file in',
    [560, 340],
    {
      name: 'read report',
      filename: 'filename',
      filenameType: 'msg',
      format: '',
      chunk: false,
      sendError: false,
      encoding: 'none',
      allProps: false,
    },
    [['http-out']],
  );
  builder.node('http-out', 'http response', [730, 300], { name: 'answer', statusCode: '', headers: {} }, []);

  builder.comment('about-command', [150, 480], '3. MQTT command', COMMAND);
  builder.node(
    'command-in',
    'mqtt in',
    [160, 520],
    {
      name: 'commands',
      topic: 'mqtt-scanner/scan/start',
      qos: '1',
      datatype: 'auto-detect',
      broker: builder.id('broker'),
      nl: false,
      rap: true,
      rh: 0,
      inputs: 0,
      d: true,
    },
    [['command']],
  );
  builder.function('command', [360, 520], 'command to scan', 'command', [['probe'], ['command-out']]);
  builder.node(
    'command-out',
    'mqtt out',
    [1540, 520],
    {
      name: 'results',
      topic: 'mqtt-scanner/scan/result',
      qos: '1',
      retain: 'false',
      respTopic: '',
      contentType: '',
      userProps: '',
      correl: '',
      expiry: '',
      broker: builder.id('broker'),
      d: true,
    },
    [],
  );

  builder.comment('about-schedule', [140, 580], '4. Schedule', SCHEDULE);
  builder.node(
    'schedule',
    'inject',
    [170, 620],
    {
      name: 'every night',
      props: [{ p: 'payload' }],
      repeat: '',
      crontab: '00 02 * * *',
      once: false,
      onceDelay: 0.1,
      topic: '',
      payload: 'local',
      payloadType: 'str',
      d: true,
    },
    [['probe']],
  );

  builder.comment('about-device', [150, 680], '5. New device', DEVICE);
  builder.node('device-in', 'link in', [75, 720], { name: 'new device joined', links: [] }, [['device']]);
  builder.function('device', [240, 720], 'once an hour', 'device', [['probe']]);

  pipeline(builder, {
    y: 620,
    x: 620,
    progress: ['progress-out'],
    rated: ['rated-out'],
    reports: ['origin'],
  });
  builder.link('progress', 'progress of a triggered scan', [765, 680], [265, 220], ['api']);
  builder.link('rated', 'endpoints of a triggered scan', [1495, 680], [265, 180], ['api']);
  builder.link('written', 'report of a triggered scan', [1825, 560], [305, 380], ['api']);
  const askers = ['api', 'mqtt', 'device'].map((v) => ({ t: 'eq', v, vt: 'str' }));
  builder.node(
    'origin',
    'switch',
    [1700, 620],
    {
      name: 'who asked?',
      property: 'origin',
      propertyType: 'msg',
      rules: [...askers, { t: 'else' }],
      checkall: 'false',
      repair: false,
      outputs: 4,
    },
    [['written-out'], ['result'], ['device-report-out'], ['is-called']],
  );
  builder.function('result', [1360, 480], 'result for MQTT', 'result', [['command-out']]);
  answering(builder, [1860, 640]);
  builder.link('device-report', 'report of a new device', [1825, 600], [75, 760], ['device']);
  builder.node('errors', 'catch', [650, 760], { name: 'errors of all nodes', scope: null, uncaught: false }, [
    ['api-errors-out', 'mqtt-errors-out', 'device-errors-out', 'call-errors', 'debug'],
  ]);
  builder.function('call-errors', [890, 880], 'no report?', 'call-errors', [['answer']]);
  builder.link('api-errors', 'errors for the API', [825, 800], [265, 140], ['api']);
  builder.link('mqtt-errors', 'errors for MQTT', [825, 840], [1235, 480], ['result']);
  builder.link('device-errors', 'errors of new devices', [825, 920], [75, 800], ['device']);
  builder.node(
    'debug',
    'debug',
    [870, 760],
    {
      name: 'errors',
      active: true,
      tosidebar: true,
      console: false,
      tostatus: false,
      complete: 'error',
      targetType: 'msg',
      statusVal: '',
      statusType: 'auto',
    },
    [],
  );

  profileAndCa(builder);
  builder.config('broker', 'mqtt-broker', {
    ...{
      name: 'My broker',
      broker: 'localhost',
      port: '1883',
      clientid: '',
      autoConnect: true,
      usetls: false,
      protocolVersion: '4',
    },
    ...{ keepalive: '60', cleansession: true, autoUnsubscribe: true, sessionExpiry: '' },
    ...{
      birthTopic: '',
      birthQos: '0',
      birthRetain: 'false',
      birthPayload: '',
      birthMsg: {},
      closeTopic: '',
      closeQos: '0',
      closeRetain: 'false',
    },
    ...{
      closePayload: '',
      closeMsg: {},
      willTopic: '',
      willQos: '0',
      willRetain: 'false',
      willPayload: '',
      willMsg: {},
      userProps: '',
    },
  });
  return builder.nodes;
}
