export { type Attempt, ask, attempt, CLOSED, type Login, SILENT } from './attempt';
export { type Property, readProperties } from './connack-properties';
export { unansweredReport } from './failed-report';
export { numberOf, PropertyId, textOf } from './limits';
export { withAlert } from './lost-alert';
export * from './probe';
export { looksAtMethods } from './signs';
