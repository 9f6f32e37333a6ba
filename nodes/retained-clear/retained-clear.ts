import { isAbsolute, join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { retainedStage } from '../../lib/scan';
import { writeBackup } from '../../lib/traffic';
import { textOption } from '../shared/options';
import { stageNode } from '../shared/stage-node';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly filters?: string;
  readonly dryRun?: unknown;
}

const FILTERS = '#';
/** Filters are separated as targets are; a filter may contain blanks, so commas and lines count only. */
const SEPARATORS = /\s*[,\n]\s*/;
/** In the user directory, beside the reports. */
const BACKUP_FOLDER = 'mqtt-retained-backups';

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('retained-clear', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    const userDir = RED.settings.userDir;
    const directory =
      userDir && isAbsolute(userDir) ? join(userDir, BACKUP_FOLDER) : join(process.cwd(), BACKUP_FOLDER);
    stageNode(RED, this, {
      profileId: config.profile,
      defaultPort: '1883',
      stage: () =>
        retainedStage({
          filters: textOption(config.filters, FILTERS).split(SEPARATORS).filter(Boolean),
          // Anything but a clear no lists only.
          dryRun: !isOff(config.dryRun),
          backup: (url, messages) => writeBackup(directory, url, messages),
        }),
    });
  });
};

const isOff = (value: unknown): boolean => value === false || value === 'false';
