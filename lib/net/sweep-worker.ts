import { parentPort, workerData } from 'node:worker_threads';
import { SweepLoop } from './sweep-loop';
import type { SweepTask } from './sweep-task';

// Most connections fail; taking the stack of each error would cost as much as the connection.
Error.stackTraceLimit = 0;

const { task } = workerData as { readonly task: SweepTask };
void new SweepLoop(task, (batch) => parentPort?.postMessage(batch)).run();
