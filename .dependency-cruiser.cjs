/**
 * The house as rules. Imports point down only:
 *
 *   main, cli → server → relay → {routing, accounts, providers, conversations, usage, notices}
 *             → {transport, store, cluster} → {config, telemetry}
 *
 * Everyone may import `protocol`, which imports no one. A room is entered by its `index.ts`.
 */
const LAYERS = [
  ['main', 'upstreams', 'open-accounts', 'tell-news', 'publish-news', 'management', 'connection-owners', 'cli'],
  ['server'],
  ['relay'],
  ['routing', 'accounts', 'providers', 'conversations', 'usage', 'notices', 'sessions', 'request-log', 'error-log'],
  ['transport', 'store', 'cluster'],
  ['config', 'telemetry'],
]

const GATEWAY = 'packages/gateway/src'
/** Tests, and what lies in a room's `testing/` for them. */
const TESTS = ['\\.test\\.ts$', '/testing/']
const room = (name) => `^${GATEWAY}/${name}(/|\\.ts$)`

const pointDown = LAYERS.flatMap((layer, depth) => {
  const above = LAYERS.slice(0, depth).flat()
  return layer
    .filter(() => above.length > 0)
    .map((name) => ({
      name: `${name}-looks-down`,
      comment: `${name}/ may not import a room above it`,
      severity: 'error',
      from: { path: room(name), pathNot: TESTS },
      to: { path: above.map(room) },
    }))
})

module.exports = {
  forbidden: [
    ...pointDown,
    {
      name: 'enter-by-the-door',
      comment: "a room's public face is its index.ts; nobody reaches past it",
      severity: 'error',
      from: { path: `^${GATEWAY}/([^/]+)/`, pathNot: TESTS },
      to: { path: `^${GATEWAY}/[^/]+/.+`, pathNot: [`^${GATEWAY}/$1/`, `^${GATEWAY}/[^/]+/(index|[^/]+/index)\\.ts$`] },
    },
    {
      name: 'protocol-stands-alone',
      comment: 'protocol imports no other room and nothing of Node',
      severity: 'error',
      from: { path: '^packages/protocol/src', pathNot: TESTS },
      to: { pathNot: '^packages/protocol/src' },
    },
    {
      name: 'simulator-knows-only-protocol',
      severity: 'error',
      from: { path: '^packages/simulator/src', pathNot: TESTS },
      to: { path: '^packages/gateway' },
    },
    {
      name: 'simulator-is-for-demo-and-tests',
      comment: 'only the demo provider and the command line may play an upstream',
      severity: 'error',
      from: { path: `^${GATEWAY}`, pathNot: [`^${GATEWAY}/(providers/demo|cli|main)`, ...TESTS] },
      to: { path: '^packages/simulator' },
    },
    {
      name: 'pages-know-only-the-api',
      comment: 'the web application speaks to the gateway over HTTP, typed by its document',
      severity: 'error',
      from: { path: '^packages/dashboard/' },
      to: { path: '^packages/(gateway|protocol|simulator)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-test-in-product',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: TESTS },
      to: { path: [...TESTS, '^tests/'] },
    },
    {
      name: 'declared-dependencies',
      comment: 'product code imports only what its package declares',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '/dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
