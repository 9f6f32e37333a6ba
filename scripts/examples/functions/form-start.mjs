/** A scan that ran when the flows were stopped is gone; nobody will tell of its end. */
export function onStart({ flow }) {
  const running = flow.get('running');
  if (running?.isRunning) flow.set('running', { ...running, isRunning: false });
}
