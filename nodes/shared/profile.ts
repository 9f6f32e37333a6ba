import type { Node, NodeAPI } from 'node-red';
import { type Clock, type Credentials, ScanError, systemClock, type TlsMaterial } from '../../lib/model';
import { type CredentialsOver, Gate, type Resolve, Scope, systemResolve } from '../../lib/net';

/** What the nodes get from the configuration node `mqtt-scan-profile`. */
export interface Profile {
  readonly scope: Scope;
  readonly gate: Gate;
  readonly connectTimeoutMs: number;
  readonly phaseTimeoutMs: number;
  readonly tls: TlsMaterial | undefined;
  readonly credentials: Credentials | undefined;
  readonly credentialsOver: CredentialsOver;
  readonly resolve: Resolve;
  readonly clock: Clock;
}

/** The configuration node as the others see it. */
export interface ProfileNode extends Node {
  /** @throws ScanError when a setting of the profile is not valid */
  readonly profile: () => Profile;
}

function isProfileNode(node: Node | null | undefined): node is ProfileNode {
  return node?.type === 'mqtt-scan-profile' && 'profile' in node;
}

/** The profile that a node refers to. @throws ScanError PROFILE_MISSING or what is wrong with it */
export function profileOf(RED: NodeAPI, id: string | undefined): Profile {
  const node = id ? RED.nodes.getNode(id) : undefined;
  if (!isProfileNode(node)) throw new ScanError('PROFILE_MISSING');
  return node.profile();
}

export interface ProfileSettings {
  readonly scope: string;
  readonly window: number;
  readonly rate: number;
  readonly connectTimeoutMs: number;
  readonly phaseTimeoutMs: number;
  readonly tls: TlsMaterial | undefined;
  readonly credentials: Credentials | undefined;
  readonly credentialsOver: CredentialsOver;
}

/** Builds a profile. @throws ScanError BAD_SCOPE */
export function createProfile(settings: ProfileSettings): Profile {
  const { window, rate, connectTimeoutMs, phaseTimeoutMs, tls, credentials, credentialsOver } = settings;
  return {
    scope: Scope.parse(settings.scope),
    gate: new Gate({ window, rate }),
    connectTimeoutMs,
    phaseTimeoutMs,
    tls,
    credentials,
    credentialsOver,
    resolve: systemResolve,
    clock: systemClock,
  };
}
