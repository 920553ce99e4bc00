import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Account, AccountStore, Invitation, Passkey } from './account-store.ts'
import type { Store } from './store.ts'

/** The laws of {@link AccountStore}, for one technology. */
export function obeysTheLawsOfAccountStores(
  technology: string,
  open: () => Promise<AsyncDisposable & { readonly store: Store }>,
): void {
  describe(`accounts in ${technology}`, () => {
    it('are found by id, by name in whatever case, and by subject', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      const ada = account({ id: 'acc_1', name: 'Ada', subject: 'https://id.example|7' })
      assert.equal(await accounts.insert(ada), true)
      for (const found of [
        await accounts.findById('acc_1'),
        await accounts.findByName('aDA'),
        await accounts.findBySubject('https://id.example|7'),
      ])
        assert.deepEqual(found, ada)
      assert.equal(await accounts.findByName('bob'), undefined)
    })

    it('never share a name or a subject, in whatever case or composition', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await accounts.insert(account({ id: 'acc_1', name: 'Amélie', subject: 's' }))
      assert.equal(await accounts.insert(account({ id: 'acc_2', name: 'AME\u0301LIE' })), false)
      assert.equal(await accounts.insert(account({ id: 'acc_3', name: 'bob', subject: 's' })), false)
      assert.equal((await accounts.list()).length, 1)
    })

    it('cannot lose the last admin that could let another one in', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await accounts.insert(account({ id: 'acc_1', name: 'ada', role: 'admin' }))
      await accounts.insert(account({ id: 'acc_2', name: 'bob', role: 'admin', enabled: false }))
      assert.equal(await accounts.update('acc_1', { role: 'security' }, 1), false)
      assert.equal(await accounts.update('acc_1', { enabled: false }, 1), false)
      assert.equal(await accounts.remove('acc_1'), false)
      assert.equal(await accounts.update('acc_2', { enabled: true }, 1), true)
      assert.equal(await accounts.remove('acc_1'), true)
      assert.equal(await accounts.remove('acc_2'), false)
    })

    it('end their sessions with every change, and everything else when they are removed', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await fill(accounts)
      await accounts.update('acc_2', { role: 'operator' }, 9)
      assert.equal(await accounts.findSession('h'), undefined)
      const changed = await accounts.findById('acc_2')
      assert.deepEqual([changed?.role, changed?.revision, changed?.changedAt], ['operator', 2, 9])
      await accounts.remove('acc_2')
      assert.deepEqual(await accounts.passkeysOf('acc_2'), [])
      assert.deepEqual(await accounts.tokens(), [])
    })

    it('are made by an invitation exactly once, whoever asks at once', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await accounts.addInvitation(invitation())
      const outcomes = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (name) =>
          accounts.redeem('hash', 50, account({ id: `acc_${name}`, name }), undefined),
        ),
      )
      assert.deepEqual(outcomes.toSorted(), ['no-invitation', 'no-invitation', 'no-invitation', 'redeemed'])
      assert.equal((await accounts.list()).length, 1)
    })

    it('are not made after the time of their invitation, and a name that is taken does not use it up', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await accounts.addInvitation(invitation())
      await accounts.insert(account({ id: 'acc_1', name: 'ada' }))
      assert.equal(
        await accounts.redeem('hash', 100, account({ id: 'acc_2', name: 'bob' }), undefined),
        'no-invitation',
      )
      assert.equal(
        await accounts.redeem('hash', 50, account({ id: 'acc_2', name: 'Ada' }), undefined),
        'name-taken',
      )
      const key = passkey({ account: 'acc_2' })
      assert.equal(await accounts.redeem('hash', 50, account({ id: 'acc_2', name: 'bob' }), key), 'redeemed')
      assert.deepEqual(await accounts.passkeysOf('acc_2'), [key])
    })

    it('forget sessions that are over or idle, and invitations that are dropped', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await fill(accounts)
      await accounts.dropSessions(50, 5)
      assert.notEqual(await accounts.findSession('h'), undefined)
      await accounts.dropSessions(101, 5)
      assert.equal(await accounts.findSession('h'), undefined)
      await accounts.addInvitation(invitation())
      await accounts.dropInvitations('invited')
      assert.notEqual(await accounts.findInvitation('hash', 50), undefined)
      await accounts.dropInvitations('welcome')
      assert.equal(await accounts.findInvitation('hash', 50), undefined)
    })

    it('list the sessions that are theirs alone, the one that was used last first', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await fill(accounts)
      const [first] = await accounts.sessionsOf('acc_2')
      assert.equal(first?.hash, 'h')
      if (first === undefined) return
      await accounts.addSession({ ...first, hash: 'later', usedAt: first.usedAt + 1 })
      await accounts.addSession({ ...first, hash: 'foreign', account: 'acc_1' })
      const found = await accounts.sessionsOf('acc_2')
      assert.deepEqual(
        found.map(({ hash }) => hash),
        ['later', 'h'],
      )
    })

    it('use passkeys that are theirs alone', async () => {
      await using subject = await open()
      const { accounts } = subject.store
      await fill(accounts)
      await accounts.usePasskey('p', 7, 70)
      assert.deepEqual(await accounts.findPasskey('p'), passkey({ counter: 7, usedAt: 70 }))
      assert.equal(await accounts.removePasskey('acc_1', 'p'), false)
      assert.equal(await accounts.removePasskey('acc_2', 'p'), true)
    })
  })
}

/** An admin, and a viewer with a session, a passkey and a token. */
async function fill(accounts: AccountStore): Promise<void> {
  await accounts.insert(account({ id: 'acc_1', name: 'ada', role: 'admin' }))
  await accounts.insert(account({ id: 'acc_2', name: 'bob' }))
  await accounts.addPasskey(passkey({}))
  const times = { createdAt: 1, expiresAt: 100 }
  await accounts.addSession({ hash: 'h', account: 'acc_2', method: 'password', usedAt: 10, ...times })
  await accounts.addToken({
    id: 't',
    hash: 'th',
    display: 'd',
    label: 'ci',
    account: 'acc_2',
    role: 'viewer',
    ...times,
  })
}

function account(change: Partial<Account>): Account {
  return {
    id: 'acc',
    name: 'name',
    role: 'viewer',
    enabled: true,
    passwordHash: 'x',
    subject: undefined,
    createdAt: 1,
    changedAt: 1,
    revision: 1,
    ...change,
  }
}

function passkey(change: Partial<Passkey>): Passkey {
  const fixed = { id: 'p', account: 'acc_2', label: 'laptop', publicKey: 'key', transports: ['internal'] }
  return { ...fixed, counter: 0, createdAt: 1, usedAt: undefined, ...change }
}

function invitation(): Invitation {
  return { hash: 'hash', kind: 'welcome', role: 'admin', createdAt: 1, expiresAt: 100, usedAt: undefined }
}
