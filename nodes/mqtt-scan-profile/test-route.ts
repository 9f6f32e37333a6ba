import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ScanError } from '../../lib/model';
import { probeEndpoint } from '../../lib/probe';
import { planScan } from '../../lib/scan';
import { isRecord } from '../shared/messages';
import { profileOf } from '../shared/profile';
import { translated } from '../shared/translate';

/** What a person waits for at a button. */
const LIMIT_MS = 15_000;

/**
 * The *Test* button of a profile: probes one target with the profile as it is deployed, so that its login stays on
 * the server. It sends packets to the network, so it needs the right to deploy.
 */
export function serveProfileTest(RED: NodeAPI): void {
  const mayWrite = RED.auth.needsPermission('mqtt-scan-profile.write');
  RED.httpAdmin.post('/mqtt-scan-profile/:id/test', mayWrite, (request, response) => {
    testProfile(RED, request).then(
      (result) => response.json(result),
      (thrown: unknown) => sendError(RED, response, thrown),
    );
  });
}

async function testProfile(RED: NodeAPI, { params, body }: Request): Promise<object> {
  const { phaseTimeoutMs, ...profile } = profileOf(RED, String(params.id));
  const targets: unknown = isRecord(body) ? body.target : undefined;
  if (typeof targets !== 'string') throw new ScanError('NO_TARGET');
  const { scope, resolve } = profile;
  const plan = await planScan({ targets, ports: '1883' }, { scope, resolve, timeoutMs: phaseTimeoutMs });
  const [endpoint] = plan.space;
  if (!endpoint?.named)
    throw new ScanError('BAD_INPUT', { reason: 'a test takes one target, such as broker.lan:8883' });
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { url, outcome, probe } = await probeEndpoint(endpoint, {
    ...profile,
    phaseTimeoutMs,
    pinned: plan.pinned,
    signal,
  });
  return { url, outcome, openedAs: probe?.openedAs, reason: probe?.reason };
}

function sendError(RED: NodeAPI, response: Response, thrown: unknown): void {
  const { code, message } = translated(RED, thrown);
  response.status(code === 'PROFILE_MISSING' ? 404 : 422).json({ code, message });
}
