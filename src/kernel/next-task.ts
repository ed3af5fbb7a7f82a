/**
 * Lets the event loop run: what waits – input, messages, a cancel – is done before the promise resolves. Node has
 * setImmediate for that, pages a message to themselves; setTimeout waits 1 ms in Node and 4 ms in a page.
 */
export function nextTask(): Promise<void> {
  return new Promise((resume) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resume);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });
}
