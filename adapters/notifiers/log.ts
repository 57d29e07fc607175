/** The channel that is always there: a line in the daemon's own log. */
import type { Notice, Notifier } from '../notifier.ts';

export type LogFunction = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Never the notice's text or subjects: a log is read by people who may not know whom it is about. */
export function logNotifier(log: LogFunction): Notifier {
  return {
    name: 'log',
    async send(notice) {
      const { key, alert, op } = notice;
      log({ key, alert, op, rules: rulesOf(notice) }, 'alert was told');
    },
  };
}

function rulesOf(notice: Notice): readonly string[] {
  const rules = new Set<string>();
  for (const verdict of notice.verdicts) {
    if ('rule' in verdict && typeof verdict.rule === 'string') rules.add(verdict.rule);
  }
  return [...rules].sort();
}
