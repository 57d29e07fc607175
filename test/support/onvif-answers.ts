/** What an ONVIF camera writes: the bodies of its answers, in the shapes that the standard gives. */

const NAMES =
  'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" ' +
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" ' +
  'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error" ' +
  'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:wsa5="http://www.w3.org/2005/08/addressing" ' +
  'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ' +
  'xmlns:tns1="http://www.onvif.org/ver10/topics"';

export const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<SOAP-ENV:Envelope ${NAMES}><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

export const fault = (subcode: string, text: string): string =>
  envelope(
    `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code>` +
      `<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${text}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`,
  );

export function dateAndTime(at: Date): string {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return (
    '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>' +
    `<tt:UTCDateTime><tt:Time><tt:Hour>${hour}</tt:Hour><tt:Minute>${minute}</tt:Minute><tt:Second>${second}</tt:Second></tt:Time>` +
    `<tt:Date><tt:Year>${year}</tt:Year><tt:Month>${month}</tt:Month><tt:Day>${day}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
  );
}

export const capabilities = (base: string): string =>
  `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${base}/onvif/device_service</tt:XAddr></tt:Device>` +
  `<tt:Events><tt:XAddr>${base}/onvif/events</tt:XAddr><tt:WSPullPointSupport>true</tt:WSPullPointSupport></tt:Events>` +
  `<tt:Media><tt:XAddr>${base}/onvif/media</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`;

export const information = (fields: Readonly<Record<string, string>>): string =>
  `<tds:GetDeviceInformationResponse>${Object.entries(fields)
    .map(([name, text]) => `<tds:${name}>${text}</tds:${name}>`)
    .join('')}</tds:GetDeviceInformationResponse>`;

export interface ProfileSetup {
  readonly token: string;
  /** Which of a recorder's cameras; the one there is unless told. */
  readonly videoSource?: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly gop: number;
  /** Left out of some cameras' answers. */
  readonly hasRateControl?: boolean;
}

export const profiles = (all: readonly ProfileSetup[]): string =>
  `<trt:GetProfilesResponse>${all.map(profile).join('')}</trt:GetProfilesResponse>`;

function profile({
  token,
  videoSource = 'video-1',
  width,
  height,
  fps,
  gop,
  hasRateControl = true,
}: ProfileSetup): string {
  const rate = `<tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>`;
  return (
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name>` +
    `<tt:VideoSourceConfiguration token="source"><tt:Name>source</tt:Name><tt:SourceToken>${videoSource}</tt:SourceToken></tt:VideoSourceConfiguration>` +
    `<tt:VideoEncoderConfiguration token="encoder-${token}"><tt:Name>encoder</tt:Name><tt:Encoding>H264</tt:Encoding>` +
    `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>${hasRateControl ? rate : ''}` +
    `<tt:H264><tt:GovLength>${gop}</tt:GovLength><tt:H264Profile>Baseline</tt:H264Profile></tt:H264></tt:VideoEncoderConfiguration></trt:Profiles>`
  );
}

export const uri = (method: 'GetStreamUri' | 'GetSnapshotUri', address: string): string =>
  `<trt:${method}Response><trt:MediaUri><tt:Uri>${address.replaceAll('&', '&amp;')}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect></trt:MediaUri></trt:${method}Response>`;

export const subscription = (address: string, at: Date, until: Date): string =>
  `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>${address}</wsa5:Address></tev:SubscriptionReference>` +
  `<wsnt:CurrentTime>${at.toISOString()}</wsnt:CurrentTime><wsnt:TerminationTime>${until.toISOString()}</wsnt:TerminationTime></tev:CreatePullPointSubscriptionResponse>`;

export interface RuleState {
  readonly rule: string;
  readonly object: string;
  readonly isInside: boolean;
}

export const messages = (all: readonly string[], at: Date): string =>
  `<tev:PullMessagesResponse><tev:CurrentTime>${at.toISOString()}</tev:CurrentTime><tev:TerminationTime>${at.toISOString()}</tev:TerminationTime>${all.join('')}</tev:PullMessagesResponse>`;

/** As a camera's capture has it, with a topic that ends in `/.` as some write it. */
export function objectsInside({ rule, object, isInside }: RuleState, operation: 'Initialized' | 'Changed'): string {
  return (
    '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
    ` tns1:RuleEngine/FieldDetector/ObjectsInside/. </wsnt:Topic><wsnt:Message><tt:Message UtcTime="0000-00-00T00:00:00Z" PropertyOperation="${operation}"><tt:Source>` +
    '<tt:SimpleItem Name="VideoSourceConfigurationToken" Value="VideoSourceToken"/><tt:SimpleItem Name="VideoAnalyticsConfigurationToken" Value="VideoAnalyticsToken"/>' +
    `<tt:SimpleItem Name="Rule" Value="${rule}"/></tt:Source><tt:Key><tt:SimpleItem Name="ObjectId" Value="${object}"/></tt:Key>` +
    `<tt:Data><tt:SimpleItem Name="IsInside" Value="${isInside}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
  );
}

export interface Introduction {
  readonly urn: string;
  readonly scopes: readonly string[];
  readonly xaddrs: readonly string[];
}

export const probeMatches = ({ urn, scopes, xaddrs }: Introduction): string =>
  envelope(
    `<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>${urn}</wsa:Address></wsa:EndpointReference>` +
      `<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes.map((scope) => `onvif://www.onvif.org/${scope}`).join(' ')}</d:Scopes>` +
      `<d:XAddrs>${xaddrs.join(' ')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>`,
  );
