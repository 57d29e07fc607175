/** The daemon is killed at random moments of a day: every punch counts once, and nobody is accused because it was away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Point } from '../../adapters/metrics.ts';
import { alertTopic, punchTopic } from '../../adapters/topics.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { send } from '../support/broker-client.ts';
import { type Daemon, daemonOf, type Line, replayed } from '../support/daemon.ts';
import { type InfluxServer, startInfluxdb } from '../support/influxdb.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';
import { stamp } from '../support/noon.ts';
import { HALL, type PlayedDay, playedDay, playedHall, type Touch } from '../support/played-day.ts';
import { sorted } from '../support/series-points.ts';
import { until } from '../support/until.ts';

/** `SEED=… vitest …` plays the same day and kills at the same moments. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const DATABASE = 'zaigang';
const FEWEST_KILLS = 6;

let broker: Mosquitto;
let store: InfluxServer;
beforeAll(async () => {
  // Without a limit to what waits for a daemon that is away.
  broker = await mosquitto({ config: ['max_queued_messages 0', 'max_inflight_messages 1000'] });
  store = await startInfluxdb({ databases: [DATABASE] });
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
  await store?.remove();
});

/** The clocks: every touch is sent when it is due, and again where it is repeated. */
async function play(day: PlayedDay): Promise<void> {
  const client = await connectAsync(broker.url, { clientId: 'clocks', protocolVersion: 5 });
  const sendings = day.touches.flatMap((touch) => touch.sentAt.map((sentAt) => ({ touch, sentAt })));
  const sent = sendings.map(async ({ touch, sentAt }) => {
    await sleep(Math.max(0, sentAt - Date.now()));
    await client.publishAsync(punchTopic(HALL, touch.device), payloadOf(touch), { qos: 1 });
  });
  await Promise.all(sent);
  await client.endAsync();
}

function payloadOf({ credential, at, seq }: Touch): string {
  return JSON.stringify({ credential, at: stamp(at), seq });
}

/** It stays away long enough twice that people come in and fall due meanwhile, else anything up to seconds. */
async function stayAway(daemon: Daemon, dice: Dice, kill: number): Promise<void> {
  if (kill !== 2 && kill !== 4) return sleep(dice.chance(0.4) ? 0 : dice.between(0, 2500));
  await sleep(dice.between(4500, 5500));
  // Somebody who looks at the ledger now neither judges nor vouches for the time since.
  const facts = await daemon.exported('facts');
  await daemon.exported('verdicts');
  expect(await daemon.exported('facts')).toBe(facts);
}

/** Kills it again and again until the day is over, now and then before it has opened its doors. */
async function torment(daemon: Daemon, dice: Dice, day: PlayedDay): Promise<void> {
  for (let kill = 1; ; kill++) {
    // Random moments, not conditions: nothing is waited for here.
    await sleep(dice.between(50, 2500));
    await daemon.kill();
    if (Date.now() >= day.endsAt && kill >= FEWEST_KILLS) return;
    await stayAway(daemon, dice, kill);
    if (dice.chance(0.25)) daemon.launch();
    else await daemon.start();
  }
}

async function listen(): Promise<{ readonly client: MqttClient; readonly alerts: Line[] }> {
  const alerts: Line[] = [];
  const client = await connectAsync(broker.url, { clientId: 'supervision', protocolVersion: 5 });
  client.on('message', (_topic, payload) => void alerts.push(JSON.parse(payload.toString()) as Line));
  await client.subscribeAsync(alertTopic(HALL), { qos: 1 });
  return { client, alerts };
}

