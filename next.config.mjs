import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'

/** Tests and benchmarks run the API through Next too: they build it alone, in a folder of its own (`tools/build.mjs`). */
const isApi = process.env.NEXT_API === 'only'

/**
 * In production the server's own lane answers the API from the same `route.ts` files, so the build leaves them out: they were
 * three quarters of its work. Only `route.next.ts` always belongs to Next.
 * @param {string} phase
 */
function pageExtensions(phase) {
  if (isApi) return ['next.ts', 'ts']
  return phase === PHASE_DEVELOPMENT_SERVER ? ['tsx', 'next.ts', 'ts'] : ['tsx', 'next.ts']
}

/**
 * @param {string} phase
 * @returns {import('next').NextConfig}
 */
export default (phase) => ({
  distDir: process.env.NEXT_FOLDER ?? '.next',
  // Not the nearest lockfile above, which the packed server has none of.
  turbopack: { root: import.meta.dirname },
  pageExtensions: pageExtensions(phase),
  poweredByHeader: false,
  // Pages only: where Next serves the API too, it would compress answers that hold a secret.
  compress: !isApi && phase !== PHASE_DEVELOPMENT_SERVER,
  // No page shows a picture that needs scaling; its endpoint would fetch any of our own URLs for whoever asks.
  images: { unoptimized: true },
  reactStrictMode: true,
  productionBrowserSourceMaps: process.env.NEXT_BROWSER_MAPS === 'on',
  devIndicators: false,
  // A title that comes after its page would leave the document without one for a moment.
  htmlLimitedBots: /./,
  // `npm run check` runs the type checker itself; the build need not do it twice.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // A visit needs few of the pages.
    preloadEntriesOnStart: false,
    // As large as the code, and nothing reads them at run time.
    serverSourceMaps: false,
    // Eight times as large as the rest of the output; tools/build.mjs says when it pays.
    turbopackFileSystemCacheForBuild: process.env.NEXT_BUILD_CACHE === 'on',
    // Each route would be minified by itself, with all that it imports.
    ...(isApi && { turbopackMinify: false, turbopackSourceMaps: false }),
  },
  // Native modules and the driver stay outside the bundle, so that the API lane and Next share one copy.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pino', 'graphile-worker'],
})
