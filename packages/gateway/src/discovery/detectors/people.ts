import { says, type Detector, type FieldName } from './detector.ts'
import { givenNames } from './given-names.ts'

/** Names, and what is said of people. */
export const peopleDetectors: readonly Detector[] = [
  {
    id: 'named-name',
    class: 'pii.name',
    chance: 0.4,
    share: 0.6,
    finds: (text, name) => says(name, nameHints) && !says(name, otherNames) && nameForm.test(text),
  },
  // The dictionary knows a part of all given names.
  { id: 'name', class: 'pii.name', chance: 0.55, share: 0.3, finds: isDictionaryName },
  {
    id: 'birthdate',
    class: 'pii.birthdate',
    chance: 0.3,
    share: 0.6,
    finds: (text, name) => says(name, birthHints) && dateForm.test(text),
  },
  {
    id: 'gender',
    class: 'pii.gender',
    chance: 0.4,
    share: 0.6,
    finds: (text, name) => says(name, genderHints) && genders.has(text.toLowerCase()),
  },
  {
    id: 'document',
    class: 'pii.document',
    chance: 0.4,
    share: 0.6,
    finds: (text, name) => says(name, documentHints) && /^(?=.*\d)[A-Za-z0-9 -]{6,20}$/.test(text),
  },
  {
    id: 'health',
    class: 'health.record',
    chance: 0.4,
    share: 0.6,
    finds: (text, name) => says(name, healthHints) && text.length >= 2,
  },
]

const nameForm = /^\p{L}[\p{L}\p{M}'’.-]{0,39}(?: \p{L}[\p{L}\p{M}'’.-]{0,39}){0,4}$/u
const dateForm =
  /^(?:(?:18|19|20)\d{2}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\d{1,2}[./-]\d{1,2}[./-](?:(?:18|19|20)\d{2}|\d{2}))$/

const nameHints = set(
  'firstname lastname givenname familyname middlename fullname surname forename maidenname vorname nachname prenom nombre apellido apellidos cognome cardholder cardholdername holdername contactname customername patientname',
)
const otherNames = set('file host domain product company brand user display class type event')

function isDictionaryName(text: string, { words, owner }: FieldName): boolean {
  // Names of things are called after people too, so the field must be called a name, or stand in what is a person.
  const isCandidate = words.has('name') || [...words, ...owner].some((word) => personHints.has(word))
  if (!isCandidate || !nameForm.test(text)) return false
  return text
    .toLowerCase()
    .split(' ', 3)
    .some((word) => givenNames.has(word))
}

const personHints = set(
  'person people customer client user owner author employee patient member contact recipient sender guest passenger applicant buyer seller student teacher parent child spouse doctor manager assignee signer',
)
const birthHints = set(
  'birth birthday birthdate dob dateofbirth birthdate geburtsdatum geburtstag naissance nacimiento',
)
const genderHints = set('gender sex geschlecht genre sexo')
const genders = set('m f d x w male female man woman nonbinary non-binary diverse other unknown')
const documentHints = set(
  'passport passportnumber driverslicense driverslicence drivinglicense drivinglicence driverlicense licensenumber idcard identitycard',
)
const healthHints = set(
  'diagnosis diagnoses allergy allergies bloodtype bloodgroup medication medications icd icd10 disability pregnancy',
)

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
