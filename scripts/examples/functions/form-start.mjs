/** A scan that ran when the flows were stopped is gone; nobody will tell of its end. */
export function onStart({ context }) {
  const running = context.get('running');
  if (running?.isRunning) context.set('running', { ...running, isRunning: false });
}
