import { describe, expect, test } from 'vitest';
import { type CameraAddress, readAddress } from '../../../adapters/cameras/camera-address.ts';

function read(source: string): CameraAddress {
  const address = readAddress(source);
  if ('because' in address) throw new Error(`${source} ${address.because}`);
  return address;
}

describe('an address', () => {
  test.each([
    ['rtsp://cam.hall:554/a?channel=1&subtype=1', 'rtsp://cam.hall:554/a?channel=1&subtype=1', null],
    ['RTSP://CAM/a', 'rtsp://CAM/a', null],
    ['rtsp://admin@cam/a', 'rtsp://admin@cam/a', 'admin\n'],
    ['rtsp://admin:pw@cam/Streaming/Channels/102?', 'rtsp://admin:pw@cam/Streaming/Channels/102?', 'admin\npw'],
    ['rtsp://admin:p%3A%40%2Fw@cam/a', 'rtsp://admin:p%3A%40%2Fw@cam/a', 'admin\np:@/w'],
    ['rtsp://admin:p:@/w@cam/a', 'rtsp://admin:p%3A%40%2Fw@cam/a', 'admin\np:@/w'],
    ['rtsp://admin:a/b?c#d@cam/a', 'rtsp://admin:a%2Fb%3Fc%23d@cam/a', 'admin\na/b?c#d'],
    ['rtsp://admin:100%pure@cam/a', 'rtsp://admin:100%25pure@cam/a', 'admin\n100%pure'],
    [
      'rtsp://管理员:密 码@[::1]:554/a',
      `rtsp://${encodeURIComponent('管理员')}:${encodeURIComponent('密 码')}@[::1]:554/a`,
      '管理员\n密 码',
    ],
    ['https://u:p@cam/a.mjpg', 'https://u:p@cam/a.mjpg', 'u\np'],
    ['rtsp://cam/a@b', 'rtsp://cam/a@b', null],
  ])('%s is handed on as %s', (source, url, login) => {
    expect(read(source)).toMatchObject({ url, login });
  });

  test.each([
    '',
    'cam',
    '/etc/passwd',
    'file:///etc/passwd',
    'rtp://cam:5004',
    'udp://@239.0.0.1',
    'rtsp://',
    'rtsp://u:p@',
    'rtsp://a b/',
  ])('is not %s', (source) => expect(readAddress(source)).toHaveProperty('because'));

  test('is of the same host, whatever its port and the case of its letters', () => {
    expect(read('rtsp://Recorder:554/1').host).toBe(read('http://recorder:80/2').host);
    expect(read('rtsp://10.0.0.7/1').host).not.toBe(read('rtsp://10.0.0.8/1').host);
  });

  test('may be a file where files are allowed, never a protocol of ffmpeg', () => {
    expect(readAddress('/a/b c.mp4', { files: true })).toMatchObject({ url: 'file:/a/b c.mp4', scheme: 'file' });
    expect(readAddress('file:///a.mp4', { files: true })).toMatchObject({ url: 'file:/a.mp4' });
    expect(readAddress('concat:a|b', { files: true })).toMatchObject({ url: `file:${process.cwd()}/concat:a|b` });
    expect(readAddress('gopher://a', { files: true })).toHaveProperty('because');
  });
});

describe('credentials are masked', () => {
  const address = read('rtsp://admin:p:@/w@cam/a?token=abc123');

  test.each([
    [
      'rtsp://admin:p%3A%40%2Fw@cam/a: Server returned 401 Unauthorized',
      'rtsp://***@cam/a: Server returned 401 Unauthorized',
    ],
    ['opening rtsp://admin:p:@/w@cam/a', 'opening rtsp://***@cam/a'],
    ['the password p:@/w is wrong', 'the password *** is wrong'],
    ['http://other:secret@nvr/x', 'http://***@nvr/x'],
    ['rtsp://cam/user=admin&password=tlJwpbo6&channel=1', 'rtsp://cam/user=***&password=***&channel=1'],
    ['rtsp://cam/user=admin_password=tlJwpbo6_channel=1', 'rtsp://cam/user=***'],
    ['/snap?Token=abc&x=1', '/snap?Token=***&x=1'],
    ['Connection refused', 'Connection refused'],
  ])('%s', (said, shown) => expect(address.mask(said)).toBe(shown));

  test('in what is shown of the address', () => {
    expect(address.shown).toBe('rtsp://***@cam/a?token=***');
    // It may be a password that was not encoded; where the host begins is not known then.
    expect(read('rtsp://admin:12/3@cam/a').shown).toBe('rtsp://***@cam/a');
  });
});
