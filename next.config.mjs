/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // No page shows a picture that needs scaling; its endpoint would fetch any of our own URLs for whoever asks.
  images: { unoptimized: true },
  reactStrictMode: true,
  devIndicators: false,
  // A title that comes after its page would leave the document without one for a moment.
  htmlLimitedBots: /./,
  // `npm run check` runs the type checker itself; the build need not do it twice.
  typescript: { ignoreBuildErrors: true },
  // Next would load the compiled routes of the whole API at start, which the server's own lane answers without Next.
  experimental: { preloadEntriesOnStart: false },
  // Native modules and the driver stay outside the bundle, so that the API lane and Next share one copy.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pino', 'graphile-worker'],
}
