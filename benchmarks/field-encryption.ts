// What field encryption costs: ten classified fields of one body, sealed on the way in and opened on the way out; and as a
// yardstick as many bare encryptions of the same text with node:crypto, which are most of it.
import { createCipheriv, randomBytes } from 'node:crypto'
import { openTestDataKeys } from '../packages/gateway/src/keyring/data-keys/testing.ts'
import { openContractBench } from '../packages/gateway/src/guards/contract-testing.ts'
import { fieldEncryptionGuard } from '../packages/gateway/src/guards/field-encryption/guard.ts'

const fields = 10
const rounds = 20_000

const names = Array.from({ length: fields }, (_, at) => `f${at}`)
const property = { type: 'string', 'x-data-class': 'pii.email' }
const schema = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, property])) }
const content = { 'application/json': { schema } }
const contract = {
  openapi: '3.1.0',
  info: { title: 'Bench', version: '1' },
  paths: {
    '/a': {
      post: {
        operationId: 'add',
        requestBody: { content },
        responses: { 200: { description: 'x', content } },
      },
    },
  },
}

await using bench = await openTestDataKeys()
const contractBench = await openContractBench(JSON.stringify(contract), { dataKeys: bench.keys })
const body = Object.fromEntries(names.map((name) => [name, 'ada.lovelace@example.com']))

for (const protection of ['off', 'encrypt', 'deterministic']) {
  const subject = contractBench.compile(fieldEncryptionGuard, 'add', { classes: { 'pii.email': protection } })
  const sealed = subject.send({ body }).text
  const opened = subject.answer({ body: sealed }).text
  if (opened !== JSON.stringify(body)) throw new Error(`${protection} does not give back what it took`)
  const [seal, open] = [time(() => subject.send({ body })), time(() => subject.answer({ body: sealed }))]
  console.log(`${protection.padEnd(14)} request ${seal.toFixed(1)} us   answer ${open.toFixed(1)} us`)
}

for (const [algorithm, keyBytes, nonce] of [
  ['aes-256-gcm', 32, Buffer.alloc(12)],
  ['aes-256-siv', 64, null],
] as const) {
  const key = randomBytes(keyBytes)
  const text = Buffer.from(JSON.stringify('ada.lovelace@example.com'))
  const bare = time(() => {
    for (let field = 0; field < fields; field++) encryptBarely(algorithm, key, nonce, text)
  })
  console.log(`bare ${algorithm} x ${fields}   ${bare.toFixed(1)} us`)
}

// The types know of no SIV; a cipher of it has the methods of the other authenticated ones.
function encryptBarely(algorithm: string, key: Buffer, nonce: Buffer | null, text: Buffer): void {
  const cipher = createCipheriv(algorithm as 'aes-256-gcm', key, nonce as Buffer)
  cipher.update(text)
  cipher.final()
  cipher.getAuthTag()
}

function time(work: () => unknown): number {
  for (let round = 0; round < rounds / 4; round++) work()
  const started = process.cpuUsage()
  for (let round = 0; round < rounds; round++) work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / rounds
}
