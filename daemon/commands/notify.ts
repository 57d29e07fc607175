import type { Command } from 'commander';
import { NotifyError } from '../../adapters/notifier.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { ChannelConfig } from '../../config/schema.ts';
import { personalContact } from '../alerts/audiences.ts';
import { notifierOf } from '../alerts/channels.ts';
import { exampleNotice } from '../alerts/example.ts';
import { systemClock } from '../clock.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';

interface Options {
  readonly config: string;
  readonly to?: string;
}

/** `notify test CHANNEL`: the real message of an invented case, marked as a test, through one channel. */
export function notifyCommand(program: Command, io: Io): void {
  const notify = program.command('notify').description(tell(io, '消息渠道', 'channels of messages'));
  notify
    .command('test')
    .argument('<channel>', tell(io, '渠道编号', 'the channel’s id'))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--to <employee>', tell(io, '发给谁（to: person 的渠道）', 'to whom, where the channel is for persons'))
    .description(tell(io, '发一条标明“测试”的虚构消息', 'send an invented message, marked as a test'))
    .copyInheritedSettings(program)
    .action(async (id: string, options: Options) => test(id, options, io));
}

async function test(id: string, { config, to }: Options, io: Io): Promise<void> {
  const loaded = await loadForCommand(config, io);
  const channel = loaded.config.notify.channels.find((one) => one.id === id);
  if (channel === undefined) {
    const known = loaded.config.notify.channels.map((one) => one.id).join(', ') || tell(io, '（无）', '(none)');
    throw new Exit(
      EXIT.usage,
      tell(io, `没有渠道“${id}”，有：${known}`, `unknown channel "${id}"; there are: ${known}`),
    );
  }
  requireAddressee(channel, to ?? null, loaded, io);
  const clock = systemClock();
  const notifier = notifierOf(channel, { config: loaded.config, language: io.lang, now: () => clock.now() });
  if (notifier === null) {
    const said = `${channel.kind} 渠道随守护程序运行，不用单独测试`;
    throw new Exit(
      EXIT.usage,
      tell(io, said, `a channel of kind ${channel.kind} is part of the daemon and needs no test`),
    );
  }
  try {
    await notifier(to ?? null).send(exampleNotice(loaded.hall, clock.now(), io.lang));
  } catch (error) {
    if (!(error instanceof NotifyError)) throw error;
    throw new Exit(
      EXIT.unavailable,
      tell(io, `渠道 ${id} 发不出去：${error.message}`, `${id} did not take it: ${error.message}`),
    );
  }
  io.say(
    tell(io, `渠道 ${id} 已收下测试消息，请在收件处确认看到`, `${id} took the test message; see that it has arrived`),
  );
}

function requireAddressee(channel: ChannelConfig, to: string | null, { config }: LoadedConfig, io: Io): void {
  if (!('to' in channel) || channel.to !== 'person') return;
  if (to === null)
    throw new Exit(
      EXIT.usage,
      tell(io, '这个渠道发给本人，请写 --to 人员编号', 'it is for persons: say --to EMPLOYEE'),
    );
  const contacts = config.employees.find((one) => one.id === to)?.contacts;
  if (contacts !== undefined && personalContact(channel, contacts) !== null) return;
  const missing = channel.kind === 'wecom-app' ? 'contacts.wecom' : 'contacts.email';
  throw new Exit(EXIT.config, tell(io, `人员 ${to} 没有写 ${missing}`, `${to} has no ${missing} in the configuration`));
}
