export * from './changes';
export * from './classify';
export * from './policy';
export { policyFrom, readPolicy } from './policy-table';
export type { Rule } from './rule';
export { RULES } from './rules';
export { ScanRisk } from './scan-risk';
