import { z } from 'zod'

/** ASCII only: `toLowerCase` turns the KELVIN SIGN into *k*, and so one person's address into another's. */
const lower = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/** What a domain in another script is written with: letters with their marks, and digits, none of them invisible. */
const DOMAIN = /^(?:[a-z0-9.-]|(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}])+$/u

/** Looks like another character, or is one in disguise: a fullwidth K, the KELVIN SIGN, a ligature. */
const isDisguised = (character: string) => {
  const composed = character.normalize('NFC')
  return character.normalize('NFKC') !== composed || (character > '\u007F' && composed <= '\u007F')
}

/** A domain in the form that mail servers use, so that both forms are one address: `bücher.example` is `xn--bcher-kva.example`. */
function domainOf(text: string): string {
  const isAscii = Array.from(text).every((character) => character <= '\u007F')
  if (isAscii || !DOMAIN.test(text) || Array.from(text).some(isDisguised)) return text
  const url = `https://${text}`
  return URL.canParse(url) ? new URL(url).hostname : text
}

/** A part of an address in the form in which addresses are stored, to search for it: `bücher` finds `xn--bcher-kva.example`. */
export function foldAddressPart(part: string): string {
  const text = lower(part.trim())
  const domain = text.lastIndexOf('@') + 1
  return text.slice(0, domain) + domainOf(text.slice(domain))
}

/** What a text finds people by. */
export const personPart = (text: string) => ({ name: text, address: foldAddressPart(text) })

/** The form in which an address is stored and compared. */
export const foldAddress = (address: string): string => (address.includes('@') ? foldAddressPart(address) : lower(address.trim()))

/** Words of RFC 5322's `atext`, separated by dots, at a domain of at least two labels. */
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])$/

/** An address as it is stored. */
export const Address = z.email({ pattern: ADDRESS, error: 'must be an email address' })

export const Email = z.string().overwrite(foldAddress).pipe(Address.max(254))
