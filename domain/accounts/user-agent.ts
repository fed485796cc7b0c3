type Named = readonly (readonly [name: string, pattern: RegExp])[]

/** The order matters: nearly every browser also claims to be the ones below it. */
const browsers: Named = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bVersion\/\S+ .*\bSafari\//],
  ['curl', /^curl\//],
]

const systems: Named = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b|\bX11\b/],
]

const firstIn = (named: Named, text: string) => named.find(([, pattern]) => pattern.test(text))?.[0]

/** "Firefox on macOS", as far as the user agent tells. */
export function deviceOf(userAgent: string | null): string {
  const browser = userAgent === null ? undefined : firstIn(browsers, userAgent)
  const system = userAgent === null ? undefined : firstIn(systems, userAgent)
  if (browser === undefined && system === undefined) return 'Unknown device'
  if (browser === undefined) return `A browser on ${system}`
  return system === undefined ? browser : `${browser} on ${system}`
}
