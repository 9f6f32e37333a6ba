import { createHmac } from 'node:crypto';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { DEFAULT_LISTEN, LIMITS, LISTEN_S, listenStage } from '../../lib/scan';
import type { ListenOptions, LiveReading } from '../../lib/traffic';
import { scanInfoOf } from '../shared/messages';
import { filtersOption, numberOption } from '../shared/options';
import { type StageInput, stageNode } from '../shared/stage-node';
import { typedOption } from '../shared/typed-option';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly filters?: unknown;
  readonly filtersType?: string;
  readonly listen?: unknown;
  readonly listenType?: string;
  readonly maxMessages?: unknown;
  readonly maxTopics?: unknown;
  readonly maxPayload?: unknown;
}

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('topic-sniffer', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    stageNode(RED, this, {
      profileId: config.profile,
      defaultPort: '1883',
      stage: async (input) => {
        const { message } = input;
        const [filters, listen] = await Promise.all([
          typedOption(RED, this, message, {
            name: 'filters',
            value: config.filters,
            type: config.filtersType,
          }),
          typedOption(RED, this, message, { name: 'listen', value: config.listen, type: config.listenType }),
        ]);
        return listenStage({ ...listenOptions({ ...config, filters, listen }, input), salt: saltOf(RED) });
      },
    });
  });
};

/** The same as long as this Node-RED is the same one; nobody else has it. */
function saltOf(RED: NodeAPI): string | undefined {
  const { credentialSecret } = RED.settings as { readonly credentialSecret?: unknown };
  if (typeof credentialSecret !== 'string' || credentialSecret === '') return undefined;
  // Not the secret itself, nor anything from which it could be worked out.
  return createHmac('sha256', credentialSecret).update('mqtt-scanner samples').digest('hex');
}

function listenOptions(config: Config, { message, session, send }: StageInput): ListenOptions {
  const { filters, listenMs, maxMessages, maxTopics, maxPayload } = DEFAULT_LISTEN;
  const scan = scanInfoOf(message);
  const sendReading = ({ url, topic, sensor, seenAt }: LiveReading): void => {
    const { type, readings, text } = sensor;
    send([null, { topic, payload: { url, topic, type, readings, text, seenAt }, ...(scan && { scan }) }]);
  };
  return {
    filters: filtersOption(config.filters, filters),
    listenMs:
      session?.notes.listenMs ??
      1000 * numberOption(config.listen, { name: 'listen', ...LISTEN_S, fallback: listenMs / 1000 }),
    maxMessages: numberOption(config.maxMessages, {
      name: 'maxMessages',
      ...LIMITS.maxMessages,
      fallback: maxMessages,
    }),
    maxTopics: numberOption(config.maxTopics, {
      name: 'maxTopics',
      ...LIMITS.maxTopics,
      fallback: maxTopics,
    }),
    maxPayload: numberOption(config.maxPayload, {
      name: 'maxPayload',
      ...LIMITS.maxPayload,
      fallback: maxPayload,
    }),
    onReading: sendReading,
  };
}
