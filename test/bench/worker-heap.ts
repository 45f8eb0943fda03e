/** Memory of a page's workers, through the DevTools protocol: JavaScript's heap, its ArrayBuffers, and WebAssembly's memories. */
import type { CDPSession, Page } from 'playwright-core'

interface Attached {
  sessionId: string
  targetInfo: { type: string; url: string }
}

/** Commands for one worker. */
class WorkerSession {
  private next = 0
  private readonly waiting = new Map<number, { resolve: (result: never) => void; reject: (e: Error) => void }>()

  constructor(
    private readonly page: CDPSession,
    private readonly sessionId: string,
  ) {
    page.on('Target.receivedMessageFromTarget', e => {
      if (e.sessionId !== sessionId) return
      const { id, result, error } = JSON.parse(e.message) as { id?: number; result?: unknown; error?: { message: string } }
      const waiter = this.waiting.get(id ?? 0)
      if (error) waiter?.reject(new Error(error.message))
      else waiter?.resolve(result as never)
    })
  }

  send<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.next
    const message = JSON.stringify({ id, method, params })
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.page.send('Target.sendMessageToTarget', { sessionId: this.sessionId, message }).catch(reject)
    })
  }
}

interface ObjectReference {
  objectId: string
}

interface HeapUsage {
  usedSize: number
  embedderHeapUsedSize: number
  /** ArrayBuffers; WebAssembly's memories are not among them. */
  backingStorageSize: number
}

async function heapOf(worker: WorkerSession): Promise<number> {
  await worker.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await worker.send<HeapUsage>('Runtime.getHeapUsage')
  const prototype = await worker.send<{ result: ObjectReference }>('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' })
  const { objects } = await worker.send<{ objects: ObjectReference }>('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId,
  })
  const memories = await worker.send<{ result: { value: number } }>('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.reduce((n, m) => n + m.buffer.byteLength, 0) }',
    returnByValue: true,
  })
  return usedSize + embedderHeapUsedSize + backingStorageSize + memories.result.value
}

/** Bytes of each of the page's workers that runs the script, after a collection of garbage. */
export async function workerHeaps(page: Page, workerUrl: string): Promise<number[]> {
  const session = await page.context().newCDPSession(page)
  const attached: Attached[] = []
  session.on('Target.attachedToTarget', e => attached.push(e))
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  const workers = attached.filter(a => a.targetInfo.type === 'worker' && a.targetInfo.url === workerUrl)
  const heaps: number[] = []
  for (const w of workers) heaps.push(await heapOf(new WorkerSession(session, w.sessionId)))
  await session.detach()
  return heaps
}
