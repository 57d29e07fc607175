/** What ONVIF cameras report: messages of their rules, and what those mean for a seat. Pure. */
import { attribute, each, inside, textIn, type XmlTree } from './xml-tree.ts';

/** One message, as a map of names to values for each of its parts. */
export interface OnvifNotification {
  /** Without prefixes: `RuleEngine/FieldDetector/ObjectsInside`. */
  readonly topic: string;
  /** It is over for good: the rule or the object is gone. */
  readonly isDeleted: boolean;
  readonly source: ReadonlyMap<string, string>;
  readonly key: ReadonlyMap<string, string>;
  readonly data: ReadonlyMap<string, string>;
}

/** Of an answer to PullMessages; null = it is none. */
export function readNotifications(tree: XmlTree): readonly OnvifNotification[] | null {
  const answer = inside(tree, 'Body', 'PullMessagesResponse');
  if (answer === undefined) return null;
  return each(answer, 'NotificationMessage').flatMap((each) => notificationOf(each) ?? []);
}

function notificationOf(tree: XmlTree): OnvifNotification | null {
  const topic = textIn(tree, 'Topic');
  const message = inside(tree, 'Message', 'Message');
  if (topic === null || message === undefined) return null;
  return {
    // Prefixes are the camera's own choice, and some end their topics with `/.`.
    topic: topic.replaceAll(/[\w-]+:/g, '').replace(/\/\.$/, ''),
    isDeleted: attribute(message, 'PropertyOperation') === 'Deleted',
    source: itemsOf(inside(message, 'Source')),
    key: itemsOf(inside(message, 'Key')),
    data: itemsOf(inside(message, 'Data')),
  };
}

function itemsOf(tree: XmlTree): ReadonlyMap<string, string> {
  const items = each(tree, 'SimpleItem').flatMap((item): [string, string][] => {
    const [name, value] = [attribute(item, 'Name'), attribute(item, 'Value')];
    return name === null || value === null ? [] : [[name, value]];
  });
  return new Map(items);
}

/** A word of a rule that watches a field. */
export interface FieldReport {
  readonly rule: string;
  /** The camera whose picture it is; null = it does not say. */
  readonly videoSource: string | null;
  /** Which object; rules may follow several. */
  readonly object: string;
  readonly isInside: boolean;
}

const OBJECTS_INSIDE = 'RuleEngine/FieldDetector/ObjectsInside';

/** Null = it is about something else. */
export function fieldReport({ topic, isDeleted, source, key, data }: OnvifNotification): FieldReport | null {
  const [rule, inside] = [source.get('Rule'), data.get('IsInside')];
  if (topic !== OBJECTS_INSIDE || rule === undefined || (inside === undefined && !isDeleted)) return null;
  return {
    rule,
    videoSource: source.get('VideoSourceConfigurationToken') ?? source.get('VideoSource') ?? null,
    object: key.get('ObjectId') ?? '',
    isInside: !isDeleted && (inside === 'true' || inside === '1'),
  };
}

const BLIND = /(?:TamperDetector|ImageTooDark|ImageTooBright|ImageTooBlurry|GlobalSceneChange|SignalLoss)(?:\/|$)/;

/** Whether the camera says that its picture shows nothing. */
export const isBlind = ({ topic, isDeleted, data }: OnvifNotification): boolean =>
  BLIND.test(topic) && !isDeleted && [...data.values()].some((value) => value === 'true' || value === '1');
