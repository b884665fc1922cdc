import type { Command } from 'commander'
import { homeFolder } from '../config/index.js'
import { askGateway } from './ask-gateway.js'
import { CommandError, type Deps } from './deps.js'
import { runningGateway } from './run-file.js'

/** `open`: a way into the dashboard for whoever sits at this machine. */
export function openCommand(program: Command, deps: Deps): void {
  program
    .command('open')
    .description('open the dashboard of the running gateway, signed in by a link that works once')
    .option('--print', 'print the link and open nothing')
    .option('--json', 'one line of JSON; opens nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman open\n  dragoman open --print\n\nThe link is good for ten minutes. It is also the way in when the password is forgotten.',
    )
    .action(async (options: { print?: boolean; json?: boolean }) => {
      const found = await runningGateway(homeFolder(deps.env))
      if (found === undefined) throw new CommandError('the gateway does not run; start it: dragoman serve')
      const answer = (await askGateway(found.run, 'POST', '/admin/dashboard-link')) as {
        token: string
        link: string
        expiresAt: string
      }
      const here = `${found.run.url}/#token=${answer.token}`
      if (options.json) {
        return deps.out(`${JSON.stringify({ link: here, outsideLink: answer.link, expiresAt: answer.expiresAt })}\n`)
      }
      deps.out(`${here}\n`)
      if (answer.link !== here) deps.out(`From elsewhere: ${answer.link}\n`)
      deps.out('It works once, within ten minutes.\n')
      if (options.print !== true) deps.openBrowser?.(here)
    })
}
