package tidefs.store;

import java.util.Arrays;
import tidefs.store.MetadataStore.DurabilityListener;

/** Listeners by the sequence number that they wait for: a binary heap, without garbage. */
final class Waiters {
  private long[] sequences = new long[64];
  private DurabilityListener[] listeners = new DurabilityListener[64];
  private int size;

  void add(long sequence, DurabilityListener listener) {
    if (size == sequences.length) {
      sequences = Arrays.copyOf(sequences, size * 2);
      listeners = Arrays.copyOf(listeners, size * 2);
    }
    int at = size++;
    while (at > 0 && sequences[(at - 1) / 2] > sequence) {
      int parent = (at - 1) / 2;
      sequences[at] = sequences[parent];
      listeners[at] = listeners[parent];
      at = parent;
    }
    sequences[at] = sequence;
    listeners[at] = listener;
  }

  /** Whether someone waits for {@code sequence} or less. */
  boolean ready(long sequence) {
    return size > 0 && sequences[0] <= sequence;
  }

  /** Takes out the listener that waits for the lowest sequence number. */
  DurabilityListener pop() {
    DurabilityListener first = listeners[0];
    size--;
    long sequence = sequences[size];
    DurabilityListener last = listeners[size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && sequences[child + 1] < sequences[child]) {
        child++;
      }
      if (sequences[child] >= sequence) {
        break;
      }
      sequences[at] = sequences[child];
      listeners[at] = listeners[child];
      at = child;
    }
    sequences[at] = sequence;
    listeners[at] = last;
    listeners[size] = NOBODY;
    return first;
  }

  private static final DurabilityListener NOBODY = durable -> {};
}
