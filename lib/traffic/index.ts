export * from './listen';
export type { LiveReading } from './readings';
export * from './sensors';
