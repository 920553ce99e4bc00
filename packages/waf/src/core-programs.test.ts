import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testAttacks, waf } from './core-testing.ts'
import type { TestRequest } from './engine/testing.ts'
import { ask } from './engine/testing.ts'

const json = (value: unknown): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})
const query = (value: string): TestRequest => ({ target: `/items?q=${encodeURIComponent(value)}` })
const upload = (content: string): TestRequest => ({
  method: 'POST',
  headers: { 'Content-Type': 'multipart/form-data; boundary=b0b' },
  body: `--b0b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n${content}\r\n--b0b--\r\n`,
})

const attacks: readonly (readonly [string, number, TestRequest])[] = [
  ['an option that opens a pager', 2161, query('--open-files-in-pager=touch /tmp/x;')],
  ['a proxy command', 2161, query('-oProxyCommand=curl x.example')],
  ['an option with a command behind it', 2161, json({ name: '--report=a.txt;id' })],
  ['an option of zip', 2161, query('-TvTT=id>shell.php # a.zip')],
  ['a tag of ColdFusion', 2162, json({ text: "<cfexecute name='id' outputFile='/tmp/o'></cfexecute>" })],
  ['a tag of JSP in a file', 2162, upload('<jsp:scriptlet>int a;</jsp:scriptlet>')],
  ['a driver that reads objects', 2163, query('jdbc:mysql://h/d?autoDeserialize=true')],
  ['a driver that reads objects, in JSON', 2163, json({ params: { autoDeserialize: 'true' } })],
  ['a driver that begins with a script', 2163, json({ url: "jdbc:h2:mem:t;MODE=x;INIT=RUNSCRIPT FROM 'h'" })],
  ['a call with a command', 2164, query("[0:system('touch /tmp/x')]")],
  ['a call of gnuplot', 2164, query(';system "touch /tmp/poc" "')],
  ['a call that reads a file', 2165, json({ sql: "SELECT content FROM read_blob('/etc/passwd')" })],
  ['a return that begins a setting', 2166, { target: '/mode?value=cache%0Dsecurity_level%20=%20weak' }],
  [
    'a delegate of a picture',
    2167,
    upload('push graphic-context\nfill \'url(https://h/o.jpg"|id")\'\npop graphic-context'),
  ],
  ['a pipe of PostScript', 2167, upload('%!PS\n(%pipe%id) (w) file')],
  ['a path in Accept', 2168, { headers: { Accept: '../../../../etc/passwd{{' } }],
  ['an expression in Content-Type', 2168, { headers: { 'Content-Type': "%{(#_='multipart/form-data')}" } }],
  [
    'an object of .NET inside the state of a page',
    2170,
    json({ state: '/wEyiGEAAQAAAP////8BAAAAAAAAAAwCAAAAV1N5c3RlbS5XaW5kb3dz' }),
  ],
  ['a file of the system at the end of a path', 2169, { target: '/a/b/etc/passw%64' }],
]

testAttacks(attacks)

const harmless: readonly (readonly [string, TestRequest])[] = [
  ['options of a container', json({ args: ['--config=/etc/app/app.yaml', '--output=json', '-v'] })],
  ['a dash that begins a remark', query('- thanks; see you')],
  ['a word with cf', json({ text: 'the <config> element and <cflags>' })],
  ['a plain address of a database', json({ url: 'jdbc:postgresql://db:5432/shop?sslmode=verify-full' })],
  ['prose about a system', json({ text: 'the system ("Orders") was down; exec (the board) met' })],
  ['a call in prose', json({ text: "call open('report.txt') and print(total)" })],
  ['lines of text', json({ text: 'first line\r\nsecond: line\r\nthird = line' })],
  ['a picture', upload('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
  [
    'what browsers accept',
    { headers: { Accept: 'text/html,application/xml;q=0.9,*/*;q=0.8', 'Accept-Language': 'de-DE,de;q=0.9' } },
  ],
  [
    'a media type with a boundary',
    { headers: { 'Content-Type': 'multipart/related; boundary="--==_{a}"; type="text/xml"' } },
  ],
  ['a path about files', { target: '/docs/etc/hosts-and-files' }],
]

for (const [what, request] of harmless)
  test(`${what}: none of these rules says anything`, () => {
    assert.ok(waf)
    assert.deepEqual(
      ask(waf, request).ids.filter((id) => id > 2160 && id < 2171),
      [],
    )
  })
