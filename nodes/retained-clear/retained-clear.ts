import type { Node, NodeAPI, NodeDef } from 'node-red';
import { ScanError } from '../../lib/model';
import { retainedStage } from '../../lib/scan';
import { writeBackup } from '../../lib/traffic';
import { filtersOption } from '../shared/options';
import { userFolder } from '../shared/report-folder';
import { stageNode } from '../shared/stage-node';

interface Config extends NodeDef {
  readonly profile?: string;
  readonly filters?: string;
  readonly dryRun?: unknown;
}

const FILTERS = ['#'];
/** In the user directory, beside the reports. */
const BACKUP_FOLDER = 'mqtt-retained-backups';

export = (RED: NodeAPI): void => {
  RED.nodes.registerType('retained-clear', function (this: Node, config: Config) {
    RED.nodes.createNode(this, config);
    stageNode(RED, this, {
      profileId: config.profile,
      defaultPort: '1883',
      stage: () => {
        // Anything but a clear no lists only.
        const dryRun = !isOff(config.dryRun);
        const folder = dryRun ? '' : backupFolder(RED);
        const filters = filtersOption(config.filters, FILTERS);
        return retainedStage({
          filters,
          dryRun,
          backup: (url, messages) => writeBackup(folder, url, messages),
        });
      },
    });
  });
};

const isOff = (value: unknown): boolean => value === false || value === 'false';

/** Payloads may be secret: they go to where Node-RED keeps its own, and nowhere else. @throws ScanError BAD_OPTION */
function backupFolder(RED: NodeAPI): string {
  const folder = userFolder(RED, BACKUP_FOLDER);
  if (folder !== undefined) return folder;
  const reason = 'Node-RED has no user directory to keep the backup in, so nothing is cleared';
  throw new ScanError('BAD_OPTION', { option: 'userDir', reason });
}
