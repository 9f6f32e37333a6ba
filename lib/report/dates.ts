import moment from 'moment-timezone';
import { ScanError } from '../model';

/**
 * Checks the name of a time zone.
 * @throws ScanError `BAD_TIMEZONE` when the IANA database does not know it.
 */
export function assertTimezone(name: string): void {
  if (moment.tz.zone(name) === null) throw new ScanError('BAD_TIMEZONE', { timezone: name });
}

/**
 * A moment as reports write it: `12/9/2025, 1:22:13 AM`.
 * @param iso ISO 8601; something that is no date is given back as it is, because a report with one odd
 *   date is worth more than none.
 * @param timezone IANA name.
 */
export function formatScanDate(iso: string, timezone: string): string {
  const time = moment.tz(iso, moment.ISO_8601, timezone);
  return time.isValid() ? time.format('M/D/YYYY, h:mm:ss A') : iso;
}

/** The offset of a zone at a moment: `UTC+08:00`. Empty when the moment is no date. */
export function formatOffset(iso: string, timezone: string): string {
  const time = moment.tz(iso, moment.ISO_8601, timezone);
  return time.isValid() ? `UTC${time.format('Z')}` : '';
}

/** The time between two ISO 8601 moments in words: `850 ms`, `12.3 s`, `2 min 5 s`, `1 h 2 min`. */
export function formatDuration(fromIso: string, toIso: string): string {
  const ms = Date.parse(toIso) - Date.parse(fromIso);
  if (!Number.isFinite(ms) || ms < 0) return '–';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
