// The contract suite on the log of one process, on a real disk that can fail, and on the log in memory.
import t from 'tap';
import { FileLog } from '../../server/log/file-log.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning } from '../core/scene.js';
import { contract, type LogRig } from './contract.js';
import { MemoryLog, type Kept } from './memory-log.js';
import { freshPath, oddDisk, silent } from './rig.js';

async function fileRig(path: string, clock: () => number): Promise<LogRig> {
  const opened = await openLogOrThrow(path, { namespace: 'discord', rules: learning() }, clock());
  const disk = oddDisk();
  const log = new FileLog({
    opened,
    clock,
    schedule: () => undefined, // the test says when it is saved
    ...silent,
    disk,
  });
  return {
    log,
    save: () => log.saveNow(),
    fails: (isFailing) => void (disk.losesSyncs = isFailing),
    syncs: () => log.health.syncs,
    crash: async () => {
      await log.close(); // writes nothing: it gives the lock back, as the kernel does
      return fileRig(path, clock);
    },
    stop: async () => {
      await log.finish();
      await log.close();
      return fileRig(path, clock);
    },
  };
}

function memoryRig(clock: () => number, kept?: Kept): LogRig {
  const log = new MemoryLog(clock, kept);
  let syncs = 0;
  let isFailing = false;
  log.safe = () => {
    syncs++;
    return isFailing ? Promise.reject(new Error('the disk is full')) : Promise.resolve();
  };
  return {
    log,
    save: () => Promise.resolve(log.save()),
    fails: (fails) => void (isFailing = fails),
    syncs: () => syncs,
    crash: () => Promise.resolve(memoryRig(clock, log.kept())),
    stop: () => {
      log.save();
      log.saveMeasures();
      return Promise.resolve(memoryRig(clock, log.kept()));
    },
  };
}

contract(t, 'file', async (t, clock) => fileRig(await freshPath(t), clock));
contract(t, 'memory', (_, clock) => Promise.resolve(memoryRig(clock)));
