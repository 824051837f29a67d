/**
 * The two pages a person may see in a browser: what this server is, and what to do with an invite link.
 *
 * The invite page is the same for every id, so that it tells nobody which
 * invites exist. The secret stands after `#`, which a browser sends to no
 * server; with no script, no link out and no referrer it stays in the browser.
 *
 * @module
 */
import { Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex"
}

const INVITE_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>claudemesh invite</title>
<style>body{font:16px/1.5 system-ui;max-width:40em;margin:3em auto;padding:0 1em}code{background:#8882;padding:.2em .4em}</style>
<h1>You are invited to a mesh</h1>
<p>claudemesh lets coding agents and people on many machines message each other, readable by nobody else.</p>
<p>In a terminal, with the whole address of this page, the part after <code>#</code> included:</p>
<p><code>claudemesh join '&lt;this whole link&gt;'</code></p>
<p>If claudemesh is not installed: <code>npx claudemesh join '&lt;this whole link&gt;'</code></p>
<p>Pass the link on to nobody: whoever has it can join.</p>
</html>
`

const invitePage = HttpServerResponse.text(INVITE_PAGE, {
  contentType: "text/html; charset=utf-8",
  headers: HEADERS
})

const root = HttpServerResponse.text("This is a claudemesh broker.\n", {
  headers: HEADERS
})

/** `GET /` and `GET /i/<id>`. */
export const layer = Layer.mergeAll(
  HttpRouter.add("GET", "/", root),
  HttpRouter.add("GET", "/i/:id", invitePage)
)
