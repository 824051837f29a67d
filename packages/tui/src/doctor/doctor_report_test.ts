import { assert, describe, it } from "@effect/vitest"
import { countsOf, doctorItem, doctorReport, summaryOf } from "./doctor_report.ts"

const items = [
  {
    id: "daemon",
    title: "daemon",
    status: "failed",
    says: "no daemon runs",
    fix: { cmd: "claudemesh daemon start", why: "it helps" }
  },
  { id: "broker/home", title: "broker home", status: "ok", says: "serves\u001b[31m" },
  { id: "held", title: "held", status: "skipped", says: "no daemon answers" }
] as const
const page = { plain: false, colour: false, interactive: false, now: 0 }
const counts = countsOf(items)

describe("doctorReport", () => {
  it("has a glyph and a word for each, what failed last, and paints nothing", () => {
    assert.strictEqual(
      doctorReport.text({ items, page: { counts } }, page),
      "✓ ok       broker home  serves\n" +
        "– skipped  held         no daemon answers\n" +
        "✗ failed   daemon       no daemon runs\n" +
        "             fix: claudemesh daemon start  (it helps)\n\n" +
        "1 ok, 1 skipped, 1 failed"
    )
  })

  it("is a row for each in a pipe", () => {
    const text = doctorReport.text({ items, page: { counts } }, { ...page, plain: true })
    assert.include(text, "failed\tdaemon\tno daemon runs\tclaudemesh daemon start")
  })

  it("lists what is in a bundle", () => {
    const bundle = { file: "x.tar.gz", files: [{ name: "doctor.json", bytes: 7 }] }
    const text = doctorReport.text({ items, page: { counts, bundle } }, page)

    assert.include(text, "Wrote x.tar.gz, for you alone; nothing was uploaded")
    assert.include(text, "  doctor.json  7 bytes")
  })
})

describe("doctorItem", () => {
  it("leaves out what is not said", () => {
    assert.deepStrictEqual(doctorItem({ ...items[1], of: "home" } as typeof items[1]), items[1])
  })
})

describe("summaryOf", () => {
  it("says nothing of what there is none of", () => {
    assert.strictEqual(summaryOf({ ok: 2, warning: 0, failed: 0, skipped: 0 }), "2 ok")
  })
})
