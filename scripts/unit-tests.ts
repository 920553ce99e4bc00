// `npm run test:unit`: the tests beside the code.
import { runTests, tellTests, unitTests } from './run-tests.ts'

process.exitCode = tellTests(await runTests(unitTests)) ? 0 : 1
