import { testAttacks, testHarmless } from './core-testing.ts'
import type { TestRequest } from './engine/testing.ts'

const header = (name: string, value: string): TestRequest => ({
  target: '/items',
  headers: { [name]: value },
})
const next = (value: string): TestRequest => ({ target: `/login?next=${encodeURIComponent(value)}` })
const json = (value: unknown): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const bearer = (token: string): TestRequest => header('Authorization', `Bearer ${token}`)
const upload = (fileName: string, content = 'x'): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'multipart/form-data; boundary=b0b' },
  body: `--b0b\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: image/png\r\n\r\n${content}\r\n--b0b--\r\n`,
})

const claims = part({ sub: '7' })
const attacks: readonly (readonly [string, number, TestRequest])[] = [
  ['another path for another server', 2181, header('X-Original-URL', '/admin/users')],
  ['a client that says it is the machine', 2182, header('X-Client-IP', '127.0.0.1')],
  ['a client that says so by name', 2182, header('X-Custom-IP-Authorization', 'localhost')],
  ['a host with a name to log in with', 2183, header('X-Forwarded-Host', 'shop.example:1@host.example')],
  ['a host that is a document', 2183, header('X-Host', '"><base href=//x>')],
  ['a prefix that leads elsewhere', 2184, header('X-Forwarded-Prefix', 'https://host.example')],
  ['a field that takes a field away', 2185, header('Connection', 'close, X-Forwarded-For')],
  ['a proxy of the client', 2185, header('Proxy', 'http://host.example:8080')],
  [
    'a call of its own middleware',
    2185,
    header('X-Middleware-Subrequest', 'src/middleware:src/middleware:src/middleware'),
  ],
  ['the same range again and again', 2185, header('Range', 'bytes=0-,0-1,0-2,0-3,0-4')],
  ['a range without an end', 2185, header('Range', 'bytes=18-18446744073709551615')],
  ['a deletion that says it reads', 2186, header('X-HTTP-Method-Override', 'DELETE')],
  ['a profile of the machine itself', 2187, header('X-Wap-Profile', 'http://127.0.0.1:8080/x')],
  ['a redirection to any host', 2191, next('//host.example/a')],
  ['a redirection with backslashes', 2191, next('\\\\host.example')],
  ['a redirection with a line between', 2191, next('/\t/host.example')],
  ['a redirection to a domain of all', 2191, next('.host.example')],
  ['a redirection with wide points', 2075, next('https://host\u3002example/')],
  ['a request in a parameter', 2192, { target: '/items?q=GET%20/admin%20HTTP/1.1' }],
  ['a class to be built', 2193, json({ a: { '@type': 'java.net.Inet4Address', val: 'host.example' } })],
  ['a class in an array', 2193, json([{ '@type': 'Lorg.apache.xbean.propertyeditor.JndiConverter;' }])],
  ['a prototype behind a nested name', 2125, { target: '/items?constconstructorructor[prototype][x]=1' }],
  ['an upload in a parameter', 2195, json({ head: 'form-data; name="f"; filename="shell.phtml"' })],
  ['a function of a framework', 2195, { target: '/x?s=/Index/%5Cthink%5Capp/invokefunction' }],
  ['a token without an algorithm', 2172, bearer(`${part({ alg: '' })}.${claims}.c2ln`)],
  ['a signature of zeros', 2172, bearer(`${part({ alg: 'ES256' })}.${claims}.MAYCAQACAQA`)],
  ['a token of any field', 2172, header('X-Token', `${part({ alg: 'HS256' })}.${claims}.`)],
  [
    'a key over no channel',
    2176,
    bearer(`${part({ alg: 'RS256', jku: 'http://host.example/k' })}.${claims}.c2ln`),
  ],
  [
    'a token with its own key',
    2232,
    bearer(`${part({ alg: 'RS256', jwk: { kty: 'RSA', n: 'x', e: 'AQAB' } })}.${claims}.c2ln`),
  ],
  ['another end of the message', 2231, { target: '/items?q=Transfer-Encoding%20:%20chunked' }],
  ['fields of another protocol', 2231, json({ q: ':method GET\r\n:path /admin\r\n:scheme http' })],
  ['a program that says it is a picture', 2233, upload('a.png', '#!/usr/bin/env perl\nuse IO::Socket;')],
  ['a page with a script of PHP', 2121, upload('a.png', '<script language="php">echo 1;</script>')],
  ['a cloud behind a Referer', 2173, header('Referer', 'http://169.254.169.254/latest/meta-data/')],
  ['a scanner by its own name', 2014, header('User-Agent', 'Fuzz Faster U Fool v2.1')],
  ['a page that would include another', 2135, { target: '/show.php?tpl_dir=http://host.example/a' }],
  ['a page of an address', 2135, { target: '/show.php?x=http://203.0.113.9/a' }],
  ['a page whose end is cut off', 2135, { target: '/show.php?x=http://host.example/a?' }],
  ['a history of a shell', 2198, { target: '/.ksh_history' }],
  ['settings of a tool', 2198, { target: '/app/sftp-config.json' }],
  ['a log', 2198, { target: '/logs/production.log' }],
  ['a dump of the heap', 2199, { target: '/heapdump' }],
  ['a profiler', 2199, { target: '/debug/pprof/heap' }],
  ['an idle step', 2200, { target: '/admin/%2e/' }],
  ['a parameter of a segment', 2200, { target: '/;/admin' }],
  ['a page in a new spelling', 2078, upload('a.cshtml')],
  ['a page before a slash', 2078, upload('a.php/')],
  ['settings of a site', 2078, upload('web.config')],
  ['a page between short tags', 2121, upload('a.png', '<?\n/* a */ $x = 1;')],
  ['settings of Apache', 2121, upload('x', 'AddType application/x-httpd-php .png')],
  ['an archive that climbs', 2121, upload('a.zip', `PK\x03\x04${'\x14\0'.repeat(13)}../../../var/x`)],
]

