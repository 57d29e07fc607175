/** Everything the check can say, in English. */
import { formatDuration } from './durations.ts';
import { suggest } from './suggest.ts';
import type { Noun, SyntaxCause, SyntaxFault, Told, TypeName } from './terms.ts';
import type { Words } from './words-zh.ts';

const told = (message: string, hint: string | null = null): Told => ({ message, hint });
const meant = (word: string | null, otherwise: string | null = null): string | null =>
  word === null ? otherwise : `did you mean ${word}?`;
const oneOf = (words: readonly string[]): string => `one of: ${words.join(', ')}`;

const NOUNS: Readonly<Record<Noun, string>> = {
  employee: 'employee',
  department: 'department',
  schedule: 'schedule',
  window: 'window',
  device: 'device',
  channel: 'channel',
  user: 'sign-in name',
  served: 'department or employee',
  recorder: 'recorder',
};

const TYPES: Readonly<Record<TypeName, string>> = {
  text: 'a text',
  number: 'a number',
  yesNo: 'true or false',
  list: 'a list',
  map: 'a map of keys',
  nothing: 'nothing',
};

const FAULTS: Readonly<Record<SyntaxFault, string>> = {
  tab: 'a tab indents; YAML allows only spaces',
  indent: 'the indentation is wrong',
  openQuote: 'this quote is never closed',
  openBracket: 'this bracket is never closed',
  unclosed:
    'something is unfinished: a bracket, quote, comma or colon is missing, or the line above is indented otherwise',
  unexpected: 'this does not belong here',
  nestedInLine: 'two levels of keys in one line, or more indented below a value',
  reserved: 'a value cannot begin with this character unless it is quoted',
  escape: 'an unknown escape after \\ in double quotes; use single quotes for paths',
  severalDocuments: 'a second document (---); one file holds one hall',
  tag: 'an unknown YAML tag (!…)',
  anchor: 'an anchor or alias (& *) in the wrong place',
  tooDeep: 'nested too deeply',
  other: 'this is no YAML',
};

const CAUSES: Readonly<Record<Exclude<SyntaxCause, null>, string>> = {
  wideColon: 'the colon is the full-width “：”; write an ASCII colon and a space',
  bareVariable: `inside braces and brackets \${…} must be quoted: "\${MQTT_PASSWORD}"`,
  wideQuote: 'write ASCII quotes, " or \'',
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  EFBIG: 'it is too large to be a secret',
  EMPTY: 'it is empty',
};

