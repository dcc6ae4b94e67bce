package tidefs.base;

/** Whether an operation may wait for a disk, a peer or a queue that is full. */
public enum Blocking {
  /** The calling thread may wait. */
  ALLOWED,
  /** The calling thread is an event loop: throw {@link WouldBlock} instead of waiting. */
  FORBIDDEN
}
