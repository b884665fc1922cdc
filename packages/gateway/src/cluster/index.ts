export { createLeases } from './leases.js'
export type { AcquireOptions, Lease, Leases, LeasesOptions } from './leases.js'
export { createProcessWatch } from './process-identity.js'
export type { Life, ProcessIdentity, ProcessWatch } from './process-identity.js'
