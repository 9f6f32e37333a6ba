/** The engine without Node-RED. */
export * from './model';
export { type ScanOptions, type ScanProgress, scan } from './scan';
