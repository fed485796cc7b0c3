import { gzipSync } from 'node:zlib'

/**
 * `asked` = the most answers, which is the number of requests to a correct reader. The sender replaces `HOST` and `TOKEN`. A
 * request with a broken body may already be answered, and the connection then ends.
 */
export type Trick = { name: string; bytes: string; asked: number; may?: number[]; methods?: string[]; isBroken?: true }

const lines = (...all: string[]) => all.join('\r\n')
/** Would be answered with `{"ok":true}` if any layer took it for a separate request. */
const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
const post = (...headers: string[]) =>
  lines('POST /orgs/acme/projects HTTP/1.1', 'Host: HOST', 'Content-Type: application/json', ...headers, '', '')
const get = (target: string, ...headers: string[]) => lines(`GET ${target} HTTP/1.1`, 'Host: HOST', ...headers, '', '')
const bomb = gzipSync(Buffer.alloc(20_000_000)).toString('latin1')

const refused = { asked: 1, may: [400] }
const broken = { asked: 1, may: [400, 401], isBroken: true as const } satisfies Partial<Trick>

/** Bodies whose length two readers could measure differently. */
const lengths: Trick[] = [
  { name: 'two lengths', bytes: post('Content-Length: 4', 'Content-Length: 44') + smuggled, ...refused },
  { name: 'one length, twice', bytes: `${post('Content-Length: 2', 'Content-Length: 2')}{}`, ...refused },
  { name: 'two lengths in a line', bytes: `${post('Content-Length: 2, 2')}{}`, ...refused },
  {
    name: 'length and chunks',
    bytes: `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  {
    name: 'chunks and length',
    bytes: `${post('Transfer-Encoding: chunked', 'Content-Length: 6')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  {
    name: 'chunked twice',
    bytes: `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  { name: 'nearly chunked', bytes: `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled}`, ...broken },
  { name: 'chunked, then something else', bytes: `${post('Transfer-Encoding: chunked, gzip')}0\r\n\r\n${smuggled}`, ...refused },
  { name: 'a space before the colon', bytes: `${post('Transfer-Encoding : chunked')}0\r\n\r\n${smuggled}`, ...refused },
  {
    name: 'a folded header',
    bytes: `${post('Transfer-Encoding:', ' chunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  { name: 'a negative length', bytes: `${post('Content-Length: -1')}{}`, ...refused },
  { name: 'a length with a plus', bytes: `${post('Content-Length: +2')}{}`, ...refused },
  { name: 'a length in hexadecimal', bytes: `${post('Content-Length: 0x2')}{}`, ...refused },
  { name: 'a huge length', bytes: `${post('Content-Length: 99999999999999999999999')}{}`, ...refused },
  { name: 'a chunk of an odd size', bytes: `${post('Transfer-Encoding: chunked')}2x\r\n{}\r\n0\r\n\r\n`, ...broken },
  { name: 'a chunk of a negative size', bytes: `${post('Transfer-Encoding: chunked')}-2\r\n{}\r\n0\r\n\r\n`, ...broken },
  {
    name: 'a chunk of a huge size',
    bytes: `${post('Transfer-Encoding: chunked')}ffffffffffffffffffff\r\n{}\r\n0\r\n\r\n`,
    ...broken,
  },
  {
    name: 'a chunk longer than it says',
    bytes: `${post('Transfer-Encoding: chunked')}1\r\n{}\r\n0\r\n\r\n${smuggled}`,
    ...broken,
  },
  { name: 'chunks with bare line feeds', bytes: `${post('Transfer-Encoding: chunked')}2\n{}\n0\n\n${smuggled}`, ...broken },
  { name: 'a body to GET', bytes: get('/orgs', `Content-Length: ${smuggled.length}`) + smuggled, asked: 1 },
  {
    name: 'a body in chunks to GET',
    bytes: `${get('/orgs', 'Transfer-Encoding: chunked')}${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
    asked: 1,
  },
  { name: 'a body that nobody reads', bytes: post(`Content-Length: ${smuggled.length}`) + smuggled, asked: 1, may: [401] },
  {
    name: 'a long body that nobody reads',
    bytes: post('Content-Length: 300000') + smuggled.repeat(10_000).slice(0, 300_000),
    asked: 1,
    may: [401],
  },
  {
    name: 'trailers',
    bytes: `${post('Transfer-Encoding: chunked', 'Trailer: Authorization')}2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n`,
    asked: 1,
    may: [401],
  },
]

const headers: Trick[] = [
  { name: 'NUL in a header', bytes: get('/orgs', 'X-Odd: a\0b'), ...refused },
  { name: 'NUL in a header’s name', bytes: get('/orgs', 'X-O\0dd: a'), ...refused },
  { name: 'a bare carriage return', bytes: get('/orgs', 'X-Odd: a\rb'), ...refused },
  { name: 'a header without a name', bytes: get('/orgs', ': a'), ...refused },
  { name: 'a header without a colon', bytes: get('/orgs', 'odd'), ...refused },
  { name: 'a folded header at the start', bytes: lines('GET /orgs HTTP/1.1', ' X: y', 'Host: HOST', '', ''), ...refused },
  { name: 'bytes above ASCII', bytes: get('/orgs', 'X-Odd: \xff\xfe\x80', 'Authorization: Bearer \xff'), asked: 1, may: [401] },
  { name: 'two Hosts', bytes: lines('GET /orgs HTTP/1.1', 'Host: HOST', 'Host: evil.example', '', ''), ...refused },
  { name: 'no Host', bytes: lines('GET /orgs HTTP/1.1', '', ''), ...refused },
  { name: 'an impossible Host', bytes: lines('GET /orgs HTTP/1.1', 'Host: a b/c?d#e@f', '', ''), asked: 1, may: [400, 401] },
  { name: 'headers that are too large', bytes: get('/orgs', `X-Odd: ${'x'.repeat(40_000)}`), asked: 1, may: [431] },
  {
    name: 'a thousand headers',
    bytes: get('/orgs', ...Array.from({ length: 1000 }, (_, i) => `X-${i}: 1`)),
    asked: 1,
    may: [400, 401, 431],
  },
  {
    name: 'two Authorizations',
    bytes: get('/orgs/acme/projects', 'Authorization: Bearer TOKEN', 'Authorization: Bearer x'),
    asked: 1,
    may: [400, 401],
  },
  {
    name: 'two Authorizations, the right one last',
    bytes: get('/orgs/acme/projects', 'Authorization: Bearer x', 'Authorization: Bearer TOKEN'),
    asked: 1,
    may: [400, 401],
  },
  {
    name: 'two Cookies',
    bytes: get('/orgs', 'Cookie: next-auth.session-token=a', 'Cookie: next-auth.session-token=b'),
    asked: 1,
    may: [401],
  },
  {
    name: 'a connection that names headers',
    bytes: get('/orgs', 'Connection: keep-alive, authorization, host'),
    asked: 1,
    may: [401],
  },
  {
    name: 'an address of one’s own',
    bytes: get('/orgs', 'X-Bulkhead-Address: 10.0.0.1', 'X-Bulkhead-Address: 10.0.0.2'),
    asked: 1,
    may: [401],
  },
  {
    name: 'an upgrade',
    bytes: get('/orgs', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x'),
    asked: 1,
    may: [401],
  },
  {
    name: 'an upgrade to HTTP/2',
    bytes: get('/orgs', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'),
    asked: 1,
    may: [401],
  },
  { name: 'HTTP/2 by prior knowledge', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ...refused },
  { name: 'something to be expected', bytes: `${post('Expect: 100-continue', 'Content-Length: 2')}{}`, asked: 1, may: [401] },
  { name: 'something else to be expected', bytes: `${post('Expect: miracles', 'Content-Length: 2')}{}`, asked: 1, may: [417] },
  {
    name: 'a bomb',
    bytes: post('Authorization: Bearer TOKEN', 'Content-Encoding: gzip', `Content-Length: ${bomb.length}`) + bomb,
    asked: 1,
    may: [400, 415],
  },
]

const targets: Trick[] = [
  ...[
    '//orgs',
    '/orgs//acme',
    '/./orgs',
    '/healthz/../orgs',
    '/healthz/%2e%2e/orgs',
    '/orgs%2facme',
    '/orgs/acme%2f..%2f..',
    '/orgs/%00',
    '/orgs/%',
    '/orgs/%c0%af',
    '/orgs/acme;a=b',
    '/\\orgs',
    '/orgs?a=%00',
    '/%6frgs/acme/projects',
  ].map((target) => ({ name: `GET ${target}`, bytes: get(target), asked: 1, may: [400, 401, 404] })),
  { name: 'an absolute target', bytes: get('http://HOST/orgs'), asked: 1, may: [400, 401] },
  { name: 'an absolute target elsewhere', bytes: get('http://evil.example/orgs'), asked: 1, may: [400, 401] },
  { name: 'a target that is no path', bytes: get('orgs'), asked: 1, may: [400, 401, 404] },
  { name: 'a target of a star', bytes: get('*'), asked: 1, may: [400, 404] },
  { name: 'OPTIONS *', bytes: lines('OPTIONS * HTTP/1.1', 'Host: HOST', '', ''), asked: 1, may: [200, 204, 400, 404] },
  { name: 'a space in the target', bytes: get('/orgs /x'), ...refused },
  { name: 'a long target', bytes: get(`/orgs/${'x'.repeat(12_000)}`), asked: 1, may: [401, 404] },
  { name: 'CONNECT', bytes: lines('CONNECT evil.example:443 HTTP/1.1', 'Host: HOST', '', ''), ...refused },
  { name: 'TRACE', bytes: lines('TRACE /orgs/acme HTTP/1.1', 'Host: HOST', 'Cookie: a=b', '', ''), asked: 1, may: [405] },
  { name: 'a method in lower case', bytes: lines('get /orgs HTTP/1.1', 'Host: HOST', '', ''), ...refused },
  { name: 'no method of HTTP', bytes: lines('NUKE /orgs HTTP/1.1', 'Host: HOST', '', ''), ...refused },
  { name: 'HEAD', bytes: lines('HEAD /healthz HTTP/1.1', 'Host: HOST', '', ''), asked: 1, may: [200, 405], methods: ['HEAD'] },
  { name: 'HTTP/0.9', bytes: 'GET /orgs\r\n', ...refused },
  { name: 'HTTP/1.0', bytes: lines('GET /orgs HTTP/1.0', 'Host: HOST', '', ''), asked: 1, may: [401] },
  { name: 'HTTP/1.9', bytes: lines('GET /orgs HTTP/1.9', 'Host: HOST', '', ''), asked: 1, may: [400, 401] },
  { name: 'TLS', bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', ...refused },
  { name: 'empty lines first', bytes: `\r\n\r\n${get('/orgs')}`, asked: 1, may: [401] },
  { name: 'bare line feeds', bytes: 'GET /orgs HTTP/1.1\nHost: HOST\n\n', asked: 1, may: [400, 401] },
]

export const tricks: Trick[] = [...lengths, ...headers, ...targets]
