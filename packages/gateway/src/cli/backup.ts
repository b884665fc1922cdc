import { createReadStream, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkConfig, homeFolder } from '../config/index.js'
import { CommandError, type Deps } from './deps.js'
import { withPassphrase } from './providers-files.js'
import { passphraseFrom, type PassphraseOptions } from './providers-input.js'
import { inRoom } from './room.js'
import { runningGateway } from './run-file.js'

const NO_PASSPHRASE = 'name the passphrase of the backup with --passphrase-env or --passphrase-stdin'

/** `backup FILE` and `restore FILE`: everything in one sealed file. */
export function backupCommands(program: Command, deps: Deps): void {
  withPassphrase(program.command('backup <file>'))
    .description('write accounts, keys, usage and config.yaml into one file that only a passphrase opens')
    .addHelpText(
      'after',
      '\nThe gateway may run meanwhile. Without the passphrase nobody opens the file, you neither.\n\nExamples:\n  dragoman backup dragoman.backup --passphrase-env PASS\n  dragoman backup dragoman.backup --passphrase-stdin < passphrase.txt',
    )
    .action(async (file: string, options: PassphraseOptions) => {
      const passphrase = await passphraseFrom(options, deps)
      if (passphrase === undefined) throw new CommandError(NO_PASSPHRASE, 2)
      const { writeBackup } = await import('../store/index.js')
      await inRoom(deps, async ({ store }) => {
        const out = await open(file, 'wx', 0o600).catch((cause: unknown) => {
          throw cannotMake(file, cause)
        })
        try {
          await writeBackup({ store, passphrase, version: deps.version, now: Date.now() }, out.createWriteStream())
        } catch (error) {
          rmSync(file, { force: true })
          throw error
        }
      })
      deps.out(`${file} holds everything. Keep its passphrase: nothing else opens it.\n`)
    })

  withPassphrase(program.command('restore <file>'))
    .description('put a backup in the place of what is in the data folder, which is kept beside it')
    .addHelpText(
      'after',
      '\nThe gateway must be stopped. What was there is moved to before-restore-… in the data folder.\n\nExamples:\n  dragoman restore dragoman.backup --passphrase-env PASS',
    )
    .action(async (file: string, options: PassphraseOptions) => {
      const passphrase = await passphraseFrom(options, deps)
      if (passphrase === undefined) throw new CommandError(NO_PASSPHRASE, 2)
      const home = homeFolder(deps.env)
      const running = await runningGateway(home)
      if (running !== undefined) {
        throw new CommandError(`the gateway runs on this data folder (pid ${running.run.pid}); stop it first`)
      }
      const { restoreBackup } = await import('../store/index.js')
      const secretKey = deps.env['DRAGOMAN_SECRET_KEY']
      try {
        const { madeAt, madeBy, keptIn } = await restoreBackup({
          home,
          sealed: createReadStream(file),
          passphrase,
          ...(secretKey === undefined ? {} : { secretKey }),
          keySource: (folder) => keySourceIn(folder, deps.env),
          now: Date.now(),
        })
        deps.out(`The data of ${madeAt} (Dragoman ${madeBy}) is in ${home}.\n`)
        if (keptIn !== undefined) deps.out(`What was there before is kept in ${keptIn}.\n`)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw new CommandError(`there is no file ${file}`, 1, { cause: error })
        if (codeOf(error) === 'EISDIR') throw new CommandError(`${file} is a folder, not a backup`, 1, { cause: error })
        throw error
      }
    })
}

/** What the restored configuration says; one that this version cannot read is for the next start to complain of. */
function keySourceIn(folder: string, env: Deps['env']): 'file' | 'keyring' {
  try {
    return checkConfig(readFileSync(join(folder, 'config.yaml'), 'utf8'), { home: folder, env }).config.security
      .key_source
  } catch {
    return 'file'
  }
}

function cannotMake(file: string, cause: unknown): CommandError {
  const why = {
    EEXIST: `${file} is there already; name another file, or remove it first`,
    ENOENT: `there is no folder for ${file}`,
  }[String(codeOf(cause))]
  return new CommandError(why ?? `${file} cannot be written (${String(codeOf(cause))})`, 1, { cause })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
