import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MessageAllowance } from './message-allowance.ts'

/** A counter as the store has it, and what was asked of it. */
function counter(start = 0) {
  let total = start
  const asked: number[] = []
  const reserve = (messages: number) => {
    asked.push(messages)
    total += messages
    return total
  }
  return { reserve, asked, total: () => total }
}

function takeUntilRefused(allowance: MessageAllowance): number {
  for (let taken = 0; ; taken++) {
    try {
      allowance.take()
    } catch {
      return taken
    }
  }
}

const fail = (thrown: unknown): never => {
  throw thrown
}

describe('messages of a key', () => {
  it('end exactly at the limit, over all processes together', () => {
    const store = counter()
    const limit = 10_000
    const processes = [1, 2, 3].map(() => new MessageAllowance('dk_1', limit, store.reserve, fail))
    const taken = processes.map(takeUntilRefused)
    assert.equal(
      taken.reduce((sum, one) => sum + one, 0),
      limit,
    )
    for (const process of processes) assert.throws(() => process.take(), { code: 'DATA_KEY_EXHAUSTED' })
  })

  it('are refused at once where the key had them all before', () => {
    const allowance = new MessageAllowance('dk_1', 2 ** 32, counter(2 ** 32).reserve, fail)
    assert.throws(() => allowance.take(), { code: 'DATA_KEY_EXHAUSTED', message: /keyring rotate/ })
  })

  it('are always counted before they are used, and never by much', () => {
    const store = counter()
    const allowance = new MessageAllowance('dk_1', 2 ** 32, store.reserve, fail)
    for (let taken = 1; taken < 200_000; taken++) {
      allowance.take()
      assert.ok(store.total() >= taken && store.total() <= 64 + taken * 8)
    }
    assert.ok(store.asked.length < 20)
  })

  it('wait in no case: until a slow store has answered, messages are refused, and then go on', async () => {
    const store = counter()
    const allowance = new MessageAllowance('dk_1', 2 ** 32, async (asked) => store.reserve(asked), fail)
    assert.throws(() => allowance.take(), { code: 'DATA_KEY_BUSY', retryable: true })
    await allowance.prepare()
    for (let taken = 0; taken < 64; taken++) allowance.take()
  })

  it('outlive a store that fails for a while', () => {
    const store = counter()
    const faults: unknown[] = []
    let isDown = false
    const reserve = (asked: number) => {
      if (isDown) throw new Error('locked')
      return store.reserve(asked)
    }
    const allowance = new MessageAllowance('dk_1', 2 ** 32, reserve, (thrown) => faults.push(thrown))
    allowance.take()
    isDown = true
    for (let taken = 1; taken < 64; taken++) allowance.take()
    assert.throws(() => allowance.take(), { code: 'DATA_KEY_BUSY' })
    assert.equal(faults.length, 2)
    isDown = false
    allowance.take()
  })
})
