package tidefs.nfs4.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The byte-range locks on one file: of each owner, ranges that neither overlap nor, being of one
 * kind, touch. Bounds are unsigned and inclusive. Not for concurrent use.
 */
final class RangeLocks {
  /**
   * A locked range.
   *
   * @param first the first byte, unsigned
   * @param last the last byte, unsigned; all ones for the end of whatever file
   */
  record Range(Owner owner, long first, long last, boolean exclusive) {
    boolean overlaps(long otherFirst, long otherLast) {
      return Long.compareUnsigned(first, otherLast) <= 0
          && Long.compareUnsigned(otherFirst, last) <= 0;
    }

    /** The length as NFS says it: all ones for "to the end". */
    long length() {
      return last == -1 ? -1 : last - first + 1;
    }

    Range from(long newFirst) {
      return new Range(owner, newFirst, last, exclusive);
    }

    Range to(long newLast) {
      return new Range(owner, first, newLast, exclusive);
    }

    private boolean touches(Range other) {
      return overlaps(other.first, other.last)
          || (last != -1 && last + 1 == other.first)
          || (other.last != -1 && other.last + 1 == first);
    }
  }

  private List<Range> ranges = new ArrayList<>(1);

  /** The first range of another owner that a lock of this kind would conflict with, if any. */
  @Nullable Range conflict(@Nullable Owner owner, long first, long last, boolean exclusive) {
    for (Range range : ranges) {
      if (range.owner != owner && (exclusive || range.exclusive) && range.overlaps(first, last)) {
        return range;
      }
    }
    return null;
  }

  /**
   * Sets a range of the owner to one kind, whatever it had there before: upgrades, downgrades,
   * splits and merges at once. Conflicts were looked for before.
   *
   * @return by how many the number of ranges grew; negative if it shrank
   */
  int lock(Owner owner, long first, long last, boolean exclusive) {
    List<Range> after = without(owner, first, last);
    Range added = new Range(owner, first, last, exclusive);
    for (int index = after.size() - 1; index >= 0; index--) {
      Range range = after.get(index);
      if (range.owner == owner && range.exclusive == exclusive && range.touches(added)) {
        added =
            new Range(
                owner, least(added.first, range.first), most(added.last, range.last), exclusive);
        after.remove(index);
      }
    }
    after.add(added);
    return replace(after);
  }

  /** Frees a range of the owner. Returns by how many the number of ranges grew. */
  int unlock(Owner owner, long first, long last) {
    return replace(without(owner, first, last));
  }

  /** Frees everything of the owner. Returns how many ranges that were. */
  int unlockAll(Owner owner) {
    return -unlock(owner, 0, -1);
  }

  /** Whether the owner has a lock. */
  boolean has(Owner owner) {
    for (Range range : ranges) {
      if (range.owner == owner) {
        return true;
      }
    }
    return false;
  }

  /** Whether freeing a range would leave a part of one lock on either side. */
  boolean isSplitBy(Owner owner, long first, long last) {
    for (Range range : ranges) {
      if (range.owner == owner
          && Long.compareUnsigned(range.first, first) < 0
          && Long.compareUnsigned(range.last, last) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a lock of this kind, by another, would conflict with what the owner has. */
  boolean stands(Owner owner, long first, long last, boolean exclusive) {
    for (Range range : ranges) {
      if (range.owner == owner && (exclusive || range.exclusive) && range.overlaps(first, last)) {
        return true;
      }
    }
    return false;
  }

  /** How many ranges there are. */
  int size() {
    return ranges.size();
  }

  /** The ranges, for tests: read only. */
  List<Range> ranges() {
    return ranges;
  }

  private int replace(List<Range> after) {
    int grown = after.size() - ranges.size();
    ranges = after;
    return grown;
  }

  private List<Range> without(Owner owner, long first, long last) {
    List<Range> rest = new ArrayList<>(ranges.size() + 1);
    for (Range range : ranges) {
      if (range.owner != owner || !range.overlaps(first, last)) {
        rest.add(range);
        continue;
      }
      if (Long.compareUnsigned(range.first, first) < 0) {
        rest.add(range.to(first - 1));
      }
      if (Long.compareUnsigned(range.last, last) > 0) {
        rest.add(range.from(last + 1));
      }
    }
    return rest;
  }

  private static long least(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  private static long most(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
