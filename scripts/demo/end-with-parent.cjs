// Loaded into Node-RED by npm start: however its parent goes (closed terminal, kill -9), it must not stay behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel alone shall not keep the process alive.
process.channel?.unref();
