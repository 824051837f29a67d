/**
 * Requests that are no HTTP, or HTTP that two readers could take for different things.
 *
 * @module
 */

/** One request, as bytes of one byte a character. */
export interface BrokenRequest {
  readonly what: string
  readonly text: string
}

const END = "\r\n\r\n"

function post(...lines: ReadonlyArray<string>): string {
  return ["POST / HTTP/1.1", "Host: localhost", ...lines].join("\r\n")
}

/** Each ends its connection: a server that waits for more would be waiting still. */
export const brokenRequests: ReadonlyArray<BrokenRequest> = [
  { what: "no HTTP at all", text: "hello\r\n\r\n" },
  { what: "zeros", text: "\u0000".repeat(1_000) },
  {
    what: "a greeting of TLS",
    text: "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"
  },
  { what: "a greeting of HTTP/2", text: `PRI * HTTP/2.0${END}SM${END}` },
  { what: "a version that there is not", text: `GET / HTTP/9.9\r\nHost: a${END}` },
  { what: "no version", text: `GET /${END}` },
  { what: "a method that there is not", text: `BREW / HTTP/1.1\r\nHost: a${END}` },
  { what: "no host", text: `GET / HTTP/1.1\r\nConnection: close${END}` },
  { what: "a space in a header's name", text: `GET / HTTP/1.1\r\nHost : a${END}` },
  { what: "a header without a colon", text: `GET / HTTP/1.1\r\nHost: a\r\nx${END}` },
  { what: "a zero in a header", text: `GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b${END}` },
  {
    what: "headers of 100 KB",
    text: `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}${END}`
  },
  { what: "a path of 100 KB", text: `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: a${END}` },
  { what: "two lengths", text: `${post("Content-Length: 1", "Content-Length: 2")}${END}xx` },
  {
    what: "a length and chunks",
    text: `${post("Content-Length: 4", "Transfer-Encoding: chunked")}${END}0${END}`
  },
  { what: "a length below nothing", text: `${post("Content-Length: -1")}${END}` },
  { what: "a length that is no number", text: `${post("Content-Length: 1e3")}${END}` },
  { what: "a length beyond counting", text: `${post(`Content-Length: ${"9".repeat(40)}`)}${END}` },
  { what: "chunks of no size", text: `${post("Transfer-Encoding: chunked")}${END}zz\r\nx${END}` },
  {
    what: "a chunk beyond counting",
    text: `${post("Transfer-Encoding: chunked")}${END}${"f".repeat(20)}\r\n`
  },
  { what: "chunks by another name", text: `${post("Transfer-Encoding: xchunked")}${END}0${END}` },
  { what: "lines that end in half", text: "GET / HTTP/1.1\rHost: a\r\r" }
]
