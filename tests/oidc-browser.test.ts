import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { root } from './run-command.ts'
import { startGate } from './start-gate.ts'
import { startOpenIdProvider } from './start-openid-provider.ts'

const program = '/usr/bin/chromium'
const missing = !existsSync(program)
  ? 'Debian package chromium is not installed (apt-get install chromium)'
  : !existsSync(join(root, 'packages/dashboard/dist/index.html')) &&
    'the dashboard is not built (npm run build:dashboard)'

test(
  'a browser logs in at the OpenID provider and out again',
  { skip: missing, timeout: 240_000 },
  async () => {
    await using provider = await startOpenIdProvider({
      dora: { email: 'dora@example.com', email_verified: true, groups: ['readers'] },
    })
    await using gate = await startGate({
      service: (_request, response) => response.end('{}'),
      env: { OIDC_SECRET: 'a secret of the client' },
      settings: {
        admin: {
          host: '127.0.0.1',
          port: 0,
          oidc: {
            issuer: provider.issuer,
            clientId: 'gateward',
            clientSecret: 'env:OIDC_SECRET',
            label: 'Example ID',
            roles: { viewer: ['readers'] },
          },
        },
      },
    })
    const { admin } = gate.gateway.addresses
    provider.register(admin)
    const browser = await chromium.launch({
      executablePath: program,
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
      page.setDefaultTimeout(60_000)
      await page.goto(admin)
      await page.getByRole('button', { name: 'Log in with Example ID' }).click()
      await page.locator('input[name=login]').fill('dora')
      await page.locator('input[name=password]').fill('x')
      await page.locator('button[type=submit]').click()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('dora@example.com').waitFor()
      assert.equal(new URL(page.url()).pathname, '/')
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.waitForURL(`${provider.issuer}/**`)
      await page.goto(`${admin}/login/oidc?code=stolen&state=stolen`)
      await page.getByRole('alert').waitFor()
      await page.getByRole('link', { name: 'Log in again' }).click()
      await page.getByRole('button', { name: 'Log in with Example ID' }).waitFor()
    } finally {
      await browser.close()
    }
  },
)