test(`a day with kill -9 at random moments (SEED=${SEED})`, { timeout: 150_000 }, async () => {
  const dice = diceOf(SEED);
  const supervision = await listen();
  const hall = playedHall(Date.now());
  await using daemon = daemonOf({
    config: {
      ...hall.config,
      mqtt: { url: broker.url },
      metrics: { driver: 'influxdb', url: store.url, database: DATABASE },
      notify: { gather: '1s' },
    },
  });
  await daemon.startHearing();
  const day = playedDay(dice, hall, Date.now() + 3000);
  await daemon.record(day.facts);
  expect(Date.now(), 'the duties were known before the first began').toBeLessThan(day.startsAt);

  await Promise.all([play(day), torment(daemon, dice, day)]);
  await daemon.startHearing();
  await quiet(daemon, day);

  await everyPunchOnce(daemon, day);
  await sameAsReplay(daemon);
  nobodyAccused(await daemon.history(), supervision.alerts, day);
  await rightlyJudged(daemon, day);
  await samePoints(daemon, day);
  await supervision.client.endAsync();
  expect(daemon.stray).toBe('');
  expect(await daemon.stop()).toBe(0);
});

test(`kill -9 while thousands of punches are being taken in (SEED=${SEED})`, { timeout: 150_000 }, async () => {
  const dice = diceOf(SEED);
  const hall = playedHall(Date.now());
  const config = {
    ...hall.config,
    hall: { ...(hall.config['hall'] as object), id: 'flooded' },
    mqtt: { url: broker.url },
  };
  await using daemon = daemonOf({ config });
  await daemon.startHearing();
  await daemon.kill();
  const count = 12_000;
  const lines = Array.from({ length: count }, (_, seq) =>
    JSON.stringify({ credential: '1d00', at: stamp(hall.morning.from + seq * 500), seq }),
  );
  await send(broker, punchTopic('flooded', 'clock-1'), lines);
  const stored = async () => (await daemon.facts()).filter(isPunch).map(({ seq }) => Number(seq));
  for (let kill = 0; kill < 4; kill++) {
    daemon.launch();
    await daemon.logged('broker was connected');
    // Later and later: at its beginning first, then well within it.
    await sleep(dice.between(0, 150 * (kill + 1)));
    await daemon.kill();
  }
  await daemon.startHearing();
  expect((await stored()).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, seq) => seq));
  await until(async () => (await daemon.verdicts()).every(({ state }) => state !== 'pending'), {
    what: 'the restarts to settle',
  });
  await sameHistory(daemon);
});

/** Until everything has come in, been judged, and reached the store. */
async function quiet(daemon: Daemon, day: PlayedDay): Promise<void> {
  await until(async () => (await daemon.facts()).filter(isPunch).length >= day.touches.length, {
    timeoutMs: 30_000,
    what: 'every punch in the ledger',
  });
  await until(
    async () => Date.now() > day.quietAt && (await daemon.verdicts()).every(({ state }) => state === 'closed'),
    { timeoutMs: 30_000, what: 'the end of the day, and every verdict closed' },
  );
  await until(async () => (await daemon.metric('zaigang_series_lag')) === 0, {
    timeoutMs: 30_000,
    what: 'the time series in the store',
  });
}

const isPunch = (fact: Line): boolean => fact['fact'] === 'punch';
const rowsOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

async function everyPunchOnce(daemon: Daemon, day: PlayedDay): Promise<void> {
  const kept = rowsOf(await daemon.exported('facts')).filter(isPunch);
  const about = (device: unknown, credential: unknown, at: number, seq: unknown) =>
    [device, credential, stamp(at), seq].join(' ');
  expect(
    kept.map((fact) => about(fact['device'], fact['credential'], Date.parse(String(fact['at'])), fact['seq'])).sort(),
  ).toEqual(day.touches.map(({ device, credential, at, seq }) => about(device, credential, at, seq)).sort());
}

async function sameAsReplay(daemon: Daemon): Promise<void> {
  const verdicts = await daemon.exported('verdicts');
  expect(verdicts).not.toBe('');
  expect(verdicts).toBe((await sameHistory(daemon)).verdicts);
}

/** The daemon's history is, byte for byte, what a replay of its facts makes; gives the verdicts of the replay. */
async function sameHistory(daemon: Daemon): Promise<{ readonly verdicts: string }> {
  const history = await daemon.exported('history');
  const replay = await replayed(daemon, await daemon.exported('facts'), stamp(Date.now()));
  expect(history).not.toBe('');
  expect(history).toBe(replay.history);
  return replay;
}

