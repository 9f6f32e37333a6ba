import { isWithinScan } from './within-scan.mjs';

/** Tells a caller by link why no report will come. Of what goes wrong within a scan, its report tells. */
export function onMessage(msg) {
  const isCalled = Array.isArray(msg._linkSource) && msg._linkSource.length > 0;
  return isCalled && !isWithinScan(msg) ? { ...msg, payload: undefined } : null;
}
