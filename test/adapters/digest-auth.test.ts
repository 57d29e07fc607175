/** What a server asks for, and the header that answers it, by the examples of the RFCs and as devices write them. */
import { describe, expect, test } from 'vitest';
import { authSchemes, type DigestChallenge, digestAuthorization, digestChallenge } from '../../adapters/digest-auth.ts';

const challenge = (header: string | readonly string[]): DigestChallenge => {
  const found = digestChallenge(header);
  if (found === null) throw new Error(`no digest in ${JSON.stringify(header)}`);
  return found;
};
const responseOf = (header: string): string => /response="([0-9a-f]+)"/.exec(header)?.[1] ?? '';

/** RFC 7616, section 3.9.1. */
const RFC_7616 = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  login: { user: 'Mufasa', password: 'Circle of Life' },
};
const offer = (algorithm: string): string =>
  `Digest realm="${RFC_7616.realm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${RFC_7616.nonce}", opaque="${RFC_7616.opaque}"`;
const answerTo = (header: string | readonly string[]): string =>
  digestAuthorization({
    challenge: challenge(header),
    login: RFC_7616.login,
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    clientNonce: RFC_7616.clientNonce,
  });

describe('a digest', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('of %s is that of RFC 7616', (algorithm, response) => {
    expect(answerTo(offer(algorithm))).toBe(
      `Digest username="Mufasa", realm="${RFC_7616.realm}", nonce="${RFC_7616.nonce}", uri="/dir/index.html", ` +
        `algorithm=${algorithm}, response="${response}", opaque="${RFC_7616.opaque}", ` +
        `qop=auth, nc=00000001, cnonce="${RFC_7616.clientNonce}"`,
    );
  });

  test('with and without qop is that of RFC 2617 and RFC 2069', () => {
    const request = {
      login: { user: 'Mufasa', password: 'Circle Of Life' },
      method: 'GET',
      uri: '/dir/index.html',
      count: 1,
      clientNonce: '0a4f113b',
    };
    const header = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const counted = digestAuthorization({ ...request, challenge: challenge(`${header}, qop="auth,auth-int"`) });
    expect(responseOf(counted)).toBe('6629fae49393a05397450978507c4ef1');
    const plain = digestAuthorization({ ...request, challenge: challenge(header) });
    // The errata of RFC 2069 corrects the example's digest to this one.
    expect(responseOf(plain)).toBe('670fd8c2df070c60b045671b8b24ff02');
    expect(plain).not.toMatch(/qop|nc=|cnonce/);
  });

  test('counts the uses of a nonce in hexadecimal, and each gives another digest', () => {
    const request = {
      challenge: challenge(offer('MD5')),
      login: RFC_7616.login,
      method: 'GET',
      uri: '/',
      clientNonce: 'c',
    };
    const uses = [1, 2, 26].map((count) => digestAuthorization({ ...request, count }));
    expect(uses.map((header) => /nc=(\w+)/.exec(header)?.[1])).toEqual(['00000001', '00000002', '0000001a']);
    expect(new Set(uses.map(responseOf)).size).toBe(3);
  });

  test('of a session binds the login to both nonces', () => {
    // HA1 = MD5(MD5(user:realm:password):nonce:cnonce), worked out by hand from RFC 7616, section 3.4.2.
    const header = digestAuthorization({
      challenge: challenge('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess'),
      login: { user: 'u', password: 'p' },
      method: 'GET',
      uri: '/',
      count: 1,
      clientNonce: 'c',
    });
    expect(header).toContain('algorithm=MD5-sess');
    expect(responseOf(header)).toBe('6e4aac8b22e97762f88ccd0d5ccf5b1d');
  });

  test('of a name and password beyond Latin is that of their bytes in UTF-8', () => {
    const header = digestAuthorization({
      challenge: challenge('Digest realm="r", nonce="n"'),
      login: { user: '管理员', password: '密码"\\' },
      method: 'GET',
      uri: '/',
      count: 1,
      clientNonce: 'c',
    });
    expect(Buffer.from(header, 'latin1').toString()).toContain('username="管理员"');
    expect(responseOf(header)).toBe('a9f5acb73347362059f9f09831e3886b');
  });
});

describe('a challenge', () => {
  test('is read in whatever order it is written', () => {
    expect(challenge('digest QOP="auth", Realm="DS-2CD, \\"hall\\"" , nonce="abc=",stale=TRUE')).toEqual({
      realm: 'DS-2CD, "hall"',
      nonce: 'abc=',
      opaque: null,
      hash: 'md5',
      algorithm: null,
      isSession: false,
      hasQop: true,
      isStale: true,
    });
  });

  test('is taken with the stronger hash, from one header or several, beside other schemes', () => {
    const several = [offer('MD5'), 'Basic realm="x"', offer('SHA-256')];
    expect(challenge(several).hash).toBe('sha256');
    expect(challenge(several.join(', ')).hash).toBe('sha256');
    expect(challenge([`Basic realm="x", ${offer('MD5')}`]).hash).toBe('md5');
    expect(authSchemes('Basic realm="a", Digest realm="b", nonce="c"').map(({ scheme }) => scheme)).toEqual([
      'basic',
      'digest',
    ]);
  });

  test.each([
    ['nothing', null],
    ['an empty header', ''],
    ['another scheme', 'Basic realm="x"'],
    ['no nonce', 'Digest realm="x"'],
    ['no realm', 'Digest nonce="x"'],
    ['an unknown hash', 'Digest realm="x", nonce="y", algorithm=SHA-512-256, qop="auth"'],
    ['the hash of a body', 'Digest realm="x", nonce="y", qop="auth-int"'],
    ['a session without qop', 'Digest realm="x", nonce="y", algorithm=MD5-sess'],
  ])('that is none: %s', (_, header) => expect(digestChallenge(header)).toBeNull());
});
