export { createSessions } from './sessions.js'
export type { Admin, AdminSession, OpenedSession, SessionAbout, Sessions } from './sessions.js'
