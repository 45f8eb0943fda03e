/** Sends at most one request at a time; of those asked for meanwhile only the last is sent. No request storms, and never a stale end. */
export function latest<T>(request: (wanted: T) => Promise<unknown>, settled: () => void = () => {}): (wanted: T) => void {
  let busy = false
  let next: { wanted: T } | null = null
  const run = async (wanted: T) => {
    busy = true
    try {
      await request(wanted)
    } finally {
      busy = false
      const again = next
      next = null
      if (again) void run(again.wanted)
      else settled()
    }
  }
  return wanted => {
    if (busy) next = { wanted }
    else void run(wanted)
  }
}
