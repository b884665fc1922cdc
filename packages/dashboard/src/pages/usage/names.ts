import { useCallback } from 'react'
import { useTexts } from '../../i18n/index.js'
import type { Group } from './asked.js'
import { TEXTS } from './texts.js'

/** What the gateway calls all groups that have no line of their own. */
export const OTHERS = '(other)'

/** Programs by their own names. */
const PROGRAMS: Readonly<Record<string, string>> = {
  codex: 'Codex CLI',
  'claude-code': 'Claude Code',
  'claude-desktop': 'Claude Desktop',
  'gemini-cli': 'Gemini CLI',
  'qwen-code': 'Qwen Code',
  'cherry-studio': 'Cherry Studio',
  cursor: 'Cursor',
  cline: 'Cline',
  continue: 'Continue',
  aider: 'Aider',
  ollama: 'Ollama',
  python: 'Python',
  node: 'Node.js',
  'ai-sdk': 'AI SDK',
}

/** What people call a group of usage. */
export function useGroupName(): (by: Group, group: string, name: string | null) => string {
  const { t } = useTexts(TEXTS)
  return useCallback(
    (by, group, name) => {
      if (group === OTHERS) return t('other')
      if (group === '') return by === 'client' ? t('nameless') : t('nobody')
      if (name !== null) return name
      if (by === 'client') return PROGRAMS[group] ?? group
      // An account, API key or client key without a name is one that is gone, or was never given one.
      return group
    },
    [t],
  )
}
