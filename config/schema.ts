/** The one schema of hall.yaml: its type, defaults, checks, and the JSON Schema that editors and the manual are made of. */
import { z } from 'zod';
import { connectionShape } from './connection-schema.ts';
import { judgingShape } from './judging-schema.ts';

export const configSchema = z.strictObject({ ...judgingShape, ...connectionShape });

/**
 * A configuration as it has been accepted: lengths of time in milliseconds, sizes in bytes, what was left out filled in
 * (null, an empty list or the default), secrets in clear. `data`, `caFile`, the paths of `person`
 * and the folders of reports are absolute.
 */
export type Config = z.output<typeof configSchema>;
export type MqttConfig = NonNullable<Config['mqtt']>;
export type EmbeddedBrokerConfig = NonNullable<MqttConfig['embedded']>;
export type ClockConfig = Config['clocks'][number];
/** What is connected how; `mqtt-json` needs nothing. */
export type ClockProfile = ClockConfig['profile'];
/** One with a `recorder` has the address of its channel. */
export type CameraEntry = Config['cameras'][number];
/** One that is read: it has a picture. */
export type CameraConfig = CameraEntry & { readonly source: string };
export type WitnessConfig = NonNullable<CameraEntry['witness']>;
export type EvidenceConfig = Config['evidence'];
export type MetricsConfig = NonNullable<Config['metrics']>;
export type NotifyConfig = Config['notify'];
export type ChannelConfig = NotifyConfig['channels'][number];
export type HttpConfig = Config['http'];
export type ReportConfig = Config['reports'][number];
