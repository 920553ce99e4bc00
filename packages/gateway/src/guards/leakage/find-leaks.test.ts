import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { AnchorSearch } from './anchor-search.ts'
import { compileLeakFinder } from './find-leaks.ts'
import { leakSigns, type LeakKind } from './leak-signs.ts'

const every: ReadonlySet<LeakKind> = new Set(leakSigns.map((sign) => sign.kind))

function kindsIn(text: string): readonly LeakKind[] {
  return (compileLeakFinder(every, 262_144)?.(Buffer.from(text)) ?? []).map((leak) => leak.kind)
}

const samples: Readonly<Record<LeakKind, readonly string[]>> = {
  stackTraces: [
    "TypeError: Cannot read properties of undefined (reading 'id')\n    at getOrder (/srv/shop/orders.js:41:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
    'Error: x\n    at async Promise.all (index 0)\n    at async file:///code/a.mjs:3:1',
    'Error: x\n    at Object.<anonymous> (webpack-internal:///./src/pages/index.tsx:12:9)',
    'java.lang.NullPointerException\n\tat com.example.shop.OrderService.find(OrderService.java:57)\n\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Unknown Source)',
    '<pre>TypeError: x<br> &nbsp; &nbsp;at Layer.handle (/srv/a.js:5:3)</pre>',
    'Exception in thread "main" java.lang.IllegalStateException',
    'at kotlinx.coroutines.BuildersKt.launch(Builders.kt:53)',
    'Traceback (most recent call last):\n  File "/app/main.py", line 12, in <module>\n    run()\nZeroDivisionError: division by zero',
    '  File "views.py", line 7, in get',
    'System.NullReferenceException: Object reference not set\r\n   at Shop.Orders.Get(Int32 id) in C:\\src\\Orders.cs:line 31',
    '   --- End of inner exception stack trace ---',
    'x\n   at Microsoft.AspNetCore.Mvc.Infrastructure.ActionMethodExecutor.Execute(Object a)',
    'PHP Fatal error:  Uncaught Error: Call to undefined function in /var/www/html/index.php:3\nStack trace:\n#0 /var/www/html/index.php(12): main()\n#1 {main}',
    '<br />\n<b>Warning</b>:  mysqli::query(): in <b>/var/www/a.php</b> on line <b>9</b><br />',
    'Notice: Undefined index: id in C:\\xampp\\htdocs\\a.php on line 3',
    "app/models/order.rb:14:in `find'",
    "app/models/order.rb:14:in 'Order#find'",
    'goroutine 34 [running]:\nmain.main()\n\t/home/go/main.go:10 +0x1d',
    'goroutine 1 [chan receive, 5 minutes]:',
    'panic: runtime error: index out of range [5] with length 3',
    "thread 'main' panicked at src/main.rs:4:5:",
    "thread 'tokio-runtime-worker' (7) panicked at 'boom', src/main.rs:4:5",
  ],
  sqlErrors: [
    "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near ''' at line 1",
    'SQLSTATE[42S02]: Base table or view not found: 1146',
    'ERROR: x (SQLSTATE 42P01)',
    'ER_DUP_ENTRY: x',
    "Duplicate entry 'ada@example.com' for key 'users.email'",
    'ERROR:  syntax error at or near "SELEC"',
    'duplicate key value violates unique constraint "orders_pkey"',
    'relation "orders" does not exist',
    'column "x" of relation "orders" does not exist',
    "Unclosed quotation mark after the character string ''.",
    "Incorrect syntax near '='.",
    "Conversion failed when converting the varchar value 'a' to data type int.",
    '[Microsoft][ODBC SQL Server Driver][SQL Server]',
    'ORA-00933: SQL command not properly ended',
    'SQLITE_CONSTRAINT: UNIQUE constraint failed: users.email',
    'near "FORM": syntax error',
    'no such table: orders',
    'E11000 duplicate key error collection: shop.users',
    'org.postgresql.util.PSQLException: x',
    'java.sql.SQLIntegrityConstraintViolationException: x',
    'System.Data.SqlClient.SqlException (0x80131904)',
    'PG::UndefinedTable: x',
    'psycopg2.errors.UndefinedTable: x',
    'sqlite3.OperationalError: x',
    'PrismaClientKnownRequestError: x',
  ],
  privateKeys: [
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN EC PRIVATE KEY-----',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  ],
  secrets: [
    `AKIA${'ABCDEFGH'.repeat(2)}`,
    `AIza${'Ab1_-'.repeat(7)}`,
    `ghp_${'aB3'.repeat(12)}`,
    `github_pat_${'a1_'.repeat(10)}`,
    `glpat-${'aB3-'.repeat(5)}`,
    `xoxb-${'123456789-'.repeat(3)}`,
    `sk_live_${'aB3'.repeat(8)}`,
    `npm_${'aB3'.repeat(12)}`,
    'postgres://shop:hunter2@db.example:5432/shop',
    'mongodb+srv://shop:hunter2@cluster.example/',
    'redis://:hunter2@cache.example',
    `https://hooks.slack.com/services/T${'0A'.repeat(4)}/B000/xyz`,
  ],
  paths: [
    "ENOENT: no such file or directory, open '/srv/shop/config/app.yaml'",
    'Cannot find module /home/ada/shop/index.js',
    'in /var/www/html/index.php',
    '/etc/passwd',
    "EACCES: permission denied, open '/proc/self/environ'",
    'x/node_modules/express/lib',
    '/usr/lib/python3/dist-packages/flask',
    'C:\\Users\\ada\\shop\\a.dll',
    'C:\\inetpub\\wwwroot\\web.config',
  ],
  addresses: [
    'connect ECONNREFUSED 10.0.3.7:5432',
    'http://192.168.1.10:8080/x',
    '172.16.0.5:27017',
    '169.254.169.254:80',
    '127.0.0.1:3000',
    'http://localhost:3000',
    'getaddrinfo ENOTFOUND orders-db',
    'http://orders.default.svc.cluster.local/x',
    'db-1.eu.internal:5432',
    'host mail.corp refused',
  ],
}

for (const [kind, texts] of Object.entries(samples)) {
  test(`answers that show ${kind} are found, plain and within JSON`, () => {
    for (const text of texts) {
      assert.ok(kindsIn(text).includes(kind as LeakKind), `plain: ${text}`)
      const json = JSON.stringify({ error: text })
      assert.ok(kindsIn(json).includes(kind as LeakKind), `JSON: ${json}`)
      const slashes = json.replaceAll('/', '\\/')
      assert.ok(kindsIn(slashes).includes(kind as LeakKind), `JSON with escaped slashes: ${slashes}`)
    }
  })
}

const benign = [
  'Meet us at 10.30 at the office (bring your ID), at Main Street 12:30:45.',
  'The file app.js: 12 lines changed. See readme.ts: it explains.',
  'Trace your parcel at https://parcels.example/home/track.js?x=1',
  'Select from our menu, where prices do exist; insert coin; drop by our table.',
  'Your order does not exist any more.',
  'No such luck: table 4 is taken, no such table.',
  'Syntax error: your coupon is near its end',
  'version 10.2.3.4, build 127.1, release 172.16.1.2',
  'price 10.50, ratio 192.168',
  'goroutine is a word of Go; panic: don’t.',
  'Warning: hot! Notice: caution on line 5 of the metro',
  'Uploads: /images/home/a.png, /app/start, /home',
  'path: /var, /usr and /opt are folders',
  'Ask the private key holder; BEGIN PRIVATE KEY is how it starts',
  'AKIA is a prefix, ASIA a continent; ghp_short, sk_live_, xoxo-hugs',
  'see orders.internal.example.com or local.landing',
  'postgres is a database: https://postgres.example/docs@v1',
  'Ada Lovelace, 12 St James’s Square, London; ada@example.com; +44 20 7946 0000',
  '{"id":"018f-4a","createdAt":"2026-01-01T10:00:00Z","href":"/v1/orders/018f-4a","ip":"10.0.0.1"}',
  'https://example.com/src/index.ts and https://example.com/a.js:8080/x',
  'He looked at me.\nAt last, at a quarter past four, at home.',
]
test('ordinary answers show nothing', () => {
  for (const text of benign) {
    assert.deepEqual(kindsIn(text), [], text)
    assert.deepEqual(kindsIn(JSON.stringify({ text })), [], text)
  }
})

test('what stands beyond the scanned length is not looked at, and a leak cut in two is none', () => {
  const find = compileLeakFinder(every, 100)
  assert.deepEqual(find?.(Buffer.from(`${' '.repeat(100)}ORA-00933: x`)), [])
  assert.deepEqual(find?.(Buffer.from(`${' '.repeat(94)}ORA-00933: x`)), [])
  assert.equal(find?.(Buffer.from(`${' '.repeat(89)}ORA-00933: x`)).length, 1)
})

test('every sample needs an anchor, so that the first pass finds all that the patterns find', () => {
  for (const text of Object.values(samples).flat()) {
    for (const { pattern, anchors } of leakSigns) {
      const match = pattern.exec(text)
      if (match !== null)
        assert.ok(
          anchors.some((anchor) => match[0].includes(anchor)),
          `${pattern} in ${text}`,
        )
    }
  }
})

test('the search for anchors finds exactly those that stand in the text', () => {
  const word = fc.stringMatching(/^[ab.:]{4,9}$/)
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
      fc.stringMatching(/^[ab.:]{0,60}$/),
      (words, text) => {
        const search = new AnchorSearch(words.map((each) => [each, each] as const))
        const found = [...search.find(Buffer.from(text), text.length)].toSorted()
        assert.deepEqual(found, words.filter((each) => text.includes(each)).toSorted())
      },
    ),
    { numRuns: 2_000 },
  )
})

test('an anchor shorter than the window is a mistake', () => {
  assert.throws(() => new AnchorSearch([['abc', 1]]), RangeError)
})
