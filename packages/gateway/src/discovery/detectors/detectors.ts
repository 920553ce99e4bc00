import { contactDetectors } from './contact.ts'
import type { Detector } from './detector.ts'
import { financeDetectors } from './finance.ts'
import { nationalIdDetectors } from './national-ids.ts'
import { peopleDetectors } from './people.ts'
import { secretDetectors } from './secrets.ts'

/** Every detector. */
export const detectors: readonly Detector[] = [
  ...contactDetectors,
  ...financeDetectors,
  ...nationalIdDetectors,
  ...peopleDetectors,
  ...secretDetectors,
]
