import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ScramClient } from './scram-client.ts'

describe('a login by SCRAM', () => {
  it('is the one of RFC 7677 section 3', async () => {
    const client = new ScramClient('sha256', 'user', 'pencil', 'rOprNGfwEbeRWgbNEkqO')
    assert.equal(client.first, 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
    const { message, signature } = await client.final(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)
    assert.equal(message, `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`)
    assert.equal(signature.toString('base64'), '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  })

  it('has a nonce of its own each time, and a name that cannot be taken for something else', () => {
    const [one, other] = [
      new ScramClient('sha512', 'a=b,r=c', 'x'),
      new ScramClient('sha512', 'a=b,r=c', 'x'),
    ]
    assert.match(one.first, /^n,,n=a=3Db=2Cr=3Dc,r=[A-Za-z0-9+/]{32}$/)
    assert.notEqual(one.first, other.first)
  })

  it('goes on with no server that asks for what nobody should', async () => {
    for (const answer of [
      '',
      'e=other-error',
      'r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'r=nonce,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'r=nonce1,s=,i=4096',
      'r=nonce1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1',
      'r=nonce1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=999999999',
      'r=nonce1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096',
      'm=ext,r=nonce1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    ])
      await assert.rejects(new ScramClient('sha256', 'user', 'pencil', 'nonce').final(answer), answer)
  })
})
