/** The daemon tells a channel of the report that it made by itself, though it was killed before it could. */
import { expect, test } from 'vitest';
import { HOUR } from '../../rules/time.ts';
import { daemonOf } from '../support/daemon.ts';
import { everyDay, noonAt } from '../support/noon.ts';
import { until } from '../support/until.ts';
import { webhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = 'shared-by-both';

test('a report is told once through kill -9 and further starts', { timeout: 240_000 }, async () => {
  const noon = noonAt(Date.now());
  const began = Math.floor(Date.now() / HOUR) * HOUR - 3 * HOUR;
  await using hook = await webhookReceiver(SECRET);
  await hook.down();
  await using daemon = daemonOf({
    config: {
      hall: { id: 'suixian', timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { standard: { weekly: everyDay(noon.session(began, began + HOUR)) } },
      employees: [{ id: 'e1', name: '徐敏', schedule: 'standard' }],
      clocks: [{ id: 'clock-1' }],
      notify: {
        channels: [{ id: 'hook', kind: 'webhook', url: hook.url, secret: SECRET }],
        // Of this hall's alerts nothing goes there.
        routes: [{ channels: ['hook'], rules: ['leave-slip'] }],
      },
      reports: [{ make: 'day', at: '04:00', formats: ['json'], folder: './made', to: ['hook'] }],
    },
  });
  await daemon.start();
  await daemon.logged('report was made');
  await daemon.logged('message was not delivered');
  await daemon.kill();

  await hook.up();
  await daemon.start();
  await until(() => hook.received.length > 0, { what: 'the report to be told', timeoutMs: 60_000 });
  expect(await daemon.stop()).toBe(0);
  await daemon.start();
  // It ends when it has looked for what is due.
  expect(await daemon.stop()).toBe(0);

  expect(hook.received).toMatchObject([{ genuine: true, notice: { op: 'report', hall: 'suixian', verdicts: [] } }]);
  expect(hook.received[0]?.notice.text).toContain(`Daily report ${noon.date}`);
  expect(hook.received[0]?.notice.text).not.toContain('徐敏');
  expect(daemon.log.filter(({ msg }) => msg === 'report was made')).toHaveLength(1);
});
