import type { Node, NodeAPI, NodeDef } from 'node-red';
import { authStage, DEFAULT_AUTH, LIMITS } from '../../lib/scan';
import { booleanOption, numberOption } from '../shared/options';
import { stageNode } from '../shared/stage-node';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly defaultCredentials?: unknown;
  readonly authorisation?: unknown;
  readonly writeTest?: unknown;
  readonly maxAttempts?: unknown;
}

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('anon-auth-test', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    stageNode(RED, this, {
      profileId: config.profile,
      defaultPort: '1883',
      stage: () =>
        authStage({
          defaultCredentials: booleanOption(config.defaultCredentials, DEFAULT_AUTH.defaultCredentials),
          authorisation: booleanOption(config.authorisation, DEFAULT_AUTH.authorisation),
          writeTest: booleanOption(config.writeTest, DEFAULT_AUTH.writeTest),
          maxAttempts: numberOption(config.maxAttempts, {
            name: 'maxAttempts',
            ...LIMITS.maxAttempts,
            fallback: DEFAULT_AUTH.maxAttempts,
          }),
        }),
    });
  });
};
