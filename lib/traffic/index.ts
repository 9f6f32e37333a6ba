export * from './listen';
export type { LiveReading } from './readings';
export * from './retained';
export * from './retained-backup';
export * from './sensors';
export { assertFilters, assertRetainedFilters } from './topic-filter';
