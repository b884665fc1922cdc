import type { MessageItem, PivotRequest } from '@dragoman/protocol'
import { developerMessage, type Placed } from './system-prompt.js'

/** Never built from anything that changes, so that it is the same beginning of every prompt. */
export const DESKTOP_CONTEXT = `# Where your answers are read

Your answers are shown in the window of a desktop application, not in a terminal.

- They are rendered as Markdown: headings, lists, tables, and fenced code blocks that name their language.
- The user can click on files that you name as Markdown links with an absolute path, and a line where it helps: [app.ts](/home/user/project/src/app.ts:12).
- Pictures that you name as Markdown images, by an absolute path or a URL, are shown.
- There is no interactive terminal between the user and you. Do not ask the user to press keys in a running program; give commands that can be copied and run as a whole.`

export const NO_DESKTOP_DIRECTIVES = `Your answers are not shown by the Codex desktop application. Write none of the directives that only that application understands: no lines such as \`::git-commit{…}\` or \`::code-comment{…}\`, and no \`<oai-…>\` tags. The user would see them as they stand. Say in plain words what you did instead.`

/**
 * The request with the wanted words in one developer message at the very front: before everything that differs between conversations,
 * so that all of them share the beginning of their prompts. Words that a gateway before this one has put there are not said again.
 */
export function withDesktopWords(request: PivotRequest, wanted: { context: boolean; noDirectives: boolean }): Placed {
  const said = new Set(frontTexts(request))
  const texts = [
    ...(wanted.context ? [DESKTOP_CONTEXT] : []),
    ...(wanted.noDirectives ? [NO_DESKTOP_DIRECTIVES] : []),
  ].filter((text) => !said.has(text))
  if (texts.length === 0) return { request, shift: 0 }
  return { request: { ...request, input: [developerMessage(texts), ...request.input] }, shift: 1 }
}

/** Texts of the first message, when it is a developer's. */
function frontTexts(request: PivotRequest): string[] {
  const first = request.input[0]
  if (first?.type !== 'message' || first['role'] !== 'developer') return []
  const { content } = first as MessageItem
  return typeof content === 'string' ? [content] : content.map((part) => ('text' in part ? part.text : ''))
}
