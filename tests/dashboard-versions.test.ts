import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { root } from './run-command.ts'
import { missingChromium, startChromium } from './start-chromium.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const isBuilt = existsSync(join(root, 'packages/dashboard/dist/index.html'))
const missing = missingChromium ?? (!isBuilt && 'the dashboard is not built (npm run build:dashboard)')

const hour = 3_600_000
const now = Date.now()
const at = (hours: number): string => new Date(now + hours * hour).toISOString().replace(/\.\d+/, '')

const email = { type: 'string', 'x-data-class': { class: 'pii.email', index: 'emailIndex' } }
const customer = { type: 'object', properties: { email, emailIndex: { type: 'string' } } }
const contract = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '2' },
  paths: {
    '/customers': {
      get: {
        operationId: 'listCustomers',
        responses: { 200: { description: 'fine', content: { 'application/json': { schema: customer } } } },
      },
    },
    '/old': {
      get: {
        operationId: 'old',
        deprecated: true,
        'x-gateward': { deprecation: { since: at(-1) } },
        responses: { 200: { description: 'fine' } },
      },
    },
  },
}

const plan = {
  reason: 'its customers can be read by anybody',
  insecure: true,
  finding: 'CVE-2027-12345',
  successor: 'v2',
  links: { deprecation: 'https://shop.example/docs/v2' },
  stages: {
    deprecated: at(-500),
    brownouts: [{ from: at(48), for: '5m', every: '1d', until: at(400), growTo: '2h' }],
    readOnly: at(400),
    retired: at(900),
  },
  exceptions: [
    {
      consumer: 'initech',
      reason: 'their release is in July',
      owner: 'platform team',
      expires: at(240).slice(0, 10),
    },
  ],
}
const versions = { in: ['path'], default: 'none', offered: { v1: { plan }, v2: {} } }
const pictures = join(root, 'artefacts')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe(
  'versions, data classes by API and sessions on the dashboard',
  { skip: missing, timeout: 300_000 },
  () => {
    let gate: RunningGate
    let browser: Browser
    let page: Page
    let admin: string
    const complaints: string[] = []

    before(async () => {
      mkdirSync(pictures, { recursive: true })
      gate = await startGate({
        contract,
        api: { versions },
        service: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      })
      admin = gate.gateway.addresses.admin.replace('127.0.0.1', 'localhost')
      for (const [consumer, paths] of Object.entries({
        acme: ['/v1/customers', '/v1/customers'],
        globex: ['/v1/customers', '/v2/customers'],
        initech: ['/v1/customers'],
      })) {
        const { key } = await gate.gateway.apiKeys.create({ consumer, label: consumer, life: hour })
        for (const path of paths)
          await gate.exchange(plainRequest(`GET ${path}`, `x-api-key: ${key.reveal()}`))
      }
      browser = await startChromium()
      page = await (
        await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } })
      ).newPage()
      page.setDefaultTimeout(30_000)
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      await page.goto((gate.gateway.welcome ?? '').replace('127.0.0.1', 'localhost'))
      await page.getByLabel('Name').fill('ada')
      await page.getByLabel('Password').fill('correct horse battery')
      await page.getByRole('button', { name: 'Make the account' }).click()
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
    })

    after(async () => {
      await browser.close()
      await gate[Symbol.asyncDispose]()
    })

    async function check(name: string): Promise<void> {
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
      await page.evaluate(axe)
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      })
      assert.deepEqual(violations, [], name)
    }

    it('shows how far each version is, when it ends, and who still calls it', async () => {
      // What was counted is written every few seconds, and asked for again.
      await page.goto(`${admin}/versions`)
      const callers = page.getByRole('region', { name: 'Callers of attacked@v1' })
      await callers.getByRole('row').nth(3).waitFor()
      await page.getByText('CVE-2027-12345').waitFor()
      const stages = page.getByRole('list', { name: 'Plan of attacked@v1' }).getByRole('listitem')
      assert.deepEqual(
        (await stages.allInnerTexts()).map((text) => text.split('\n')[0]),
        ['deprecated', 'brownouts (15)', 'read-only', 'retired'],
      )
      assert.match((await stages.first().getAttribute('aria-current')) ?? '', /step/)
      await page.getByText('begins to refuse soon').waitFor()
      await page.getByText('It stays: it has no plan.').waitFor()
      await page.getByText('ends in', { exact: false }).first().waitFor()
      await check('versions')
    })

    it('leads from every number to the requests that make it', async () => {
      await page
        .getByRole('region', { name: 'Callers of attacked@v1' })
        .getByRole('link', { name: 'acme' })
        .click()
      await page.getByRole('heading', { name: 'Requests' }).waitFor()
      assert.match(page.url(), /api=attacked%40v1&consumer=acme/)
      await page.getByText('/v1/customers').first().waitFor()
      assert.equal(await page.getByText('/v2/customers').count(), 0)
      await page.goto(`${admin}/apis`)
      await page.getByRole('link', { name: 'its plan and callers' }).first().click()
      await page.getByRole('heading', { name: 'Versions' }).waitFor()
    })

    it('is read in the dark, on a phone and by keyboard alone', async () => {
      await page.emulateMedia({ colorScheme: 'dark' })
      await check('versions-dark')
      await page.setViewportSize({ width: 390, height: 844 })
      await check('versions-phone')
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      assert.equal(isWide, false)
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      await page.getByRole('link', { name: 'v1', exact: true }).first().focus()
      await page.keyboard.press('Enter')
      assert.match(page.url(), /#attacked@v1$/)
    })

    it('says what becomes of a class of data in each API', async () => {
      await page.goto(`${admin}/data`)
      const rows = page.getByRole('region', { name: 'What becomes of classes in each API' }).getByRole('row')
      await rows.nth(2).waitFor()
      const texts = await rows.allInnerTexts()
      assert.match(texts[1] ?? '', /attacked@v1.*pii\.email.*encrypted.*masked/s)
      assert.match(texts[2] ?? '', /attacked@v2/)
      await check('data-policies')
    })

    it('shows where one is logged in, ends one session, and all others at once', async () => {
      const others = await Promise.all([logInElsewhere(), logInElsewhere(), logInElsewhere()])
      await page.goto(`${admin}/account`)
      const sessions = page.getByRole('region', { name: 'Your sessions' })
      await sessions.getByRole('button').nth(2).waitFor()
      await check('sessions')
      await sessions.getByRole('button', { name: 'End the session' }).first().click()
      await sessions.getByRole('button').nth(2).waitFor({ state: 'detached' })
      assert.deepEqual((await Promise.all(others.map(isLoggedIn))).filter(Boolean).length, 2)
      await page.getByRole('button', { name: 'End all others' }).click()
      await page.getByText('2 other sessions were ended.').waitFor()
      assert.deepEqual(await Promise.all(others.map(isLoggedIn)), [false, false, false])
      assert.equal(await sessions.getByRole('button').count(), 0)
      await page.goto(`${admin}/audit`)
      await page.getByText('session.end').first().waitFor()
      await Promise.all(others.map((other) => other.context().close()))
    })

    it('says what is wrong where an answer fails, and tries again', async () => {
      await page.route('**/api/v1/versions', (route) => route.abort())
      await page.goto(`${admin}/versions`)
      await page.getByRole('alert').waitFor()
      await check('versions-failed')
      await page.unroute('**/api/v1/versions')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('list', { name: 'Plan of attacked@v1' }).waitFor()
      await page.route('**/api/v1/versions', (route) => route.fulfill({ json: { versions: [] } }))
      await page.goto(`${admin}/versions`)
      await page.getByText('No API has versions').waitFor()
      await check('versions-empty')
      await page.unroute('**/api/v1/versions')
      assert.deepEqual(
        complaints.filter((text) => !/status of 4\d\d|ERR_FAILED/.test(text)),
        [],
      )
    })

    async function logInElsewhere(): Promise<Page> {
      const other = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
      await other.goto(admin)
      await other.getByLabel('Name').fill('ada')
      await other.getByLabel('Password').fill('correct horse battery')
      await other.getByRole('button', { name: 'Log in', exact: true }).click()
      await other.getByRole('heading', { name: 'Overview' }).waitFor()
      return other
    }

    async function isLoggedIn(other: Page): Promise<boolean> {
      const answer = await other
        .context()
        .request.get(`${admin}/api/v1/session`, { headers: { 'x-gateward': '1' } })
      return answer.status() === 200
    }
  },
)
