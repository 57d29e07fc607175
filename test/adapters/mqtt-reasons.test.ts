import { expect, test } from 'vitest';
import { mqttAddress } from '../../adapters/mqtt-address.ts';
import { causeOf, isFinal, reasonOf, refusesVersion } from '../../adapters/mqtt-reasons.ts';

const PLAIN = mqttAddress('mqtt://user:hush@broker.example');
const TLS = mqttAddress('mqtts://user:hush@[::1]');
const fault = (code: string | number, message = 'hush'): Error => Object.assign(new Error(message), { code });

test.each([
  [fault('ENOTFOUND'), PLAIN, 'no host is known as broker.example'],
  [fault('ECONNREFUSED'), PLAIN, 'nothing listens at broker.example:1883'],
  [fault('EHOSTUNREACH'), PLAIN, 'broker.example:1883 cannot be reached'],
  [fault('ECONNRESET'), PLAIN, 'broker.example:1883 cut the connection'],
  [fault('ECONNRESET'), TLS, '[::1]:8883 cut the connection; does it speak TLS?'],
  [fault('ERR_SSL_WRONG_VERSION_NUMBER'), TLS, '[::1]:8883 did not agree on TLS (ERR_SSL_WRONG_VERSION_NUMBER)'],
  [fault('CERT_HAS_EXPIRED'), TLS, 'the certificate of [::1]:8883 is not trusted (CERT_HAS_EXPIRED)'],
  [fault('EWHATEVER'), PLAIN, 'the connection to broker.example:1883 failed (EWHATEVER)'],
  [new Error('connack timeout'), PLAIN, 'broker.example:1883 did not answer in time'],
  [new Error('hush'), PLAIN, 'broker.example:1883 did not speak MQTT as it should'],
  [fault(4), PLAIN, 'the broker refused our user name or password'],
  [fault(142), PLAIN, 'another client connected with our client id'],
  [fault(200), PLAIN, 'the broker gave the reason code 200'],
])('%s', (error, address, expected) => {
  expect(causeOf(error, address)).toBe(expected);
});

test('what can be mended by an older version, and what by nothing', () => {
  expect([1, 132, 5, 135].map((code) => refusesVersion(fault(code)))).toEqual([true, true, false, false]);
  expect([135, 144, 149, 153, 154, 155].every((code) => isFinal(fault(code)))).toBe(true);
  expect([128, 131, 147, 151, 'ECONNRESET'].some((code) => isFinal(fault(code)))).toBe(false);
  expect(reasonOf(139)).toBe('the broker is shutting down');
});

test('an address is read whole', () => {
  expect(mqttAddress('mqtt://a%40b:c%3Ad@127.0.0.1:1884')).toEqual({
    protocol: 'mqtt',
    host: '127.0.0.1',
    port: 1884,
    name: '127.0.0.1:1884',
    username: 'a@b',
    password: 'c:d',
  });
  expect(mqttAddress('mqtt://x:100%25@h')).toMatchObject({ password: '100%', port: 1883 });
  expect(mqttAddress('mqtt://x:100%@h')).toMatchObject({ password: '100%' });
  expect(TLS).toMatchObject({ protocol: 'mqtts', host: '::1', port: 8883 });
});
