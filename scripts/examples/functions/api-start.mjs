/** Scans that ran when the flows were stopped are gone; nobody will tell of their end. */
export function onStart({ context }) {
  const jobs = context.get('state')?.jobs?.values() ?? [];
  for (const job of jobs) {
    if (job.state !== 'running' && job.state !== 'starting') continue;
    const message = 'The flows were started anew before the scan had ended.';
    Object.assign(job, { state: 'failed', error: { code: 'CUT_OFF', message }, waiting: undefined });
  }
}
