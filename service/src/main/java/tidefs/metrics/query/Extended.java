package tidefs.metrics.query;

import java.util.List;
import java.util.OptionalDouble;
import tidefs.metrics.Distribution;
import tidefs.metrics.Distribution.Bucket;

/**
 * Extended statistics ("CloudWatch statistics definitions"): what is made of how samples are
 * distributed. A percentile is the least value that so many percent of the samples do not exceed.
 * The others look at the samples between two bounds, of which either may be left out: shares of the
 * samples in order, as in {@code TM(10%:90%)}, or values, as in {@code TM(:500)}, the upper one
 * included. {@code tm99} is {@code TM(:99%)}.
 */
public sealed interface Extended {
  /** The value that {@code percent} of the samples do not exceed. */
  record Percentile(double percent) implements Extended {
    @Override
    public OptionalDouble of(Distribution samples) {
      return OptionalDouble.of(atRank(samples.buckets(), percent / 100));
    }
  }

  /** Something of the samples that lie between two shares of all in order, 0 to 1. */
  record Between(Kind kind, double from, double to) implements Extended {
    @Override
    public OptionalDouble of(Distribution samples) {
      List<Bucket> buckets = samples.buckets();
      double all = count(buckets);
      double passed = 0;
      double count = 0;
      double sum = 0;
      for (Bucket bucket : buckets) {
        double end = passed + bucket.count();
        double inside = Math.max(0, Math.min(end, to * all) - Math.max(passed, from * all));
        count += inside;
        sum += inside * bucket.value();
        passed = end;
      }
      double below = from * all * atRank(buckets, from);
      double above = (1 - to) * all * atRank(buckets, to);
      return kind.of(count, sum, all, below + above);
    }
  }

  /** Something of the samples that lie between two values: over the one, not over the other. */
  record Within(Kind kind, double over, double upTo) implements Extended {
    @Override
    public OptionalDouble of(Distribution samples) {
      double all = 0;
      double count = 0;
      double sum = 0;
      double outside = 0;
      for (Bucket bucket : samples.buckets()) {
        all += bucket.count();
        if (bucket.value() > over && bucket.value() <= upTo) {
          count += bucket.count();
          sum += bucket.count() * bucket.value();
        } else {
          outside += bucket.count() * (bucket.value() <= over ? over : upTo);
        }
      }
      return kind.of(count, sum, all, outside);
    }
  }

  /** What is made of the samples between two bounds. */
  enum Kind {
    /** Their mean. */
    TM,
    /** The mean of all, where those outside count as if they were at the bound. */
    WM,
    /** Their number. */
    TC,
    /** Their sum. */
    TS,
    /** What percentage of all they are. */
    PR;

    private OptionalDouble of(double count, double sum, double all, double outside) {
      return switch (this) {
        case TM -> count > 0 ? OptionalDouble.of(sum / count) : OptionalDouble.empty();
        case WM -> OptionalDouble.of((sum + outside) / all);
        case TC -> OptionalDouble.of(count);
        case TS -> OptionalDouble.of(sum);
        case PR -> OptionalDouble.of(100 * count / all);
      };
    }
  }

  /** The statistic of some samples, of which there is one at least; empty if it has no value. */
  OptionalDouble of(Distribution samples);

  private static double count(List<Bucket> buckets) {
    return buckets.stream().mapToDouble(Bucket::count).sum();
  }

  private static double atRank(List<Bucket> buckets, double share) {
    // Sums of doubles may miss a rank by a hair, which must not mean the next sample.
    double rank = share * count(buckets) * (1 - 1e-12);
    double passed = 0;
    for (Bucket bucket : buckets) {
      passed += bucket.count();
      if (passed >= rank) {
        return bucket.value();
      }
    }
    return buckets.getLast().value();
  }
}
