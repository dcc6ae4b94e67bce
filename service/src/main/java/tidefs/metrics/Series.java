package tidefs.metrics;

/** The points of one metric in one unit, as CloudWatch names units ("None" for none). */
public record Series(Metric metric, String unit) {}
