/** Connections whose keys depend on each other. */
import { resolve } from 'node:path';
import { child, type Draft, isWritten, items, textOf } from '../draft.ts';
import { atKey, atStart, atValue, type Finding, finding } from '../finding.ts';
import { unreadable } from '../secrets.ts';
import { duplicates, type LineOf, unknown } from './people.ts';
import { checkRecorders } from './recorders.ts';

export function checkConnections(root: Draft, lineOf: LineOf, folder: string): Finding[] {
  return [
    ...checkMqtt(root, lineOf, folder),
    ...items(root, 'cameras').flatMap((camera) => checkCamera(camera, root, lineOf)),
    ...checkRecorders(root, lineOf),
    ...checkPushing(root),
    ...duplicates('device', profiles(root), lineOf, 'serial'),
    ...checkMetrics(child(root, 'metrics')),
    ...checkNotify(child(root, 'notify'), root, lineOf),
    ...checkHttp(child(root, 'http')),
  ];
}

function checkMqtt(root: Draft, lineOf: LineOf, folder: string): Finding[] {
  const mqtt = child(root, 'mqtt');
  if (typeof mqtt.value !== 'object' || mqtt.value === null) return [];
  const found: Finding[] = [];
  const embedded = child(mqtt, 'embedded');
  const hasBroker = isWritten(embedded) && embedded.value !== false;
  if (!isWritten(child(mqtt, 'url')) && !hasBroker) {
    found.push(finding(atKey(mqtt.path), (words) => words.mqttNowhere()));
  }
  const caFile = textOf(mqtt, 'caFile');
  const because = caFile === null ? null : unreadable(resolve(folder, caFile));
  if (because !== null)
    found.push(finding(atValue([...mqtt.path, 'caFile']), (words) => words.fileUnreadable({ because })));
  if (!hasBroker) return found;
  const users = items(embedded, 'users');
  for (const twice of duplicates('user', users, lineOf, 'username')) found.push(twice);
  const names = new Set(users.map((user) => textOf(user, 'username')));
  // With a broker of its own beside it the clock may be at that one.
  if (isWritten(child(mqtt, 'url'))) return found;
  for (const clock of items(root, 'clocks')) {
    if (!isHeardByBroker(clock) || isWritten(child(clock, 'password')) || names.has(textOf(clock, 'id'))) continue;
    found.push(
      finding(atValue([...clock.path, 'id']), (words, shown) => words.clockCannotSignIn({ shown }), {
        severity: 'warning',
        needsWholeFile: true,
      }),
    );
  }
  return found;
}

/** Makes that publish over MQTT, and those that push to the devices' address and nowhere else. */
const BY_BROKER: ReadonlySet<string> = new Set(['mqtt-json', 'mqtt-face']);
const BY_PUSH: ReadonlySet<string> = new Set(['sendlog', 'zkteco-push']);

const profiles = (root: Draft): Draft[] => items(root, 'clocks').map((clock) => child(clock, 'profile'));

function makeOf(clock: Draft): string {
  if (isWritten(child(clock, 'map'))) return 'mapped';
  return textOf(clock, 'profile') ?? textOf(child(clock, 'profile'), 'kind') ?? 'mqtt-json';
}

function isHeardByBroker(clock: Draft): boolean {
  const make = makeOf(clock);
  return make === 'mapped' ? items(child(clock, 'map'), 'topics').length > 0 : BY_BROKER.has(make);
}

/** Who only pushes needs somewhere to push to. */
function checkPushing(root: Draft): Finding[] {
  if (isWritten(child(root, 'http', 'devices'))) return [];
  return items(root, 'clocks').flatMap((clock) => {
    const pushes = BY_PUSH.has(makeOf(clock)) || isWritten(child(clock, 'map', 'path'));
    const tell = finding(atValue([...clock.path, 'id']), (words, shown) => words.clockCannotPush({ shown }), {
      needsWholeFile: true,
    });
    return pushes ? [tell] : [];
  });
}

/** A camera is something that can be seen or heard through. */
function checkCamera(camera: Draft, root: Draft, lineOf: LineOf): Finding[] {
  const found: Finding[] = [];
  if (
    isMap(camera) &&
    !['source', 'recorder', 'channel', 'witness', 'password'].some((key) => isWritten(child(camera, key)))
  ) {
    found.push(finding(atStart(camera.path), (words) => words.cameraNowhere(), { needsWholeFile: true }));
  }
  const witness = child(camera, 'witness');
  // One source says one thing of a window.
  for (const twice of duplicates('window', items(witness, 'zones'), lineOf, 'window')) found.push(twice);
  const hasBroker = isWritten(child(witness, 'broker')) || isWritten(child(root, 'mqtt', 'url'));
  if (textOf(witness, 'kind') === 'frigate' && !hasBroker) {
    found.push(finding(atStart(witness.path), (words) => words.frigateNowhere(), { needsWholeFile: true }));
  }
  return found;
}

