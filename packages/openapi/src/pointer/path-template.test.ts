import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPathTemplate } from './path-template.ts'

test('a template is read into its variables and its shape', () => {
  const { variables, shape, mistake } = readPathTemplate('/users/{id}/files/{name}.{ext}')
  assert.deepEqual(variables, ['id', 'name', 'ext'])
  assert.equal(shape, '/users/{}/files/{}.{}')
  assert.equal(mistake, undefined)
})

for (const template of ['users', '/a{b', '/a}b', '/{}', '/{a/b}', '/{{a}}']) {
  test(`the template ${template} is a mistake`, () => {
    assert.notEqual(readPathTemplate(template).mistake, undefined)
  })
}
