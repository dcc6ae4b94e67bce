package tidefs.api.cloudtrail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The latest events, in memory. Every event also goes to the log when it happens. */
public final class Trail {
  /** Events that are remembered. */
  public static final int EVENTS = 10_000;

  private final Deque<ClientEvent> events = new ArrayDeque<>();

  /** Remembers an event; the oldest is forgotten if there are too many. */
  public synchronized void add(ClientEvent event) {
    events.addFirst(event);
    if (events.size() > EVENTS) {
      events.removeLast();
    }
  }

  /** The latest events, at most {@code most}, the last first. */
  public synchronized List<ClientEvent> latest(int most) {
    List<ClientEvent> found = new ArrayList<>();
    for (ClientEvent event : events) {
      if (found.size() >= most) {
        break;
      }
      found.add(event);
    }
    return found;
  }
}