const isMap = ({ value }: Draft): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function checkMetrics(metrics: Draft): Finding[] {
  if (textOf(metrics, 'driver') !== 'influxdb') return [];
  const v1 = isWritten(child(metrics, 'database'));
  const v2 = isWritten(child(metrics, 'bucket'));
  if (v1 === v2) {
    const place = v1 ? atKey([...metrics.path, 'bucket']) : atKey([...metrics.path, 'driver']);
    return [finding(place, (words) => words.influxVersion(), { needsWholeFile: !v1 })];
  }
  const strangers = v1 ? ['org', 'token'] : ['username', 'password'];
  const version = v1 ? 'v2/v3' : 'v1';
  const found = strangers
    .filter((key) => isWritten(child(metrics, key)))
    .map((key) => finding(atKey([...metrics.path, key]), (words) => words.influxMixed({ key, version })));
  if (v2 && child(metrics, 'token').value === undefined) {
    found.push(finding(atStart([...metrics.path, 'token']), (words) => words.influxToken(), { needsWholeFile: true }));
  }
  return found;
}

function checkNotify(notify: Draft, root: Draft, lineOf: LineOf): Finding[] {
  const channels = items(notify, 'channels');
  const known = new Set(channels.flatMap((channel) => textOf(channel, 'id') ?? []));
  const departments = new Set(items(root, 'departments').flatMap((department) => textOf(department, 'id') ?? []));
  const people = new Set(items(root, 'employees').flatMap((one) => textOf(one, 'id') ?? []));
  const named = [child(notify, 'duty'), ...items(notify, 'routes')].flatMap((part) => [
    ...items(part, 'people'),
    ...items(part, 'onDuty'),
  ]);
  return [
    ...duplicates('channel', channels, lineOf),
    ...named.flatMap((one) => unknown('employee', one, people)),
    ...neverOnDuty(notify),
    ...items(notify, 'routes').flatMap((route) =>
      items(route, 'channels').flatMap((one) => unknown('channel', one, known)),
    ),
    ...[...channels, ...items(notify, 'routes')].flatMap((part) =>
      items(part, 'departments').flatMap((one) => unknown('department', one, departments)),
    ),
    ...channels.flatMap(checkReaders),
  ];
}

/** A route for the days of somebody who has none would never serve, and nobody would notice. */
function neverOnDuty(notify: Draft): Finding[] {
  const duty = child(notify, 'duty');
  const instead = child(duty, 'instead').value;
  const standIns = typeof instead === 'object' && instead !== null ? Object.values(instead) : [];
  const rota = new Set<unknown>([...items(duty, 'people').map((one) => textOf(one)), ...standIns]);
  return items(notify, 'routes')
    .flatMap((route) => items(route, 'onDuty'))
    .filter((one) => textOf(one) !== null && !rota.has(textOf(one)))
    .map((one) => finding(atValue(one.path), (words, shown) => words.neverOnDuty({ shown }), { needsWholeFile: true }));
}

/** Whoever is told of a department has one, and a mail has somewhere to go. */
function checkReaders(channel: Draft): Finding[] {
  const to = textOf(channel, 'to');
  const kind = textOf(channel, 'kind');
  if ((to === 'chief' || to === 'department') && items(channel, 'departments').length === 0) {
    return [finding(atKey([...channel.path, 'to']), (words) => words.channelWithoutDepartments({ to }))];
  }
  if (to === 'person' && kind !== 'email' && kind !== 'wecom-app') {
    return [finding(atKey([...channel.path, 'to']), (words) => words.groupIsNobody())];
  }
  if (kind === 'email' && to !== 'person' && items(channel, 'addresses').length === 0) {
    return [finding(atStart(channel.path), (words) => words.mailNowhere(), { needsWholeFile: true })];
  }
  // Unless told otherwise it is for those concerned themselves.
  if (kind === 'wecom-app' && to !== null && to !== 'person' && items(channel, 'accounts').length === 0) {
    return [finding(atStart(channel.path), (words) => words.appNowhere(), { needsWholeFile: true })];
  }
  return [];
}

function checkHttp(http: Draft): Finding[] {
  const devices = textOf(http, 'devices');
  if (devices === null || devices.endsWith(':0') || devices !== (textOf(http, 'listen') ?? '127.0.0.1:8420')) return [];
  return [finding(atValue([...http.path, 'devices']), (words) => words.sameListen())];
}
