/** EDQUOT of Linux, which Node has no name for. */
const QUOTA = -122;

/** What the system says against a call, in words. */
export function systemMessage({ errno, message, syscall }: NodeJS.ErrnoException): string {
  if (errno === QUOTA) return `EDQUOT: the disk quota is used up, ${syscall}`;
  if (!message.startsWith('UNKNOWN:')) return message;
  return `${message} (Node has no name for the reason; a disk quota that is used up is one)`;
}
