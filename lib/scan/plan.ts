import { ScanError } from '../model';
import {
  type AddressBlock,
  blockOf,
  coversBlock,
  formatIp,
  type NameTarget,
  type PinnedNames,
  type PortSpec,
  parsePorts,
  parseTargets,
  type Resolve,
  resolveName,
  type Scope,
  type Target,
  type TargetRun,
  TargetSpace,
  unmapped,
} from '../net';

export interface ScanRequest {
  readonly targets: string | readonly string[];
  /** `1883, 8883`; applies to targets that name no port themselves. */
  readonly ports: string;
}

export interface ScanPlan {
  /** The targets as they were written. */
  readonly targets: readonly string[];
  /** The ports for targets that name none, as they were written. */
  readonly ports: string;
  readonly space: TargetSpace;
  readonly pinned: PinnedNames;
  /** Names without an address, when other targets remain. They are reported when the scan ends. */
  readonly problems: readonly ScanError[];
}

/** The system resolves names on few threads, which it shares with file access. */
const AT_ONCE = 4;

/** A name server that left some names without an answer is not waited for at each of the others. */
const notAsked: Resolve = () => Promise.reject(new Error('the name server does not answer'));

export interface PlanContext {
  readonly scope: Scope;
  readonly resolve: Resolve;
  readonly timeoutMs: number;
}

/**
 * Works out what a scan will visit. Nothing is sent to a target; only names are resolved.
 * @throws ScanError for anything that the user must mend: syntax, scope, a name that is the only target and
 *   does not resolve
 */
export async function planScan(request: ScanRequest, context: PlanContext): Promise<ScanPlan> {
  const { targets, excluded: holes } = parseTargets(request.targets);
  const excluded = holes.map(unmapped);
  const ports = parsePorts(request.ports);
  const problems: ScanError[] = [];
  const runs: TargetRun[] = [];
  const pinned = new Map<string, ReadonlySet<string>>();
  for await (const { target, blocks } of placed(targets, context, problems)) {
    runs.push(...blocks.map((block) => runOf(target, block, ports)));
    if (target.kind === 'name') pinned.set(target.name.toLowerCase(), new Set(blocks.map(addressOf)));
  }
  const [problem] = problems;
  if (problem && runs.length === 0) throw problem;
  if (runs.every(({ block }) => excluded.some((hole) => coversBlock(hole, block))))
    throw new ScanError('NO_TARGET');
  return {
    targets: targets.map(({ text }) => text),
    ports: request.ports.trim(),
    space: new TargetSpace(runs, excluded),
    pinned,
    problems,
  };
}

interface PlacedTarget {
  readonly target: Target;
  readonly blocks: readonly AddressBlock[];
}

/** Resolves the names among some targets, a few at once, until the name server turns out not to answer. */
async function* placed(
  targets: readonly Target[],
  context: PlanContext,
  problems: ScanError[],
): AsyncGenerator<PlacedTarget> {
  let answeredAt = performance.now();
  for (let i = 0; i < targets.length; i += AT_ONCE) {
    const some = targets.slice(i, i + AT_ONCE);
    const startedAt = performance.now();
    // Timers may fire a little early; an answer in the last tenth counts as none.
    const isSilent = startedAt - answeredAt >= 0.9 * context.timeoutMs;
    const asking = isSilent ? { ...context, resolve: notAsked } : context;
    const blocks = await Promise.all(some.map((target) => place(target, asking, problems)));
    const tookMs = performance.now() - startedAt;
    if (!isSilent && tookMs < 0.9 * context.timeoutMs) answeredAt = performance.now();
    yield* some.map((target, k) => ({ target, blocks: blocks[k] ?? [] }));
  }
}

const addressOf = ({ family, first }: AddressBlock): string => formatIp({ family, value: first });

function runOf(target: Target, block: AddressBlock, ports: readonly PortSpec[]): TargetRun {
  const own =
    target.port === undefined
      ? ports
      : [{ port: target.port, ...(target.transport && { transport: target.transport }) }];
  return { block, ports: own, ...(target.kind === 'name' && { name: target.name }) };
}

/** The addresses of a target, every one of them inside the scope. */
function place(target: Target, context: PlanContext, problems: ScanError[]): Promise<AddressBlock[]> {
  return target.kind === 'name' ? placeName(target, context, problems) : placeBlock(target, context);
}

async function placeName(
  target: NameTarget,
  { scope, resolve, timeoutMs }: PlanContext,
  problems: ScanError[],
): Promise<AddressBlock[]> {
  const ips = await resolveName(target.name, resolve, timeoutMs).catch((thrown: unknown) => {
    problems.push(ScanError.from(thrown));
    return [];
  });
  // One address outside is enough to refuse: the name is not what the user thinks it is.
  if (!ips.every((ip) => scope.allows(ip, target.name))) throw outOfScope(target, scope);
  return ips.map((ip) => unmapped(blockOf(ip)));
}

function placeBlock(
  target: Extract<Target, { kind: 'block' }>,
  { scope }: PlanContext,
): Promise<AddressBlock[]> {
  const block = unmapped(target.block);
  const isSingle = block.first === block.last;
  const isInside = isSingle
    ? scope.allows({ family: block.family, value: block.first })
    : scope.coversBlock(block);
  return isInside ? Promise.resolve([block]) : Promise.reject(outOfScope(target, scope));
}

function outOfScope({ text }: Target, scope: Scope): ScanError {
  return new ScanError('OUT_OF_SCOPE', { target: text, scope: scope.text });
}
