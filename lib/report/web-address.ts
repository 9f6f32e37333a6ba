/**
 * A reference as an address that may be opened from a report: only plain `https` addresses, and only from our own
 * rules. pdfkit would write a `javascript:` address as it is.
 */
export function webAddress(reference: string): string | undefined {
  if (/^https:\/\/[!-~]+$/.test(reference)) return reference;
  const cwe = /^CWE-(\d{1,5})$/.exec(reference)?.[1];
  return cwe === undefined ? undefined : `https://cwe.mitre.org/data/definitions/${cwe}.html`;
}
