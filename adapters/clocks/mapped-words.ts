/** What a mapping makes of a message, as sentences for whoever installs the clock. No value of a message is quoted but times and codes. */
import type { Language } from '../../config/explain.ts';
import type { FailedCondition, Fault, MappedReading, RecordReading, Step } from './mapped-reading.ts';

type Texts = Readonly<Record<Language, string>>;

export const FIELD_NAMES: Readonly<Record<string, Texts>> = {
  credential: { zh: '人员编号', en: 'credential' },
  time: { zh: '打卡时间', en: 'time' },
  seq: { zh: '流水号', en: 'sequence number' },
  method: { zh: '打卡方式', en: 'method' },
  direction: { zh: '进出', en: 'direction' },
  ok: { zh: '验证结果', en: 'verification' },
};

const shown = (pointer: string): string => (pointer === '' ? '(/)' : pointer);

/** What is wrong with a value, and what is there instead. */
export function faultText(fault: Fault, lang: Language): string {
  const zh = lang === 'zh';
  switch (fault.kind) {
    case 'missing':
      return missingText(fault, zh);
    case 'empty':
      return zh ? '是空的' : 'is empty';
    case 'not-a-value':
      return zh ? '不是能用的值' : 'is no value that can be used';
    case 'too-long':
      return zh ? `太长，最多 ${fault.most}` : `is too long; at most ${fault.most}`;
    case 'bad-number':
      return zh ? '不是从 0 起的整数' : 'is no whole number from 0';
    case 'not-listed':
      return zh ? `不是 ${fault.listed.join('、')} 之一` : `is none of ${fault.listed.join(', ')}`;
    case 'bad-time': {
      const hint = fault.fits === null ? '' : zh ? `；看上去是 ${fault.fits}` : `; it looks like ${fault.fits}`;
      return zh ? `不是 ${fault.format} 写法的时间${hint}` : `is no time written ${fault.format}${hint}`;
    }
  }
}

function missingText({ pointers, reached, near }: Extract<Fault, { kind: 'missing' }>, zh: boolean): string {
  const wanted = pointers.map(shown).join(zh ? '、' : ', ');
  const there = near.map((key) => `${reached}/${key}`).join(zh ? '、' : ', ');
  if (zh) return `消息里没有 ${wanted}${there === '' ? '' : `；那里有 ${there}`}`;
  return `the message has no ${wanted}${there === '' ? '' : `; there is ${there}`}`;
}

/** The sentence of a step that failed; null where it did not. */
export function stepText({ field, pointer, fault }: Step, lang: Language): string | null {
  if (fault === null) return null;
  const name = FIELD_NAMES[field]?.[lang] ?? field;
  const where = pointer === null ? '' : ` ${shown(pointer)}`;
  return lang === 'zh' ? `${name}${where}：${faultText(fault, lang)}` : `${name}${where}: ${faultText(fault, lang)}`;
}

/** Why a record is no punch; null where it is one, or is none by the device's own word. */
export function recordText({ steps, outcome }: RecordReading, lang: Language): string | null {
  if (outcome.kind !== 'unfit') return null;
  const said = steps.map((step) => stepText(step, lang)).filter((text) => text !== null);
  return said.join(lang === 'zh' ? '；' : '; ');
}

/** Why there is nothing in a message that could be a punch; null where there is, or it is known to be something else. */
export function readingText(reading: MappedReading, lang: Language): string | null {
  switch (reading.kind) {
    case 'punches':
    case 'other':
      return null;
    case 'unreadable':
      return reading.because;
    case 'no-items':
      return lang === 'zh' ? `items：${faultText(reading.fault, lang)}` : `items: ${faultText(reading.fault, lang)}`;
    case 'unknown': {
      const conditions = reading.failed.map((one) => conditionText(one, lang)).join(lang === 'zh' ? '；' : '; ');
      return lang === 'zh'
        ? `既不符合打卡的 when（${conditions}），也不在 others 里`
        : `it fits neither the when of punches (${conditions}) nor others`;
    }
  }
}

function conditionText({ condition, found }: FailedCondition, lang: Language): string {
  const zh = lang === 'zh';
  if ('topic' in condition) return zh ? `主题不是 ${condition.topic}` : `the topic is not ${condition.topic}`;
  const wanted = (condition.in ?? [condition.equals ?? '']).join(zh ? '、' : ', ');
  if (found === undefined) return zh ? `没有 ${condition.ptr}` : `there is no ${condition.ptr}`;
  return zh ? `${condition.ptr} 不是 ${wanted}` : `${condition.ptr} is not ${wanted}`;
}