testAttacks(attacks)

const harmless: readonly (readonly [string, TestRequest])[] = [
  ['the path that a server before it rewrote', header('X-Original-URL', '/items')],
  ['a client of the local network', header('X-Client-IP', '192.168.1.20')],
  ['hosts on the way', header('X-Forwarded-Host', 'shop.example.com:8443, edge.example.com')],
  ['a prefix', header('X-Forwarded-Prefix', '/shop/v2')],
  ['a connection that stays', header('Connection', 'keep-alive, Upgrade')],
  ['two ranges', header('Range', 'bytes=0-499, 1000-1499')],
  [
    'a change behind a POST',
    { method: 'POST', headers: { 'X-HTTP-Method-Override': 'PATCH' }, target: '/items/7' },
  ],
  ['a page to go on to', next('/account/orders?page=2')],
  ['a page of the same site', next('https://shop.example.com/account')],
  ['a page above', next('./orders')],
  [
    'a class of the application',
    json({ '@type': 'type.googleapis.com/shop.Order', type: 'com.example.Order' }),
  ],
  ['linked data', json({ '@context': 'https://schema.org', '@type': 'Person', name: 'Ada' })],
  ['a line of a log', json({ message: '192.0.2.1 - - "GET /items HTTP/1.1" 200 512' })],
  ['a picture', upload('holiday.2026.jpg')],
  ['a configuration', upload('eslint.config')],
  [
    'a document of XML',
    upload('a.xml', '<?xml version="1.0"?><?mso-application progid="Word.Document"?><a/>'),
  ],
  ['a proof of possession', header('DPoP', `${part({ typ: 'dpop+jwt', alg: 'ES256' })}.${claims}.c2ln`)],
  [
    'a proof with its own key',
    header('DPoP', `${part({ typ: 'dpop+jwt', jwk: { kty: 'EC' } })}.${claims}.c2ln`),
  ],
  ['fields of an answer in a report', json({ head: 'content-length: 34\r\ncontent-type: text/html\r\n' })],
  ['words about messages', json({ text: 'Transfer-Encoding: chunked means that the length is unknown' })],
  ['a client of Python', header('User-Agent', 'python-httpx/0.27.0')],
  ['an address for a page', { target: '/share.php?url=https://host.example/a' }],
  ['an address for a service', { target: '/preview?page=https://host.example/a&base=https://host.example/' }],
  ['a folder of well-known files', { target: '/.well-known/openid-configuration' }],
  ['functions of a host', { target: '/.netlify/functions/hello' }],
  ['a workflow of a repository', { target: '/repos/ada/app/contents/.github/workflows/ci.yml' }],
  ['logs of a build', { target: '/builds/12/jobs/4/trace.log' }],
  ['a matrix parameter', { target: '/cars;color=red/items' }],
]

testHarmless(harmless)
