import { isIP } from 'node:net'
import { says, type Detector } from './detector.ts'

/** How people are reached, and where they are. */
export const contactDetectors: readonly Detector[] = [
  { id: 'email', class: 'pii.email', chance: 0.2, share: 0.6, finds: (text) => emailForm.test(text) },
  { id: 'phone', class: 'pii.phone', chance: 0.4, share: 0.6, finds: isPhone },
  { id: 'ip-address', class: 'pii.ip-address', chance: 0.4, share: 0.6, finds: isPublicAddress },
  { id: 'address', class: 'pii.address', chance: 0.5, share: 0.6, finds: isAddress },
  {
    id: 'coordinate',
    class: 'pii.location',
    chance: 0.5,
    share: 0.6,
    finds: (text, name) =>
      says(name, coordinateHints) && /^-?\d{1,3}\.\d{3,15}$/.test(text) && Math.abs(Number(text)) <= 180,
  },
]

const coordinateHints = new Set(['lat', 'latitude', 'lng', 'lon', 'long', 'longitude'])

const emailForm =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{1,59})$/

function isPhone(text: string, name: Parameters<Detector['finds']>[1]): boolean {
  if (!/^\+?[\d(][\d\s()./-]{5,24}$/.test(text)) return false
  const digits = text.replace(/\D/g, '')
  if (digits.length < 7 || digits.length > 15) return false
  // E.164: a plus, and a country code that is in use.
  if (text.startsWith('+')) return digits.length >= 8 && countryCode.test(digits)
  return says(name, phoneHints) || /^\(\d{3}\) ?\d{3}-\d{4}$/.test(text)
}

const countryCode =
  /^(?:1[2-9]|7|2(?:[07]|[1-35689]\d|4[0-9])|3(?:[0-469]|[57]\d|8[0-9])|4(?:[013-9]|2\d)|5(?:[1-8]|0\d|9\d)|6(?:[0-6]|[789]\d)|8(?:[1246]|[058]\d)|9(?:[0-58]|[679]\d))/

const phoneHints = new Set(
  'phone phones telephone telefon telefono tel mobile mobil cell cellphone fax msisdn handy whatsapp phonenumber mobilenumber mobilephone'.split(
    ' ',
  ),
)

// An address of a private network names no person, and four numbers of a version are no address.
function isPublicAddress(text: string, name: Parameters<Detector['finds']>[1]): boolean {
  return isIP(text) !== 0 && !says(name, versionHints) && !ownNetwork.test(text)
}

const versionHints = new Set(['version', 'build', 'release', 'firmware'])
const ownNetwork = /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|255\.|::1?$|f[cde])/i

function isAddress(text: string, name: Parameters<Detector['finds']>[1]): boolean {
  if (says(name, postcodeHints)) return /^[A-Za-z0-9][A-Za-z0-9 -]{2,11}$/.test(text)
  if (!says(name, addressHints) || says(name, otherAddresses)) return false
  return text.length >= 5 && /\p{L}/u.test(text) && !text.includes('@') && !text.includes('://')
}

const postcodeHints = new Set('postcode postalcode zip zipcode plz codepostal'.split(' '))
const addressHints = new Set(
  'street streetname streetaddress address addresses addressline address1 address2 strasse straße calle rue'.split(
    ' ',
  ),
)
const otherAddresses = new Set('email mail ip mac web url wallet memory network host'.split(' '))
