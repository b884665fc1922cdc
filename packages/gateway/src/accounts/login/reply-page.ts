/** The page that a person sees at the end of a login: no script, nothing loaded, text escaped. */
export function replyPage(ok: boolean, message: string): string {
  const title = ok ? 'Signed in' : 'Not signed in'
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – Dragoman</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem; color-scheme: light dark }
h1 { font-size: 1.5rem }
</style>
<h1>${title}</h1>
<p>${escapeHtml(message)}</p>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
