import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWaf } from './engine/create-waf.ts'
import { ask } from './engine/testing.ts'

// The first of these requests waits for what is compiled when it first runs.
const { waf } = await createWaf({ rules: ['core'], settings: { budget: 60_000_000 } })

/** The rules that say something about a value in a query. */
function askAbout(value: string): readonly number[] {
  assert.ok(waf)
  return ask(waf, { target: `/items?q=${encodeURIComponent(value)}` }).ids
}

/** Calls that reach the host, by the rule that is to see them. */
const calls: Readonly<Record<number, readonly string[]>> = {
  2201: [
    'System.exit(7)',
    'System.getProperty("os.name")',
    'Thread.sleep(4000)',
    'Class.forName("a.B").newInstance()',
    'Runtime.getRuntime ( ).totalMemory()',
    'new GroovyShell().evaluate("1")',
    'new URL("http://a.example/x").openStream()',
    'Files.readString(Path.of("/srv/a"))',
    'java.util.Base64.getDecoder().decode("eA==")',
    '@java.lang.Math@abs(-3)',
    'T(java.lang.Math).random()',
    'T (String).getClass()',
    '"uname -a".execute().text',
    "['sh','-c','uptime'].execute()",
    'Eval.me("1+1")',
    '(#_memberAccess=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)',
  ],
  2202: [
    'System.Diagnostics.Process.GetProcesses()',
    'Process.Start("notepad.exe")',
    'Assembly.LoadFrom("a.dll")',
    'File.ReadAllText("C:/a.txt")',
    'os.execute("uptime")',
    'io.popen("uptime"):read()',
    'load("return 2")()',
    ':os.cmd(~c"uptime")',
    ':erlang.halt()',
    'System.shell("uptime")',
    'exec.Command("uptime").Output()',
    'std::process::Command::new("uptime")',
    '(shell-command "uptime")',
    "exec 'uptime'",
  ],
  2203: [
    'os.listdir("/srv")',
    'subprocess.check_output(["uptime"])',
    'exec(compile("a=1","a","exec"))',
    'pickle.loads(b"a")',
    'socket.gethostbyname("a.example")',
    'urllib.request.urlopen("http://a.example")',
    'globals()',
  ],
  2204: [
    '%x(uptime)',
    'send(:system, "uptime")',
    "Object.const_get('Kernel')",
    'Dir["/srv/*"]',
    "File.read '/srv/a'",
    '`#{a}`',
    'open("| uptime").read',
    'qx(uptime)',
    'open(F,"uptime|");',
    'print `uptime`',
    '${\\system "uptime"}',
  ],
  2205: [
    '(() => { return process })()',
    "import('node:fs')",
    'root.process',
    'console.log(process.env)',
    'res.end("a")',
    "fs.readFileSync('/srv/a')",
    'child_process.execSync("uptime")',
  ],
  2206: [
    "(system)('uptime')",
    '"passthru"("uptime");',
    "$a='sys'.'tem';$a('uptime')",
    "usort($a,'system');",
    "unlink('a.php');",
    "hex2bin('73797374656d')('uptime')",
    "include 'php://filter/resource=a.php';",
    "new SplFileObject('/srv/a')",
    "print_r(scandir('/srv'));",
    "mail('a','b','c','','-X/srv/a.php')",
    "getenv('HOME')",
    "glob('/srv/*')",
  ],
  2207: [
    'from os import system;system("uptime")',
    '[a for a in ().__class__.__base__.__subclasses__()]',
    'x.__init__.__globals__',
    '"".__class__',
  ],
}

for (const [id, values] of Object.entries(calls)) {
  test(`calls of code that rule ${id} is to see are refused`, () => {
    const passed = values.filter((value) => !askAbout(value).includes(Number(id)))
    assert.deepEqual(passed, [])
  })
}

const harmless: readonly string[] = [
  'Call System.exit(0) at the end of your main method, please',
  'I get an error when os.listdir() is asked about a folder that is not there',
  'process',
  'the process.env file of the build was not found',
  'Ada @ada.lovelace@mastodon.example',
  '@sun.shine@social.example',
  'print(1)',
  'File.open',
  'T (shirts) and more',
  'T(org)',
  'mail (at) example.com; phone (private);',
  'file(s); link(s); see the list',
  'Links (internal); files (external)',
  'sleep (8 h);',
  '=qx/12',
  'exec summary',
  "executive 'board'",
  'include "https" in the address',
  'const load = require("./load")',
  'dir',
  'vars',
  'a.__name__',
  "$('#a').on('click', go)",
  '$http.get("/a")',
  'https://example.com/from/os/import?load=(1)',
]

test('what only looks like such calls passes', () => {
  const refused = harmless.filter((value) => askAbout(value).length > 0)
  assert.deepEqual(refused, [])
})

test('a lookup in a secret field is refused, and one in another field is not', () => {
  assert.ok(waf)
  const names = ['owner__password__startswith', 'resetToken[startsWith]', 'q[user_password_digest_start]']
  for (const name of names) assert.ok(ask(waf, { target: `/items?${name}=b` }).ids.includes(2211), name)
  for (const name of ['title__startswith', 'token_start', 'secret.name', 'price[gte]', 'q[name_cont]'])
    assert.deepEqual(ask(waf, { target: `/items?${name}=b` }).ids, [], name)
})

test('a command of TeX that reads, writes or runs is refused, and what is set in TeX is not', () => {
  for (const value of [
    String.raw`\immediate\write18{uptime}`,
    String.raw`\input{/etc/hostname}`,
    String.raw`\newread\b \openin\b=b.txt \read\b to \c`,
    '\\catcode`b=12',
  ])
    assert.ok(askAbout(value).includes(2212), value)
  for (const value of [
    String.raw`\frac{a}{b} + \sqrt{c}`,
    String.raw`\input{chapter1}`,
    String.raw`\usepackage[utf8]{inputenc}`,
    String.raw`C:\openings\immediately`,
  ])
    assert.deepEqual(askAbout(value), [], value)
})

test('a style that tells another server what a field holds is refused, and one that draws is not', () => {
  assert.ok(askAbout('input[value^="b"]{background:url(//b.example/b)}').includes(2213))
  assert.deepEqual(askAbout('a[href^="https"]{background:url(icon.png)}'), [])
})

const inHeader = (value: string) => ({ headers: { 'X-Api-Tenant': value } })
const inXml = (value: string) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/xml' },
  body: `<a b="${value}"/>`,
})

test('queries, names of prototypes and calls are looked for in header fields and in XML, too', () => {
  assert.ok(waf)
  const values: readonly (readonly [number, string])[] = [
    [2082, 'b)(cn=*'],
    [2083, "' or count(/*)=1 or 'b'='c"],
    [2086, 'b.__proto__.c'],
    [2206, "unlink('b.php');"],
  ]
  for (const [id, value] of values)
    for (const request of [inHeader(value), inXml(value)])
      assert.ok(ask(waf, request).ids.includes(id), `${id} ${JSON.stringify(request)}`)
  assert.deepEqual(ask(waf, inHeader('tenant (b) (c=1); v2')).ids, [])
  assert.deepEqual(ask(waf, { target: '/wiki/Ada_(b)_(c=d)' }).ids, [])
})
