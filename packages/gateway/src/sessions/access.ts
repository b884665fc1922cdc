import type { Log, Store } from '../store/index.js'
import { createActs, type Acts } from './acts.js'
import { createGuesses, type Guesses } from './guesses.js'
import { createPasswords, type Passwords } from './passwords.js'
import { createSessions, type Sessions } from './sessions.js'

/** Everything about who may manage this gateway. */
export interface Access {
  sessions: Sessions
  passwords: Passwords
  guesses: Guesses
  acts: Acts
  close(): Promise<void>
}

export interface AccessHouse {
  store: Pick<Store, 'adminSessions' | 'acts' | 'sealedSettings' | 'watch'>
  log: Pick<Log, 'warn'>
  now?: () => number
}

/** Opens it over a data folder, and follows what commands beside this process change there. */
export async function openAccess({ store, log, now = Date.now }: AccessHouse): Promise<Access> {
  const sessions = await createSessions({ rows: store.adminSessions, log, now })
  const passwords = await createPasswords(store.sealedSettings)
  const acts = createActs({ rows: store.acts, log, now })
  const stop = store.watch(({ aggregate, own }) => {
    if (own || (aggregate !== 'settings' && aggregate !== 'admin_sessions')) return
    const reloaded = aggregate === 'settings' ? passwords.reload() : sessions.reload()
    reloaded.catch((error: unknown) => log.warn({ err: error }, 'who may manage this gateway could not be read anew'))
  })
  return {
    sessions,
    passwords,
    guesses: createGuesses({ now }),
    acts,
    async close() {
      stop()
      await sessions.close()
      await acts.close()
    },
  }
}
