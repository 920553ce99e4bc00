import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from '@gateward/kernel'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link AcmeStore}, for one technology. */
export function obeysTheLawsOfAcmeStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`ACME in ${technology}`, () => {
    it('knows nothing of what was never saved', async () => {
      await using subject = await open()
      const { acme } = subject.store
      assert.equal(await acme.readAccountKey('https://ca.example/dir'), undefined)
      assert.equal(await acme.readCertificate('api.example'), undefined)
      assert.equal(await acme.findChallenge('http-01 token', 0), undefined)
    })

    it('reads what was saved last, also after a restart', async () => {
      await using subject = await open()
      const { acme } = subject.store
      for (const round of ['first', 'second']) {
        const key = new Secret(`key ${round}`)
        await acme.saveAccountKey('https://ca.example/dir', key)
        await acme.saveCertificate('api.example', { chain: round, key })
      }
      const reopened = (await subject.reopen()).acme
      const account = await reopened.readAccountKey('https://ca.example/dir')
      const certificate = await reopened.readCertificate('api.example')
      assert.equal(account?.reveal(), 'key second')
      assert.equal(certificate?.chain, 'second')
      assert.equal(certificate?.key.reveal(), 'key second')
    })

    it('finds a challenge until it is removed or its time is over', async () => {
      await using subject = await open()
      const { acme } = subject.store
      await acme.presentChallenge('http-01 token', 'token.thumbprint', 100)
      assert.equal(await acme.findChallenge('http-01 token', 99), 'token.thumbprint')
      assert.equal(await acme.findChallenge('http-01 token', 100), undefined)
      assert.equal(await acme.findChallenge("http-01 token' or '1'='1", 0), undefined)
      await acme.removeChallenge('http-01 token')
      assert.equal(await acme.findChallenge('http-01 token', 0), undefined)
    })
  })
}