/** Whose punch came in time has never been late or absent, their windows never empty, and nobody was told so. */
function nobodyAccused(history: readonly Line[], alerts: readonly Line[], day: PlayedDay): void {
  const prompt = day.people.filter(({ manner, dueAt }) => manner === 'prompt' && dueAt >= day.startsAt);
  const ids = new Set<unknown>(prompt.map(({ id }) => id));
  const windows = new Set<unknown>(day.promptWindows);
  // Before the duties and pauses were known the counters stood open and empty.
  const ofTheDay = ({ from }: Line): boolean => Date.parse(String(from)) >= day.startsAt;
  const about = history.filter((line) => ofTheDay(line) && (ids.has(line['employee']) || windows.has(line['window'])));
  expect(about.filter(({ state }) => state !== 'pending')).toEqual([]);
  expect(about.length, 'pending verdicts: the downtime mattered').toBeGreaterThan(0);
  expect(alerts.length).toBeGreaterThan(0);
  for (const { id, name } of prompt) {
    expect(alerts.filter((alert) => alert['employee'] === id || String(alert['text']).includes(name))).toEqual([]);
  }
  expect(alerts.filter((alert) => ofTheDay(alert) && windows.has(alert['window']))).toEqual([]);
}

async function rightlyJudged(daemon: Daemon, day: PlayedDay): Promise<void> {
  const verdicts = await daemon.verdicts();
  for (const manner of ['late', 'absent'] as const) {
    const said = verdicts.filter(({ rule }) => rule === manner).map(({ employee }) => String(employee));
    const meant = day.people.filter((person) => person.manner === manner).map(({ id }) => id);
    expect(said.sort(), manner).toEqual(meant.sort());
  }
}

async function samePoints(daemon: Daemon, day: PlayedDay): Promise<void> {
  const points = await store.points(DATABASE, 'punch');
  expect(sorted(points.map(withoutRev))).toEqual(
    sorted(
      day.touches.map(({ device, person, at, lateSeconds }) => ({
        measurement: 'punch',
        tags: { hall: HALL, device, employee: person.id },
        fields: { late_seconds: lateSeconds },
        at,
      })),
    ),
  );
  const violations = await store.points(DATABASE, 'violation');
  expect(sorted(violations.map(withoutRev))).toEqual(sorted(violationsOf(await daemon.history())));
  expect(violations.some((point) => point.fields['void'] === 1)).toBe(true);
}

const STATE_CODE: Readonly<Record<string, number>> = { pending: 1, open: 2, closed: 3 };
/** Of the rules that are not of medium severity by themselves. */
const SEVERITY_CODE: Readonly<Record<string, number>> = {
  ...{ absent: 3, 'missing-cover': 3, 'left-post': 3 },
  ...{ 'missing-punch': 1, 'unverified-occupant': 1, 'leave-slip': 1 },
};

/** A point for each verdict that was ever said, as it was said last; void where it was taken back. */
function violationsOf(history: readonly Line[]): Point[] {
  const points = new Map<string, Point>();
  for (const change of history) {
    const tags: Record<string, string> = { hall: HALL };
    for (const key of ['rule', 'window', 'employee', 'session', 'side']) {
      if (change[key] !== null) tags[key] = String(change[key]);
    }
    const at = Date.parse(String(change['from']));
    const fields = {
      state_code: STATE_CODE[String(change['state'])] ?? Number.NaN,
      severity: SEVERITY_CODE[String(change['rule'])] ?? 2,
      minutes: Number(change['minutes']),
      void: change['op'] === 'retract' ? 1 : 0,
    };
    points.set(JSON.stringify([tags, at]), { measurement: 'violation', tags, fields, at });
  }
  return [...points.values()];
}

function withoutRev({ fields: { rev: _rev, ...fields }, ...point }: Point): Point {
  return { ...point, fields };
}