export const en: Words = {
  fileMissing: () => told('there is no such file'),
  fileIsFolder: () => told('this is a folder, not a configuration file'),
  fileTooLarge: ({ limit }) => told(`the file is larger than ${limit} and cannot be a hall’s configuration`),
  fileNotReadable: ({ because }) => told(`the file cannot be read: ${REASONS[because] ?? because}`),
  notUtf8: () => told('the file is not encoded in UTF-8', 'save it as UTF-8'),
  fileEmpty: () => told('the file is empty', '`zaigang init` writes a commented example'),

  yaml: ({ fault, cause }) => told(`YAML: ${FAULTS[fault]}`, cause === null ? null : CAUSES[cause]),
  tooMuch: () => told('aliases (*) go in circles, or what they stand for is too large or too deep'),
  unknownAnchor: () => told('nothing above defines this alias (&…)'),
  duplicateKey: ({ line }) => told('this key is written twice in one map', `it is already on line ${line}`),
  keyNotText: () => told('a key must be a single word'),

  unknownKey: ({ shown, word, known }) =>
    told(`unknown key ${shown}`, meant(suggest(word, known), known.length > 0 ? oneOf(known) : null)),
  onlyInDemo: ({ key }) => told(`${key} exists only in \`zaigang demo\``, 'give each device a password'),
  missing: ({ key }) => told(`missing key ${key}`),
  wrongType: ({ expected, got }) => told(`expected ${TYPES[expected]}, found ${TYPES[got]}`),
  notAllowed: ({ shown, word, allowed }) => {
    const near = word === null ? null : suggest(word, allowed);
    return told(`${shown} is not allowed here`, near === null ? oneOf(allowed) : `${meant(near)} (${oneOf(allowed)})`);
  },
  numberAsId: ({ source }) => told('this id was read as a number', `quote ids, or leading zeros are lost: "${source}"`),
  numberAsText: ({ source }) => told('this text was read as a number', `quote it: "${source}"`),
  numberAsSecret: () => told('this secret was read as a number', 'quote it, or leading zeros are lost'),
  badId: ({ shown }) =>
    told(`${shown} cannot be an id`, '1 to 64 characters, no spaces and none of / + # (ids are levels of MQTT topics)'),
  badCredential: ({ shown }) => told(`${shown} cannot be a credential`, '1 to 64 characters, no spaces'),
  badText: () => told('must not be empty nor longer than 200 characters'),
  emptyItem: () => told('this item of the list is empty'),
  emptyList: () => told('the list must not be empty'),
  noUnit: ({ source }) =>
    told('the duration has no unit', `write ${source}m (minutes) or ${source}s (seconds); units are h, m, s, ms`),
  badDuration: ({ shown, limit }) =>
    told(`${shown} is no duration`, `write 90s, 5m, 2h, 1h30m or 500ms; at most ${limit}`),
  badDate: ({ shown }) => told(`${shown} is no date`, 'write 2026-03-02'),
  noSuchDate: ({ shown }) => told(`there is no ${shown}`),
  badTime: ({ shown, word }) => told(`${shown} is no time of day`, meant(word, 'write "04:00"')),
  badSession: ({ shown, word }) => told(`${shown} is no session`, meant(word, 'write "09:00-12:00"')),
  badZone: ({ shown, word, zones }) =>
    told(`there is no time zone ${shown}`, meant(suggest(word, zones), 'write an IANA name such as Asia/Shanghai')),
  badNumber: ({ minimum, maximum }) => told(`expected a whole number from ${minimum} to ${maximum}`),
  badUrl: ({ schemes }) =>
    told('this address is wrong', `it begins with ${schemes.map((s) => `${s}://`).join(', ')} and names a host`),
  badListen: () => told('this is no address to listen on', 'write 127.0.0.1:8420'),
  badNetwork: ({ shown }) => told(`${shown} is no address or network`, 'write 127.0.0.1, ::1 or 10.1.0.0/16'),
  badHeader: ({ shown }) => told(`${shown} is no name of a header`, 'write X-Remote-User'),
  badSize: () => told('this is no size', 'write 512MB or 2GB'),
  badTopic: ({ shown }) => told(`${shown} is no MQTT topic filter`, '+ fills a whole level, # is the last one'),
  badTopicName: ({ shown }) => told(`${shown} is no MQTT topic to publish to`, 'it must not hold + or #'),
  badPointer: ({ shown, word }) =>
    told(`${shown} is no JSON Pointer`, meant(word, 'each step begins with /, as in /info/customId')),
  badTimeFormat: ({ shown, word }) =>
    told(
      `${shown} is no way to write a time`,
      meant(word, 'made of yyyy MM dd HH mm ss SSS (MM months, mm minutes), or rfc3339, unix, unix-ms'),
    ),
  badHttpPath: ({ shown }) => told(`${shown} is no path`, 'write /push/clock-1, without ? and spaces'),
  equalsOrIn: () => told('write either equals or in'),
  mapOrProfile: () => told('write either profile or map', 'a profile is a known make, a map is your own'),
  mapNowhere: () => told('map does not say where messages come from', 'write topics (of MQTT) or path (of HTTP)'),
  replyNowhere: () =>
    told('the reply has no topic', 'write topic; only what is pushed over HTTP (path) may leave it out'),
  topicTwice: ({ shown, line }) =>
    told(
      `topic ${shown} belongs to another clock`,
      `it is on line ${line}; topics that several use stand under shared`,
    ),
  badRoi: () => told('a seat’s region is [left, top, width, height], or at least three [x, y]'),
  roiOutside: () =>
    told(
      'the seat’s region lies outside the picture',
      'fractions from 0 to 1; left+width and top+height at most 1, width and height above 0',
    ),

  unknown: ({ noun, shown, word, known }) => told(`there is no ${NOUNS[noun]} ${shown}`, meant(suggest(word, known))),
  unknownDevice: ({ shown, word, known }) =>
    told(`clocks has no device ${shown}; nothing waits for it while it is offline`, meant(suggest(word, known))),
  duplicate: ({ noun, shown, line }) => told(`duplicate ${NOUNS[noun]} ${shown}`, `it is already on line ${line}`),
  repeated: ({ shown }) => told(`${shown} is written twice here`),
  bothRoles: ({ shown }) => told(`${shown} is both A and B of this window`),
  reservedDevice: () => told('no device may be called daemon; that is the program itself'),
  credentialClash: ({ shown, person, other, line }) =>
    told(
      `credential ${shown} belongs to ${person} and to ${other}`,
      `the other is on line ${line}; tell them apart by device or by from and to`,
    ),
  credentialTwice: ({ shown }) => told(`credential ${shown} is written twice for one person`),
  aWithoutSchedule: ({ shown }) =>
    told(
      `A of the window, ${shown}, has no schedule and is present only on rostered duty`,
      'give this person a schedule',
    ),
  aWithoutCredential: ({ shown }) =>
    told(`A of the window, ${shown}, has no credential; no punch will be theirs`, 'give this person credentials'),

  weeklyOrVersions: () => told('write either weekly or versions'),
  versionWithoutFrom: () => told('only the first version may leave out from'),
  versionsOrder: ({ shown }) =>
    told(`${shown} is not after the version before`, 'versions go from the earliest to the latest'),
  fromAfterUntil: ({ shown, key }) => told(`${shown} is before from`, `${key} is inclusive and not before from`),
  sessionEmpty: ({ shown }) => told(`session ${shown} ends when it starts`),
  sessionOrder: ({ shown }) =>
    told(`session ${shown} follows a later one`, 'sessions go from the earliest to the latest'),
  sessionOverlap: ({ shown, other }) => told(`session ${shown} overlaps ${other}`),
  sessionsTooClose: ({ shown, other }) =>
    told(`session ${shown} is less than 1 minute from ${other}`, 'join them, or leave at least 1 minute'),
  sessionBeforeDay: ({ shown, dayStart }) =>
    told(
      `session ${shown} is before the day starts at ${dayStart}`,
      'set an earlier hall.dayStart, or move it to the day before',
    ),
  sessionAfterDay: ({ shown, dayStart }) =>
    told(
      `session ${shown} goes past ${dayStart} of the next day, where the next day starts`,
      'an end before the start means past midnight; for such sessions set a later hall.dayStart',
    ),
  limitsCross: ({ short, long, limit, rule }) =>
    told(`${short} is not shorter than ${long} (${formatDuration(limit)}), so there can be no ${rule}`),

  variableMissing: ({ name, names }) =>
    told(
      `environment variable ${name} is ${names.includes(name) ? 'empty' : 'not set'}`,
      meant(names.includes(name) ? null : suggest(name, names), `a default may be given: \${${name}:-…}`),
    ),
  variableMalformed: () => told(`\${ needs a name and }`, `for \${ itself write $\${`),
  secretEmpty: ({ key }) => told(`${key} is empty`, `write \${VARIABLE} or ${key}_file`),
  secretInFile: ({ key }) => told(`${key} stands in the file in clear`, `use \${VARIABLE} or ${key}_file`),
  secretInAddress: () => told('this address holds a password in clear', `use \${VARIABLE}`),
  secretTwice: ({ key }) => told(`write either ${key} or ${key}_file`),
  fileUnreadable: ({ because }) => told(`this file cannot be read: ${REASONS[because] ?? because}`),

  mqttNowhere: () => told('mqtt needs url or embedded'),
  cameraNowhere: () =>
    told(
      'this camera has nothing to see or hear it by',
      'write source, recorder, witness, or a password for its MQTT client',
    ),
  channelMissing: () => told('it is a channel of a recorder, but not said which', 'write channel, as in channel: 3'),
  recorderMissing: () => told('channel is of a recorder, but not said of which', 'write recorder'),
  twoSources: () => told('write source or recorder, not both', 'the address of a recorder’s channel is in recorders'),
  channelTwice: ({ line }) => told('this channel of this recorder is written twice', `it is already on line ${line}`),
  recorderWithoutMark: () =>
    told(
      'the address of the recorder has no {n}, which tells its channels apart',
      'write {n} for the channel, as in /Streaming/Channels/{n}02',
    ),
  frigateNowhere: () => told('there is no broker where Frigate could be heard', 'write broker here, or mqtt.url'),
  clockCannotSignIn: ({ shown }) =>
    told(`${shown} has no password and cannot sign in to the embedded broker`, 'write password or password_file'),
  clockCannotPush: ({ shown }) =>
    told(`${shown} pushes over HTTP, and nobody listens for it`, 'write http.devices, such as "0.0.0.0:8081"'),
  influxVersion: () => told('write either database (v1) or bucket (v2, v3)'),
  influxToken: () => told('bucket (v2, v3) needs a token'),
  influxMixed: ({ key, version }) => told(`${key} is only for InfluxDB ${version}`),
  channelWithoutDepartments: ({ to }: { to: string }) =>
    told(`to: ${to} does not say of which departments`, 'write departments: [id]'),
  groupIsNobody: () => told('a robot reaches a group, not a person', 'to: person is for email and wecom-app'),
  neverOnDuty: ({ shown }) => told(`${shown} is never on duty, so this never serves`, 'write them into notify.duty'),
  appNowhere: () => told('the message has no addressee', 'write accounts, or to: person'),
  mailNowhere: () => told('the mail has no addressee', 'write addresses, or to: person'),
  channelWithoutReports: ({ shown }) =>
    told(
      `channel ${shown} cannot be told of reports`,
      'use a robot, email, webhook, or wecom-app with accounts; none for single persons, no log, no mqtt',
    ),
  reportsOverwrite: ({ line }) =>
    told(
      `this writes the same files as line ${line}, one with names and one without`,
      'give them different folders, or the same maskNames',
    ),
  sameListen: () => told('devices and listen must not be the same address'),
};
