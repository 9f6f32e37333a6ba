import type { Rule } from '../rule';
import { AUTHENTICATION_RULES } from './authentication';
import { AUTHORISATION_RULES } from './authorisation';
import { CERTIFICATE_RULES } from './certificates';
import { CONFIGURATION_RULES } from './configuration';
import { EXPOSURE_RULES } from './exposure';
import { PRODUCT_RULES } from './product';
import { PROTOCOL_RULES } from './protocol';
import { TRANSPORT_RULES } from './transport';
import { SCAN_RULES } from './whole-scan';

/** The catalogue: everything that is looked for at one endpoint. */
export const RULES: readonly Rule[] = [
  ...TRANSPORT_RULES,
  ...AUTHENTICATION_RULES,
  ...AUTHORISATION_RULES,
  ...EXPOSURE_RULES,
  ...CERTIFICATE_RULES,
  ...PRODUCT_RULES,
  ...PROTOCOL_RULES,
  ...CONFIGURATION_RULES,
];

const IDS: ReadonlySet<string> = new Set([...RULES, ...SCAN_RULES].map(({ id }) => id));

/** Rules of the catalogue, those of whole scans included. */
export const RULE_COUNT = IDS.size;

/** True for the id of a rule that exists. */
export function isRuleId(id: string): boolean {
  return IDS.has(id);
}
