import type { Node, NodeAPI, NodeDef } from 'node-red';
import { DEFAULT_TLS, LIMITS, tlsStage } from '../../lib/scan';
import { choiceOption, numberOption } from '../shared/options';
import { stageNode } from '../shared/stage-node';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly depth?: string;
  readonly expiryDays?: unknown;
}

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('tls-inspect', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    stageNode(RED, this, {
      profileId: config.profile,
      defaultPort: '8883',
      stage: () =>
        tlsStage({
          depth: choiceOption(config.depth, 'depth', ['full', 'certificate'], DEFAULT_TLS.depth),
          expiryDays: numberOption(config.expiryDays, {
            name: 'expiryDays',
            ...LIMITS.expiryDays,
            fallback: DEFAULT_TLS.expiryDays,
          }),
        }),
    });
  });
};
