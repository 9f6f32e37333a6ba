export { type ReportData, scanDocument } from './data';
export { assertTimezone, formatScanDate } from './dates';
export { contentTypeOf, parseFormats, REPORT_FORMATS, type ReportFormat } from './formats';
export { formatOfName, isReportName } from './names';
export {
  type ListedReport,
  listReports,
  type ReportFile,
  type ReportOptions,
  type ReportProgress,
  type WrittenReport,
  writeReport,
} from './report-files';
