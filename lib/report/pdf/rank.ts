import { type EndpointReport, RISK_LEVELS } from '../../model';

/** Endpoints worst first, as a reader wants them; those without a level last, else in the scan's order. */
export function worstFirst(endpoints: readonly EndpointReport[]): EndpointReport[] {
  return [...endpoints].sort((a, b) => rank(a) - rank(b));
}

function rank({ risk }: EndpointReport): number {
  return risk === undefined ? RISK_LEVELS.length : RISK_LEVELS.indexOf(risk.level);
}

/** True when there is something to say about an endpoint beyond its outcome. */
export function deservesDetails({ outcome, risk }: EndpointReport): boolean {
  if ((risk?.findings.length ?? 0) > 0) return true;
  return outcome === 'open' || outcome === 'auth-failed' || outcome === 'tls-error';
}
