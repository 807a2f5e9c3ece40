/** Loaded into n8n: when the process that started it is gone, however that came, n8n ends too. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
