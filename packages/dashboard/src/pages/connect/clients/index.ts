import { aider } from './aider.js'
import { cherryStudio } from './cherry-studio.js'
import { claudeCode } from './claude-code.js'
import { claudeDesktop } from './claude-desktop.js'
import { cline } from './cline.js'
import { codex } from './codex.js'
import { continueDev } from './continue.js'
import { curl } from './curl.js'
import { cursor } from './cursor.js'
import { geminiCli } from './gemini-cli.js'
import { node } from './node.js'
import { ollama } from './ollama.js'
import { opencode } from './opencode.js'
import { pi } from './pi.js'
import { python } from './python.js'
import { qwenCode } from './qwen-code.js'
import type { Recipe } from './recipe.js'

export type { ClientId, Filling, NoteName, Recipe, Shell, Step } from './recipe.js'

/** Every client that is known how to connect, the most used first. */
export const RECIPES: readonly Recipe[] = [
  codex,
  claudeCode,
  cursor,
  geminiCli,
  cline,
  continueDev,
  opencode,
  aider,
  cherryStudio,
  claudeDesktop,
  ollama,
  qwenCode,
  pi,
  python,
  node,
  curl,
]
