import assert from 'node:assert/strict';
import { type EndpointReport, scan } from '../lib';
import { factsOf } from './auth/facts';
import type { BrokerCase, Row, RunningBroker } from './auth/row';
import { AEDES } from './auth/rows-aedes';
import { MOSQUITTO, prepareMaterial } from './auth/rows-mosquitto';
import { RABBITMQ } from './auth/rows-rabbitmq';
import { SCRIPTED } from './auth/rows-scripted';
import { orSkip } from './support/unavailable';

const CASES: readonly BrokerCase[] = [...MOSQUITTO, ...AEDES, ...SCRIPTED, ...RABBITMQ];

async function reportOf({ target }: RunningBroker, row: Row): Promise<EndpointReport> {
  const { credentials, auth, tls } = row;
  const where = row.target?.() ?? target;
  const reports: EndpointReport[] = [];
  const options = {
    listen: false,
    tlsOptions: { depth: 'certificate' },
    rate: 100_000,
    ...(credentials && { credentials }),
    ...(auth && { auth }),
    ...(tls && { tls: tls() }),
  } as const;
  for await (const report of scan(where, options)) reports.push(report);
  assert.equal(reports.length, 1);
  return reports[0] as EndpointReport;
}

/** What was tested can be tested again by a person; over WebSocket the usual clients cannot follow. */
function assertRepeatable({ auth, transport }: EndpointReport): void {
  if (!auth || transport === 'ws') return;
  const { anonymous, credentials, randomLogin, anonymousVariants = [], authorisation } = auth;
  for (const login of [anonymous, credentials, randomLogin, ...anonymousVariants]) {
    if (login && login.verdict !== 'not-tested')
      assert.match(login.evidence ?? '', /^mosquitto_sub -h 127\.0\.0\.1 /);
  }
  for (const { filter, evidence } of authorisation.flatMap(({ read }) => read)) {
    assert.ok(evidence?.includes(`-t '${filter}'`), filter);
  }
}

describe('who is let in, and what he may do', function () {
  this.timeout(60_000);

  before(prepareMaterial);

  for (const { name, start, rows } of CASES) {
    describe(name, () => {
      let broker: RunningBroker;
      before(async function () {
        // RabbitMQ takes a while on a machine that is busy.
        this.timeout(150_000);
        broker = await orSkip(this, start);
      });
      after(() => broker?.stop());

      for (const row of rows) {
        it(row.login, async () => {
          await row.prepare?.();
          const report = await reportOf(broker, row);
          const facts = factsOf(report);
          const seen = Object.fromEntries(Object.keys(row.expect).map((key) => [key, facts[key] ?? '-']));
          assert.deepEqual(seen, row.expect, JSON.stringify(report.auth));
          assertRepeatable(report);
          const secret = row.credentials?.password ?? '';
          // A default password is as well known as the user name that it equals.
          if (secret.length > 8) assert.ok(!JSON.stringify(report).includes(secret));
        });
      }
    });
  }
});
