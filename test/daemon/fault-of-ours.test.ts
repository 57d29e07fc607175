/** A daemon with a fault of ours ends with the code of a bug and says where it was: 1 would mean that an answer is no. */
import { expect, test } from 'vitest';
import { EXIT } from '../../daemon/commands/io.ts';
import { daemonOf } from '../support/daemon.ts';

const HALL = { hall: { id: 'fault', timezone: 'Asia/Shanghai' }, calendar: { country: 'none' } };

test.each(['throw new Error("nobody catches it")', 'Promise.reject(new Error("nobody catches it"))'])(
  '%s ends it with 70 and the stack in its log',
  async (fault) => {
    const flags = ['--import', `data:text/javascript,process.on('SIGUSR2', function faulty() { ${fault} })`];
    await using daemon = daemonOf({ config: HALL, nodeFlags: flags });
    await daemon.start();
    expect(await daemon.endedBy('SIGUSR2')).toBe(EXIT.bug);
    expect(await daemon.logged('daemon ended by a fault')).toMatchObject({
      level: 'error',
      because: expect.stringMatching(/^Error: nobody catches it\n +at process\.faulty/),
    });
    expect(daemon.stray).toBe('');
  },
);
