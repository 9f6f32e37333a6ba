export { ChangeTracker, type PreviousReport } from './change-tracker';
export { lastReport, type SameScan } from './last-report';
