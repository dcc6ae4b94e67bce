package tidefs.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The resources, in memory and in their store.
 *
 * <p>Every call runs its body under one lock: it reads the tables and stages changes, which become
 * visible and go to the store all together when the body ends without a refusal. The lock is held
 * for memory operations alone; the wait for durability comes after it, so that calls that arrive
 * together share a sync. A call that only reads waits too, for what it may have seen: nothing
 * leaves this class that a crash could take back.
 */
final class Resources {
  private final ReentrantLock lock = new ReentrantLock();
  private final ResourceStore store;
  private final ResourceTables tables;
  private long lastSequence;

  Resources(Network network, ResourceStore store, Firewall firewall) {
    this.store = store;
    tables = new ResourceTables(network, firewall);
    List<Resource> all = new ArrayList<>();
    store.load((key, value) -> all.add(ResourceCodec.decode(key, value)));
    all.sort(Comparator.comparingInt(Resources::order));
    all.forEach(tables::put);
  }

  /** What others refer to comes before them. */
  private static int order(Resource resource) {
    return switch (resource) {
      case Vpc _ -> 0;
      case Subnet _ -> 1;
      case SecurityGroup _, KmsKey _, Replication _ -> 2;
      case FileSystem _, MountTarget _, AccessPoint _ -> 3;
    };
  }

  /** The network as it is now. */
  Network network() {
    return tables.network();
  }

  /** What a call does under the lock. */
  @FunctionalInterface
  interface Body<T, X extends Exception> {
    T run(ResourceTables tables, Changes changes) throws X;
  }

  /** Runs {@code body} and returns its result once everything it read and wrote is durable. */
  <T, X extends Exception> T call(Body<T, X> body) throws X {
    T result;
    long sequence;
    lock.lock();
    try {
      var changes = new Changes();
      result = body.run(tables, changes);
      if (!changes.stored.isEmpty()) {
        lastSequence = store.apply(changes.stored);
        changes.visible.forEach(Runnable::run);
      }
      sequence = lastSequence;
    } finally {
      lock.unlock();
    }
    if (sequence > 0) {
      store.awaitDurable(sequence);
    }
    return result;
  }

  /** The changes that a call has staged. */
  final class Changes {
    private final List<ResourceStore.Change> stored = new ArrayList<>();
    private final List<Runnable> visible = new ArrayList<>();

    private Changes() {}

    /** Stages a new resource, or a new version of one; returns it. */
    <R extends Resource> R put(R resource) {
      byte[] value = ResourceCodec.value(resource);
      stored.add(new ResourceStore.Change(ResourceCodec.key(resource), Optional.of(value)));
      visible.add(() -> tables.put(resource));
      return resource;
    }

    /** Stages the end of a resource. */
    void remove(Resource resource) {
      stored.add(new ResourceStore.Change(ResourceCodec.key(resource), Optional.empty()));
      visible.add(() -> tables.remove(resource));
    }
  }
}
