package tidefs.fs;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inodes in memory: one object per number as long as anyone holds it.
 *
 * <p>All are referred to weakly, so that the identity lasts as long as the object; a bounded number
 * of those used lately is kept alive (second chance), and few of those that are gone. A find takes
 * no lock: a reader that races with a change may miss, and then looks again under the lock of the
 * shard.
 */
final class InodeTable {
  private static final int SHARDS = 16;
  private static final int WEIGHT_BYTES = 400;
  private static final int WEIGHT_STEP_BYTES = 256;

  /** Inodes that are gone are let go when they are this part of those that are kept, or more. */
  private static final int GONE_SHARE = 4;

  private static final int LEAST_GONE = 64;

  private final Shard[] shards = new Shard[SHARDS];
  private final ReferenceQueue<Inode> cleared = new ReferenceQueue<>();

  private static final class Link extends WeakReference<Inode> {
    final long ino;
    @Nullable Link next;

    Link(Inode inode, ReferenceQueue<Inode> queue, @Nullable Link next) {
      super(inode, queue);
      this.ino = inode.ino();
      this.next = next;
    }
  }

  /** A table that keeps at most about {@code bytes} of inodes alive. */
  InodeTable(long bytes) {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard(Math.max(bytes / SHARDS, WEIGHT_BYTES * 8));
    }
  }

  /** The inode object of {@code ino}, loaded or not. */
  Inode obtain(long ino) {
    int hash = hash(ino);
    Shard shard = shards[hash & (SHARDS - 1)];
    Inode found = shard.find(ino, hash);
    if (found != null && found.kept) {
      if (!found.referenced) {
        found.referenced = true;
      }
      return found;
    }
    expunge();
    return shard.obtain(ino, hash, cleared);
  }

  /** The inode object of {@code ino} if it is in memory and loaded. */
  @Nullable Inode peek(long ino) {
    int hash = hash(ino);
    Shard shard = shards[hash & (SHARDS - 1)];
    Inode found = shard.find(ino, hash);
    if (found == null) {
      found = shard.findLocked(ino, hash);
    }
    return found != null && found.loaded() ? found : null;
  }

  /** An inode object for a number that no inode has: a copy may make one again that was removed. */
  Inode obtainNew(long ino) {
    Inode inode = obtain(ino);
    if (!inode.gone()) {
      return inode;
    }
    int hash = hash(ino);
    shards[hash & (SHARDS - 1)].forget(inode, hash);
    return obtain(ino);
  }

  /** Notes that an inode is gone: soon it is kept alive no more. */
  void gone(Inode inode) {
    shards[hash(inode.ino()) & (SHARDS - 1)].gone();
  }

  /** How many inodes are kept alive. */
  int kept() {
    int count = 0;
    for (Shard each : shards) {
      count += each.kept();
    }
    return count;
  }

  /** Every inode that is in memory. */
  List<Inode> all() {
    List<Inode> all = new ArrayList<>();
    for (Shard each : shards) {
      each.addTo(all);
    }
    return all;
  }

  /** Notes that an inode's state has grown or shrunk. */
  void weigh(Inode inode) {
    int weight = WEIGHT_BYTES + (inode.loaded() ? inode.state().data().length : 0);
    if (Math.abs(weight - inode.weight) >= WEIGHT_STEP_BYTES) {
      shards[hash(inode.ino()) & (SHARDS - 1)].weigh(inode, weight);
    }
  }

  private void expunge() {
    Reference<? extends Inode> each = cleared.poll();
    while (each != null) {
      Link link = (Link) each;
      int hash = hash(link.ino);
      shards[hash & (SHARDS - 1)].remove(link, hash);
      each = cleared.poll();
    }
  }

  private static int hash(long ino) {
    long mixed = ino * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }

  private static final class Shard {
    private final long mostBytes;
    private volatile @Nullable Link[] buckets = new Link[64];
    private int links;
    private final ArrayDeque<Inode> kept = new ArrayDeque<>();
    private long bytes;
    private int gone;

    Shard(long mostBytes) {
      this.mostBytes = mostBytes;
    }

    @Nullable Inode find(long ino, int hash) {
      @Nullable Link[] table = buckets;
      for (Link at = table[index(table, hash)]; at != null; at = at.next) {
        if (at.ino == ino) {
          Inode inode = at.get();
          if (inode != null) {
            return inode;
          }
        }
      }
      return null;
    }

    synchronized @Nullable Inode findLocked(long ino, int hash) {
      return find(ino, hash);
    }

    synchronized Inode obtain(long ino, int hash, ReferenceQueue<Inode> queue) {
      Inode inode = find(ino, hash);
      if (inode == null) {
        inode = new Inode(ino);
        if (links >= buckets.length) {
          grow();
        }
        @Nullable Link[] table = buckets;
        int index = index(table, hash);
        table[index] = new Link(inode, queue, table[index]);
        links++;
      }
      if (!inode.kept && !inode.gone()) {
        keep(inode);
      }
      return inode;
    }

    /** Finds {@code inode} no more; who holds it does. */
    synchronized void forget(Inode inode, int hash) {
      for (Link at = buckets[index(buckets, hash)]; at != null; at = at.next) {
        if (at.get() == inode) {
          remove(at, hash);
          return;
        }
      }
    }

    synchronized void gone() {
      gone++;
      if (gone >= LEAST_GONE && gone >= kept.size() / GONE_SHARE) {
        gone = 0;
        kept.removeIf(each -> each.gone() && letGo(each));
      }
    }

    synchronized int kept() {
      return kept.size();
    }

    private boolean letGo(Inode inode) {
      inode.kept = false;
      bytes -= inode.weight;
      return true;
    }

    synchronized void addTo(List<Inode> all) {
      for (Link head : buckets) {
        for (Link at = head; at != null; at = at.next) {
          Inode inode = at.get();
          if (inode != null) {
            all.add(inode);
          }
        }
      }
    }

    synchronized void weigh(Inode inode, int weight) {
      if (inode.kept) {
        bytes += weight - inode.weight;
        inode.weight = weight;
        makeRoom(0);
      }
    }

    synchronized void remove(Link link, int hash) {
      @Nullable Link[] table = buckets;
      int index = index(table, hash);
      Link before = null;
      for (Link at = table[index]; at != null; at = at.next) {
        if (at == link) {
          if (before == null) {
            table[index] = at.next;
          } else {
            before.next = at.next;
          }
          links--;
          return;
        }
        before = at;
      }
    }

    private void keep(Inode inode) {
      inode.weight = WEIGHT_BYTES + (inode.loaded() ? inode.state().data().length : 0);
      makeRoom(inode.weight);
      kept.addLast(inode);
      inode.kept = true;
      inode.referenced = true;
      bytes += inode.weight;
    }

    private void makeRoom(int more) {
      while (!kept.isEmpty() && bytes + more > mostBytes) {
        Inode oldest = kept.removeFirst();
        if (oldest.referenced && !oldest.gone()) {
          oldest.referenced = false;
          kept.addLast(oldest);
        } else {
          boolean _ = letGo(oldest);
        }
      }
    }

    private void grow() {
      @Nullable Link[] old = buckets;
      @Nullable Link[] table = new Link[old.length * 2];
      for (Link head : old) {
        Link at = head;
        while (at != null) {
          final Link next = at.next;
          int index = index(table, hash(at.ino));
          at.next = table[index];
          table[index] = at;
          at = next;
        }
      }
      buckets = table;
    }

    private static int index(@Nullable Link[] table, int hash) {
      return hash >>> 4 & (table.length - 1);
    }
  }
}
