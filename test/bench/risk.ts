import { classify, policyNamed } from '../../lib/risk';
import { open, plain, probe, product, topic, traffic } from '../../lib/risk/testing';
import { median } from './measure';

const ENDPOINTS = 10_000;
const ROUNDS = 5;

/** Reports with 20 findings and more each, none of them the same object. */
function reports(): ReturnType<typeof plain>[] {
  const secret = {
    class: 'token',
    severity: 'CRITICAL',
    confidence: 1,
    path: '$.t',
    sample: '***',
    retained: true,
  } as const;
  const controls = [
    { kind: 'command', severity: 'HIGH', confidence: 1, convention: 'name', topic: 'a/set' },
  ] as const;
  const devices = [{ id: 'd', convention: 'name', topic: 'a' }];
  return Array.from({ length: ENDPOINTS }, (_, i) =>
    plain({
      address: `10.0.${i >> 8}.${i & 255}`,
      url: `mqtt://10.0.${i >> 8}.${i & 255}:1883`,
      probe: probe({
        product: product('mosquitto', '1.4.9'),
        limits: {},
        versions: [3, 4],
        emptyClientId: 'accepted',
        openedAs: 'anonymous',
        strictness: {
          unknownProtocolName: 'accepted',
          reservedConnectFlag: 'accepted',
          packetBeforeConnect: 'accepted',
          secondConnect: 'accepted',
        },
      }),
      auth: open({
        read: [
          { filter: '#', verdict: 'proven' },
          { filter: '$SYS/#', verdict: 'proven' },
        ],
        write: 'proven',
      }),
      traffic: traffic('anonymous', [topic('a', { sensitive: [secret], live: 0 })], { controls, devices }),
    }),
  );
}

/** 10,000 endpoints with 20 findings each, beside writing the same reports as JSON: the least a report costs. */
export function risk(): Promise<void> {
  const policy = policyNamed('default');
  const endpoints = reports();
  const found = classify(endpoints[0] ?? plain(), policy).findings.length;
  const times: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(timeOf(() => endpoints.forEach((report) => void classify(report, policy))));
    bare.push(timeOf(() => endpoints.forEach((report) => void JSON.stringify(report))));
  }
  const per = `${median(times)} ms (median of ${ROUNDS}); JSON.stringify of the same reports ${median(bare)} ms`;
  console.log(`Classification of ${ENDPOINTS} endpoints with ${found} findings each\n    ${per}`);
  return Promise.resolve();
}

function timeOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return Math.round(performance.now() - startedAt);
}
